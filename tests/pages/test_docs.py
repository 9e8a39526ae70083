import json
import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from synthesis.pages import docs

pytestmark = pytest.mark.django_db
PAGES = list(docs._served())
TRANSLATED = [name for name in PAGES if name == "api-v1" or name.startswith("clients/")]
SCRIPT = Path(docs.__file__).parent / "static/pages/docs.js"
# A heading of the v1 page, one of every guide, and what says that a page is in English.
LANGUAGES = {
    "az": ("Kodlar", "Nə yoxlanılıb", "Bu səhifə yalnız ingilis dilindədir."),
    "tr": ("Kodlar", "Neler denendi", "Bu sayfa yalnızca İngilizcedir."),
    "ru": ("Коды", "Что проверено", "Эта страница есть только на английском языке."),
}


def page(path: str, language: str = "en") -> str:
    response = Client(headers={"Accept-Language": language}).get(path)
    assert response.status_code == 200
    text: str = response.content.decode()
    return text


def test_it_works() -> None:
    index = page("/docs/")
    assert "api-v1" in PAGES
    for name in PAGES:
        assert f'href="/docs/{name}/"' in index


def article_of(name: str, language: str = "en") -> str:
    text = page(f"/docs/{name}/", language)
    return text[text.index("<article") : text.index("</article>")]


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
@pytest.mark.parametrize("name", PAGES)
def test_every_page(name: str, language: str) -> None:
    article = article_of(name, language)
    assert article.count("<h1") == 1
    for link in re.findall(r'href="([^"]+)"', article):
        if link.startswith("#"):
            assert f'id="{link[1:]}"' in article, f"{link} of {name} leads nowhere"
        elif not link.startswith("http"):
            target, _, anchor = link.partition("#")
            assert f'id="{anchor}"' in page(target, language) if anchor else page(target, language)
    assert "<table>" in article or "|--" not in article


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_the_readers_language(language: str) -> None:
    codes, run, only_english = LANGUAGES[language]
    for name, heading in (("api-v1", codes), ("clients/n8n", run)):
        text = page(f"/docs/{name}/", language)
        assert f'<article lang="{language}"' in text
        assert f">{heading}</h2>" in text
        assert only_english not in text
        headings = [re.findall(r'<h\d id="([^"]*)"', article_of(name, each)) for each in (language, "en")]
        assert headings[0] == headings[1], "a link to a section leads there in every language"
    assert f'<li><a lang="{language}" href="#codes">{codes}</a>' in page("/docs/api-v1/", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_translated_is_shown_in_english(language: str) -> None:
    response = Client(headers={"Accept-Language": language}).get("/docs/voices/")
    text = response.content.decode()
    assert f'<html lang="{language}">' in text
    assert f'<p class="note">{LANGUAGES[language][2]}</p>\n<article lang="en"' in text
    assert response["Content-Language"] == f"{language}, en"
    contents = [re.sub(r"^<article[^>]*>", "", article_of("voices", each)) for each in (language, "en")]
    assert contents[0] == contents[1]


def test_english_readers_are_told_nothing() -> None:
    response = Client().get("/docs/voices/")
    assert response["Content-Language"] == "en"
    assert "in English" not in response.content.decode() + page("/docs/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_index_has_titles_in_the_readers_language(language: str) -> None:
    index = page("/docs/", language)
    for name in PAGES:
        shown = language if name in TRANSLATED else "en"
        title = re.search(r"<h1[^>]*>(.*)</h1>", article_of(name, language))
        assert title
        link = f'<a href="/docs/{name}/" hreflang="{shown}"><span lang="{shown}">{title[1]}</span>'
        assert f"{link}</a>" in index if shown == language else f"{link} <small>" in index


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_samples_of_the_api_are_there_in_every_language(language: str) -> None:
    """The form, its voices, and every word that the script says."""
    english, text = page("/docs/api-v1/"), page("/docs/api-v1/", language)
    for pattern in (r'id="(snippet-\w+|samples|try|words)"', r'name="(key|voice|text)"', r'<option value="(\d+)"'):
        found = re.findall(pattern, text)
        assert found == re.findall(pattern, english)
        assert found
    ours, theirs = (
        json.loads(re.findall(r'<script id="words"[^>]*>(.*?)</script>', each)[0]) for each in (text, english)
    )
    assert set(ours) == set(theirs) == set(re.findall(r'say\("(\w+)"\)', SCRIPT.read_text(encoding="utf-8")))
    assert all(ours[word] != theirs[word] for word in theirs)


def test_samples_hold_this_services_own_address(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://tts.example.az/speech"
    for language in ("en", *LANGUAGES):
        text = page("/docs/api-v1/", language)
        assert "https://tts.example.az/speech/api/v1/" in text
        assert "HOST:PORT" not in text


@pytest.mark.parametrize(
    "name", ["decisions", "../README", "..%2fREADME", "nothing", "api-v1.md", "%00", "translated/az/api-v1"]
)
def test_nothing_else_is_served(name: str) -> None:
    assert Client().get(f"/docs/{name}/").status_code == 404


def test_guides_of_clients(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "clients").mkdir()
    (tmp_path / "api-v1.md").write_text("# The API\n\n## Codes\n", encoding="utf-8")
    guide = "# Some client\n\nSee [the API](../api-v1.md#codes), [how](../../README.md) and <b>this</b>.\n"
    (tmp_path / "clients/some.md").write_text(guide, encoding="utf-8")
    monkeypatch.setattr(docs, "_FOLDER", tmp_path)
    assert "Some client" in page("/docs/")
    text = page("/docs/clients/some/")
    assert '<a href="/docs/api-v1/#codes">the API</a>' in text
    assert "how and &lt;b&gt;this&lt;/b&gt;" in text


def test_links_of_translations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To a translated page, to one that is not, and to a heading: the English words name it in every language."""
    (tmp_path / "translated/az/clients").mkdir(parents=True)
    (tmp_path / "clients").mkdir()
    (tmp_path / "voices.md").write_text("# Voices\n", encoding="utf-8")
    (tmp_path / "api-v1.md").write_text("# The API\n\n## Codes\n", encoding="utf-8")
    (tmp_path / "clients/some.md").write_text("# Some client\n", encoding="utf-8")
    (tmp_path / "translated/az/api-v1.md").write_text("# API-miz\n\n## Kodlar\n\n## Başqa\n", encoding="utf-8")
    guide = "# Bir proqram\n\n[API](../api-v1.md#codes), [səslər](../../../voices.md), [bax](../../../decisions.md)\n"
    (tmp_path / "translated/az/clients/some.md").write_text(guide, encoding="utf-8")
    monkeypatch.setattr(docs, "_FOLDER", tmp_path)
    text = page("/docs/clients/some/", "az")
    assert '<a href="/docs/api-v1/#codes">API</a>, <a href="/docs/voices/">səslər</a>, bax' in text
    assert '<h2 id="codes">Kodlar</h2>\n<h2 id="başqa">Başqa</h2>' in page("/docs/api-v1/", "az")
    assert "Bir proqram" in page("/docs/", "az")
    assert "Some client" in page("/docs/", "tr")


def test_only_these_pages_play_what_a_script_fetched() -> None:
    for path, allowed in (("/docs/api-v1/", True), ("/docs/", False), ("/login/", False)):
        assert ("blob:" in Client().get(path)["Content-Security-Policy"]) is allowed
