"""Archives to run over, and one Prefect for the session."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")  # its server says goodbye when the output is closed

import flows.prefect_defaults  # noqa: F401 - before Prefect reads its settings
from tests.flows.archives import write_archive


@pytest.fixture(scope="session")
def prefect() -> Iterator[None]:
    """Give the session one Prefect, with a database of its own."""
    from prefect.testing.utilities import prefect_test_harness  # noqa: PLC0415 - it takes seconds

    with prefect_test_harness(server_startup_timeout=90):
        yield


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Return a folder with something good and every kind of bad input."""
    return write_archive(tmp_path / "archive")
