"""Great Expectations, started quietly: no telemetry, no word of its temporary folders."""

import logging
import os
import warnings
from functools import cache
from typing import Any

_CHATTY = ("great_expectations", "great_expectations.data_context.types.base")


@cache
def load() -> None:
    """Import Great Expectations, which takes two seconds."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations within Great Expectations
        import great_expectations  # noqa: F401, PLC0415 - as above

    for name in _CHATTY:  # the import sets levels of its own
        logging.getLogger(name).setLevel(logging.WARNING)


def new_context() -> Any:  # noqa: ANN401 - a data context
    """Return a context in memory."""
    load()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations within Great Expectations
        import great_expectations as gx  # noqa: PLC0415 - loaded above
        from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: PLC0415 - as above

        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context
