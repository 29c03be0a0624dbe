"""The main job as a Prefect flow: an archive in, clean Parquet, quarantine, evidence and report out.

It runs without a server (Prefect starts one for the run) and against a running one alike. A run that is killed leaves
the former run as it was. A shard that any run before has finished, of the same content and settings, is not done again.
"""

from concurrent.futures import Executor
from pathlib import Path
from typing import Any, TypeVar, cast

import flows.prefect_defaults  # noqa: F401 - before Prefect reads its settings

from prefect import flow, task  # isort: skip
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact  # isort: skip
from prefect.cache_policies import NO_CACHE  # isort: skip - by default all that a task is given is hashed
from prefect.context import TaskRunContext  # isort: skip
from prefect.futures import as_completed  # isort: skip
from prefect.utilities.annotations import quote  # isort: skip

from flows.finishing import finish_briefly
from flows.parameters import RepairParameters
from flows.planning import Plan, Shard, plan
from flows.processing import ShardOutcome, process_shard
from flows.progress import tell
from flows.publishing import Staging, begin, forget, locked, publish
from flows.settings import Settings
from flows.summary import failed_rules, summary_markdown, summary_rows
from flows.workers import workers

_Value = TypeVar("_Value")


class ThresholdError(RuntimeError):
    """Too many records break a rule. The run is published all the same, so that it can be looked into."""


def _shard_key(context: TaskRunContext, arguments: dict[str, Any]) -> str:  # noqa: ARG001 - Prefect's signature
    return f"mojimend-{arguments['staging'].cache}-{arguments['shard'].key}"


def _as_it_is(value: _Value) -> _Value:
    """Give a task something that holds no futures: Prefect looks for them field by field, seconds for a large plan."""
    return cast("_Value", quote(value))


@task(
    name="repair-shard",
    task_run_name="repair-shard-{shard.key}",
    retries=2,
    retry_delay_seconds=[1, 10],
    cache_key_fn=_shard_key,
    persist_result=True,
    result_serializer="json",
)
def repair_shard(shard: Shard, settings: Settings, staging: Staging, pool: Executor) -> dict[str, Any]:
    """Work one shard off in a worker process. Idempotent: what is finished is not done again."""
    folder = staging.shard(shard.key)
    return pool.submit(process_shard, shard.sources, settings, folder, shard.programs).result().stored()


@task(name="plan", task_run_name="plan", cache_policy=NO_CACHE)
def plan_run(parameters: RepairParameters, settings: Settings, pool: Executor) -> Plan:
    """List, hash and group the sources."""
    return plan(parameters.sources, settings, parameters.shard_bytes, pool)


@task(name="finish", task_run_name="finish-{staging.run_id}", cache_policy=NO_CACHE)
def finish_run(
    plan: Plan, settings: Settings, staging: Staging, outcomes: list[ShardOutcome], pool: Executor
) -> dict[str, Any]:
    """Put the run together, check conservation, write manifest and report, in a worker: it has loaded what it takes."""
    return pool.submit(finish_briefly, plan, settings, staging, outcomes).result()


@flow(name="repair-archive", flow_run_name="repair-into-{parameters.output}", validate_parameters=True)
def repair_archive(parameters: RepairParameters) -> dict[str, Any]:
    """Repair an archive; return the manifest of the published run, its list of inputs left out.

    Raises `ThresholdError` after publishing where a rule is broken too often.
    """
    output = Path(parameters.output)
    key = parameters.settings().key()
    with locked(output):
        staging = begin(output, key)
        settings = parameters.settings(staging.run_id)
        with workers(parameters.workers) as pool:
            planned = plan_run(parameters, settings, pool)
            outcomes = _outcomes(planned, settings, staging, pool)
            manifest = finish_run(_as_it_is(planned), _as_it_is(settings), staging, _as_it_is(outcomes), pool)
        run = publish(output, staging)
        forget(staging, {shard.key for shard in planned.shards})
    _artifacts(manifest, run)
    failed = failed_rules(manifest)
    if failed:
        raise ThresholdError(f"{'; '.join(failed)} (outputs kept in {run})")
    return manifest


def _outcomes(planned: Plan, settings: Settings, staging: Staging, pool: Executor) -> list[ShardOutcome]:
    """Work off all shards and return what they came to, in order."""
    total = len(planned.shards)
    tell("repairing", 0, total)
    given = ((_as_it_is(shard), _as_it_is(settings)) for shard in planned.shards)
    futures = [repair_shard.submit(shard, own, staging, pool) for shard, own in given]
    for done, future in enumerate(as_completed(futures), 1):
        future.result()
        tell("repairing", done, total)
    tell("finishing", total, total)
    # A result from Prefect's cache does not say that the files are still there; a finished shard is only read.
    shards = planned.shards
    return [process_shard(shard.sources, settings, staging.shard(shard.key), shard.programs) for shard in shards]


def _artifacts(manifest: dict[str, Any], run: Path) -> None:
    """Show the run's numbers and the way to its report in the Prefect UI."""
    report = (run / "report" / "index.html").resolve().as_uri()
    create_table_artifact(key="mojimend-counts", table=summary_rows(manifest), description="What happened")
    create_link_artifact(key="mojimend-report", link=report, link_text="Report of the run")
    create_markdown_artifact(key="mojimend-run", markdown=summary_markdown(manifest, report))
