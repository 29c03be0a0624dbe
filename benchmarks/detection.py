"""Detection of short Chinese bytes beside chardet, in one run: ``python benchmarks/detection.py FILE``.

FILE is text in UTF-8, a paragraph a line; runs of hanzi of several lengths are cut from it, encoded and detected.
"""

import random
import re
import sys
from collections.abc import Callable
from pathlib import Path

import chardet

from repair import detect_encoding

_LENGTHS = (2, 4, 6, 10, 20)
_SAMPLES = 300
_ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")


def main(text: str) -> None:
    """Print the share of samples that decode to what they were."""
    chooser = random.Random(1)  # noqa: S311 - a sample, no secret
    print("encoding   hanzi  mojimend  chardet")
    for encoding in _ENCODINGS:
        for length in _LENGTHS:
            runs = re.findall(f"[\u4e00-\u9fff]{{{length}}}", text)
            samples = [chooser.choice(runs) for _ in range(_SAMPLES)]
            ours = _share(samples, encoding, lambda data: detect_encoding(data).encoding)
            theirs = _share(samples, encoding, lambda data: chardet.detect(data)["encoding"])
            print(f"{encoding:10} {length:5}  {ours:7.1%}  {theirs:7.1%}")


def _share(samples: list[str], encoding: str, detect: Callable[[bytes], str | None]) -> float:
    return sum(_decodes(sample, sample.encode(encoding), detect) for sample in samples) / len(samples)


def _decodes(sample: str, data: bytes, detect: Callable[[bytes], str | None]) -> bool:
    try:
        return data.decode(detect(data) or "ascii") == sample
    except (UnicodeError, LookupError):
        return False


if __name__ == "__main__":
    main(Path(sys.argv[1]).read_text("utf-8"))
