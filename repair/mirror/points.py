"""Texts as code points."""

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.uint32]


def points_of(text: str) -> Points:
    """Return the code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def text_of(points: npt.NDArray[np.unsignedinteger]) -> str:
    """Return the text of code points."""
    return points.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
