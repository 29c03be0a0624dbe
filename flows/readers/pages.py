"""Pages: one file, one record."""

import codecs
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress

from selectolax.lexbor import LexborHTMLParser, LexborNode

from flows.readers.content import Content
from flows.records import Layout, Place, Problem, Record
from repair import Segment, detect_encodings
from repair.records import decode_segments
from repair.written import decode, decode_pieces

_DROPPED = ["script", "style", "noscript", "template", "head"]
_BLOCKS = re.compile(
    "address|article|aside|blockquote|body|br|caption|center|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]"
    "|head|header|hr|html|li|main|nav|ol|option|p|pre|section|table|tbody|td|tfoot|th|thead|title|tr|ul",
)
_META = {
    "pubdate": "PubDate",
    "publishdate": "PubDate",
    "article:published_time": "PubDate",
    "contentsource": "ContentSource",
    "author": "Author",
    "article:author": "Author",
    "og:url": "URL",
}
"""What pages say of themselves in <meta>: the names of China's standard for government sites and of Open Graph."""
_SPACE = re.compile(r"[ \t\r\n\f]+")


def read_page(content: Content, layout: Layout, limit: int) -> Iterator[Record]:
    """Yield the one record of a page, not decoded yet."""
    span = content.whole()
    place = Place(content.source_uri, content.member, 0, span.length)
    yield Record(place, layout, span.data, span.sha256, problem=_problem(content, span.length, limit))


def decode_pages(pages: Sequence[Record]) -> list[Record]:
    """Decode pages, their encodings detected together; one that is no text gets a problem."""
    from repair.detect.segments import segments_of  # noqa: PLC0415 - numba is imported at first use

    data = [page.original or b"" for page in pages]
    found = zip(data, detect_encodings(data), strict=True)
    return [_decoded(page, segments_of(*one)) for page, one in zip(pages, found, strict=True)]


def _decoded(page: Record, segments: tuple[Segment, ...]) -> Record:
    text, most = _text(page.original or b"", segments)
    if most is None:
        return page._replace(problem=Problem("binary", "the bytes are no text"))
    return page._replace(
        encoding=most,
        encoding_confidence=min(segment.confidence for segment in segments),
        text=html_text(text) if page.layout.format == "html" else text,
        segments=segments,
    )


def _text(data: bytes, segments: tuple[Segment, ...]) -> tuple[str, str | None]:
    """Return the text of a page and the encoding of most of it; most pages are UTF-8 without a fault."""
    if len(segments) == 1 and segments[0].encoding == "utf-8" and not data.startswith(codecs.BOM_UTF8):
        with suppress(UnicodeDecodeError):
            return data.decode(), "utf-8"
    text, _, most = decode_segments(data, segments)
    return text, most


def _problem(content: Content, length: int, limit: int) -> Problem | None:
    if content.trouble:
        return Problem("unreadable", content.trouble)
    if not length:
        return Problem("empty", "the file has no bytes")
    if length > limit:
        return Problem("too-large", f"{length} bytes in one record, the limit is {limit}")
    return None


def page_text(data: bytes, encoding: str, page_format: str, ends: Sequence[tuple[int, str]] = ()) -> str:
    """Return the text of a page as it was found: of a text file all, of HTML what `html_text` says.

    ``ends`` are (where it ends, encoding) of the segments of a page in several encodings.
    """
    text, _ = decode_pieces(data, ends) if ends else decode(data, encoding)
    return html_text(text) if page_format == "html" else text


def html_text(page: str) -> str:
    r"""Return the text of an HTML page: title, <meta> as header lines, then block by block; no scripts, no styles.

    >>> html_text("<title>a</title><p>b <b>c</b></p><script>d</script><p>e<br>f</p>")
    'a\nb c\ne\nf'
    >>> html_text("<title>a</title><meta name=PubDate content='2021-08-13 09:38'><p>b</p>")
    'a\nPubDate:2021-08-13 09:38\nb'
    """
    # The parser takes UTF-8, in which a lone surrogate has no place; NUL ends its text.
    tree = LexborHTMLParser(page.encode("utf-8", "replace").replace(b"\0", b""))
    title = tree.css_first("head > title")
    facts = [title.text() if title else "", *_facts(tree)]
    tree.strip_tags(_DROPPED)
    lines = "".join(_flow(tree.root)).split("\n") if tree.root else []
    return "\n".join(line for line in (_SPACE.sub(" ", line).strip(" ") for line in (*facts, *lines)) if line)


def _facts(tree: LexborHTMLParser) -> Iterator[str]:
    """Yield a header line for each thing that the page says of itself, the first of its kind."""
    said: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        name = (node.attributes.get("name") or node.attributes.get("property") or "").lower()
        if name in _META and (value := (node.attributes.get("content") or "").strip()):
            said.setdefault(_META[name], value)
    canonical = tree.css_first("link[rel=canonical][href]")
    if canonical and (address := canonical.attributes.get("href")):
        said["URL"] = address
    return (f"{label}:{value}" for label, value in said.items())


def _flow(root: LexborNode) -> Iterator[str]:
    """Yield the texts below a node in order, a newline at both ends of each block; deep pages need no recursion."""
    stack: list[LexborNode | str] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
        elif node.tag == "-text":
            yield (node.text_content or "").replace("\n", " ")
        elif node.tag and not node.tag.startswith(("_", "!")):
            if _BLOCKS.fullmatch(node.tag):
                yield "\n"
                stack.append("\n")
            stack += reversed(list(node.iter(include_text=True)))
