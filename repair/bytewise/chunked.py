"""UTF-8 read in chunks of one size: what a character cut in two may have been."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from math import gcd

from repair.bytewise.channels import Chunked
from repair.bytewise.mended import Mended
from repair.bytewise.reading import bits_of, loss_of, shares
from repair.escapes.running import beside_hanzi
from repair.language import load

# One mark for the bytes before the cut, one for each byte behind it: three marks where one byte came before it.
_CUT = re.compile("\ufffd+")
_SIGNS = "，。、：；？！“”（）《》"
_BYTES = 3
_SIZES = (256, 1000)
"""Chunks are as good as always a multiple of one of these."""
_LEAST_PERIOD = 16
_AROUND = 6
_MOST = 50


def chunked(seen: str) -> Iterator[Mended]:
    """Yield the characters that were cut where chunks end, where the ends lie as those of chunks do."""
    places = list(_CUT.finditer(seen))
    lengths = {match.end() - match.start() for match in places}
    if not lengths or not lengths <= {2, _BYTES} or len(places) > _MOST or not _regular(seen, places):
        return
    for match in places:
        if not beside_hanzi(seen, *match.span()):
            continue
        before = seen[max(match.start() - _AROUND, 0) : match.start()].rpartition("\n")[2]
        after = seen[match.end() : match.end() + _AROUND].partition("\n")[0]
        possible = _characters()
        loss = loss_of(0, 1, possible, shares(bits_of([before + one + after for one in possible])))
        channel = Chunked("utf-8", (_BYTES - (match.end() - match.start()) + 1,))
        yield Mended(match.start(), match.end(), loss.alternatives[0][0], channel, (loss,))


def _regular(seen: str, places: list[re.Match[str]]) -> bool:
    """Say whether the cuts lie at multiples of one size, counted from the start or from each other."""
    offsets: list[int] = []
    size = at = 0
    for match in places:
        size += len(seen[at : match.start()].encode("utf-8", "surrogatepass"))
        offsets.append(size + _BYTES - (match.end() - match.start()) + 1)
        size += _BYTES
        at = match.end()
    if any(all(offset % unit == 0 for offset in offsets) for unit in _SIZES):
        return True
    period = gcd(*(b - a for a, b in pairwise(offsets)))
    return len(offsets) > 2 and period >= _LEAST_PERIOD  # noqa: PLR2004 - two distances that agree


@cache
def _characters() -> tuple[str, ...]:
    hanzi = (one for one in load().vocabulary.characters if "\u4e00" <= one <= "\u9fff")
    return (*_SIGNS, *hanzi)
