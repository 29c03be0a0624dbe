"""Real damage from public places: a folder with pairs, legacy, unpaired and negative, each with an ``index.jsonl``."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.accuracy.alignment import match
from benchmarks.accuracy.peers import detectors, menders
from repair import Grade, Repair, repair_bytes, replay, residue
from repair.channel import describe


@dataclass(frozen=True, slots=True)
class Found:
    """One file: whether it came out right, the share of its characters beyond ASCII before and after, why not."""

    part: str
    name: str
    kind: str
    right: bool
    before: float
    after: float
    reason: str
    peers: tuple[str, ...] = ()
    """The other programs that got it right."""


def found(folder: Path) -> Iterator[Found]:
    """Measure every file of the folder."""
    parts = {"pairs": _pair, "legacy": _legacy, "unpaired": _unpaired, "negative": _negative}
    for part, measure in parts.items():
        index = folder / part / "index.jsonl"
        for line in index.read_text("utf-8").splitlines() if index.exists() else ():
            row = json.loads(line)
            yield measure(folder / part / row["id"], row)


def _pair(path: Path, row: dict[str, Any]) -> Found:
    data = (path / "damaged").read_bytes()
    truth = _plain((path / "truth").read_bytes().decode(row["truth_encoding"], "replace"))
    repair = repair_bytes(data)
    seen = data.decode("utf-8", "replace")
    answer = _plain(repair.text)
    peers = tuple(name for name, fix in menders() if _plain(fix(seen)) == truth)
    kind = str(row["damage_class"])
    return Found(
        "pairs", path.name, kind, answer == truth, _share(truth, seen), _share(truth, answer), _why(repair), peers
    )


def _legacy(path: Path, row: dict[str, Any]) -> Found:
    data = (path / "raw").read_bytes()
    truth = _plain((path / "truth").read_bytes().decode("utf-8", "replace"))
    repair = repair_bytes(data)
    answer = _plain(repair.text)
    peers = tuple(name for name, detect in detectors() if _decodes(data, detect(data), truth))
    kind = str(row["encoding"]) + (", a detector's own test" if row.get("detector_testdata") else "")
    reason = f"read as {repair.encoding}" + ("" if repair.grade is Grade.CLEAN else f"; {_why(repair)}")
    return Found("legacy", path.name, kind, answer == truth, 0.0, _share(truth, answer), reason, peers)


def _unpaired(path: Path, row: dict[str, Any]) -> Found:
    """There is no truth: what shows no damage any more counts as mended, a person must say whether it is right."""
    import pyarrow as pa  # noqa: PLC0415 - not needed for the rest

    repair = repair_bytes(path.read_bytes())
    clear = not residue(pa.array([repair.text]))[0].as_py() and repair.text != repair.seen
    clear = clear and (bool(repair.chain[:-1]) or "mixed" in str(row["damage_class"]))
    told = f"{_why(repair)} (wanted: {row['right_repair']})"
    return Found("unpaired", path.name, str(row["damage_class"]), clear, 0.0, 0.0, told)


def _negative(path: Path, row: dict[str, Any]) -> Found:
    data = path.read_bytes()
    repair = repair_bytes(data)
    right = repair.text == data.decode("utf-8-sig", "replace")
    return Found("negative", path.name, str(row["kind"]), right, 1.0, float(right), _why(repair))


def _plain(text: str) -> str:
    """Leave the mark and the kind of line end out of the comparison: they are no part of the text."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def _share(truth: str, answer: str) -> float:
    """Return the share of the truth's characters beyond ASCII that stand in the answer."""
    right = match(truth, answer).right
    beyond = [ok for ok, character in zip(right, truth, strict=True) if not character.isascii()]
    return sum(beyond) / len(beyond) if beyond else 1.0


def _decodes(data: bytes, encoding: str | None, truth: str) -> bool:
    try:
        return _plain(data.decode(encoding or "ascii")) == truth
    except (UnicodeError, LookupError):
        return False


def _why(repair: Repair) -> str:
    """Say in words what the repair did, and what it left."""
    lost = sum(edit.grade is Grade.LOST for edit in repair.edits)
    made = [edit for edit in repair.edits if edit.text != edit.seen]
    chain = describe(repair.chain[:-1]) if made else "left as found"
    replayed = "" if replay(repair) == repair.seen else "; DOES NOT REPLAY"
    return f"{repair.encoding}: {chain}; {len(made)} places changed, {lost} lost{replayed}"
