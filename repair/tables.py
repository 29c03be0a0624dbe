"""Tables of data: tab-separated files in ``data/`` whose header lines begin with ``#``."""

from importlib.resources import files


def rows(name: str) -> list[list[str]]:
    """Return the cells of each row of a table in ``data/``; raise `FileNotFoundError` where there is none."""
    table = (files("repair") / "data" / name).read_text("utf-8")
    return [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
