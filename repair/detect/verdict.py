"""From what an examination found to an answer."""

import codecs
import re

import numpy as np

from repair.detect.batch import batch_of, examined
from repair.detect.confidence import posterior, tempered
from repair.detect.contest import LAG, Bits
from repair.detect.declared import codec_of, declared_encoding
from repair.detect.decoders import MULTIBYTE, detectable
from repair.detect.escapes import escaped_encoding
from repair.detect.examination import Examined, Route
from repair.detect.segments import majority, segments_of
from repair.language import load
from repair.result import Detection

DECLARED = 15.0
"""Bits that a declaration counts for: more than the priors, less than five hanzi."""
_POOR = 15.0
"""Bits of a character beyond ASCII by itself at which no reading is good, and chardet, which knows more encodings, is
asked. Chinese has 9 to 11, with rare words 13; Big5 read as GB18030 14."""
_FEW = 8
"""Characters below which a mean says little."""
_SURE = 0.1
"""The confidence that chardet needs to overrule a reading in an encoding of several bytes."""
_SURE_AGAINST_ALPHABETS = 0.3
_CLOSE = 9.0
"""The same against a reading in an encoding of one byte; within so many bits the choice is chardet's anyway."""
_MIXED_SHARE = 0.01
"""Bad bytes, by characters beyond ASCII, from which another encoding may be mixed in."""
_WIDE = frozenset({"utf-16-le", "utf-16-be"})
_SINGLE_BYTE = frozenset({"cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp874", "koi8-r"})
"""What stands for all encodings of alphabets: chardet tells them and their languages apart."""
_FOUR_BYTES = ("utf-32-le", "utf-32-be")
_LATER, _SURE_LATER = 100, 0.9
"""Bytes that the second half must have to be asked, and the confidence that counts."""
_SAMPLE = 1024
_LONG_SAMPLE = 1 << 14
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_UNPRINTABLE_SHARE = 0.02
_UTF_8 = Detection("utf-8", 0.999, "valid UTF-8")
_CLEARLY = f"reads best, by over {LAG:.0f} bits"


def verdicts(records: list[bytes], examined: Examined, declared: str | None) -> list[Detection]:
    """Return the answer for each record."""
    found = zip(
        records,
        examined.route.tolist(),
        examined.best.tolist(),
        (examined.margin >= LAG).tolist(),
        (
            (examined.bad <= _MIXED_SHARE * examined.good)
            & (examined.rarity <= _POOR * np.maximum(_FEW, examined.good))
        ).tolist(),
        strict=True,
    )
    names = detectable()
    answers: list[Detection] = []
    for i, (data, route, best, clear, good) in enumerate(found):
        if route == Route.CONTEST and clear and good and names[best] not in _SINGLE_BYTE:
            answers.append(Detection(names[best], 1.0, _CLEARLY))
        elif route == Route.UTF_8 and not examined.bad[i]:
            answers.append(_UTF_8)
        else:
            answers.append(_verdict(data, examined, i, declared))
    return answers


def _verdict(data: bytes, examined: Examined, i: int, declared: str | None) -> Detection:
    """Return the answer for one record that takes a closer look."""
    route = Route(examined.route[i])
    if route is Route.UTF_8:
        return Detection("utf-8", 0.999, f"UTF-8 but for {examined.bad[i]} bytes")
    if route is not Route.CONTEST and examined.escapes[i] and (escaped := escaped_encoding(data)):
        name, margin = escaped
        return Detection(name, tempered(margin), f"escapes that read better than ASCII, by {margin:.0f} bits")
    bits = examined.bits[i].copy()
    said = declared_encoding(data, declared)
    if said in detectable():
        bits[detectable().index(said)] -= DECLARED
    poor = examined.rarity[i] > _POOR * max(_FEW, examined.good[i])
    bad = examined.bad[i] > _MIXED_SHARE * examined.good[i]
    if route is Route.CONTEST and (poor or bad) and (other := _mixed(data, bits) or (_later(data) if poor else None)):
        return other
    return _best(data, bits, route, said, poor=poor)


def _mixed(data: bytes, bits: Bits) -> Detection | None:
    """Return the encoding of most of the bytes where several take turns; None where one is all."""
    segments = segments_of(data, Detection(detectable()[int(np.argmin(bits))], 0.5, ""))
    return majority(data, segments) if len(segments) > 1 else None


