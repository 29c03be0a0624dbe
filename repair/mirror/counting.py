"""How often each character occurs, compiled: counted some times for each page, of which most are short."""

from collections.abc import Iterable

import numpy as np

from repair.compiled import compiled
from repair.mirror.points import Points
from repair.mirror.script import Counts


def counted(texts: Iterable[Points]) -> Counts:
    """Count the characters of texts."""
    counts = np.zeros(0x10000, np.int32)  # memory that is zero already is not touched where nothing is counted
    for points in texts:
        _count(points, counts)
    return counts


@compiled
def _count(points: Points, counts: Counts) -> None:
    for point in points:
        if point < len(counts):
            counts[point] += 1
