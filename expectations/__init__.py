"""What good data is: rules for articles, checked with Great Expectations, and their documents.

Great Expectations takes seconds to import, so it loads on first use.
"""

from expectations.rules import Requirement, Rules
from expectations.validation import RuleResult, Validation, validate_articles

__all__ = ["Requirement", "RuleResult", "Rules", "Validation", "validate_articles"]
