"""Kinds of damage that have the same bounds, so that a table of a dozen rows says what to expect."""

from repair.altered import Altered
from repair.channel import Chain
from repair.lossy import Lossy
from repair.misreading import Misreading

_UNICODE, _GB, _BIG5 = ("utf-8",), ("gb18030", "gbk", "windows-936"), ("big5", "big5hkscs", "windows-950")
_CHINESE = (*_GB, *_BIG5)
_DOUBLE = (*_CHINESE, "cp949", "windows-949", "cp932", "shift_jis", "euc_jp")
_KANA_HANGUL = ("cp932", "shift_jis", "cp949", "windows-949")
_WIDE = ("utf-16-le", "utf-16-be")

ESCAPED = "written as escapes or digits"
ALTERED = "UTF-8 misread, then characters dropped or altered"
LAYERS = "layers, nothing lost in any"
LOSSY_LAYERS = "layers of UTF-8 read as GBK, bytes lost in each"


def group(chain: Chain) -> str:
    """Name the kind of damage."""
    first = chain[0]
    if len(chain) > 1:
        return LOSSY_LAYERS if any(isinstance(channel, Lossy | Altered) for channel in chain) else LAYERS
    if isinstance(first, Altered):
        return ALTERED
    if not isinstance(first, Misreading | Lossy):
        return ESCAPED
    if first.original in _WIDE or first.wrong in _WIDE:
        return "UTF-16 swapped, or confused with another encoding"
    return f"{_written(first.original)} read as {_read(first)}{', bytes lost' if isinstance(first, Lossy) else ''}"


def _written(original: str) -> str:
    return "UTF-8" if original in _UNICODE else "GB18030" if original in _GB else "Big5"


def _read(channel: Misreading | Lossy) -> str:
    """Name the wrong encoding; what of UTF-8 is gone where lead bytes are refused is a kind of its own."""
    if channel.wrong not in _DOUBLE:
        return "a code page"
    if channel.original not in _UNICODE:
        return "another encoding of two bytes"
    if channel.wrong in _GB:
        return "GBK or GB18030"
    return "Shift-JIS or EUC-KR" if channel.wrong in _KANA_HANGUL else "Big5 or EUC-JP"
