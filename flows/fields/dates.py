"""Dates as Chinese pages write them."""

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
_DATE = re.compile(
    r"(?P<year>(?:19|20)\d{2})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?"
    r"(?:[ T\u3000]*(?P<hour>\d{1,2})\s*[:：时]\s*(?P<minute>\d{1,2})(?:\s*[:：分]\s*(?P<second>\d{1,2}))?\s*[分秒]?)?"
    r"\s*(?P<zone>Z|(?:GMT|UTC)?[+-]\d{2}:?\d{2})?"
)


@lru_cache(maxsize=32)
def find_date(text: str) -> tuple[datetime, int, int] | None:
    """Return the first real date in a text with its span; Beijing time unless the text names another zone.

    >>> find_date("2021年8月13日 09:38")[0].isoformat()
    '2021-08-13T09:38:00+08:00'
    """
    for match in _DATE.finditer(text):
        parts = [int(match[name] or 0) for name in ("year", "month", "day", "hour", "minute", "second")]
        try:
            moment = datetime(*parts, tzinfo=_zone(match["zone"]))  # type: ignore[misc,arg-type] # six numbers
        except ValueError:
            continue
        return moment, match.start(), match.end()
    return None


def _zone(written: str | None) -> ZoneInfo | timezone:
    if not written:
        return BEIJING
    if written == "Z":
        return UTC
    sign, digits = (-1 if "-" in written else 1), re.sub(r"\D", "", written)
    return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
