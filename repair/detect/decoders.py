"""What each byte sequence means in each detectable encoding, as tables that the kernels of detection walk through.

Tables are made from Python's own codecs, so detection and decoding agree.
"""

import codecs
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.tables import rows

BAD = 0xFFFFFFFD
"""Stands for a byte that is none of the encoding."""
LEAD = 0xFFFFFFFF
"""In ``first``: a byte that begins a longer character."""
SINGLE, DOUBLE, UTF_8, UTF_16_LE, UTF_16_BE, GB18030, EUC_JP = range(7)
"""Kinds of decoders: by tables of one byte and of two; the last two have characters of four and three bytes besides."""
_KINDS = {"utf-8": UTF_8, "utf-16-le": UTF_16_LE, "utf-16-be": UTF_16_BE, "gb18030": GB18030, "euc_jp": EUC_JP}
MULTIBYTE = frozenset({"gb18030", "big5hkscs", "cp949", "cp932", "euc_jp", "johab"})
"""Codecs of one and two bytes a character, some of more."""
_FOUR_BYTE = 39420
"""GB18030's characters of four bytes in the basic plane, in the order of their codes."""
_EUC_JP_THIRD = 0x8F
EURO = 0x80
"""Windows-936 reads this byte as the euro sign; Python's codecs for GBK and GB18030 refuse it."""


class Decoders(NamedTuple):
    """Decoding tables of n encodings.

    ``kinds`` uint8[n]; ``first`` uint32[n, 256], code points by the first byte; ``pair_at`` int64[n], the row of
    ``pairs``; ``pairs`` uint32[m, 65536], code points by two bytes (big-endian), `BAD` where there is none; ``four``
    uint32[39420], GB18030's four bytes; ``third`` uint32[65536], the two bytes behind 0x8F in EUC-JP; ``outer``
    float64[n], bits that a character costs more whose second byte lies below 0xA1.
    """

    kinds: npt.NDArray[np.uint8]
    first: npt.NDArray[np.uint32]
    pair_at: npt.NDArray[np.int64]
    pairs: npt.NDArray[np.uint32]
    four: npt.NDArray[np.uint32]
    third: npt.NDArray[np.uint32]
    outer: npt.NDArray[np.float64]


@cache
def detectable() -> tuple[str, ...]:
    """Return the codecs that detection compares, in the order of every array of them."""
    return tuple(name for name, *_ in rows("detectable.tsv"))


@cache
def log_priors() -> npt.NDArray[np.float64]:
    """Return log2 of how likely each encoding is before the bytes are looked at: float64[n]."""
    return np.array([float(prior) for _, prior, _ in rows("detectable.tsv")])


@cache
def load_decoders() -> Decoders:
    """Make the tables, once a process."""
    names = detectable()
    doubles = [name for name in names if name in MULTIBYTE]
    return Decoders(
        kinds=np.array([_KINDS.get(name, DOUBLE if name in MULTIBYTE else SINGLE) for name in names], np.uint8),
        first=np.stack([_first(name) for name in names]),
        pair_at=np.array([doubles.index(name) if name in doubles else 0 for name in names], np.int64),
        pairs=np.stack([_pairs(name) for name in doubles]),
        four=_four(),
        third=_pairs("euc_jp", bytes([_EUC_JP_THIRD])),
        outer=np.array([float(bits) for _, _, bits in rows("detectable.tsv")]),
    )


def _first(name: str) -> npt.NDArray[np.uint32]:
    """Decode each byte by itself; what is no character alone may begin one."""
    table = np.full(256, BAD, np.uint32)
    for byte in range(256):
        try:
            table[byte] = ord(codecs.decode(bytes([byte]), name))
        except (UnicodeDecodeError, TypeError):
            table[byte] = LEAD if name in MULTIBYTE else BAD
    if name == "gb18030":
        table[EURO] = ord("€")
    return table


def _pairs(name: str, prefix: bytes = b"") -> npt.NDArray[np.uint32]:
    """Decode every two bytes, after ``prefix``, a row of trail bytes in one call: no trail byte is a line break."""
    table = np.full(1 << 16, BAD, np.uint32)
    for lead in range(0x80, 0x100):
        row = [prefix + bytes([lead, trail]) for trail in range(0x30, 0x100)]
        for trail, text in enumerate(b"\n".join(row).decode(name, "replace").split("\n"), 0x30):
            # Four codes of Big5-HKSCS stand for two characters; the first tells enough.
            if text and "\ufffd" not in text and (len(text) == 1 or not text[1].isascii()):
                table[lead << 8 | trail] = ord(text[0])
    return table


def _four() -> npt.NDArray[np.uint32]:
    """Decode GB18030's characters of four bytes in the basic plane."""
    codes = (
        bytes([0x81 + i // 12600, 0x30 + i // 1260 % 10, 0x81 + i // 10 % 126, 0x30 + i % 10])
        for i in range(_FOUR_BYTE)
    )
    texts = b"\n".join(codes).decode("gb18030", "replace").split("\n")
    return np.array([ord(text) if len(text) == 1 else BAD for text in texts], np.uint32)
