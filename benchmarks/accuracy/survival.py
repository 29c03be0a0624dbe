"""Which characters of a text survived a damage: those that no other character could replace without a trace.

A character is lost where another one, in the same place, gives exactly what was seen. The others that are tried differ
in one byte of its code in the encoding in which the text was written: what destroys a byte makes all or some of the
texts that differ in it alike. Nothing of this asks a channel what it can undo.

A long text that cannot be cut is tried with a few of these characters only: damage that frames a whole text, such as a
byte string as Python prints it, spells out every byte or none.
"""

from functools import lru_cache

from repair.channel import Chain, UndamageableError, damage

_LONG = 200
_FEW = 6


def lost_characters(chain: Chain, text: str, seen: str) -> list[bool]:
    """Say of each character of ``text`` whether ``seen == damage(chain, text)`` leaves it undecided."""
    original = str(getattr(chain[0], "original", "utf-8"))
    lost: list[bool] = []
    for piece in _pieces(chain, text, seen):
        lost += _lost(chain, piece, original)
    return lost


def _pieces(chain: Chain, text: str, seen: str) -> list[str]:
    """Cut a text where damage before and after does not depend on the other side: so that little is damaged often."""
    lines = text.splitlines(keepends=True)
    if len(lines) > 1 and [_damage(chain, line) for line in lines] != [None] and _joined(chain, lines) == seen:
        return [piece for line in lines for piece in _pieces(chain, line, _damage(chain, line) or "")]
    pieces: list[str] = []
    start = at = 0
    for end in range(1, len(text)):
        first = _damage(chain, text[start:end])
        if first is not None and seen.startswith(first, at) and _damage(chain, text[end:]) == seen[at + len(first) :]:
            pieces.append(text[start:end])
            start, at = end, at + len(first)
    return [*pieces, text[start:]]


def _joined(chain: Chain, parts: list[str]) -> str:
    return "".join(_damage(chain, part) or "" for part in parts)


@lru_cache(maxsize=100_000)
def _lost(chain: Chain, piece: str, original: str) -> tuple[bool, ...]:
    seen = _damage(chain, piece)
    most = _FEW if len(piece) > _LONG else None
    return tuple(
        any(
            _damage(chain, piece[:at] + other + piece[at + 1 :]) == seen
            for other in _others(character, original)[:most]
        )
        for at, character in enumerate(piece)
    )


@lru_cache(maxsize=100_000)
def _others(character: str, original: str) -> tuple[str, ...]:
    """Return the characters whose codes differ from this one's in a single byte."""
    try:
        code = character.encode(original)
    except UnicodeError:
        return ()
    variants = (code[:at] + bytes([byte]) + code[at + 1 :] for at in range(len(code)) for byte in range(256))
    texts = (variant.decode(original, "ignore") for variant in variants if variant != code)
    return tuple(dict.fromkeys(text for text in texts if len(text) == 1 and text != character))


def _damage(chain: Chain, text: str) -> str | None:
    try:
        return damage(chain, text)
    except UndamageableError:
        return None