def _later(data: bytes) -> Detection | None:
    """Return what the second half says, where it reads well in an encoding of several bytes that fits the whole.

    A few bad bytes at the very beginning set two-byte characters off by one up to the next ASCII, and the contest may
    leave the right reading behind before it gets there.
    """
    break_at = data.find(b"\n", len(data) // 2)
    tail = data[break_at + 1 :] if break_at >= 0 else b""
    if len(tail) < _LATER:
        return None
    found = verdicts([tail], examined(batch_of([tail])), None)[0]
    sure = found.encoding in MULTIBYTE and found.confidence >= _SURE_LATER
    return found if sure and found.encoding and _fits(data, found.encoding) else None


def _best(data: bytes, bits: Bits, route: Route, declared: str | None, *, poor: bool) -> Detection:
    order = np.argsort(bits, kind="stable")
    best = detectable()[order[0]]
    if route is Route.BINARY:
        best = next((name for name in (best, *_FOUR_BYTES) if _is_text(data, name)), "")
        if not best:
            return Detection(None, 0.99, "binary")
    if route is Route.ASCII and best not in _WIDE:
        return Detection("ascii", posterior(bits), "only ASCII")
    if best not in (*_WIDE, *_FOUR_BYTES) and (poor or best in _SINGLE_BYTE):
        return _asked(data, bits, declared)
    margin = bits[order[1]] - bits[order[0]]
    return Detection(best, posterior(bits), _CLEARLY if margin >= LAG else f"reads best, by {margin:.0f} bits")


def _is_text(data: bytes, encoding: str) -> bool:
    """Say whether a reading in units of two or four bytes is text: no controls, no unassigned or private characters."""
    text = data[:_SAMPLE].decode(encoding, "replace")
    if encoding not in (*_WIDE, *_FOUR_BYTES):
        return False
    unprintable = sum(
        not (character.isprintable() or character in "\r\n\t") or character == "\ufffd" for character in text
    )
    return unprintable <= _UNPRINTABLE_SHARE * len(text)


def _asked(data: bytes, bits: Bits, declared: str | None) -> Detection:
    """Settle single-byte encodings, and text that reads well in none that the model knows.

    What the page or its header says goes first, then chardet, which knows more languages and encodings. Of 2,093 short
    texts in twelve alphabets the model alone got 95 % right, chardet 89 %; where the two come close chardet is better.
    """
    own, probability = detectable()[int(np.argmin(bits))], posterior(bits)
    if declared and (declared == own or declared not in detectable()) and _fits(data, declared):
        return Detection(declared, probability, "declared")
    import chardet  # noqa: PLC0415 - seldom needed, and slow to load

    found = chardet.detect(data)
    name, sure = codec_of(found["encoding"] or ""), float(found["confidence"] or 0)
    if name == own:
        return Detection(own, max(sure, probability), "reads best, and chardet says so")
    if name is None or not _fits(data, name) or not _convinces(data, name, sure, bits):
        return Detection(own, min(probability, 0.5), "reads best, but not well")
    return Detection(name, sure, "chardet")


def _convinces(data: bytes, name: str, sure: float, bits: Bits) -> bool:
    """Say whether chardet's answer goes before the model's own."""
    own = detectable()[int(np.argmin(bits))]
    if own not in _SINGLE_BYTE:
        return sure >= _SURE and _reads_better(data, name, own)
    if name in detectable() and bits[detectable().index(name)] <= bits.min() + _CLOSE:
        return True
    return sure >= _SURE_AGAINST_ALPHABETS or (name not in detectable() and _reads_better(data, name, own))


def _reads_better(data: bytes, name: str, other: str) -> bool:
    """Say whether bytes are a likelier text in one encoding than in another, their errors shown as U+FFFD.

    On the 554 files of two collections chardet is right against an encoding of several bytes in 57, and each of them
    reads better its way, by 0.4 to 8 bits a byte; a list of rare hanzi reads better as hanzi.
    """
    found = _BEYOND_ASCII.search(data)
    first = found.start() if found else 0
    sample = data[first : first + _LONG_SAMPLE]
    one, two = load().log_probabilities([sample.decode(name, "replace"), sample.decode(other, "replace")]).tolist()
    return bool(one > two)


def _fits(data: bytes, encoding: str) -> bool:
    """Say whether hardly a byte is none of the encoding."""
    text = codecs.getincrementaldecoder(encoding)("replace").decode(data[:_SAMPLE])
    return text.count("\ufffd") <= _MIXED_SHARE * len(text)
