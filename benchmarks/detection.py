"""Detection beside other detectors, in one run: ``python -m benchmarks.detection CORPUS [FILES...]``.

CORPUS holds laws.txt.xz and reports.txt.xz; from the paragraphs that training left out, runs of hanzi of several
lengths are cut, encoded and detected. An answer is right that decodes to the text. FILES are folders of test files:
chardet's ``tests`` (sub-folders named by their encoding), or a folder with an index.jsonl that names ``raw`` and
``truth`` of each. chardet is always there; charset-normalizer, chardetng and cchardet are where they are installed.

Two hanzi in UTF-16 are four bytes, and 8 % of such pairs are printable ASCII throughout: those are called ASCII on
purpose, because words of ASCII are the commoner by far, so that 92 % is the bound. Of the other pairs 96-98 % are
right.

The reliability table tells whether confidence can be believed: of the answers given with about that confidence, how
many are right. Answers that are plain ASCII are counted apart: nothing decides between a word of ASCII and two hanzi in
UTF-16 but how common either is, so their confidence is that of archives, not of this sample.
"""

import importlib
import json
import lzma
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

import chardet
import click
import opencc

from repair.detect import detect_encoding, detect_encodings
from repair.detect.declared import codec_of

Detector = Callable[[bytes], str | None]
_HELD_OUT = 50
_LENGTHS = (1, 2, 3, 4, 6, 10, 20, 50)
_SAMPLES = 400
_ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16-le", "utf-16-be")
_BINS = (0.0, 0.5, 0.7, 0.9, 0.95, 0.99, 0.999, 1.01)
_RECORD = 1000
_LARGE = 10_000_000
_REPEATS = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of one sample."""

    right: bool
    confidence: float
    is_ascii: bool


@click.command()
@click.argument("corpus", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("files", type=click.Path(path_type=Path, exists=True, file_okay=False), nargs=-1)
def main(corpus: Path, files: tuple[Path, ...]) -> None:
    """Print all tables; CORPUS holds laws.txt.xz and reports.txt.xz, FILES are folders of files to detect."""
    lines = [
        line
        for name in ("laws", "reports")
        for line in lzma.decompress((corpus / f"{name}.txt.xz").read_bytes()).decode().splitlines()[::_HELD_OUT]
    ]
    text = "\n".join(lines)
    _reliability(list(_lengths(text)))
    for folder in files:
        _files(folder)
    _speed(text)


def detectors() -> dict[str, Detector]:
    """Return chardet and every other detector that is installed."""
    found: dict[str, Detector] = {"chardet": lambda data: chardet.detect(data)["encoding"]}
    calls: dict[str, Callable[[object], Detector]] = {
        "charset_normalizer": lambda module: lambda data: getattr(module.from_bytes(data).best(), "encoding", None),  # type: ignore[attr-defined]
        "chardetng_py": lambda module: lambda data: module.detect(data, allow_utf8=True),  # type: ignore[attr-defined]
        "cchardet": lambda module: lambda data: module.detect(data)["encoding"],  # type: ignore[attr-defined]
    }
    for name, call in calls.items():
        try:
            found[name] = call(importlib.import_module(name))
        except ImportError:
            continue
    return found


def _lengths(text: str) -> Iterator[Answer]:
    """Print the share of right answers by encoding and length; yield those of mojimend."""
    chooser = random.Random(1)
    rivals = detectors()
    print(f"{'encoding':10} hanzi  mojimend" + "".join(f"{name:>20}" for name in rivals))
    for encoding in _ENCODINGS:
        for length in _LENGTHS:
            samples = list(_samples(text, encoding, length, chooser))
            answers = [_answer(sample, sample.encode(encoding)) for sample in samples]
            shares = [
                sum(_decodes(sample, sample.encode(encoding), rival(sample.encode(encoding))) for sample in samples)
                / len(samples)
                for rival in rivals.values()
            ]
            own = sum(answer.right for answer in answers) / len(answers)
            print(f"{encoding:10} {length:5}  {own:8.1%}" + "".join(f"{share:20.1%}" for share in shares))
            yield from answers


def _samples(text: str, encoding: str, length: int, chooser: random.Random) -> Iterator[str]:
    """Yield runs of hanzi; for Big5 their traditional forms, where it has them."""
    runs = re.findall(f"[\u4e00-\u9fff]{{{length}}}", text)
    traditional = opencc.OpenCC("s2t")
    given = 0
    while given < _SAMPLES:
        sample = chooser.choice(runs)
        sample = traditional.convert(sample) if encoding == "big5" else sample
        if encoding != "big5" or sample == sample.encode(encoding, "ignore").decode(encoding):
            given += 1
            yield sample


def _answer(sample: str, data: bytes) -> Answer:
    found = detect_encoding(data)
    return Answer(_decodes(sample, data, found.encoding), found.confidence, found.encoding == "ascii")


def _decodes(text: str, data: bytes, encoding: str | None) -> bool:
    """Say whether the answer gives the text, marks and kinds of line breaks aside."""
    try:
        return _plain(data.decode(encoding or "ascii", "replace")) == _plain(text)
    except LookupError:
        return False


def _plain(text: str) -> str:
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _reliability(answers: list[Answer]) -> None:
    shown = [answer for answer in answers if not answer.is_ascii]
    print("\nconfidence   answers     mean    right")
    error = 0.0
    for low, high in pairwise(_BINS):
        own = [answer for answer in shown if low <= answer.confidence < high]
        if own:
            mean = sum(answer.confidence for answer in own) / len(own)
            right = sum(answer.right for answer in own) / len(own)
            error += abs(mean - right) * len(own) / len(shown)
            print(f"{low:.3f}-{min(high, 1):.3f}  {len(own):7}  {mean:7.1%}  {right:7.1%}")
    print(f"expected calibration error {error:.2%} of {len(shown):,} answers; {len(answers) - len(shown)} said ASCII")


def _files(folder: Path) -> None:
    """Print hits by encoding on a folder of test files."""
    all_detectors = {"mojimend": lambda data: detect_encoding(data).encoding, **detectors()}
    hits: dict[str, Counter[str]] = defaultdict(Counter)
    for group, data, truth in _test_files(folder):
        hits[group]["files"] += 1
        for name, detect in all_detectors.items():
            hits[group][name] += _decodes(truth, data, detect(data))
    print(f"\n{folder.name:24} files" + "".join(f"{name:>20}" for name in all_detectors))
    total: Counter[str] = sum(hits.values(), Counter())
    for group, own in (*sorted(hits.items()), ("all", total)):
        print(f"{group:24} {own['files']:5}" + "".join(f"{own[name]:20}" for name in all_detectors))


def _test_files(folder: Path) -> Iterator[tuple[str, bytes, str]]:
    """Yield (group, bytes, text) of each file whose encoding Python can read."""
    index = folder / "index.jsonl"
    if index.exists():
        for entry in map(json.loads, index.read_text("utf-8").splitlines()):
            files = folder / entry["id"]
            group = ("test data, " if entry.get("detector_testdata") else "found, ") + entry["codec"].lower()
            yield group, (files / "raw").read_bytes(), (files / "truth").read_text("utf-8", "replace")
        return
    for file in sorted(folder.glob("*/*")):
        label = re.sub(r"^(iso-8859-\d+|windows-\d+)-.*", r"\1", file.parent.name.lower())
        codec = codec_of(label.replace("mac", "mac_"))
        if codec:
            yield codec, file.read_bytes(), file.read_bytes().decode(codec, "replace")


def _speed(text: str) -> None:
    """Print microseconds a record and milliseconds a large file beside chardet."""
    print(f"\n{'encoding':10} {'1 kB record':>12} {'chardet':>9} {'ratio':>6}  {'10 MB file':>10} {'chardet':>9}")
    for encoding in _ENCODINGS:
        written = text.encode(encoding, "ignore")
        step = _RECORD // len("字".encode(encoding)) if encoding != "big5" else _RECORD // 2
        records = [text[at : at + step].encode(encoding, "ignore") for at in range(0, len(text) - step, step)][:300]
        large = written * (_LARGE // len(written) + 1)
        ours = _fastest(partial(detect_encodings, records)) / len(records)
        theirs = _fastest(partial(_each_by_chardet, records)) / len(records)
        big, their_big = _fastest(partial(detect_encoding, large)), _fastest(partial(chardet.detect, large))
        print(
            f"{encoding:10} {ours * 1e6:9.0f} µs {theirs * 1e6:6.0f} µs {theirs / ours:6.0f}"
            f"  {big * 1e3:7.1f} ms {their_big * 1e3:6.1f} ms"
        )


def _each_by_chardet(records: list[bytes]) -> None:
    for record in records:
        chardet.detect(record)


def _fastest(call: Callable[[], object]) -> float:
    times = []
    for _ in range(_REPEATS):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return min(times)


if __name__ == "__main__":
    main()
