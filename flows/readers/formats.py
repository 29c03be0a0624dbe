"""Which format a file is in: by its name, and where the name does not tell, by its first bytes."""

from os.path import splitext
from pathlib import PurePosixPath

_BY_SUFFIX = {
    ".txt": "txt",
    ".text": "txt",
    ".html": "html",
    ".htm": "html",
    ".shtml": "html",
    ".xhtml": "html",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
_HTML_SIGNS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<meta")
_SNIFFED = 1024
GZIP_MAGIC = b"\x1f\x8b"


def format_of(name: str, head: bytes) -> str:
    """Return ``txt``, ``html``, ``csv``, ``tsv`` or ``jsonl``.

    >>> format_of("news/a.HTM", b""), format_of("page", b"<!DOCTYPE html><title>"), format_of("notes", b"abc")
    ('html', 'html', 'txt')
    """
    known = _BY_SUFFIX.get(splitext(name)[1].lower())  # noqa: PTH122 - asked of every file, and Path takes 4 µs
    if known:
        return known
    beginning = head[:_SNIFFED].lower().replace(b"\0", b"")
    return "html" if any(sign in beginning for sign in _HTML_SIGNS) else "txt"


def is_compressed(head: bytes) -> bool:
    """Say whether a file is gzip, whatever it is called."""
    return head.startswith(GZIP_MAGIC)


def member_name(name: str) -> str:
    """Return what a compressed file holds.

    >>> member_name("news/2021.csv.gz")
    '2021.csv'
    """
    path = PurePosixPath(name)
    return path.stem if path.suffix.lower() == ".gz" else path.name
