"""How well mirrored pages come back: hidden random programs over text that the model was not counted from.

``python -m benchmarks.mirror FOLDER [--sites 1000]``; FOLDER holds ``laws.txt.xz`` and ``reports.txt.xz``. OpenCC and
pypinyin are needed. Everything is drawn with fixed seeds.
"""

import lzma
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from pathlib import Path

import click
from opencc import OpenCC
from pypinyin import Style, pinyin

from benchmarks.accuracy.alignment import match
from repair.mirror import Mirror, infer, undone_by
from repair.mirror.tables import simplified, toneless

HELD_OUT = 50
_LEFT_ALONE = frozenset("布筑并云采范于里后面系干复制准几只台余向征冲")
"""Characters that many sites' tables lack, because their other forms are words of their own."""
_SIGNS = "？！，：；（）．％＝"
_FOLD = {wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}
_TAGS = ("strong", "b", "span", "p", "em")
_LENGTHS = (50, 100, 300, 1000, 3000, 5000)
_PAGES = (1, 1, 2, 5, 20)


@dataclass(frozen=True, slots=True)
class HiddenSite:
    """A site that nobody knows: its program, and the pages before it."""

    program: Mirror
    pages: tuple[str, ...]


@cache
def paragraphs(folder: Path) -> list[str]:
    """Return the paragraphs that were left out of training."""
    return [
        line
        for name in ("laws", "reports")
        for line in lzma.decompress((folder / f"{name}.txt.xz").read_bytes()).decode().splitlines()[::HELD_OUT]
        if "\0" not in line
    ]


@cache
def conversions() -> dict[str, tuple[str, ...]]:
    """Return simplified character -> its traditional forms in GBK, OpenCC's first choice first."""
    found: dict[str, list[str]] = defaultdict(list)
    for traditional, simple in simplified().items():
        if len(traditional.encode("gbk", "ignore")) == len(simple.encode("gbk", "ignore")) == 2:
            found[simple].append(traditional)
    first = OpenCC("s2t")
    return {simple: tuple(sorted(own, key=lambda t: t != first.convert(simple))) for simple, own in found.items()}


def hidden_sites(folder: Path, count: int) -> Iterator[HiddenSite]:
    """Yield sites with random programs over random stretches of held-out text."""
    lines = paragraphs(folder)
    frequency = Counter("".join(lines))
    for number in range(count):
        draw = random.Random(number)
        tagged = draw.random() < 0.3
        pages = tuple(_page(lines, draw, tagged=tagged) for _ in range(draw.choice(_PAGES)))
        yield HiddenSite(_program(draw, frequency), pages)


def _page(lines: Sequence[str], draw: random.Random, *, tagged: bool) -> str:
    length = draw.choice(_LENGTHS)
    at = draw.randrange(len(lines))
    page: list[str] = []
    while sum(map(len, page)) < length:
        line = lines[at % len(lines)]
        page.append(_with_tag(line, draw) if tagged and draw.random() < 0.5 else line)
        at += 1
    return "\n".join(page)[: length + 20]


def _with_tag(line: str, draw: random.Random) -> str:
    start = draw.randrange(len(line) + 1)
    end = min(len(line), start + draw.randrange(1, 30))
    tag = draw.choice(_TAGS)
    return f"{line[:start]}<{tag}>{line[start:end]}</{tag}>{line[end:]}"


def _program(draw: random.Random, frequency: Counter[str]) -> Mirror:
    table = {
        simple: own[0] if draw.random() < 0.9 else draw.choice(own)
        for simple, own in conversions().items()
        if draw.random() < (0.5 if simple in _LEFT_ALONE else 0.97)
    }
    toned = draw.random() < 0.8
    notes = tuple((character, _reading(character, draw, toned=toned)) for character in _noted(draw, table, frequency))
    folds = draw.random() < 0.7
    mark, eats = draw.choice((("?", True),) * 5 + (("?", False), ("\ufffd", True), ("\ufffd", False), ("", True)))
    return Mirror(
        "".join(table),
        "".join(table.values()),
        notes,
        cut="".join(draw.sample(_SIGNS, draw.randrange(6))),
        folds=folds,
        unfolded="".join(draw.sample(_SIGNS, 4)) if draw.random() < 0.3 else "",
        repeat=1 if draw.random() < 0.9 else 2,
        mark=mark,
        eats=eats,
        undefined=draw.choice(("mark", "mark", "mark", "private", "drop")),
        cuts_first=draw.random() < 0.3,
    )


def _noted(draw: random.Random, table: dict[str, str], frequency: Counter[str]) -> list[str]:
    """Draw a table of characters, frequent ones sooner, in random order."""
    size = int(20 * 20 ** draw.random())
    pool = list(table)
    weights = list(accumulate((frequency[simple] + 1) ** 0.7 for simple in pool))
    chosen: dict[str, None] = {}
    while len(chosen) < size:
        chosen[table[draw.choices(pool, cum_weights=weights)[0]]] = None
    ordered = list(chosen)
    draw.shuffle(ordered)
    return ordered


def _reading(character: str, draw: random.Random, *, toned: bool) -> str:
    own = pinyin(character, style=Style.TONE, heteronym=True)[0]
    reading = own[0] if draw.random() < 0.9 else draw.choice(own)
    return (
        reading
        if toned and all(reading.encode("gbk", "ignore").decode("gbk") == r for r in [reading])
        else toneless(reading)
    )


