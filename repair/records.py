"""Bytes in, repair out; and back again."""

from collections import Counter
from dataclasses import replace

from repair.broken import mended
from repair.channel import Candidate, Chain, damage
from repair.detect import detect_segments
from repair.found import Found
from repair.incomplete import incomplete_places
from repair.passed import passed_places
from repair.policy import Policy
from repair.result import Edit, Grade, Repair, Segment
from repair.search import repair_found, repair_text
from repair.written import Written, WrittenPieces, decode, decode_pieces


def repair_bytes(data: bytes, policy: Policy | None = None, declared: str | None = None) -> Repair:
    """Detect the encoding, decode, repair. The chain ends with `Written`, so `replay` gives back every byte.

    ``declared`` is what a header or a catalogue says of the encoding: a hint, not a proof. Bytes that are no text
    come back as the empty text, grade ``lost``, encoding None. Where the encoding changes within ``data``, the chain
    ends with `WrittenPieces`, and ``encoding`` is that of most bytes.
    """
    return repair_segments(data, detect_segments(data, declared), policy)


def repair_segments(data: bytes, segments: tuple[Segment, ...], policy: Policy | None = None) -> Repair:
    """Do the same with what `detect_segments` said of the bytes."""
    text, written, encoding = decode_segments(data, segments)
    if encoding is None:
        return _not_text(data)
    broken = _broken(text, written) if isinstance(written, Written) else None
    repair = repair_text(text, policy) if broken is None else repair_found(_started(broken), text, policy)
    return replace(repair, seen=data, chain=(*repair.chain, written), encoding=encoding)


def _broken(text: str, written: Written) -> tuple[Candidate, Chain] | None:
    """Mend the characters of which the bytes that are left tell what they were."""
    return mended(text, (*passed_places(text, written), *incomplete_places(text, written)))


def _started(broken: tuple[Candidate, Chain]) -> Found:
    """Return what is found before the search begins, because the bytes tell it."""
    candidate, chain = broken
    return Found(candidate.text, chain, cuts=candidate.cuts, losses=candidate.losses)


def decode_segments(data: bytes, segments: tuple[Segment, ...]) -> tuple[str, Written | WrittenPieces, str | None]:
    """Decode by segments; return the text, what gives the bytes back, and the encoding of most of them.

    Where one of the segments is not text, the encoding is None and the text empty.
    """
    sizes = Counter[str | None]()
    for segment in segments:
        sizes[segment.encoding] += segment.end - segment.start
    (most, _), *_ = sizes.most_common(1)
    ends = [(segment.end, segment.encoding) for segment in segments if segment.encoding is not None]
    if len(ends) < len(segments) or most is None:
        return "", Written("latin-1"), None
    return (*(decode(data, most) if len(ends) == 1 else decode_pieces(data, ends)), most)


def _not_text(data: bytes) -> Repair:
    written = Written("latin-1", ((0, 0, data),))
    edit = Edit(0, 0, "", "", Grade.LOST, (), f"{len(data)} bytes that are not text")
    return Repair("", data, Grade.LOST, (written,), (edit,))


def replay(repair: Repair) -> str | bytes:
    """Damage the repaired text again; equals ``repair.seen`` exactly.

    It shows that the repair explains what was found, not that it is right: garbage can replay too.
    """
    seen = damage(repair.chain, repair.text)
    return seen.encode("latin-1") if isinstance(repair.seen, bytes) else seen
