"""What good data is: rules for records, checked with Great Expectations, and their documents.

Great Expectations takes seconds to import, so it loads on first use.
"""

from expectations.results import RuleResult, merge_results
from expectations.rules import Requirement, Rules
from expectations.validation import Validation, validate_articles, validate_conservation, validate_rows

__all__ = [
    "Requirement",
    "RuleResult",
    "Rules",
    "Validation",
    "merge_results",
    "validate_articles",
    "validate_conservation",
    "validate_rows",
]
