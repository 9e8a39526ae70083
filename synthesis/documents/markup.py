"""HTML to plain text: what a person would read aloud, block by block."""

import re
from collections.abc import Iterator

from lxml import etree, html

from synthesis.documents.errors import Refused

_SILENT = frozenset(
    {"head", "script", "style", "noscript", "template", "svg", "math", "canvas", "video", "audio", "object", "iframe"}
    | {"form", "button", "select", "nav", "rt", "rp"}
)
_APART = frozenset(
    {
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "table",
        "ul",
        "ol",
        "dl",
        "hr",
        "section",
        "article",
    }
)
"""Blocks with an empty line before and after them."""
_BLOCKS = _APART | {
    *(
        "address",
        "aside",
        "body",
        "caption",
        "dd",
        "details",
        "div",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
    ),
    *("header", "html", "li", "main", "summary", "tbody", "tfoot", "thead", "tr"),
}
_DEEPEST = 500
# Edges of blocks, until all text is there: no text node keeps these.
_NEW_LINE, _EMPTY_LINE, _NEXT_CELL = "\x1e", "\x1d", "\x1f"
_EDGES = re.compile("[ \x1d\x1e]*[\x1d\x1e][ \x1d\x1e]*")
_WHITE = re.compile(r"[ \t\r\n\f\x1d-\x1f]+")


def text_of(content: bytes | str) -> str:
    """The text of an HTML or XHTML document. Raises Refused when nothing of it can be read."""
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding=_encoding(content))
    try:
        root = html.document_fromstring(content.encode() if isinstance(content, str) else content, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Refused("There is no text in the file.") from error
    return _tidy("".join(_pieces(root)))


def _encoding(content: bytes | str) -> str | None:
    """What a text is encoded in again; bytes say it themselves, and XHTML of books is UTF-8 without saying so."""
    if isinstance(content, str) or (b"charset" not in content[:2048].lower() and b"encoding=" not in content[:200]):
        return "utf-8"
    return None


def _pieces(root: html.HtmlElement) -> Iterator[str]:
    """The text with its breaks; a walk without recursion, since documents may be nested at will."""
    stack: list[tuple[str, html.HtmlElement | None, int]] = [("open", root, 0)]
    counts: list[int | None] = []
    while stack:
        what, element, depth = stack.pop()
        if element is None or depth > _DEEPEST:
            yield what if element is None else ""
            continue
        tag = element.tag if isinstance(element.tag, str) else "script"
        if what == "close":
            if tag in {"ol", "ul"} and counts:
                counts.pop()
            yield _edge(tag)
            continue
        tail = _WHITE.sub(" ", element.tail or "")
        if tag in _SILENT:
            yield " " if tag not in _BLOCKS else _NEW_LINE
            if tail and element is not root:
                yield tail
            continue
        if element is not root:
            stack.append((tail, None, depth))
        stack.append(("close", element, depth))
        yield from _opening(element, tag, counts)
        stack.extend(("open", child, depth + 1) for child in reversed(element))
        if element.text:
            yield re.sub("[\x1d-\x1f]", "", element.text) if tag == "pre" else _WHITE.sub(" ", element.text)


def _opening(element: html.HtmlElement, tag: str, counts: list[int | None]) -> Iterator[str]:
    yield _edge(tag)
    if tag == "br":
        yield "\n"
    elif tag in {"ol", "ul"}:
        counts.append(0 if tag == "ol" else None)
    elif tag == "li":
        number = counts[-1] if counts else None
        if number is not None:
            counts[-1] = number + 1
            yield f"{number + 1}. "
        else:
            yield "- "
    elif tag in {"td", "th"} and element.getprevious() is not None:
        yield _NEXT_CELL


def _edge(tag: str) -> str:
    if tag in _APART:
        return _EMPTY_LINE
    return _NEW_LINE if tag in _BLOCKS else ""


def _tidy(text: str) -> str:
    """Edges of blocks become line breaks, however many meet; no white space at the edges of lines."""
    broken = _EDGES.sub(lambda edges: "\n\n" if _EMPTY_LINE in edges[0] else "\n", text)
    broken = re.sub(" *\x1f *", ", ", broken)
    lines = "\n".join(line.strip(" \t\xa0") for line in broken.split("\n"))
    # A list's mark alone on its line belongs to the paragraph inside it.
    joined = re.sub(r"(?m)^(-|\d{1,6}\.)\n+(?=\S)", r"\1 ", lines)
    return re.sub(r"\n{3,}", "\n\n", joined).strip() + "\n"
