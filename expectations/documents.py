"""Data Docs: Great Expectations' own pages of suites and results, made to be read without a network. Pure: HTML out.

The pages as Great Expectations renders them ask a dozen scripts and style sheets of the network, and are blank in
places without them. Here scripts and outside links are taken out and a style sheet is put in.
"""

import html
import json
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from expectations.engine import new_context
from expectations.results import RuleResult

_GONE = "script, style, link, img, button, footer, .card.mb-3, .btn-group, .modal, [data-toggle=collapse]"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def render_documents(results: Sequence[RuleResult], run_id: str, finished_at: str) -> dict[str, str]:
    """Return the pages by their path: ``index.html``, and for each suite what it asks and what came of it."""
    suites: dict[str, list[RuleResult]] = {}
    for result in results:
        suites.setdefault(result.suite, []).append(result)
    pages = {"index.html": _index(suites, run_id)}
    for suite, own in suites.items():
        checked = [_checked(result) for result in own]
        pages[f"validations/{suite}.html"] = _offline(_results_page(suite, checked, run_id, finished_at))
        pages[f"expectations/{suite}.html"] = _offline(_suite_page(suite, checked))
    return pages


def _checked(result: RuleResult) -> Any:  # noqa: ANN401 - Great Expectations' result of one expectation
    from great_expectations.core.expectation_validation_result import (  # noqa: PLC0415 - takes seconds
        ExpectationValidationResult,
    )
    from great_expectations.expectations.expectation_configuration import (  # noqa: PLC0415 - as above
        ExpectationConfiguration,
    )

    share = 100 * result.failed / max(result.checked, 1)
    samples = [html.escape(sample) for sample in result.samples]
    return ExpectationValidationResult(
        success=result.passed,
        expectation_config=ExpectationConfiguration(**json.loads(json.dumps(result.expectation, default=str))),
        result={
            "element_count": result.checked,
            "unexpected_count": result.failed,
            "unexpected_percent": share,
            "unexpected_percent_total": share,
            "unexpected_percent_nonmissing": share,
            "missing_count": 0,
            "missing_percent": 0.0,
            "partial_unexpected_list": samples,
            "partial_unexpected_counts": [{"value": sample, "count": 1} for sample in samples],
        },
        meta={},
        exception_info={"raised_exception": False, "exception_message": None, "exception_traceback": None},
    )


def _results_page(suite: str, checked: Sequence[Any], run_id: str, finished_at: str) -> str:
    from great_expectations.core.expectation_validation_result import (  # noqa: PLC0415 - takes seconds
        ExpectationSuiteValidationResult,
    )
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer  # noqa: PLC0415

    passed = sum(bool(item.success) for item in checked)
    counts = {
        "evaluated_expectations": len(checked),
        "successful_expectations": passed,
        "unsuccessful_expectations": len(checked) - passed,
        "success_percent": 100 * passed / len(checked),
    }
    outcome = ExpectationSuiteValidationResult(
        success=passed == len(checked),
        results=list(checked),
        suite_name=suite,
        statistics=counts,
        meta={"run_id": {"run_name": run_id, "run_time": finished_at}},
    )
    return _page(ValidationResultsPageRenderer().render(outcome))


def _suite_page(suite: str, checked: Sequence[Any]) -> str:
    new_context()  # a suite needs one to exist
    import great_expectations as gx  # noqa: PLC0415 - takes seconds
    from great_expectations.render.renderer.page_renderer import ExpectationSuitePageRenderer  # noqa: PLC0415

    asked = gx.ExpectationSuite(suite, expectations=[item.expectation_config for item in checked])
    return _page(ExpectationSuitePageRenderer().render(asked))  # type: ignore[no-untyped-call]


def _page(document: Any) -> str:  # noqa: ANN401 - what the renderers return
    from great_expectations.render.view import DefaultJinjaPageView  # noqa: PLC0415 - takes seconds

    return str(DefaultJinjaPageView().render(document))  # type: ignore[no-untyped-call]


def _offline(page: str) -> str:
    """Take out what asks the network and put the style sheet in; links lead within these pages or nowhere."""
    tree = LexborHTMLParser(page)
    for node in tree.css(_GONE):
        node.decompose()
    for node in tree.css("[onclick], [href]"):
        target = node.attributes.get("href") or ""
        for name in ("onclick", "href"):
            if name in node.attributes:
                del node.attrs[name]
        if inner := _inner(target):
            node.attrs["href"] = inner
    body = tree.body.html if tree.body else ""
    return _framed(body or "")


def _inner(target: str) -> str | None:
    if target.startswith("#section"):
        return target
    for folder in ("index.html", "expectations/", "validations/"):
        if "://" not in target and folder in target:
            return "../" + target[target.index(folder) :]
    return None


def _framed(body: str) -> str:
    style = files("expectations").joinpath("data_docs.css").read_text("utf-8")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Data Docs</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"><link rel="icon" href="data:,">'
        f"<style>{style}</style></head>{body}</html>\n"
    )


def _index(suites: dict[str, list[RuleResult]], run_id: str) -> str:
    rows = "".join(
        f'<tr><td><i class="fas {_sign(results)}"></i></td><td><a href="validations/{suite}.html">{suite}</a></td>'
        f"<td>{sum(r.passed for r in results)} / {len(results)}</td>"
        f'<td><a href="expectations/{suite}.html">{len(results)}</a></td></tr>'
        for suite, results in suites.items()
    )
    return _framed(
        f"<body><h4>Data Docs {html.escape(run_id)}</h4><p><a href='../index.html'>报告 report</a></p>"
        "<table><thead><tr><th>结果 status</th><th>校验结果 results</th><th>通过 passed</th><th>规则 expectations</th>"
        "</tr></thead>"
        f"<tbody>{rows}</tbody></table></body>"
    )


def _sign(results: Sequence[RuleResult]) -> str:
    return "fa-check-circle" if all(result.passed for result in results) else "fa-times"
