"""What a worker needs that takes seconds to load: importing this module loads it.

Great Expectations takes two seconds, the compiled loops, the tables of encodings and the language model three more.
"""

import gc

import pyarrow as pa

from expectations.engine import load
from flows.processing import process_shard  # noqa: F401 - what workers are asked for
from repair import detect_segments, repair_column, repair_text
from repair.decoders import decode, several_codes
from repair.misreadings import misreadings

_SENTENCE = "数据统计表明，中国人民生活水平不断提高。"
_DAMAGE = (("utf-8", "gbk"), ("utf-8", "cp1252"), ("utf-8", "latin-1"), ("gb18030", "koi8-r"), ("gb18030", "big5"))

# The pool that Arrow chooses by itself keeps freed memory: of two shards of 16 MB, 80 MB more at the peak.
pa.set_memory_pool(pa.system_memory_pool())
load()
detect_segments("安全生产工作总结\n".encode("gb18030") + "防汛抗旱工作总结\n".encode())
_seen = [decode(_SENTENCE.encode(original), wrong, "replace") for original, wrong in _DAMAGE]
repair_column(pa.array([_SENTENCE, *_seen]))
repair_column(pa.array([seen[:9] for seen in _seen]))
repair_text("\n".join((_seen[0], _SENTENCE + _seen[0][:7])))
for row in misreadings():
    several_codes(row.wrong)
gc.collect()
gc.freeze()  # millions of objects that stay: no collection need look at them again, and forked workers share them
