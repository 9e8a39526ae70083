"""The documentation: pages of the docs folder, with this service's own address in them."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import mark_safe
from django.utils.text import slugify
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
# How the pages of the folder write the service's address.
_PLACEHOLDERS = ("http://HOST:PORT", "http://HOST:8000", "http://127.0.0.1:8000")

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """GET docs/"""
    names = list(_served())
    guides = [name for name in names if name.startswith(f"{_GUIDES}/")]
    context = {
        "reference": [(name, _title(name)) for name in names if name not in guides],
        "guides": [(name, _title(name)) for name in guides],
        "openapi": _openapi(),
        "base_url": base_url(request),
    }
    return render(request, "pages/docs.html", context)


@require_GET
# The samples on the page of the API play what they fetched with a key: a player cannot send one.
@csp_update({"media-src": ["blob:"]})  # type: ignore[arg-type]  # it types views without arguments
def document(request: HttpRequest, name: str) -> HttpResponse:
    """GET docs/NAME/"""
    names = list(_served())
    if name not in names:
        raise Http404
    address = base_url(request)
    content, sections = _html(name, address)
    context = {
        "name": name,
        "title": _title(name),
        "content": content,
        "sections": sections,
        "others": [(other, _title(other)) for other in names],
        "voices": list(catalogue()) if name == "api-v1" else [],
        "words": _words() if name == "api-v1" else {},
        "base_url": address,
        "shown_key": SAMPLE_KEY,
    }
    return render(request, "pages/document.html", context)


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


def _title(name: str) -> str:
    """What stands in the first line."""
    with (_FOLDER / f"{name}.md").open(encoding="utf-8") as file:
        return file.readline().strip("# \n")


def _html(name: str, address: str) -> tuple[str, list[tuple[str, str]]]:
    """The page, and anchor and heading of its sections."""
    text = (_FOLDER / f"{name}.md").read_text(encoding="utf-8")
    for placeholder in _PLACEHOLDERS:
        text = text.replace(placeholder, address)
    tokens = _markdown.parse(text)
    sections = []
    for token, following in pairwise(tokens):
        if token.type == "heading_open":
            heading = "".join(part.content for part in following.children or [])
            anchor = slugify(heading, allow_unicode=True)
            token.attrSet("id", anchor)
            if token.tag == "h2":
                sections.append((anchor, heading))
        if token.type == "inline":
            _mend_links(token, name)
    # Our own pages, and the parser lets no markup of theirs through.
    return mark_safe(_markdown.renderer.render(tokens, _markdown.options, {})), sections  # noqa: S308


def _mend_links(inline: Token, name: str) -> None:
    """Links between files of the folder become links between pages; a file that is not served is only named."""
    served = set(_served())
    inline.children = inline.children or []
    kept, dropped = [], 0
    for token in inline.children:
        if token.type == "link_open":
            target = urlsplit(str(token.attrGet("href")))
            if not target.scheme and target.path:
                page = _page_of(target.path, name)
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


def _page_of(path: str, name: str) -> str:
    """The page that a relative link on the page `name` leads to."""
    target = (_FOLDER / name).parent.joinpath(path).resolve()
    return target.relative_to(_FOLDER).with_suffix("").as_posix() if target.is_relative_to(_FOLDER) else ""


def _words() -> dict[str, str]:
    return {
        "no_key": _("Paste a key first."),
        "unreachable": _("The service cannot be reached. Check the connection and try again."),
        "done": _("Done: the answers stand below, and the audio can be played."),
        "failed": _("The service refused: see the last answer."),
    }
