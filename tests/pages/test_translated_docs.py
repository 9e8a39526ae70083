"""The translations of the documentation say what the English pages say: the same parts, with the same facts in them.

It sees headings, paragraphs, tables and code, and in them code, links and the words of menus. Prose that changes while
these stay is for the writer to remember.
"""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

DOCS = Path(__file__).parents[2] / "docs"
TRANSLATED = DOCS / "translated"
LANGUAGES = ("az", "tr", "ru")
PAGES = sorted(path.relative_to(DOCS).as_posix() for path in (DOCS / "api-v1.md", *(DOCS / "clients").glob("*.md")))
# What stands behind it is for people. A line that says what runs the file begins with #! and is none.
_COMMENT = re.compile(r"(^|\s)#(?!!)[^\n]*")
_NAME = re.compile(r"\w*[A-Z0-9]\w*")

_markdown = MarkdownIt("commonmark").enable("table")


class Part(NamedTuple):
    """A piece of a page: what it is, what of it is the same in every language, and what is not."""

    kind: str
    facts: tuple[str, ...]
    section: str
    words: str

    def __str__(self) -> str:
        return f"{self.kind} in “{self.section}”: {' '.join(self.facts) or self.words}"


def parts(text: str, page: str) -> list[Part]:
    """The pieces of a page that stands at the path `page` in the folder."""
    section, kind, found = "", "", []
    row: list[Token] = []
    for token in _markdown.parse(text):
        if token.type == "fence":
            code = _COMMENT.sub(r"\1#", token.content)
            found.append(Part("code", (token.info, code), section, token.content))
        elif token.type in {"heading_open", "paragraph_open", "bullet_list_open", "ordered_list_open", "tr_open"}:
            kind, row = {"heading_open": token.tag, "tr_open": "row"}.get(token.type, token.type[: -len("_open")]), []
            if "list" in token.type:
                found.append(Part(kind, (), section, ""))
        elif token.type == "inline" and kind == "row":
            row.append(token)
        elif token.type == "inline":
            section = token.content if kind.startswith("h") else section
            found.append(Part(kind, tuple(facts(token, page)), section, token.content))
        elif token.type == "tr_close":
            found.append(Part(kind, tuple(row_facts(row, page)), section, " | ".join(cell.content for cell in row)))
    return found


def facts(inline: Token, page: str) -> Iterator[str]:
    """Code, the targets of links, and the words of menus; sorted, because each language has its own order of words."""
    kept = []
    children = inline.children or []
    for place, token in enumerate(children):
        if token.type == "code_inline":
            kept.append(f"`{token.content}`")
        elif token.type == "link_open":
            kept.append(f"({target(str(token.attrGet('href')), page)})")
        elif token.type == "em_open":
            kept.append(f"*{children[place + 1].content}*")
    yield from sorted(kept)


def target(link: str, page: str) -> str:
    """Where it leads; a translation stands deeper in the folder, and may lead to a page that is in English only."""
    if link.startswith(("#", "http://", "https://")):
        return link
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page), link))
    return re.sub(r"^translated/\w+/", "", path)


def row_facts(cells: list[Token], page: str) -> Iterator[str]:
    """Those of each cell, and the whole first one when there is no word in it to translate."""
    for place, cell in enumerate(cells):
        yield "|"
        yield from facts(cell, page)
        bare = re.sub(r"`[^`]*`", "", cell.content)
        if place == 0 and not re.search(r"[a-zəğışçöüа-яё]{2}", bare, re.IGNORECASE):
            yield f"“{cell.content}”"


def problems(original: str, translation: str, page: str, language: str) -> list[str]:
    """What the translation lacks, and what it has beyond the original; nothing for one that is true."""
    english, other = parts(original, page), parts(translation, f"translated/{language}/{page}")
    matcher = SequenceMatcher(a=[part[:2] for part in english], b=[part[:2] for part in other], autojunk=False)
    found = []
    for change, first, last, start, end in matcher.get_opcodes():
        if change != "equal":
            found += [f"missing: {part}" for part in english[first:last]]
            found += [f"not in the English page: {part}" for part in other[start:end]]
            continue
        for theirs, ours in zip(english[first:last], other[start:end], strict=True):
            if theirs.kind == "paragraph" and theirs.words == ours.words:
                found.append(f"not translated: {theirs}")
            if theirs.kind == "row" and names(theirs) - names(ours):
                found.append(f"missing: {sorted(names(theirs) - names(ours))} of {theirs}")
    return found


