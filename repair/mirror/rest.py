"""What is left of a page that a site's program explains: the lines that still need a look, each searched by itself.

Of a page of 3,000 characters that takes 1-2 ms, a search of the whole page 5-9.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from repair.channel import Chain, Loss, Pieces, join_pieces
from repair.found import Found
from repair.mirror.mirror import Mirror
from repair.mirror.strewn import Strewn
from repair.triage import suspicious

Span = tuple[int, int]


def explains(chain: Chain) -> bool:
    """Say whether a chain is that of a mirrored page, undone as a whole or in its parts."""
    first = chain[0].pieces[0][2] if chain and isinstance(chain[0], Pieces) else chain
    return bool(first) and isinstance(first[0], Mirror | Strewn)


def odd_lines(text: str) -> list[Span]:
    r"""Return the spans of the lines that need a look; none where most do: then all of the page may be damaged.

    >>> odd_lines("会议强调，要坚持安全第一。\n浼氳寮鸿皟\n全面落实责任")
    [(14, 19)]
    """
    lines = list(_lines(text))
    odd = [(start, end) for start, end in lines if suspicious(text[start:end])]
    return odd if 2 * len(odd) <= len(lines) else []


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def joined(seen: str, lines: Sequence[tuple[Span, Found]]) -> Found:
    """Put what was found of some lines of ``seen`` together to what was found of all of it; one line or several."""
    parts: list[tuple[str, Chain]] = []
    cuts = [(0, 0)]
    losses: list[Loss] = []
    at = length = 0
    for (start, end), found in lines:
        parts += (seen[at:start], ()), (found.text, found.chain)
        length += start - at
        cuts += ((length + a, start + b) for a, b in found.lined_up(seen[start:end]))
        losses += (replace(loss, start=loss.start + length, end=loss.end + length) for loss in found.losses)
        at, length = end, length + len(found.text)
    text, chain = join_pieces([*parts, (seen[at:], ())])
    nearest = min((found for _, found in lines), key=lambda found: found.margin)
    return Found(
        text,
        chain,
        sum(found.evidence for _, found in lines),
        nearest.margin,
        nearest.rival,
        tuple(dict.fromkeys((*cuts, (len(text), len(seen))))),
        tuple(losses),
    )
