"""What a worker needs that takes seconds to load: importing this module loads it.

Great Expectations takes two seconds, the compiled loops and the language model one.
"""

import gc

from expectations.engine import load
from flows.processing import process_shard  # noqa: F401 - what workers are asked for
from repair import repair_bytes

load()
repair_bytes("鍏ㄩ潰钀藉疄闃叉睕璐ｄ换".encode("gb18030"))  # the model and most compiled loops
gc.collect()
gc.freeze()  # millions of objects that stay: no collection need look at them again, and forked workers share them
