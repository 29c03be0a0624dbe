"""Every misreading of the catalogue tried on many lines at once, in compiled code.

It reads each line backwards through each misreading, as far as the bytes make sense, and adds up what the text costs.
Almost all readings break off at their first characters; what is left is worth the codecs, the search and Python.
"""

from repair.rereading.needs import Dearness, Needs, Thresholds

__all__ = ["Dearness", "Needs", "Thresholds"]
