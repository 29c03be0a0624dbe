"""How likely a text is: an n-gram model that knows Chinese in both scripts and enough of other languages to let be.

``data/language.bin`` is built by ``flows.build_model`` from the sources that ``data/language.md`` names. Compiled
functions take ``load().tables`` and score with `repair.language.kernel`.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from repair.language.model import Model
from repair.language.store import read
from repair.language.tables import STEP, Tables

if TYPE_CHECKING:
    from repair.language.lexicon import Lexicon

__all__ = ["PATH", "Model", "Tables", "load", "load_lexicon"]
PATH = Path(__file__).parents[1] / "data" / "language.bin"


@cache
def load() -> Model:
    """Return the model, loaded once a process; raise `ValueError` where the file has another format."""
    return Model(read(PATH))


@cache
def load_lexicon() -> "Lexicon":
    """Return the list of words of the model, loaded once a process; raise `ValueError` as `load` does."""
    from repair.language.lexicon import Lexicon  # noqa: PLC0415 - numba takes 0.2 s to import

    arrays = read(PATH)
    return Lexicon(
        unit_of=load().vocabulary.unit_of,
        folded=arrays["folded"].astype(np.uint16, copy=False),
        script=arrays["script"].astype(np.uint8, copy=False),
        alone=arrays["alone_steps"].astype(np.float32) * np.float32(STEP),
        slots=arrays["words"].astype(np.uint16, copy=False),
        layout=arrays["layout"].astype(np.uint64, copy=False),
    )
