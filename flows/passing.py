"""Records as columns, some of which may not pass."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt


@dataclass(slots=True, kw_only=True)
class Passing:
    """What may not pass and why: ``reasons`` and ``details`` are those of the rows that may not, by their number."""

    reasons: dict[int, list[str]] = field(default_factory=dict)
    details: dict[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        raise NotImplementedError

    def reject(self, row: int, reason: str, detail: str) -> None:
        """Send a row to quarantine."""
        self.reasons.setdefault(row, []).append(reason)
        told = self.details.get(row)
        self.details[row] = detail if told is None else f"{told}; {detail}"

    @property
    def passed(self) -> npt.NDArray[np.int64]:
        """Return the numbers of the rows that may pass, rising."""
        rows = np.ones(len(self), np.bool_)
        rows[list(self.reasons)] = False
        return np.flatnonzero(rows)

    @property
    def rejected(self) -> npt.NDArray[np.int64]:
        """Return the numbers of the rows that may not pass, rising."""
        return np.array(sorted(self.reasons), np.int64)
