"""One misreading of several that lie on each other."""

from typing import NamedTuple


class Layer(NamedTuple):
    """Text written in ``original`` and read as ``wrong`` with a ``habit`` at bad bytes, None where it read strictly."""

    original: str
    wrong: str
    habit: str | None
