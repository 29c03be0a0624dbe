"""The main job without an engine."""

from pathlib import Path
from typing import Any

from flows.finishing import finish
from flows.parameters import RepairParameters
from flows.planning import plan
from flows.processing import process_shard
from flows.publishing import begin, forget, locked, publish


def run_plainly(*sources: Path, output: Path, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - passed on
    """Run the main job in this process; return its manifest."""
    given = RepairParameters(sources=[str(source) for source in sources], output=str(output), **parameters)
    with locked(output):
        staging = begin(output, given.settings().key())
        settings = given.settings(staging.run_id)
        planned = plan(given.sources, settings, given.shard_bytes)
        outcomes = [process_shard(s.sources, settings, staging.shard(s.key), s.programs) for s in planned.shards]
        manifest = finish(planned, settings, staging, outcomes)
        publish(output, staging)
        forget(staging, {shard.key for shard in planned.shards})
    return manifest
