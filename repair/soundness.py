"""Whether a text that came out of damage could stand in an archive by itself, whatever it is compared with."""

import re
from functools import cache

import numpy as np
import numpy.typing as npt

from repair.altered import Altered
from repair.channel import Chain, Channel
from repair.language import Model
from repair.lossy import Lossy
from repair.misreading import Misreading
from repair.rereading import Dearness

_DEAREST = 10.75
"""Bits that the hanzi, kana and hangul of a mended place may cost on average. Modern Chinese costs 4-9, a line of rare
names 14, the random hanzi that come out of a wrong reading of an alphabet or of another language 14 and more. Other
characters do not count: common digits and punctuation would pay for rare hanzi."""
SCRIPTS = (("\u3041", "\u9fff"), ("\uac00", "\ud7a3"), ("\U00020000", "\U0003ffff"))
_OF_SCRIPT = re.compile("[" + "".join(f"{first}-{last}" for first, last in SCRIPTS) + "]")
_FULL_WIDTH = re.compile("[\uff01-\uff5e]")
PROVED = 0.1
"""Share of what a text gains that it may be dearer by where its bytes are UTF-8: names cost 14 bits and gain 46."""
_FIRST_BITS = 8.0
"""What the first character may cost more, because a place begins in the middle of something."""
DEARNESS = Dearness(_DEAREST, _FIRST_BITS)
FOLLOWING = Dearness(_DEAREST + 4, _FIRST_BITS)
"""The same of a line that follows most of the others, of which half read well: names cost up to 17 bits a character."""

BETWEEN_CHINESE = 6.0
"""Bits less that are enough where Chinese of two bytes was read as another encoding of two bytes, which clean text of
every kind looks least like (`benchmarks.accuracy --section clean`): with it 96 % of the texts of 4-7 characters in
GB18030 come back, without it 89 %."""
_CHINESE = frozenset({"gb18030", "windows-936", "big5", "big5hkscs"})
_READ_AS = _CHINESE | {"gbk", "windows-950", "cp949", "windows-949", "cp932", "shift_jis", "euc_jp"}
"""Encodings of two bytes that such Chinese is read as."""

LETTERS_ALONE = "[ぁ-ヿ ]+|[Ͱ-Ͽ ]+|[Ѐ-ԯ ]+"
"""What kana, Greek and Cyrillic alone look like; for Python and for RE2, whose escapes differ."""


def distinct(text: str) -> int:
    """Count the distinct hanzi, kana and hangul of a text: letters with accents come out of too many wrong readings.

    >>> distinct("数据数据 áéāě")
    2
    """
    return len(_OF_SCRIPT.findall("".join(set(text))))


def distinct_of(channel: Channel, text: str) -> int:
    """Count the distinct characters of a text that no chance writes: where UTF-8 was misread, full-width forms too.

    Chinese papers write figures in full width, and a line of nothing else has no hanzi to be sure of.
    """
    return distinct(text) + (len(_FULL_WIDTH.findall("".join(set(text)))) if proves_itself(channel) else 0)


def proven(channel: Channel, gain: float) -> float:
    """Return the bits that a text may be dearer by because its bytes are UTF-8, which chance does not write."""
    if isinstance(channel, Misreading | Lossy | Altered):
        original = channel.original
    else:
        original = getattr(channel, "encoding", "")  # of the bytes that were escaped
    return PROVED * gain if original == "utf-8" else 0.0


def between_chinese(chain: Chain, seen: str, changed: int) -> bool:
    """Say whether Chinese of two bytes was read as another encoding of two bytes, and left no words of an alphabet.

    ``changed`` are the distinct hanzi, kana and hangul before the damage: half as many must be seen behind it.
    """
    return len(chain) == 1 and between(chain[0]) and 2 * distinct(seen) >= changed


def between(channel: Channel) -> bool:
    """Say whether a channel read Chinese of two bytes as another encoding of two bytes, and lost nothing."""
    return isinstance(channel, Misreading) and channel.original in _CHINESE and channel.wrong in _READ_AS


def could_be_letters(channel: Channel, seen: str) -> bool:
    """Say whether a channel is between two encodings of Chinese and what was seen is kana, Greek or Cyrillic alone.

    Both have rows of these, so pieces of words become hanzi (ΡΑΠΤΩ, 曲式旭有次); damage seldom leaves one row alone.
    """
    return between(channel) and re.fullmatch(LETTERS_ALONE, seen) is not None


def reads_well(text: str, model: Model, proved: float = 0.0, dearness: Dearness = DEARNESS) -> bool:
    """Say whether a text could stand in an archive by itself, whatever it is compared with.

    Two unlikely texts compare as well as two likely ones; this keeps an alphabet from becoming a row of rare hanzi.
    ``proved`` are bits that it may be dearer by.
    """
    script = np.flatnonzero(_of_script()[np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)])
    least = dearness.each * len(script) + dearness.more + proved
    return not len(script) or -float(model.per_character(text)[script].sum(dtype=np.float64)) < least


@cache
def _of_script() -> npt.NDArray[np.bool_]:
    """Say of each character what `_OF_SCRIPT` does: bool[0x110000]."""
    table = np.zeros(0x110000, np.bool_)
    for first, last in SCRIPTS:
        table[ord(first) : ord(last) + 1] = True
    return table


def proves_itself(channel: Channel) -> bool:
    """Say whether a channel misread UTF-8, which chance does not write, and lost nothing."""
    return isinstance(channel, Misreading) and channel.original == "utf-8"
