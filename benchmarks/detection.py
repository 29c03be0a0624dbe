"""Detection of short Chinese bytes beside chardet, in one run: ``python benchmarks/detection.py FOLDER``.

FOLDER holds reports.txt.xz; from the paragraphs that training left out, runs of hanzi of several lengths are cut,
encoded and detected. The second table tells whether confidence can be believed: of the answers given with about that
confidence, how many are right. Answers that are plain ASCII are counted apart: nothing decides between a word of ASCII
and two hanzi in UTF-16 but how common either is, so their confidence is that of archives, not of this sample.
"""

import lzma
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import chardet

from repair import detect_encoding

_HELD_OUT = 50
_LENGTHS = (1, 2, 3, 4, 6, 10, 20)
_SAMPLES = 300
_ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
_BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of one sample."""

    encoding: str
    length: int
    right: bool
    theirs_right: bool
    confidence: float
    is_ascii: bool


def main(folder: Path) -> None:
    """Print both tables."""
    lines = lzma.decompress((folder / "reports.txt.xz").read_bytes()).decode().splitlines()[::_HELD_OUT]
    answers = list(_answers("\n".join(lines)))
    print("encoding   hanzi  mojimend  chardet")
    for encoding in _ENCODINGS:
        for length in _LENGTHS:
            own = [a for a in answers if (a.encoding, a.length) == (encoding, length)]
            ours, theirs = (sum(a.right for a in own) / len(own), sum(a.theirs_right for a in own) / len(own))
            print(f"{encoding:10} {length:5}  {ours:7.1%}  {theirs:7.1%}")
    _reliability([a for a in answers if not a.is_ascii])


def _answers(text: str) -> Iterator[Answer]:
    chooser = random.Random(1)  # noqa: S311 - a sample, no secret
    for encoding in _ENCODINGS:
        for length in _LENGTHS:
            runs = re.findall(f"[\u4e00-\u9fff]{{{length}}}", text)
            for _ in range(_SAMPLES):
                sample = chooser.choice(runs)
                data = sample.encode(encoding)
                found, other = detect_encoding(data), chardet.detect(data)["encoding"]
                yield Answer(
                    encoding,
                    length,
                    _decodes(sample, data, found.encoding),
                    _decodes(sample, data, other),
                    found.confidence,
                    found.encoding == "ascii",
                )


def _decodes(sample: str, data: bytes, encoding: str | None) -> bool:
    try:
        return data.decode(encoding or "ascii") == sample
    except (UnicodeError, LookupError):
        return False


def _reliability(answers: list[Answer]) -> None:
    print("\nconfidence   answers     mean    right")
    error = 0.0
    for low, high in pairwise(_BINS):
        own = [a for a in answers if low <= a.confidence < high]
        if own:
            mean, right = sum(a.confidence for a in own) / len(own), sum(a.right for a in own) / len(own)
            error += abs(mean - right) * len(own) / len(answers)
            print(f"{low:.2f}-{min(high, 1):.2f}  {len(own):9}  {mean:7.1%}  {right:7.1%}")
    print(f"expected calibration error {error:.1%}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
