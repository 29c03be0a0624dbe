"""What a worker needs that takes seconds to load: importing this module loads it.

Great Expectations takes two seconds, the compiled loops and the language model two more.
"""

import gc

import pyarrow as pa

from expectations.engine import load
from flows.processing import process_shard  # noqa: F401 - what workers are asked for
from repair import detect_segments, repair_column, repair_text

_LOST = "鏁版嵁缁熻�¤〃鏄庯紝涓�鍥戒汉姘�"

# The pool that Arrow chooses by itself keeps freed memory: of two shards of 16 MB, 80 MB more at the peak.
pa.set_memory_pool(pa.system_memory_pool())
load()
detect_segments("安全生产工作总结\n".encode("gb18030") + "防汛抗旱工作总结\n".encode())
repair_column(pa.array(["全面落实防汛责任", "鍏ㄩ潰钀藉疄闃叉睕璐ｄ换", _LOST]))
repair_text(_LOST)
gc.collect()
gc.freeze()  # millions of objects that stay: no collection need look at them again, and forked workers share them
