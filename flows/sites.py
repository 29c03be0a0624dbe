"""Sites: pages that lie together, and the program of the mirror that made them, inferred once from all of them.

A page of fifty characters shows nothing of a program; its neighbours do. What is inferred depends on the sources alone,
not on how they are cut into shards.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.parquet as pq

from flows.readers import decode_pages, read_records
from flows.records import PAGE_FORMATS, Record
from flows.sources import Source
from flows.tables import COMPRESSION
from repair.channel import describe
from repair.mirror import Mirror, infer_site
from repair.programs import key_of
from repair.stored import chain_from_json, chain_to_json

_NOTE = re.compile(rb"\([a-z\x80-\xff]{1,9}\)")
"""A note in any encoding that keeps ASCII, behind a byte beyond it; with that byte in the pattern it is found at a
twentieth of the speed, and every file is looked at."""
_BEYOND_ASCII = 0x80
_LEAST_NOTES = 2
LARGEST = 4 << 20
"""Bytes of a page above which it has its program to itself."""
_MOST_PAGES = 50
"""Pages from which a site's program is read, those of the smallest hashes: as good as random, and always the same."""
_TABLE = Path("sites", "sites.parquet")
_SCHEMA = pa.schema(
    [
        pa.field("program", pa.string(), nullable=False),
        pa.field("site", pa.string(), nullable=False),
        pa.field("pages", pa.int64(), nullable=False),
        pa.field("damage", pa.string(), nullable=False),
        pa.field("chain", pa.string(), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class SiteProgram:
    """The program of a site, and from how many of its pages it was read."""

    site: str
    program: Mirror
    pages: int


def site_of(uri: str) -> str:
    """Return the site of a source: the host of a URL, the folder of a file.

    >>> site_of("https://example.org/a/b.html"), site_of("archive/example.org/b.html")
    ('https://example.org', 'archive/example.org')
    """
    return _site(uri if "://" in uri else f"{uri[: uri.rfind('/') + 1]}_")


@lru_cache(maxsize=1024)
def _site(uri: str) -> str:
    """Return the site of a URL, or of any file of a folder: that is asked for each of its thousands of pages."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else str(PurePosixPath(uri).parent)


def programs_of(sources: Iterable[Source], record_limit: int) -> tuple[SiteProgram, ...]:
    """Return the programs of the sites whose pages show one, by site; ``sources`` are those that hold notes."""
    sites: dict[str, list[Source]] = {}
    for source in sources:
        sites.setdefault(site_of(source.uri), []).append(source)
    programs: list[SiteProgram] = []
    for site, own in sorted(sites.items()):
        chosen = sorted(own, key=lambda source: (source.sha256, source.uri))[:_MOST_PAGES]
        pages = _texts(chosen, record_limit)
        program = infer_site(pages) if len(pages) > 1 else None  # what one page shows is found where it is repaired
        if program:
            programs.append(SiteProgram(site, program, len(pages)))
    return tuple(programs)


def program_for(programs: Sequence[SiteProgram], uri: str) -> tuple[Mirror, ...]:
    """Return the program of a source's site, if it has one."""
    return tuple(own.program for own in programs if own.site == site_of(uri))


def write_sites(folder: Path, programs: Iterable[SiteProgram]) -> None:
    """Write the programs into ``folder/sites``, each once: its name in chains, what it does in words, and itself."""
    once = {key_of(own.program): own for own in sorted(programs, key=lambda own: (own.pages, own.site))}
    rows = [
        {
            "program": key,
            "site": own.site,
            "pages": own.pages,
            "damage": describe((own.program,)),
            "chain": chain_to_json((own.program,)),
        }
        for key, own in sorted(once.items(), key=lambda item: (item[1].site, item[0]))
    ]
    path = folder / _TABLE
    path.parent.mkdir()
    pq.write_table(pa.Table.from_pylist(rows, _SCHEMA), path, **COMPRESSION)


def stored_sites(folder: Path) -> list[SiteProgram]:
    """Return the programs that `write_sites` wrote; none where it wrote nothing."""
    path = folder / _TABLE
    found: list[SiteProgram] = []
    for row in pq.read_table(path).to_pylist() if path.is_file() else ():
        (program,) = chain_from_json(row["chain"])
        assert isinstance(program, Mirror)
        found.append(SiteProgram(row["site"], program, row["pages"]))
    return found


def shows_notes(data: bytes) -> bool:
    """Say whether the content of a file holds notes, as pages of mirror sites do."""
    starts = (match.start() for match in _NOTE.finditer(data))
    return sum(start > 0 and data[start - 1] >= _BEYOND_ASCII for start in starts) >= _LEAST_NOTES


def _texts(sources: Sequence[Source], record_limit: int) -> list[str]:
    """Return the texts of the pages among some sources."""
    found = [record for source in sources for record in read_records(source, record_limit)]
    pages = [one for one in found if isinstance(one, Record) and not one.problem and one.layout.format in PAGE_FORMATS]
    return [page.text for page in decode_pages(pages) if page.text is not None]
