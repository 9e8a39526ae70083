import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from synthesis.pages import docs

pytestmark = pytest.mark.django_db
PAGES = list(docs._served())


def page(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200
    text: str = response.content.decode()
    return text


def test_it_works() -> None:
    index = page("/docs/")
    assert "api-v1" in PAGES
    for name in PAGES:
        assert f'href="/docs/{name}/"' in index


@pytest.mark.parametrize("name", PAGES)
def test_every_page(name: str) -> None:
    text = page(f"/docs/{name}/")
    article = text[text.index("<article") : text.index("</article>")]
    assert article.count("<h1") == 1
    for link in re.findall(r'href="([^"]+)"', article):
        if link.startswith("#"):
            assert f'id="{link[1:]}"' in article, f"{link} of {name} leads nowhere"
        elif not link.startswith("http"):
            target, _, anchor = link.partition("#")
            assert f'id="{anchor}"' in page(target) if anchor else page(target)
    assert "<table>" in article or "|--" not in article


def test_samples_hold_this_services_own_address(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://tts.example.az/speech"
    text = page("/docs/api-v1/")
    assert "https://tts.example.az/speech/api/v1/" in text
    assert "HOST:PORT" not in text


@pytest.mark.parametrize("name", ["decisions", "../README", "..%2fREADME", "nothing", "api-v1.md", "%00"])
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


def test_only_these_pages_play_what_a_script_fetched() -> None:
    for path, allowed in (("/docs/api-v1/", True), ("/docs/", False), ("/login/", False)):
        assert ("blob:" in Client().get(path)["Content-Security-Policy"]) is allowed
