"""Repair garbled simplified Chinese: damage is a function, repair the search for the likeliest text before it.

The public API; everything else may change. The language model loads on first use.

>>> import repair
>>> fixed = repair.repair_text("鍏ㄩ潰钀藉疄闃叉睕璐ｄ换")
>>> fixed.text, fixed.grade
('全面落实防汛责任', <Grade.EXACT: 'exact'>)
>>> repair.replay(fixed) == fixed.seen
True
"""

from repair.columns import repair_column, residue
from repair.detect import detect_encoding, detect_encodings, detect_segments
from repair.mappings import Mapping, MappingError, load_mappings
from repair.policy import Policy
from repair.records import repair_bytes, replay
from repair.result import Detection, Edit, Grade, Repair, Segment
from repair.search import repair_text

__all__ = [
    "Detection",
    "Edit",
    "Grade",
    "Mapping",
    "MappingError",
    "Policy",
    "Repair",
    "Segment",
    "detect_encoding",
    "detect_encodings",
    "detect_segments",
    "load_mappings",
    "repair_bytes",
    "repair_column",
    "repair_text",
    "replay",
    "residue",
]
