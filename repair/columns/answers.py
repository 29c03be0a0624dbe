"""What was found for the distinct values of a column, as Arrow has it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from repair.columns.edits import EDIT, edit_row
from repair.result import Repair
from repair.stored import chain_to_json

Words = tuple[npt.NDArray[np.int32], list[str]]
"""A column of few different words: which it is in each row, and the words."""


class Answers(NamedTuple):
    """Answers in the order in which their rows refer to them; all columns have the same length.

    ``edits`` (`repair.columns.edits.EDIT`) are those of all answers, ``ends`` int64[answers + 1] says whose;
    ``changed`` bool: the text is not what was seen.
    """

    texts: pa.LargeStringArray
    changed: npt.NDArray[np.bool_]
    grades: Words
    evidence: npt.NDArray[np.float64]
    chains: Words
    edits: pa.StructArray
    ends: npt.NDArray[np.int64]


def answers_of(repairs: Sequence[Repair]) -> Answers:
    """Return repairs as columns."""
    return Answers(
        pa.array([repair.text for repair in repairs], pa.large_string()),
        np.array([repair.text != repair.seen for repair in repairs], np.bool_),
        _words([str(repair.grade) for repair in repairs]),
        np.array([repair.evidence for repair in repairs], np.float64),
        _words([chain_to_json(repair.chain) for repair in repairs]),
        pa.array([edit_row(edit) for repair in repairs for edit in repair.edits], EDIT),
        np.cumsum([0, *(len(repair.edits) for repair in repairs)]),
    )


def joined_answers(parts: Sequence[Answers]) -> Answers:
    """Put answers one behind the other."""
    shifts = np.cumsum([0, *(len(part.edits) for part in parts)])
    ends = [part.ends[1:] + shift for part, shift in zip(parts, shifts, strict=False)]
    return Answers(
        pa.concat_arrays([part.texts for part in parts]),
        np.concatenate([part.changed for part in parts]),
        _joined_words([part.grades for part in parts]),
        np.concatenate([part.evidence for part in parts]),
        _joined_words([part.chains for part in parts]),
        pa.concat_arrays([part.edits for part in parts]),
        np.concatenate([np.zeros(1, np.int64), *ends]),
    )


def _words(words: Sequence[str]) -> Words:
    numbers = {word: number for number, word in enumerate(dict.fromkeys(words))}
    return np.array([numbers[word] for word in words], np.int32), list(numbers)


def _joined_words(parts: Sequence[Words]) -> Words:
    numbers = {word: number for number, word in enumerate(dict.fromkeys(word for _, own in parts for word in own))}
    renumbered = [np.array([numbers[word] for word in own], np.int32)[which] for which, own in parts if len(which)]
    return np.concatenate([np.zeros(0, np.int32), *renumbered]), list(numbers)
