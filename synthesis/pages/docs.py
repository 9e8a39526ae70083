"""The documentation: pages of the docs folder in the reader's language, with this service's own address in them."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from markdown_it import MarkdownIt
from markdown_it.token import Token

from synthesis.pages.account import SAMPLE_KEY, base_url
from synthesis.services.voices import catalogue

_FOLDER = Path(settings.BASE_DIR) / "docs"
# What users need. How the service is run and built is for its operator, who has the folder.
_REFERENCE = ("api-v1", "api-v2", "ssml", "voices", "reading", "lexicon", "migration")
_GUIDES = "clients"
# Holds a folder for each other language, with the same paths in it. What is not there is shown as it was written.
_TRANSLATED = "translated"
_ORIGINAL = "en"
# How the pages of the folder write the service's address.
_PLACEHOLDERS = ("http://HOST:PORT", "http://HOST:8000", "http://127.0.0.1:8000")

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


class Page(NamedTuple):
    """One of them for this reader: its name in addresses, its file, the language of its text, and its first line."""

    name: str
    path: Path
    language: str
    title: str


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """GET docs/"""
    pages = _pages()
    context = {
        "reference": [page for page in pages if not page.name.startswith(f"{_GUIDES}/")],
        "guides": [page for page in pages if page.name.startswith(f"{_GUIDES}/")],
        "openapi": _openapi(),
        "base_url": base_url(request),
    }
    return render(request, "pages/docs.html", context)


@require_GET
# The samples on the page of the API play what they fetched with a key: a player cannot send one.
@csp_update({"media-src": ["blob:"]})  # type: ignore[arg-type]  # it types views without arguments
def document(request: HttpRequest, name: str) -> HttpResponse:
    """GET docs/NAME/"""
    pages = _pages()
    page = next((page for page in pages if page.name == name), None)
    if page is None:
        raise Http404
    address = base_url(request)
    content, sections = _html(page, address)
    context = {
        "page": page,
        "content": content,
        "sections": sections,
        "others": pages,
        "voices": list(catalogue()) if name == "api-v1" else [],
        "words": _words() if name == "api-v1" else {},
        "base_url": address,
        "shown_key": SAMPLE_KEY,
    }
    response = render(request, "pages/document.html", context)
    reader = _reader()
    response.headers["Content-Language"] = reader if page.language == reader else f"{reader}, {page.language}"
    return response


def _served() -> Iterator[str]:
    """The names of the pages, in the order of the index: their paths in the folder without the ending."""
    yield from (name for name in _REFERENCE if (_FOLDER / f"{name}.md").is_file())
    yield from sorted(f"{_GUIDES}/{path.stem}" for path in (_FOLDER / _GUIDES).glob("*.md"))


def _openapi() -> str:
    """The address of the OpenAPI pages, when this service has them."""
    try:
        return reverse("api-docs")
    except NoReverseMatch:
        return ""


def _reader() -> str:
    """The language that the page around the document is in."""
    return get_language() or settings.LANGUAGE_CODE


def _pages() -> list[Page]:
    """The pages in the order of the index, in the reader's language where they are translated."""
    return [_page(name) for name in _served()]


def _page(name: str) -> Page:
    path, language = _FOLDER / _TRANSLATED / _reader() / f"{name}.md", _reader()
    if not path.is_file():
        path, language = _FOLDER / f"{name}.md", _ORIGINAL
    with path.open(encoding="utf-8") as file:
        return Page(name, path, language, file.readline().strip("# \n"))


def _html(page: Page, address: str) -> tuple[str, list[tuple[str, str]]]:
    """The page, and anchor and heading of its sections."""
    tokens = _parsed(page.path, address)
    headings = _headings(tokens)
    # A section has one anchor in every language: a link that somebody was sent leads there, whoever opens it.
    original = headings if page.language == _ORIGINAL else _headings(_parsed(_FOLDER / f"{page.name}.md", address))
    sections = []
    for number, (token, heading) in enumerate(headings):
        anchor = slugify(original[number][1] if number < len(original) else heading, allow_unicode=True)
        token.attrSet("id", anchor)
        if token.tag == "h2":
            sections.append((anchor, heading))
    for token in tokens:
        if token.type == "inline":
            _mend_links(token, page.path)
    # Our own pages, and the parser lets no markup of theirs through.
    return mark_safe(_markdown.renderer.render(tokens, _markdown.options, {})), sections  # noqa: S308


def _parsed(path: Path, address: str) -> list[Token]:
    text = path.read_text(encoding="utf-8")
    for placeholder in _PLACEHOLDERS:
        text = text.replace(placeholder, address)
    return _markdown.parse(text)


def _headings(tokens: list[Token]) -> list[tuple[Token, str]]:
    """The tokens that open headings, each with the heading's words."""
    return [
        (token, "".join(part.content for part in following.children or []))
        for token, following in pairwise(tokens)
        if token.type == "heading_open"
    ]


def _mend_links(inline: Token, path: Path) -> None:
    """Links between files of the folder become links between pages; a file that is not served is only named."""
    served = set(_served())
    inline.children = inline.children or []
    kept, dropped = [], 0
    for token in inline.children:
        if token.type == "link_open":
            target = urlsplit(str(token.attrGet("href")))
            if not target.scheme and target.path:
                page = _page_of(target.path, path)
                if page not in served:
                    dropped += 1
                    continue
                fragment = f"#{target.fragment}" if target.fragment else ""
                token.attrSet("href", reverse("pages:document", args=[page]) + fragment)
        elif token.type == "link_close" and dropped:
            dropped -= 1  # links do not nest
            continue
        kept.append(token)
    inline.children = kept


def _page_of(link: str, path: Path) -> str:
    """The page that a relative link in the file `path` leads to, in whichever language."""
    target = path.parent.joinpath(link).resolve()
    if not target.is_relative_to(_FOLDER):
        return ""
    inside = target.relative_to(_FOLDER).with_suffix("")
    return inside.as_posix() if inside.parts[:1] != (_TRANSLATED,) else "/".join(inside.parts[2:])


def _words() -> dict[str, str]:
    return {
        "no_key": _("Paste a key first."),
        "unreachable": _("The service cannot be reached. Check the connection and try again."),
        "done": _("Done: the answers stand below, and the audio can be played."),
        "failed": _("The service refused: see the last answer."),
    }