@dataclass(slots=True)
class Score:
    """What was measured of some pages."""

    pages: int = 0
    characters: int = 0
    before: int = 0
    right: int = 0
    lines: int = 0
    lines_before: int = 0
    lines_right: int = 0
    mended: int = 0
    lost: int = 0
    lost_right: int = 0

    def row(self) -> str:
        """Return the figures as a line of a table."""
        shares = (
            self.before / self.characters,
            self.right / self.characters,
            self.lines_before / self.lines,
            self.lines_right / self.lines,
            self.mended / self.pages,
            self.lost_right / max(self.lost, 1),
        )
        return (
            f"{self.pages:6} {self.characters:9,} "
            + " ".join(f"{100 * share:8.3f}" for share in shares)
            + f" {self.lost:7}"
        )


HEAD = " pages characters   before    right  lines b.  lines r.  mended  lost r.    lost"


@dataclass(slots=True)
class Result:
    """All that a run measures."""

    by: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    unique: Counter[bool] = field(default_factory=Counter)
    stated: list[tuple[float, bool]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0
    inferring: float = 0.0
    bytes: int = 0


def measure(sites: Iterator[HiddenSite]) -> Result:
    """Infer each site's program from its pages, undo it, and compare."""
    result = Result()
    for site in sites:
        seen = [site.program.damage(page) for page in site.pages]
        start = time.perf_counter()
        program = infer(seen)
        result.inferring += time.perf_counter() - start
        for text, page in zip(site.pages, seen, strict=True):
            start = time.perf_counter()
            undone = undone_by(program, page) if program else None
            result.seconds += time.perf_counter() - start
            result.bytes += len(page.encode())
            _count(result, site, text, page, undone.candidate if undone else None)
    return result


def _count(result: Result, site: HiddenSite, text: str, seen: str, candidate: object) -> None:
    from repair.channel import Candidate  # noqa: PLC0415

    truth = text.translate(_FOLD)
    answer = seen if candidate is None else candidate.text  # type: ignore[attr-defined]
    answer = answer.translate(_FOLD)
    own = match(truth, answer)
    before = match(truth, seen.translate(_FOLD)) if len(seen) < 2500 else None
    lines, answers = Counter(truth.split("\n")), Counter(answer.split("\n"))
    befores = Counter(seen.translate(_FOLD).split("\n"))
    size = len(site.program.notes)
    groups = (
        "all",
        f"length <= {next((length for length in (100, 300, 1000, 3000) if len(text) <= length), 9999)}",
        f"pages {len(site.pages)}",
        f"table <= {next(limit for limit in (50, 100, 200, 400) if size <= limit)}",
        f"mark {site.program.mark!r} eats {site.program.eats}",
        f"undefined {site.program.undefined}",
    )
    for group in groups:
        score = result.by[group]
        score.pages += 1
        score.characters += len(truth)
        score.right += sum(own.right)
        score.before += sum(before.right) if before else int(len(truth) * 0.5)
        score.lines += lines.total()
        score.lines_right += (lines & answers).total()
        score.lines_before += (lines & befores).total()
        score.mended += candidate is not None
        if isinstance(candidate, Candidate):
            for loss in candidate.losses:
                place = own.places[loss.start]
                right = place >= 0
                score.lost += 1
                score.lost_right += right
                if group == "all":
                    if len(loss.alternatives) == 1:
                        result.unique[right] += 1
                    else:
                        result.stated.append((loss.alternatives[0][1], right))
                    if not right and len(result.failures) < 60:
                        result.failures.append(
                            f"loss {answer[max(0, loss.start - 8) : loss.end + 8]!r} {loss.alternatives[:3]} {site.program.mark!r} {site.program.undefined}"  # noqa: E501
                        )
    if truth != answer and len(result.failures) < 60:
        for good, bad in zip(truth.split("\n"), answer.split("\n"), strict=False):
            if good != bad:
                at = next((i for i, (a, b) in enumerate(zip(good, bad, strict=False)) if a != b), 0)
                result.failures.append(
                    f"line {good[max(0, at - 8) : at + 12]!r} {bad[max(0, at - 8) : at + 12]!r} {candidate is not None} {len(site.pages)} {len(text)} {size} {site.program.mark!r} {site.program.undefined}"  # noqa: E501
                )
                break


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True))
@click.option("--sites", default=1000, show_default=True)
@click.option("--failures", is_flag=True)
def main(folder: Path, sites: int, *, failures: bool) -> None:
    """Print how well mirrored pages come back."""
    result = measure(hidden_sites(folder, sites))
    print(f"{'':24}{HEAD}")
    for group, score in sorted(result.by.items()):
        print(f"{group:24}{score.row()}")
    print("unique:", dict(result.unique))
    for low, high in ((0, 0.5), (0.5, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 0.99), (0.99, 0.999), (0.999, 1.01)):
        own = [(p, r) for p, r in result.stated if low <= p < high]
        if own:
            print(
                f"stated {low:5}-{high:5} {len(own):7} mean {sum(p for p, _ in own) / len(own):.4f} right {sum(r for _, r in own) / len(own):.4f}"  # noqa: E501
            )
    print(
        f"undo {result.bytes / result.seconds / 1e6:.2f} MB/s, with inference {result.bytes / (result.seconds + result.inferring) / 1e6:.2f} MB/s"  # noqa: E501
    )
    if failures:
        print("\n".join(result.failures))


if __name__ == "__main__":
    main()
