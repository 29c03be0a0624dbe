"""How likely a text is: an n-gram model that knows Chinese in both scripts and enough of other languages to let be.

``data/language.npz`` is built by ``flows.build_model`` from the sources that ``data/language.md`` names.
"""

from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np

from repair.language.model import Model

__all__ = ["Model", "load"]
FORMAT = 1


@cache
def load() -> Model:
    """Return the model, loaded once a process; raise `ValueError` where the file has another format."""
    data = (files("repair") / "data" / "language.npz").read_bytes()
    with np.load(BytesIO(data)) as arrays:
        if int(arrays["format"]) != FORMAT:
            raise ValueError(
                f"language.npz has format {int(arrays['format'])}, this version reads {FORMAT}: rebuild it"
            )
        return Model(arrays)
