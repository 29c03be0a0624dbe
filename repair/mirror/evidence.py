"""Whether notes come from a program: what a person annotates, and what a program does.

A program annotates every occurrence of its characters with one reading. A person annotates what is hard to read, once;
a textbook nearly everything; a word list what it lists. So each occurrence counts for what it says against a person.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from repair.language import load
from repair.mirror.script import Counts
from repair.mirror.tables import reads, simplified

LETTERS = "a-zêāáǎàēéěèīíǐìńňǹōóǒòūúǔùǖǘǚǜü"
NOTE = re.compile(f"([\u4e00-\u9fff])((?:\\([{LETTERS}]{{1,6}}\\))+)")
_REPEATED_BITS = 3.0
"""What it says against a person that a character has its note again."""
_EVERYDAY = 13.5
"""Bits that a character costs by itself from which on a person may annotate it: rarer ones say nothing."""
_BITS_PER_RARITY = 0.6
_LEAST_BITS = 12.0
"""Bits from which on the notes are a program's. Of 5,600 honest pages (`benchmarks.mirror`) one passes all other
conditions, with 5.4 bits; of mirrored pages that pass them none has less than 12, and one in twenty less than 20."""
_LEAST_NOTES, _LEAST_KINDS = 5, 3
_MOST_NOTED = 0.5
"""Share of the hanzi with a note above which the notes are the page's purpose: a reader, a poem for children."""
_CONVERTED = 0.9
"""Share of the annotated characters that must be of a site's own making: traditional forms."""
_EVERYWHERE = 0.9
_LISTED = re.compile(r"[、,，;；/|\s:：()（）\[\]-]")


_Noted = tuple[str, ...]
"""A character, and the note that stands after it."""


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of some pages: each annotated character's reading, how often each note stands in a row."""

    readings: dict[str, str]
    repeat: int


def of_a_site(page: str) -> bool:
    """Say whether most of a page's notes are of traditional forms: others are its own and say nothing of its site."""
    noted = [match[1] for match in NOTE.finditer(page)]
    return 2 * sum(character in simplified() for character in noted) > len(noted)


def notes_of(pages: Sequence[str], counts: Counts) -> Notes | None:
    """Return the notes of pages if they are a program's, None where a person may have put them."""
    matches = [match for page in pages for match in NOTE.finditer(page)]
    noted = [match.groups() for match in matches]
    found = Counter(noted)
    kinds = _kinds(found)
    total = sum(found[own] for own in kinds.items())
    if total < _LEAST_NOTES or len(kinds) < _LEAST_KINDS:
        return None
    if total > _MOST_NOTED * int(counts[0x4E00:0xA000].sum()) or _differing(found, kinds) > (1 - _EVERYWHERE) * total:
        return None
    shown = counts[[*map(ord, kinds)]].tolist()
    kept = {
        own[0]: own[1]
        for own, count in zip(kinds.items(), shown, strict=True)
        if found[own] >= _EVERYWHERE * count - 0.5
    }
    if sum(found[own] for own in kept.items()) < _EVERYWHERE * total:
        return None
    if sum(character in simplified() for character in kept) < _CONVERTED * len(kept):
        return None
    first = dict(zip(reversed(noted), reversed(matches), strict=True))
    if _bits(found, first, kept) < _LEAST_BITS:
        return None
    repeats = Counter(note.count("(") for note in kept.values())
    repeat = repeats.most_common(1)[0][0]
    readings = {character: note[1 : note.index(")")] for character, note in kept.items() if note.count("(") == repeat}
    return Notes(readings, repeat)


def _kinds(found: Counter[_Noted]) -> dict[str, str]:
    """Return the commonest note of each character that is one of its readings, however often in a row."""
    kinds: dict[str, str] = {}
    for (character, note), _ in found.most_common():
        parts = note[1:-1].split(")(")
        if len(set(parts)) == 1 and reads(character, parts[0]):
            kinds.setdefault(character, note)
    return kinds


def _differing(found: Counter[_Noted], kinds: dict[str, str]) -> int:
    """Count notes that are other readings of annotated characters: what a person writes of a character with several."""
    return sum(count for (character, note), count in found.items() if character in kinds and kinds[character] != note)


def _bits(found: Counter[_Noted], first: Mapping[_Noted, re.Match[str]], kept: Mapping[str, str]) -> float:
    """Return how many bits the notes say against a person; ``first`` is where each stands first."""
    costs = load().unigram_bits
    bits = _REPEATED_BITS * (sum(found[own] for own in kept.items()) - len(kept))
    for own in kept.items():
        if not _in_list(first[own]):
            simple = simplified().get(own[0], own[0])
            bits += max(0.0, _EVERYDAY - float(costs[ord(simple)])) * _BITS_PER_RARITY
    return bits


def _in_list(match: re.Match[str]) -> bool:
    """Say whether a note stands in a list: a separator at either side of the word of up to two characters."""
    text = match.string
    before, after = text[max(0, match.start() - 2) : match.start()], text[match.end() : match.end() + 2]
    return bool(_LISTED.search(before) or not before) and bool(_LISTED.search(after) or not after)