def names(row: Part) -> Counter[str]:
    """The names of products in the first column of a row, as far as they can be told from words."""
    return Counter(_NAME.findall(re.sub(r"`[^`]*`", "", row.words.split(" | ")[0])))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_true_to_the_english_page(page: str, language: str) -> None:
    translation = TRANSLATED / language / page
    assert translation.is_file(), f"docs/{page} has no translation docs/translated/{language}/{page}"
    original, text = (DOCS / page).read_text(encoding="utf-8"), translation.read_text(encoding="utf-8")
    found = problems(original, text, page, language)
    assert not found, "\n".join([f"docs/translated/{language}/{page} is not what docs/{page} is:", *found])


def test_none_is_left_over() -> None:
    """A page that is renamed or removed takes its translations along."""
    found = {language: sorted(pages) for language, pages in groupby(sorted(TRANSLATED.rglob("*.md")), _language)}
    assert set(found) == set(LANGUAGES)
    for language, pages in found.items():
        for page in pages:
            assert (DOCS / page.relative_to(TRANSLATED / language)).is_file(), page


def _language(path: Path) -> str:
    return path.relative_to(TRANSLATED).parts[0]


ENGLISH = """# Some client

Set `url` in *Settings* and see [the API](../api-v1.md) and [voices](../voices.md#packs).

## How

| field | |
|---|---|
| `url` | the address |
| Open WebUI, others | the same |
| 404 | nothing |

```sh
#!/bin/sh
speak salam  # says it
```

Run it.
"""
AZERBAIJANI = """# Bir proqram

[API](../api-v1.md) və [səslər](../../../voices.md#packs) səhifələrinə baxın, *Settings* bölməsində `url` göstərin.

## Necə

| sahə | |
|---|---|
| `url` | ünvan |
| Open WebUI və başqaları | eyni |
| 404 | heç nə |

```sh
#!/bin/sh
speak salam  # onu deyir
```

İşə salın.
"""


def compared(translation: str) -> list[str]:
    return problems(ENGLISH, translation, "clients/some.md", "az")


def test_a_true_translation_passes() -> None:
    assert compared(AZERBAIJANI) == []


@pytest.mark.parametrize(
    ("there", "instead", "told"),
    [
        ("## Necə", "### Necə", "missing: h2 in “How”"),
        ("## Necə\n", "", "missing: h2 in “How”"),
        ("İşə salın.\n", "", "missing: paragraph in “How”: Run it."),
        ("İşə salın.\n", "Run it.\n", "not translated: paragraph in “How”: Run it."),
        ("speak salam", "speak sagol", "missing: code in “How”"),
        ("#!/bin/sh", "#!/bin/bash", "missing: code in “How”"),
        ("```sh", "```", "missing: code in “How”"),
        ("  # onu deyir", "", "missing: code in “How”"),
        (
            "`url` göstərin",
            "`uri` göstərin",
            "missing: paragraph in “Some client”: (api-v1.md) (voices.md#packs) *Settings* `url`",
        ),
        ("../api-v1.md", "../api-v2.md", "missing: paragraph in “Some client”"),
        ("#packs", "#paketlər", "missing: paragraph in “Some client”"),
        ("*Settings*", "*Parametrlər*", "missing: paragraph in “Some client”"),
        ("| 404 | heç nə |\n", "", "missing: row in “How”: | “404” |"),
        ("| 404 |", "| 405 |", "missing: row in “How”: | “404” |"),
        ("| `url` |", "| ünvan |", "missing: row in “How”: | `url` “`url`” |"),
        ("Open WebUI", "Açıq", "missing: ['Open', 'WebUI'] of row in “How”"),
    ],
)
def test_what_is_missing_is_named(there: str, instead: str, told: str) -> None:
    assert there in AZERBAIJANI
    assert any(problem.startswith(told) for problem in compared(AZERBAIJANI.replace(there, instead)))


def test_what_is_too_much_is_named() -> None:
    more = AZERBAIJANI + "\nDaha `bir` abzas.\n"
    assert compared(more) == ["not in the English page: paragraph in “Necə”: `bir`"]
