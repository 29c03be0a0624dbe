"""The contest of the strict misreadings for a line: what each gains, and which convinces."""

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing, compiled
from repair.language.blocks import Block, new_block
from repair.rereading.kernel import Language, Points, as_seen, reread, roughly, seen_roughly
from repair.rereading.needs import Dearness, Thresholds
from repair.rereading.rough import LAG, count_roughly
from repair.rereading.tables import Misreadings

_FAR = 100.0
"""Bits behind the best from which on a rival is not counted."""
_SURE = 64.0
"""Bits up to which it is counted how much likelier a reading is than leaving the line alone: nothing depends on more,
and a line that was misread is several times longer than its text."""
VERDICT = np.dtype(
    [("channel", np.int32), ("rival", np.int32), ("evidence", np.float64), ("margin", np.float64)], align=True
)
"""The likeliest reading of a line and the likeliest with another text, by their numbers (−1: none), the evidence of the
first, minus infinity where there is none, and how far the other is behind, in bits."""


@compiled
def readings(
    points: Points,
    spans: npt.NDArray[np.int64],
    known: Misreadings,
    language: Language,
    dearness: Dearness,
    gains: npt.NDArray[np.float64],
    sound: npt.NDArray[np.bool_],
    texts: npt.NDArray[np.uint64],
) -> None:
    """Fill in, for each line and channel, the bits that the line gains by being read rightly: [lines, channels].

    Minus infinity where it does not gain; ``sound`` says whether it reads well then, ``texts`` is a hash of it.
    """
    block = new_block()
    for line in range(len(spans)):
        span = spans[line, 0], spans[line, 1]
        seen = np.inf  # counted where a reading is worth it
        limit = seen_roughly(points, span, language) + LAG
        for channel in range(len(known.channels)):
            row = known.channels[channel]
            parser = known.parsers[row.original]
            gains[line, channel] = -np.inf
            rough, text = roughly(points, span, known.writers, row.wrong, parser, language, limit)
            texts[line, channel] = text
            if rough < np.inf:
                same = _same_text(gains[line], texts[line], channel)
                if same >= 0:
                    gains[line, channel], sound[line, channel] = gains[line, same], sound[line, same]
                    continue
                if seen == np.inf:
                    seen = as_seen(points, span[0], span[1], language.tables, np.inf, block)
                bits, sound[line, channel] = reread(
                    points, span, known.writers, row.wrong, parser, language.tables, seen, dearness, block
                )
                gains[line, channel] = seen - bits


@borrowing
def _same_text(known: npt.NDArray[np.float64], texts: npt.NDArray[np.uint64], channel: int) -> int:
    """Return an earlier channel that reads the same text and of which it is known what it costs; -1 for none."""
    for other in range(channel):
        if texts[other] == texts[channel] and np.isfinite(known[other]):
            return other
    return -1


@compiled
def verdicts(
    points: Points,
    spans: npt.NDArray[np.int64],
    known: Misreadings,
    language: Language,
    dearness: Dearness,
    least: Thresholds,
    decided: npt.NDArray[np.void],
) -> None:
    """Fill in what convinces of each line: `VERDICT`[lines].

    Each reading is first counted roughly; the model, which costs ten times as much, is asked about those that are near
    the best then (as `repair.detect.contest` does).
    """
    count = len(known.channels)
    rough, bits = np.empty(count), np.empty(count)
    sound, texts = np.empty(count, np.bool_), np.empty(count, np.uint64)
    block, wrongs = new_block(), len(known.writers.astral)
    bytes_, alike = np.empty(wrongs, np.uint64), np.empty(wrongs, np.int64)
    last = np.int64(0)
    for line in range(len(spans)):
        span = spans[line, 0], spans[line, 1]
        decided[line].channel = decided[line].rival = -1
        decided[line].evidence = -np.inf
        best = count_roughly(points, span, known, language, last, rough, texts, bytes_, alike)
        if best < seen_roughly(points, span, language) + LAG:
            _read_near(points, span, known, language, dearness, best, rough, texts, bits, sound, block)
            enough = bits.min() + least.evidence + _SURE
            _decide(
                known,
                as_seen(points, span[0], span[1], language.tables, enough, block) - bits,
                sound,
                texts,
                least,
                decided,
                line,
            )
            last = max(np.int64(decided[line].channel), 0)


@borrowing
def _read_near(
    points: Points,
    span: tuple[int, int],
    known: Misreadings,
    language: Language,
    dearness: Dearness,
    best: float,
    rough: npt.NDArray[np.float64],
    texts: npt.NDArray[np.uint64],
    bits: npt.NDArray[np.float64],
    sound: npt.NDArray[np.bool_],
    block: Block,
) -> None:
    """Fill in what the readings cost that are roughly near the best, infinite for the others, and which read well."""
    limit = np.inf
    for channel in range(len(rough)):
        row = known.channels[channel]
        bits[channel] = np.inf
        if rough[channel] - row.prior <= best + LAG:
            same = _same_text(bits, texts, channel)
            if same >= 0:
                bits[channel], sound[channel] = bits[same], sound[same]
                continue
            parser = known.parsers[row.original]
            bits[channel], sound[channel] = reread(
                points, span, known.writers, row.wrong, parser, language.tables, limit, dearness, block
            )
            limit = min(limit, bits[channel] - row.prior + _FAR)


@borrowing
def _decide(
    known: Misreadings,
    gains: npt.NDArray[np.float64],
    sound: npt.NDArray[np.bool_],
    texts: npt.NDArray[np.uint64],
    least: Thresholds,
    decided: npt.NDArray[np.void],
    line: int,
) -> None:
    best = _likeliest(known, gains, texts, -1)
    if best < 0:
        return
    rival = _likeliest(known, gains, texts, best)
    evidence = known.channels[best].prior + gains[best]
    margin = evidence - known.channels[rival].prior - gains[rival] if rival >= 0 else np.inf
    decided[line].rival, decided[line].evidence, decided[line].margin = rival, evidence, margin
    if evidence >= least.evidence and margin >= least.margin and gains[best] > least.gain and sound[best]:
        decided[line].channel = best


@borrowing
def _likeliest(known: Misreadings, gains: npt.NDArray[np.float64], texts: npt.NDArray[np.uint64], but: int) -> int:
    """Return the channel of most evidence, −1 for none; of another text than that of the channel ``but``."""
    best = -1
    for channel in range(len(gains)):
        if gains[channel] <= 0 or (but >= 0 and texts[channel] == texts[but]):
            continue
        if best < 0 or known.channels[channel].prior + gains[channel] > known.channels[best].prior + gains[best]:
            best = channel
    return best
