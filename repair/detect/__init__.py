"""From bytes to the name of their encoding: marks, then declarations, then what reads best."""

from collections.abc import Sequence

import pyarrow as pa

from repair.detect.marks import marked_verdict
from repair.result import Detection, Segment

__all__ = ["detect_encoding", "detect_encodings", "detect_segments"]


def detect_encoding(data: bytes, declared: str | None = None) -> Detection:
    """Return the encoding of ``data``: a Python codec, or None where it is not text.

    ``declared`` is what somebody says of it: a charset, or a whole Content-Type header. It counts as evidence beside
    what the page says of itself and how the bytes read, never as proof. ``confidence`` is the posterior probability
    of the answer among all encodings compared, tempered as `repair.detect.verdict` says.

    >>> detect_encoding("安全生产".encode("gb18030")).encoding
    'gb18030'
    >>> detect_encoding(b"plain").encoding
    'ascii'
    """
    return detect_encodings([data], declared)[0]


def detect_encodings(records: Sequence[bytes] | pa.BinaryArray, declared: str | None = None) -> list[Detection]:
    """Return the encoding of each record, as `detect_encoding` does of one. Null counts as empty.

    >>> [found.encoding for found in detect_encodings([b"plain", "安全生产".encode("gb18030")])]
    ['ascii', 'gb18030']
    """
    from repair.detect.batch import batch_of, examined  # noqa: PLC0415 - numba is imported at first use
    from repair.detect.verdict import verdicts  # noqa: PLC0415
    from repair.detect.windows import LARGE, sampled  # noqa: PLC0415

    batch = batch_of(records)
    data = list(batch.records())
    small = [record if len(record) < LARGE else b"" for record in data]
    answers = verdicts(small, examined(batch.without(LARGE)), declared)
    return [
        marked_verdict(record) or (answer if len(record) < LARGE else sampled(record, declared))
        for record, answer in zip(data, answers, strict=True)
    ]


def detect_segments(data: bytes, declared: str | None = None) -> tuple[Segment, ...]:
    r"""Return the encodings of bytes in which they change, with exact offsets; one segment where they do not.

    >>> mixed = "安全生产工作总结\n".encode("gb18030") + "防汛抗旱工作总结\n".encode()
    >>> [(found.start, found.end, found.encoding) for found in detect_segments(mixed)]
    [(0, 17, 'gb18030'), (17, 42, 'utf-8')]
    """
    from repair.detect.segments import segments_of  # noqa: PLC0415 - numba is imported at first use

    return segments_of(data, detect_encoding(data, declared))
