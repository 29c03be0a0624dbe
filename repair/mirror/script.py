"""The script of a site: which characters its table made traditional, read off its pages."""

from collections.abc import Mapping
from functools import cache

from repair.mirror.tables import codes, simplified

_ACCIDENTS = 0.1
"""Share of a pair's occurrences that the simplified form may have by accident, in broken places."""
_LEAST_MIXED = 3
_MIXED = 0.25


@cache
def _convertible() -> dict[str, str]:
    """Return traditional -> simplified where GBK holds both: sites convert in GBK."""
    held = codes()
    return {
        character: simple
        for character, simple in simplified().items()
        if ord(simple) < len(held) and held[ord(simple)] and held[ord(character)]
    }


def inverse(counts: Mapping[str, int], *, lenient: bool) -> dict[str, str]:
    """Return traditional -> simplified for a site's table, given how often each character occurs on its pages.

    A table replaces every occurrence, so a simplified form that still stands was not in it, and its traditional form
    was there before (于 beside 於, 里 beside 裡). One simplified form has one traditional form in a table: the most
    frequent. ``lenient`` bears with simplified forms that broken places show by accident. Empty where the pages were
    traditional before: they keep apart what a table would have made one.
    """
    table: dict[str, str] = {}
    mixed = 0
    by_count = sorted((-count, character) for character, count in counts.items() if character in _convertible())
    for negative, character in by_count:
        simple = _convertible()[character]
        own = counts.get(simple, 0)
        if own > (_ACCIDENTS * (own - negative) + 0.5 if lenient else 0) or simple in table:
            mixed += 1
        else:
            table[simple] = character
    if mixed >= max(_LEAST_MIXED, _MIXED * len(table)):
        return {}
    return {traditional: simple for simple, traditional in sorted(table.items())}


def with_the_unseen(table: Mapping[str, str], counts: Mapping[str, int]) -> dict[str, str]:
    """Add the traditional characters that the pages do not show whole, where their simplified forms do not stand.

    They are for reading broken places; the table of the program gets those that a place needs.
    """
    if not table:
        return {}
    taken = set(table.values())
    more = {
        character: simple
        for character, simple in _convertible().items()
        if simple not in taken and simple not in counts and character not in counts
    }
    return {**more, **table}
