"""Bytes in, repair out; and back again."""

from dataclasses import replace

from repair.channel import damage
from repair.detect import detect_encoding
from repair.policy import Policy
from repair.result import Edit, Grade, Repair
from repair.search import repair_text
from repair.written import Written, decode


def repair_bytes(data: bytes, policy: Policy | None = None, declared: str | None = None) -> Repair:
    """Detect the encoding, decode, repair. The chain ends with `Written`, so `replay` gives back every byte.

    ``declared`` is what a header or a catalogue says of the encoding: a hint, not a proof. Bytes that are no text
    come back as the empty text, grade ``lost``, encoding None.
    """
    encoding = detect_encoding(data, declared).encoding
    if encoding is None:
        return _not_text(data)
    text, written = decode(data, encoding)
    repair = repair_text(text, policy)
    return replace(repair, seen=data, chain=(*repair.chain, written), encoding=encoding)


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
