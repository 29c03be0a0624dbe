"""A site's program at work on a page, compiled: what is put between which bytes, and what the decoder makes of them.

That a byte string is replaced everywhere, one rule after another, need not be done rule by rule. A note or a sign that
is set apart comes between two bytes and hides the pair that they made from later rules; so a rule applies where its
pair stands unless a neighbouring pair, one byte to the left or the right, was replaced before and came between.
"""

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing, compiled
from repair.mirror.points import Points
from repair.mirror.rules import SIGN, Order, Rules
from repair.mirror.site import DROP, MARKS, PRIVATE

_PASSING = 0x100
"""From here on a unit of a page is no byte but a character that GBK does not hold, so much higher."""


def made(rules: Rules, text: Points, seen: Points) -> bool:
    """Say whether a program makes of a text what was seen."""
    shown = run(rules, text)
    return len(shown) == len(seen) and bool((shown == seen).all())


@compiled
def run(rules: Rules, text: Points) -> Points:
    """Return what a program makes of a text."""
    units = np.empty(2 * len(text) + 1, np.uint32)
    size = _encode(rules, text, units)
    ranks = np.zeros(size + 1, np.int16)
    for at in range(size - 1):
        if 0x80 < units[at] < _PASSING and units[at + 1] < _PASSING:
            ranks[at] = rules.ranks[units[at] << np.uint32(8) | units[at + 1]]
    puts = np.zeros(size + 3, np.int16)
    apart = np.zeros(size + 3, np.bool_)
    shown = np.empty(size + _apply(rules, units, ranks, puts, apart), np.uint32)
    return shown[: _decode(rules, units, size, puts, apart, shown)]


@borrowing
def _encode(rules: Rules, text: Points, units: Points) -> int:
    """Write a text in the site's script as bytes; return how many units it takes."""
    size = 0
    for point in text:
        character = np.uint32(rules.converted[point]) if point < 0x10000 else np.uint32(point)
        code = np.uint32(rules.codes[character]) if character < 0x10000 else np.uint32(0)
        if code > 0xFF:
            units[size], units[size + 1] = code >> np.uint32(8), code & np.uint32(0xFF)
            size += 2
        else:
            units[size] = character if character < 0x80 else character + np.uint32(_PASSING)
            size += 1
    return size


@borrowing
def _apply(rules: Rules, units: Points, ranks: Order, puts: Order, apart: npt.NDArray[np.bool_]) -> int:
    """Write what is put before each unit: the number of a note, from 1, and whether bytes are set apart there.

    Of pairs that overlap those are decided first that come first in the order. Returns how many letters are put.
    """
    letters = at = 0
    while at < len(ranks) - 1:
        last = at
        while 0 < ranks[last + 1] < ranks[last]:
            last += 1
        for pair in range(last, at - 1, -1):
            if ranks[pair] and not puts[pair + 1] and not apart[pair + 1]:
                note = np.int64(rules.notes[units[pair] << np.uint32(8) | units[pair + 1]])
                if note == SIGN:
                    apart[pair] = apart[pair + 2] = True
                else:
                    puts[pair + 2] = note + 1
                    letters += rules.starts[note + 1] - rules.starts[note]
        at = last + 1
    return letters


@borrowing
def _decode(rules: Rules, units: Points, size: int, puts: Order, apart: npt.NDArray[np.bool_], shown: Points) -> int:
    """Write what is seen of the bytes with what was put between them; return how many characters."""
    count = at = eaten = 0
    while True:
        if puts[at]:
            first, end = rules.starts[puts[at] - 1], rules.starts[puts[at]]
            for letter in range(first + eaten, end):
                shown[count] = rules.letters[letter]
                count += 1
        if at >= size:
            return count
        character, step, eaten = np.int64(units[at]), np.int64(1), np.int64(0)
        if character >= _PASSING:
            character -= _PASSING
        elif character >= 0x80:
            after = np.int64(0) if at + 1 == size or apart[at + 1] else np.int64(units[at + 1])
            character, step, eaten = _read(rules, character, after, puts[at + 1] != 0)
        if character:
            shown[count] = rules.folded[character] if character < 0x10000 else character
            count += 1
        at += step


@borrowing
def _read(rules: Rules, lead: int, trail: int, noted: bool) -> tuple[int, int, int]:
    """Return what a lead byte shows as (0: nothing), how many bytes that takes, and how many letters of a note.

    ``trail`` is the unit after it, 0 where none is; ``noted`` says that a note stands between them.
    """
    mark, eats, undefined = rules.habit[0], rules.habit[1], rules.habit[2]
    if lead in (0x80, 0xFF):
        return mark, 1, 0
    if noted:
        return mark, 1, eats
    if trail == 0 or trail >= _PASSING:
        return mark, 1, 0
    code = lead << 8 | trail
    if rules.characters[code]:
        return np.int64(rules.characters[code]), 2, 0
    if trail < 0x80:
        return mark, 1 + eats, 0
    if undefined == PRIVATE and rules.private[code]:
        return np.int64(rules.private[code]), 2, 0
    return np.int64(0) if undefined == DROP else mark, 1 if undefined == MARKS else 2, 0
