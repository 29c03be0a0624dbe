"""Pages read back beside the truth: characters, lines, lost characters, and what the grades are worth."""

import gc
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.accuracy.alignment import Matching, match
from benchmarks.mirror.honest import honest_pages
from benchmarks.mirror.sites import HiddenSite
from repair import repair_text
from repair.channel import Candidate, Proposal, damage
from repair.mirror import Mirror, infer_site, known_of, propose, strewn, undone_by
from repair.mirror.mirror import Undone
from repair.mirror.strewn import Swept
from repair.policy import Policy

_FOLD = {wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}
_WARMING = 20
"""Sites that are not timed: what they need is compiled and loaded."""
_ALONE = 3
"""Pages of each site that are timed as if they were alone."""


@dataclass(slots=True)
class Score:
    """What was measured of some pages: characters and lines right before and after, lost characters right."""

    pages: int = 0
    mended: int = 0
    characters: int = 0
    right: int = 0
    lines: int = 0
    lines_before: int = 0
    lines_right: int = 0
    lost: int = 0
    lost_right: int = 0


@dataclass(slots=True)
class Speed:
    """Bytes of UTF-8 as seen, and the seconds of this process that they took."""

    bytes: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class Result:
    """All that is measured of sites.

    ``unique`` counts by right or wrong, ``stated`` holds a probability and whether it was right for each loss that is
    graded likely. ``speeds`` are by length of page, and by what was done: read back with the program known, a site's
    inferred, a page alone both inferred and read back; and by the whole call of `repair_text`, known and alone.
    """

    by: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    unique: Counter[bool] = field(default_factory=Counter)
    stated: list[tuple[float, bool]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    speeds: dict[str, dict[str, Speed]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Speed)))
    unfaithful: int = 0


@dataclass(frozen=True, slots=True)
class _Read:
    """A page as it was, and as it was read back; both with full-width signs folded, which a site may have done."""

    truth: str
    answer: str
    seen: str
    candidate: Candidate | None


def measured(sites: Iterable[HiddenSite], seconds: float) -> Result:
    """Infer each site's program from its pages, read them back and compare, until the time is over."""
    result = Result()
    end = time.monotonic() + seconds
    for number, site in enumerate(sites):
        if time.monotonic() > end:
            break
        if number == _WARMING:
            result.speeds.clear()
            gc.collect()
            gc.freeze()  # as the workers of a run do: what stays is not looked through for garbage again
        for read in _read_back(site, result):
            _count(result, site, read)
    return result


def _read_back(site: HiddenSite, result: Result) -> Iterator[_Read]:
    seen = site.seen()
    with _timed(result, "inferred", "all", seen):
        program = infer_site(seen)
    policy = Policy(programs=(program,) if program else ())
    for number, ((text, _), page) in enumerate(zip(site.pages, seen, strict=True)):
        with _timed(result, "known", length_of(text), [page]):
            undone = _undone(page, program, alone=len(seen) == 1)
        with _timed(result, "whole call", length_of(text), [page]):
            repair_text(page, policy)
        if number < _ALONE:
            with _timed(result, "alone", length_of(text), [page]):
                next(propose(page), None)
            with _timed(result, "whole call alone", length_of(text), [page]):
                repair_text(page)
        result.unfaithful += undone is not None and damage(undone.chain, undone.candidate.text) != page
        answer = undone.candidate.text if undone else page
        yield _Read(text.translate(_FOLD), answer.translate(_FOLD), page, undone.candidate if undone else None)


@contextmanager
def _timed(result: Result, kind: str, length: str, pages: Sequence[str]) -> Iterator[None]:
    """Add what is done to the speed of its kind, by length and in all."""
    start = time.process_time()
    yield
    seconds = time.process_time() - start
    for name in {length, "all"}:
        result.speeds[name][kind].bytes += sum(len(page.encode()) for page in pages)
        result.speeds[name][kind].seconds += seconds


def length_of(text: str) -> str:
    """Return the class of lengths of a page as it was."""
    return f"page of up to {next((limit for limit in (100, 300, 1000, 3000) if len(text) <= limit), 5100)}"


def _undone(page: str, program: Mirror | None, *, alone: bool) -> Proposal | Undone | Swept | None:
    """Undo a page as a run does: by its site's program where it bears that out, else by what it shows itself."""
    if alone:
        return undone_by(program, page) if program and program.notes else strewn.undone(page)
    return (known_of(program, page) if program else None) or next(propose(page), None)


def _groups(site: HiddenSite, read: _Read) -> Iterator[str]:
    yield "all"
    yield length_of(read.truth)
    yield f"{len(site.pages)} pages"
    if site.strewn:
        yield "notes strewn"
    else:
        yield f"table of up to {next(limit for limit in (50, 100, 200, 400) if len(site.program.notes) <= limit)}"
        mark = site.program.mark
        shown = "no sign" if not mark else "U+FFFD" if mark == "\ufffd" else mark
        yield f"bad bytes: {shown}{', eaten' if site.program.eats else ''}; {site.program.undefined}"


def _count(result: Result, site: HiddenSite, read: _Read) -> None:
    own = match(read.truth, read.answer)
    lines = Counter(read.truth.split("\n"))
    before, after = (Counter(text.split("\n")) for text in (read.seen.translate(_FOLD), read.answer))
    losses = read.candidate.losses if read.candidate else ()
    for group in _groups(site, read):
        score = result.by[group]
        score.pages += 1
        score.mended += read.candidate is not None
        score.characters += len(read.truth)
        score.right += sum(own.right)
        score.lines += lines.total()
        score.lines_before += (lines & before).total()
        score.lines_right += (lines & after).total()
        score.lost += len(losses)
        score.lost_right += sum(own.places[loss.start] >= 0 for loss in losses)
    if read.candidate:
        _weigh(result, read, own)
    result.wrong += _wrong_lines(read)


def _weigh(result: Result, read: _Read, own: Matching) -> None:
    for loss in read.candidate.losses if read.candidate else ():
        right = own.places[loss.start] >= 0
        if loss.unique:
            result.unique[right] += 1
            if not right:
                result.wrong.append(f"unique: {read.answer[max(0, loss.start - 8) : loss.end + 8]!r}")
        else:
            result.stated.append((loss.alternatives[0][1], right))


def _wrong_lines(read: _Read) -> Iterator[str]:
    good, answers = read.truth.split("\n"), read.answer.split("\n")
    right = set(good)
    for line, truth in zip(answers, good, strict=False):
        if line not in right:
            at = next((at for at, (a, b) in enumerate(zip(line, truth, strict=False)) if a != b), len(line))
            yield f"{truth[max(0, at - 8) : at + 12]!r} read as {line[max(0, at - 8) : at + 12]!r}"


def changed_pages(folder: Path, count: int) -> dict[str, list[str]]:
    """Return the honest pages of each kind that a repair changes: alone, or as a site of its own of all of the kind."""
    kinds: dict[str, list[str]] = {}
    for kind, page in honest_pages(folder, count):
        kinds.setdefault(kind, []).append(page)
    return {kind: list(_changed(pages)) for kind, pages in kinds.items()}


def _changed(pages: Sequence[str]) -> Iterator[str]:
    program = infer_site(pages)
    policy = Policy(programs=(program,) if program else ())
    for page in pages:
        if any(repair_text(page, own).text != page for own in {Policy(), policy}):
            yield page
