"""What was measured, as tables for people."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from benchmarks.accuracy.calibration import calibration_error, reliability
from benchmarks.accuracy.clean import Clean
from benchmarks.accuracy.damaged import Measured
from benchmarks.accuracy.encodings import Decoded
from benchmarks.accuracy.groups import group
from benchmarks.accuracy.outcome import Outcome
from benchmarks.accuracy.peers import menders
from benchmarks.accuracy.texts import LENGTHS
from benchmarks.accuracy.wild import Found


def damaged(cells: Sequence[Measured]) -> Iterator[str]:
    """Yield the sums by length, the reliability of grades and probabilities, and a row for each cell."""
    peers = [name for name, _ in menders()]
    yield "\n## Damage undone, all channels together\n"
    yield _HEAD.format("") + "".join(f" {name:>18}" for name in peers)
    for kind in ("whole", "losing"):
        for length in LENGTHS:
            total = _sum(getattr(cell, kind) for cell in cells if cell.cell.length == length)
            if total.samples:
                name = f"{'nothing lost' if kind == 'whole' else 'bytes lost'}, {length}"
                yield _row(name, total) + "".join(f" {total.peers[peer] / total.samples:18.1%}" for peer in peers)
    total = _sum(cell.total for cell in cells)
    yield f"\nrepairs that do not replay: {total.unreplayed} of {total.samples}"
    yield from _groups(cells, peers)
    yield from _reliability(total)
    yield "\n## By channel and length\n"
    yield _HEAD.format("damage, characters")
    for cell in cells:
        total = cell.total
        yield _row(cell.cell.name, total) if total.samples else f"{cell.cell.name:70} no text passes"
    yield from _wrong(cells)
    slowest = sorted(cells, key=lambda cell: -cell.seconds / max(cell.total.samples, 1))[:_SLOWEST]
    told = (f"{cell.cell.name} {cell.seconds / max(cell.total.samples, 1):.2f} s" for cell in slowest)
    yield f"\nslowest, seconds of the processor a text: {'; '.join(told)}"


def _groups(cells: Sequence[Measured], peers: list[str]) -> Iterator[str]:
    """Yield a row for each kind of damage: exact by length, characters right, and what the other programs get exact."""
    yield "\n## By kind of damage\n"
    lengths = "".join(f" {length:>8}" for length in LENGTHS)
    yield f"{'exact of texts of so many characters':58} texts{lengths} survived     lost  guessed" + "".join(
        f" {name:>18}" for name in peers
    )
    for name in dict.fromkeys(group(cell.cell.chain) for cell in cells):
        own = [cell for cell in cells if group(cell.cell.chain) == name]
        by_length = [_sum(cell.total for cell in own if cell.cell.length == length) for length in LENGTHS]
        total = _sum(by_length)
        exact = "".join(f" {_share(one.exact, one.samples):>8}" for one in by_length)
        yield (
            f"{name:58} {total.samples:5}{exact} {_share(total.survived_right, total.survived, 2):>8} "
            f"{_share(total.lost_right, total.lost):>8} {_share(total.lost_guessed, total.lost):>8}"
            + "".join(f" {_share(total.peers[peer], total.samples):>18}" for peer in peers)
        )


_SLOWEST = 8

_HEAD = "{:70} texts  exact   left  survived right  lost share    right  guessed"


def _row(name: str, one: Outcome) -> str:
    return (
        f"{name:70} {one.samples:5} {_share(one.exact, one.samples):>6} {_share(one.left, one.samples):>6} "
        f"{_share(one.survived_right, one.survived, 2):>15} {_share(one.lost, one.lost + one.survived):>11} "
        f"{_share(one.lost_right, one.lost):>8} {_share(one.lost_guessed, one.lost):>8}"
    )


def _share(part: int, whole: int, digits: int = 1) -> str:
    return f"{part / whole:.{digits}%}" if whole else "-"


def _sum(outcomes: Iterable[Outcome]) -> Outcome:
    total = Outcome()
    for one in outcomes:
        total.add(one)
    return total


def _reliability(total: Outcome) -> Iterator[str]:
    yield "\n## Whether grades and probabilities can be believed\n"
    yield f"{'grade':12} {'edits':>8} {'right':>8}"
    grades = Counter({grade: 0 for grade, _ in total.grades})
    for (grade, _), count in total.grades.items():
        grades[grade] += count
    for grade, count in grades.items():
        yield f"{grade:12} {count:8} {total.grades[grade, True] / count:8.2%}"
    for name, wanted in (("graded likely", [True]), ("graded likely or left as found", [True, False])):
        bins = reliability([(p, right) for p, right, delivered in total.stated if delivered in wanted])
        yield f"\n{name}: stated, places, mean, right; expected calibration error {calibration_error(bins):.2%}"
        for one in bins:
            yield f"  {one.low:5.3f}-{one.high:5.3f} {one.answers:8} {one.stated:8.2%} {one.right:8.2%}"


def _wrong(cells: Sequence[Measured]) -> Iterator[str]:
    shown = [(cell, wrong) for cell in cells for wrong in (*cell.whole.wrong, *cell.losing.wrong)]
    if shown:
        yield "\n## Graded exact or unique, and wrong (up to six a row)\n"
    for cell, (text, seen, answer) in shown:
        yield f"{cell.cell.name}: {_difference(text, answer)}; seen {seen[:40]!r}"


def _difference(text: str, answer: str) -> str:
    start = next(
        (at for at, (a, b) in enumerate(zip(text, answer, strict=False)) if a != b), min(len(text), len(answer))
    )
    return f"{text[max(0, start - 5) : start + 15]!r} became {answer[max(0, start - 5) : start + 15]!r}"


def clean(rows: Sequence[Clean]) -> Iterator[str]:
    """Yield false repairs by kind of text."""
    yield "\n## Clean text: places changed, per million characters\n"
    ways = "".join(f" {way:>9}" for way in rows[0].false)
    yield f"{'text':34} {'characters':>11}{ways}   lines called lost"
    for row in rows:
        shares = " ".join(f"{count / max(row.characters, 1) * 1e6:9.2f}" for count in row.false.values())
        yield f"{row.name:34} {row.characters:11,} {shares} {row.lost:9}"
    for row in rows:
        for way, line, answer in row.shown:
            yield f"  {row.name}, {way}: {_difference(line, answer)} in {line[:100]!r}"


def decoded(rows: Sequence[Decoded]) -> Iterator[str]:
    """Yield the share of bytes that each program decodes right."""
    names = list(dict.fromkeys(name for row in rows for name in row.right))
    yield "\n## Bytes decoded to the text that was encoded\n"
    yield f"{'encoding':10} {'characters':10} texts " + " ".join(f"{name:>18}" for name in names)
    for row in rows:
        shares = " ".join(f"{row.right[name] / max(row.samples, 1):18.1%}" for name in names)
        yield f"{row.encoding:10} {row.length:10} {row.samples:5} {shares}"


def wild(rows: Sequence[Found]) -> Iterator[str]:
    """Yield the sums by part and kind, then every miss with its reason."""
    yield "\n## Real damage\n"
    for part in dict.fromkeys(row.part for row in rows):
        own = [row for row in rows if row.part == part]
        peers = Counter(name for row in own for name in row.peers)
        others = "".join(f"; {name} {count}" for name, count in peers.items())
        means = (sum(row.before for row in own) / len(own), sum(row.after for row in own) / len(own))
        yield f"{part}: {sum(row.right for row in own)} of {len(own)} right{others}"
        if part == "pairs":
            yield f"  characters beyond ASCII right: {means[0]:.1%} before, {means[1]:.1%} after (mean of the files)"
    yield "\nMisses:"
    for row in rows:
        if not row.right:
            yield f"{row.part}/{row.name} | {row.kind} | {row.before:.1%} -> {row.after:.1%} | {row.reason}"
