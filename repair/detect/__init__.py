"""From bytes to the name of their encoding: marks, then declarations, then what reads best."""

from repair.detect.declared import declared_encoding
from repair.detect.marks import marked_encoding
from repair.detect.reading import best_reading, is_binary, is_hz
from repair.result import Detection

__all__ = ["detect_encoding"]


def detect_encoding(data: bytes, declared: str | None = None) -> Detection:
    """Return the encoding of ``data``: a Python codec, or None where it is not text.

    ``declared`` is what somebody says of it: a charset, or a whole Content-Type header. It counts as evidence beside
    what the page says of itself and how the bytes read, never as proof. ``confidence`` is the posterior probability
    of the answer among all encodings compared, tempered as `repair.detect.reading` says.

    >>> detect_encoding("安全生产".encode("gb18030")).encoding
    'gb18030'
    >>> detect_encoding(b"plain").encoding
    'ascii'
    """
    if mark := marked_encoding(data):
        return Detection(mark, 1.0, "byte-order mark")
    if data.isascii() and not is_binary(data):
        hz = is_hz(data)
        return Detection("hz", 0.99, "HZ escapes that read as hanzi") if hz else Detection("ascii", 1.0, "only ASCII")
    return best_reading(data, declared_encoding(data, declared))
