"""Counts of a shard or a run: plain numbers that add up."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from flows.clean_pages import CleanPages
from flows.mending import FIELDS, Mended, kind_of
from flows.mending_rows import GRADES, MendedRows
from flows.passing import Passing
from flows.tables import filled
from repair.result import Grade

_COUNTED_FIELDS = tuple(name for name in FIELDS if name not in {"body", "language"})


@dataclass(slots=True)
class Tally:
    """How many records there were, where they went and why."""

    records: int = 0
    clean: int = 0
    quarantine: int = 0
    repaired_by_kind: Counter[str] = field(default_factory=Counter)
    repaired_by_grade: Counter[str] = field(default_factory=Counter)
    quarantined_by_reason: Counter[str] = field(default_factory=Counter)
    absent: Counter[str] = field(default_factory=Counter)
    named_but_empty: Counter[str] = field(default_factory=Counter)
    by_source: Counter[str] = field(default_factory=Counter)

    def count(self, one: Mended) -> None:
        """Add one record. One with edits of several kinds counts once for each."""
        self.records += 1
        self.by_source[one.record.place.source_uri] += 1
        self.clean += not one.reasons
        self.quarantine += bool(one.reasons)
        self.quarantined_by_reason.update(set(one.reasons))
        self.repaired_by_kind.update({kind_of(repair.chain) for repair in one.repairs if _changed(repair.grade)})
        if one.repairs:
            self.repaired_by_grade[str(one.grade)] += 1
        if one.record.layout.is_page and one.values:
            self._count_missing(one)

    def count_pages(self, pages: CleanPages) -> None:
        """Add pages that nothing was done to."""
        self.records += len(pages)
        self.by_source.update(pages.provenance["source_uri"].to_pylist())
        self._count_verdicts(pages)
        self.repaired_by_grade[str(Grade.CLEAN)] += len(pages)
        for name in _COUNTED_FIELDS:
            missing = np.flatnonzero(~filled(pages.fields[name]))
            named = sum(name in pages.named_but_empty[page] for page in missing.tolist())
            self.named_but_empty[name] += named
            self.absent[name] += len(missing) - named

    def count_rows(self, rows: MendedRows) -> None:
        """Add the rows of a table; what is clean is counted as a whole."""
        self.records += len(rows)
        self.by_source[rows.block.source_uri] += len(rows)
        self._count_verdicts(rows)
        changed = ((row, kind_of(cell["chain"])) for row, _, cell in rows.edits() if _changed(Grade(cell["grade"])))
        self.repaired_by_kind.update(kind for _, kind in set(changed))
        for number, count in zip(*np.unique(rows.grades[rows.grades >= 0], return_counts=True), strict=True):
            self.repaired_by_grade[str(GRADES[number])] += int(count)

    def _count_verdicts(self, rows: Passing) -> None:
        self.clean += len(rows) - len(rows.reasons)
        self.quarantine += len(rows.reasons)
        for reasons in rows.reasons.values():
            self.quarantined_by_reason.update(set(reasons))

    def _count_missing(self, one: Mended) -> None:
        for name in _COUNTED_FIELDS:
            if one.values.get(name) is None or one.values[name] == []:
                (self.named_but_empty if name in one.named_but_empty else self.absent)[name] += 1

    def add(self, other: "Tally") -> None:
        """Add another tally."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def counts(self) -> dict[str, Any]:
        """Return the counts as the manifest has them."""
        missing = sorted({*self.absent, *self.named_but_empty})
        return {
            "records": self.records,
            "clean": self.clean,
            "quarantine": self.quarantine,
            "repaired_by_kind": _ordered(self.repaired_by_kind),
            "repaired_by_grade": _ordered(self.repaired_by_grade),
            "quarantined_by_reason": _ordered(self.quarantined_by_reason),
            "missing_by_field": {
                name: {"absent": self.absent[name], "named_but_empty": self.named_but_empty[name]} for name in missing
            },
        }

    def stored(self) -> dict[str, Any]:
        """Return everything as JSON can hold it."""
        return {name: _plain(getattr(self, name)) for name in self.__slots__}

    @classmethod
    def restored(cls, stored: dict[str, Any]) -> "Tally":
        """Return what `stored` wrote."""
        values: dict[str, Any] = {k: Counter(v) if isinstance(v, dict) else v for k, v in stored.items()}
        return cls(**values)


def total(tallies: Iterable[Tally]) -> Tally:
    """Add tallies up."""
    result = Tally()
    for tally in tallies:
        result.add(tally)
    return result


def _ordered(counts: Counter[str]) -> dict[str, int]:
    """Return counts, the greatest first, equal ones by name: in every run the same order."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _plain(value: int | Counter[str]) -> int | dict[str, int]:
    return value if isinstance(value, int) else dict(value)


def _changed(grade: Grade) -> bool:
    return grade not in {Grade.CLEAN, Grade.LOST}
