"""Broken places as bytes: every way in which the site's program can have made what stands there, gone through.

A ``?`` can be: a sign that was cut out (its two bytes), or a lead byte alone, at the end of a piece or before a note
whose opening bracket it ate. A lead byte before a note is the second byte of the annotated character, wherever
characters begin; so the note says which bytes fit. After the last ``?`` the bytes are those of the characters seen,
and the original begins to agree with them where a character of both ends at the same byte.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from repair.channel import UndamageableError
from repair.mirror.program import Mirror, pair_character
from repair.mirror.tables import reads

_LEADS = tuple(range(0x81, 0xFF))
_NOTE_REST = re.compile(r"([a-zêāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6})\)")
_NOTE = re.compile(r"\(([a-zêāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6})\)")
_LONGEST = 40
"""Characters after a broken place within which the bytes must agree again."""
_MOST_MARKS = 4


@dataclass(frozen=True, slots=True)
class Solution:
    """The original of a broken place in the site's script.

    ``width`` is how many characters of the page it covers, ``unknown`` which of its characters hold a byte that
    nobody can read off.
    """

    text: str
    width: int
    unknown: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Path:
    """Bytes so far, and where the page goes on; ``guessed`` are positions of bytes, ``orphan`` asks for a cut next."""

    data: bytes
    guessed: frozenset[int]
    at: int
    orphan: bool = False
    notes: tuple[tuple[str, str], ...] = ()


def solve(program: Mirror, seen: str, at: int, before: str) -> Iterator[Solution]:
    """Yield every original of the place at ``seen[at] == "?"``, ``before`` being the character before it."""
    lead_in = _bytes_of(before)
    found: dict[tuple[str, int], Solution] = {}
    for path in _paths(program, seen, _Path(lead_in, frozenset(), at), 0):
        solution = _parsed(program, seen, before, at, path)
        if solution:
            found.setdefault((solution.text, solution.width), solution)
    yield from found.values()


def _bytes_of(text: str) -> bytes:
    try:
        return text.encode("gbk")
    except UnicodeEncodeError:
        return b"?"


def _paths(program: Mirror, seen: str, path: _Path, marks: int) -> Iterator[_Path]:
    """Follow every reading of the next ``?``; a path ends where no ``?`` follows at once."""
    if seen[path.at : path.at + 1] != "?" or marks == _MOST_MARKS:
        if not path.orphan:
            yield path
        return
    for step in _steps(program, seen, path):
        yield from _paths(program, seen, step, marks + 1)


def _steps(program: Mirror, seen: str, path: _Path) -> Iterator[_Path]:
    at = path.at + 1
    for sign in program.cut:
        if program.folds or sign == "?":
            guessed = path.guessed | {len(path.data), len(path.data) + 1}
            yield _Path(path.data + sign.encode("gbk"), guessed, at, notes=path.notes)
    if path.orphan:
        return
    note = _NOTE_REST.match(seen, at)
    if note:
        yield from _before_note(path, note.group(1), note.end())
    elif seen[at : at + 1] in ("?", ""):
        for lead in _LEADS:
            yield _Path(path.data + bytes([lead]), path.guessed | {len(path.data)}, at, orphan=True, notes=path.notes)


def _before_note(path: _Path, reading: str, at: int) -> Iterator[_Path]:
    """Yield the lead bytes that end a character with this reading."""
    for lead in _LEADS:
        character = pair_character(path.data[-1:] + bytes([lead]))
        if character and reads(character, reading):
            notes = (*path.notes, (character, reading))
            yield _Path(path.data + bytes([lead]), path.guessed | {len(path.data)}, at, notes=notes)


def _parsed(program: Mirror, seen: str, before: str, first: int, path: _Path) -> Solution | None:
    """Parse the bytes from the character before on, up to where the original and the page agree again."""
    data, end = path.data, path.at
    while (text := _text(data)) is None:
        if end - path.at > _LONGEST or end >= len(seen) or seen[end] in "\n?":
            return None
        data += _bytes_of(seen[end])
        end += 1
        note = _NOTE.match(seen, end)
        end = note.end() if note and not _text(data) else end
    note = _NOTE.match(seen, end)
    if note and dict(program.notes).get(text[-1]) == note.group(1):
        end = note.end()
    if not _replays(program, path, before, text, seen[first:end]):
        return None
    return Solution(text[len(before) :], end - first, _unknown(text, path.guessed, len(before)))


def _text(data: bytes) -> str | None:
    try:
        return data.decode("gbk")
    except UnicodeDecodeError:
        return None


def _replays(program: Mirror, path: _Path, before: str, text: str, shown: str) -> bool:
    """Say whether the program makes of a text exactly what is shown after the character before it.

    The order of the site's replacements may not be known yet: what the text's own characters need goes first.
    """
    pairs = dict.fromkeys((*program.notes, *path.notes))
    ordered = sorted(pairs, key=lambda pair: pair[0] not in text)
    try:
        made = Mirror("", "", tuple(ordered), program.cut, program.folds).annotate(text)
    except UndamageableError:
        return False
    own = dict(program.notes).get(before)
    lead_in = before + (f"({own})" if own else "")
    return made in (lead_in + shown, before + shown)


def _unknown(text: str, guessed: frozenset[int], skip: int) -> frozenset[int]:
    """Return the positions of the characters that hold a guessed byte, not counting the first ``skip``."""
    at = 0
    found = set()
    for position, character in enumerate(text):
        width = len(_bytes_of(character))
        if any(at <= byte < at + width for byte in guessed):
            found.add(position - skip)
        at += width
    return frozenset(found)


def solve_notes(program: Mirror, seen: str) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Yield, for each broken place with a note, the original's text and the notes of characters that straddle it.

    Used to infer the program: the site's order of replacement is not known yet, and neither are the characters of
    its list that the page shows at such places alone.
    """
    for match in re.finditer(r"(?<=([\u4e00-\u9fff]))\?(?=[a-zêāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}\))", seen):
        for path in _paths(program, seen, _Path(_bytes_of(match.group(1)), frozenset(), match.start()), 0):
            solution = _parsed(program, seen, match.group(1), match.start(), path)
            text = _text(path.data)
            if solution and text:
                yield "", tuple(note for note in path.notes if note[0] in text)
                yield text, tuple(note for note in path.notes if note[0] not in text)
