"""Characters from a wrong block: look-alikes, private use, surrogates, invisible ones, in otherwise sound text."""

from repair.compat.channel import WrongBlock
from repair.compat.spots import MARKS
from repair.compat.weighing import propose

__all__ = ["MARKS", "WrongBlock", "channel_classes", "propose"]

channel_classes = (WrongBlock,)
