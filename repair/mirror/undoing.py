"""From a mirrored page back to the page: read backwards, then run forwards again to see that it comes out as seen."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from repair.channel import Candidate, Loss, UndamageableError
from repair.mirror.program import Program
from repair.mirror.reading import Page, read_back, site_for
from repair.mirror.script import by_context, unseen, with_the_unseen
from repair.mirror.site import Site

Part = tuple[int, int, int, int]
"""Where a part of a page lies: start and end in its text, start and end in what was seen."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A page before a site's program, and its parts: text, and whether the program makes of it what was seen there.

    The others stand as they were seen.
    """

    candidate: Candidate
    parts: tuple[tuple[str, bool], ...]


def explained(program: Program, seen: str) -> Explained | None:
    """Return the page before the program as far as it explains what was seen; None where it explains nothing."""
    site, table = _known(program)
    page = _chosen(table, read_back(site, seen))
    if page.text == seen:
        return None
    if _makes(program, page.text, seen):
        return Explained(Candidate(page.text, _cuts(page, seen), page.losses), ((page.text, True),))
    return _in_parts(program, page, seen)


def _chosen(table: Mapping[str, str], page: Page) -> Page:
    """Choose by context where the site's script does not tell which character it was."""
    text, losses = by_context(page.text, page.script, table)
    if not losses:
        return page
    broken = {loss.start: loss for loss in page.losses}
    losses = tuple(loss for loss in losses if loss.start not in broken and page.origins[loss.start] >= 0)
    chosen = list(page.text)
    for loss in losses:
        chosen[loss.start] = text[loss.start]
    losses = tuple(sorted((*page.losses, *losses), key=lambda loss: loss.start))
    return replace(page, text="".join(chosen), losses=losses)


@lru_cache(maxsize=16)
def _known(program: Program) -> tuple[Site, dict[str, str]]:
    """Return a program as arrays, and its table."""
    table = dict(zip(program.traditional, program.simplified, strict=True))
    return site_for(program, (), with_the_unseen(table, unseen({*table, *table.values()}))), table


def _makes(program: Program, text: str, seen: str) -> bool:
    try:
        return program.damage(text) == seen
    except UndamageableError:
        return False


def _cuts(page: Page, seen: str) -> tuple[tuple[int, int], ...]:
    """Return where the page and what was seen can be cut alike: wherever a character is not as it stands."""
    origins = np.array(page.origins, np.int64)
    able = np.flatnonzero(origins >= 0)
    pairs = zip(able.tolist(), origins[able].tolist(), strict=True)
    return (*pairs, (len(page.text), len(seen))) if page.text else ((0, 0),)


def _in_parts(program: Program, page: Page, seen: str) -> Explained | None:
    """Put the page together from the parts that the program makes as they were seen; the others stay as seen."""
    parts: list[tuple[str, bool]] = []
    cuts: list[tuple[int, int]] = [(0, 0)]
    losses: list[Loss] = []
    length = 0
    for start, end, seen_start, seen_end in _divided(program, page, seen, _lines(page, seen)):
        text, shown = page.text[start:end], seen[seen_start:seen_end]
        made = text != shown and _makes(program, text, shown)
        parts.append((text if made else shown, made))
        if made:
            shift = length - start
            cuts += [(at + shift, page.origins[at]) for at in range(start, end) if page.origins[at] >= 0]
            losses += [
                replace(loss, start=loss.start + shift, end=loss.end + shift)
                for loss in page.losses
                if start <= loss.start < end
            ]
        length += len(parts[-1][0])
        cuts.append((length, seen_end))
    if not any(made for _, made in parts):
        return None
    text = "".join(part for part, _ in parts)
    return Explained(Candidate(text, tuple(dict.fromkeys(cuts)), tuple(losses)), tuple(parts))


def _divided(program: Program, page: Page, seen: str, parts: Iterable[Part]) -> Iterator[Part]:
    """Yield parts that the program explains, and between them single characters and broken places that it does not.

    Halves of halves: there are few such places, and the program says of a part only whether it makes it.
    """
    for part in parts:
        start, end, seen_start, seen_end = part
        cut = _middle(page, start, end)
        if cut is None or _makes(program, page.text[start:end], seen[seen_start:seen_end]):
            yield part
        else:
            at = page.origins[cut]
            yield from _divided(program, page, seen, ((start, cut, seen_start, at), (cut, end, at, seen_end)))


def _middle(page: Page, start: int, end: int) -> int | None:
    """Return the place nearest to the middle of a part where it can be cut, None where it cannot."""
    middle = (start + end) // 2
    able = (at for at in range(start + 1, end) if page.origins[at] >= 0)
    return min(able, key=lambda at: abs(at - middle), default=None)


def _lines(page: Page, seen: str) -> Iterator[Part]:
    """Yield where each line of the page lies, in its text and in what was seen; broken places stay in one piece."""
    start = seen_start = 0
    for at in range(1, len(page.text)):
        if page.text[at - 1] == "\n" and page.origins[at] >= 0:
            yield start, at, seen_start, page.origins[at]
            start, seen_start = at, page.origins[at]
    yield start, len(page.text), seen_start, len(seen)
