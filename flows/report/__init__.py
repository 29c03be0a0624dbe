"""The maintainers' report of a run: one page, offline, in Chinese and English."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from expectations import RuleResult
from flows.report.gathered import gather

__all__ = ["write_data_docs", "write_report"]


def write_report(run_folder: Path) -> Path:
    """Write ``report/index.html`` of a run from its manifest and tables; return its path.

    The page needs nothing else: no script, no font, no address. Its size is bounded by samples, whose share it says.
    """
    loader = PackageLoader("flows.report", "templates")
    environment = Environment(loader=loader, autoescape=select_autoescape(), undefined=StrictUndefined)
    page = environment.get_template("index.html").render(gather(run_folder))
    path = run_folder / "report" / "index.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, "utf-8")
    return path


def write_data_docs(run_folder: Path, rules: Sequence[RuleResult], manifest: dict[str, Any]) -> Path:
    """Write Great Expectations' pages of the rules beside the report; return the path of the first."""
    from expectations.documents import render_documents  # noqa: PLC0415 - imports Great Expectations

    folder = run_folder / "report" / "data_docs"
    for name, page in render_documents(rules, manifest["run_id"], manifest["finished_at"]).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, "utf-8")
    return folder / "index.html"
