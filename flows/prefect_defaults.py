"""Settings of Prefect that must be in the environment before it is imported; the user's own come first."""

import os

DEFAULTS = {
    # The default of 20 s is too short for a first start on a busy machine.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "true",
    # Offline: without these, Prefect looks up hosts, and its heartbeat finds the database locked.
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
}


def set_defaults() -> None:
    """Put the defaults into the environment, where nothing else stands."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)


set_defaults()
