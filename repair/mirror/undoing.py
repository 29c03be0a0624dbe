"""From a mirrored page back to the page: read backwards, then run forwards again to see that it comes out as seen."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from repair.channel import Candidate, Loss
from repair.mirror.points import Points, points_of, text_of
from repair.mirror.program import Program
from repair.mirror.reading import Page, read_back, site_for, table_of
from repair.mirror.rules import Rules, rules_of
from repair.mirror.running import made
from repair.mirror.script import Table, by_context, with_the_unseen
from repair.mirror.site import Site

_LINE_FEED = 0x0A
Part = tuple[int, int, int, int]
"""Where a part of a page lies: start and end in its text, start and end in what was seen."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A page before a site's program, and its parts: text, and whether the program makes of it what was seen there.

    The others stand as they were seen.
    """

    candidate: Candidate
    parts: tuple[tuple[str, bool], ...]


def explained(program: Program, seen: str, page: Page | None = None) -> Explained | None:
    """Return the page before the program as far as it explains what was seen; None where it explains nothing.

    ``page`` is what was seen as it was read with the program, if it was read already.
    """
    points, rules = points_of(seen), rules_of(program)
    page = _chosen(table_of(program), page or read_back(_site(program), points))
    if np.array_equal(page.text, points):
        return None
    whole = (0, len(page.text), 0, len(points))
    parts = [whole] if _makes(rules, page, points, whole) else _joined(rules, page, points)
    return _put_together(page, points, parts)


def _chosen(table: Table, page: Page) -> Page:
    """Choose by context where the site's script does not tell which character it was."""
    text, losses = by_context(page.text, page.script, table)
    if not losses:
        return page
    broken = {loss.start for loss in page.losses}
    losses = tuple(loss for loss in losses if loss.start not in broken and page.origins[loss.start] >= 0)
    chosen = page.text.copy()
    places = [loss.start for loss in losses]
    chosen[places] = text[places]
    return replace(page, text=chosen, losses=tuple(sorted((*page.losses, *losses), key=lambda loss: loss.start)))


@lru_cache(maxsize=16)
def _site(program: Program) -> Site:
    """Return a program as arrays."""
    table = table_of(program)
    none = np.zeros(0x10000, np.int32)
    return site_for(program, np.zeros(0, np.intp), with_the_unseen(table, none))


def _makes(rules: Rules, page: Page, seen: Points, part: Part) -> bool:
    start, end, seen_start, seen_end = part
    return made(rules, page.text[start:end], seen[seen_start:seen_end])


def _put_together(page: Page, seen: Points, parts: Iterable[Part]) -> Explained | None:
    """Put the page together from the parts that the program makes as they were seen; the others stay as seen."""
    texts: list[tuple[str, bool]] = []
    cuts = [(0, 0)]
    losses: list[Loss] = []
    cut_at, cut_seen = _cuts(page, seen)
    length = at = 0
    for start, end, seen_start, seen_end in (*parts, (len(page.text), len(page.text), len(seen), len(seen))):
        if seen_start > at:
            texts.append((text_of(seen[at:seen_start]), False))
            length += seen_start - at
            cuts.append((length, seen_start))
        if end > start:
            shift = length - start
            low, high = np.searchsorted(cut_at, (start + 1, end))  # both ends are cuts anyway
            cuts += zip((cut_at[low:high] + shift).tolist(), cut_seen[low:high].tolist(), strict=True)
            own = page.losses[bisect_left(page.losses, start, key=_start) : bisect_left(page.losses, end, key=_start)]
            losses += (replace(loss, start=loss.start + shift, end=loss.end + shift) if shift else loss for loss in own)
            texts.append((text_of(page.text[start:end]), True))
            length, at = length + end - start, seen_end
            cuts.append((length, at))
    text = "".join(part for part, _ in texts)
    return (
        Explained(Candidate(text, tuple(cuts), tuple(losses)), tuple(texts)) if any(own for _, own in texts) else None
    )


def _start(loss: Loss) -> int:
    return loss.start


def _cuts(page: Page, seen: Points) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.int64]]:
    """Return where the page and what was seen can be cut alike, but for cuts between characters that are the same."""
    at = np.flatnonzero(page.origins >= 0)
    origins = page.origins[at]
    alone = (np.diff(at, append=len(page.text)) == 1) & (np.diff(origins, append=len(seen)) == 1)
    changed = ~(alone & (page.text[at] == seen[origins]))
    kept = changed.copy()
    kept[1:] |= changed[:-1]
    return at[kept], origins[kept]


def _joined(rules: Rules, page: Page, seen: Points) -> list[Part]:
    """Return the parts of a page that the program makes and that it changed, neighbours in one where it makes both."""
    found: list[Part] = []
    for run in _runs(_made_parts(rules, page, seen, _lines(page, seen))):
        whole = (run[0][0], run[-1][1], run[0][2], run[-1][3])
        found += [whole] if _makes(rules, page, seen, whole) else run
    return [part for part in found if not np.array_equal(page.text[part[0] : part[1]], seen[part[2] : part[3]])]


def _runs(parts: Iterable[Part]) -> Iterator[list[Part]]:
    """Divide parts where something is between them."""
    run: list[Part] = []
    for part in parts:
        if run and (run[-1][1], run[-1][3]) != (part[0], part[2]):
            yield run
            run = []
        run.append(part)
    if run:
        yield run


def _made_parts(rules: Rules, page: Page, seen: Points, parts: Iterable[Part]) -> Iterator[Part]:
    """Yield the parts that the program makes; of the others what is made of them, down to single characters.

    Halves of halves: there are few such places, and the program says of a part only whether it makes it.
    """
    for part in parts:
        start, end, seen_start, seen_end = part
        if _makes(rules, page, seen, part):
            yield part
        elif (cut := _middle(page, start, end)) is not None:
            at = int(page.origins[cut])
            yield from _made_parts(rules, page, seen, ((start, cut, seen_start, at), (cut, end, at, seen_end)))


def _middle(page: Page, start: int, end: int) -> int | None:
    """Return the place nearest to the middle of a part where it can be cut, None where it cannot."""
    middle = (start + end) // 2
    able = start + 1 + np.flatnonzero(page.origins[start + 1 : end] >= 0)
    return int(able[np.argmin(np.abs(able - middle))]) if len(able) else None


def _lines(page: Page, seen: Points) -> Iterator[Part]:
    """Yield where each line of the page lies, in its text and in what was seen; broken places stay in one piece."""
    at = 1 + np.flatnonzero((page.text[:-1] == _LINE_FEED) & (page.origins[1:] >= 0))
    bounds = [0, *at.tolist(), len(page.text)], [0, *page.origins[at].tolist(), len(seen)]
    for (start, end), (seen_start, seen_end) in zip(*map(pairwise, bounds), strict=True):
        yield start, end, seen_start, seen_end
