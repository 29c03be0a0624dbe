"""What good data is: rules for articles, checked with Great Expectations, and their documents.

Great Expectations takes seconds to import, so it loads on first use.
"""

from expectations.rules import Requirement, Rules
from expectations.validation import RuleResult, Validation, validate_articles

__all__ = ["Requirement", "RuleResult", "Rules", "Validation", "build_docs", "validate_articles"]


def __getattr__(name: str) -> object:
    if name == "build_docs":
        from expectations.docs import build_docs  # noqa: PLC0415 - see the module

        return build_docs
    raise AttributeError(name)
