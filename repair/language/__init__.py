"""How likely a text is: an n-gram model that knows Chinese in both scripts and enough of other languages to let be.

``data/language.bin`` is built by ``flows.build_model`` from the sources that ``data/language.md`` names. Compiled
functions take ``load().tables`` and score with `repair.language.kernel`.
"""

from functools import cache
from pathlib import Path

from repair.language.model import Model
from repair.language.store import read
from repair.language.tables import Tables

__all__ = ["PATH", "Model", "Tables", "load"]
PATH = Path(__file__).parents[1] / "data" / "language.bin"


@cache
def load() -> Model:
    """Return the model, loaded once a process; raise `ValueError` where the file has another format."""
    return Model(read(PATH))
