import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django import Settings

from models.catalogue import catalogue


def test_it_works(person: Client, settings: Settings) -> None:
    settings.MAX_CHARACTERS = 4321
    page = person.get("/").content.decode()
    for voice in catalogue():
        assert f'value="{voice.id}" data-name="{voice.name}" data-language="{voice.language}"' in page
    assert 'data-limit="4321"' in page
    assert 'min="0.5" max="2"' in page
    assert len(re.findall(r"<option>(mp3|wav|ogg|flac)</option>", page)) == 4


@pytest.mark.django_db
def test_a_stranger_signs_in_first() -> None:
    assert Client().get("/").headers["Location"] == "/login/?next=/"


def test_the_words_of_the_script(person: Client) -> None:
    """Every word that the modules ask for is there, and none that they do not."""
    page = person.get("/").content.decode()
    found = re.search(r'<script id="words" type="application/json">(.*?)</script>', page)
    assert found
    modules = [finders.find(f"pages/{name}.js") for name in ("api", "studio", "player", "history", "reading", "fault")]
    code = "".join(Path(path).read_text(encoding="utf-8") for path in modules if path)
    assert set(json.loads(found[1])) == set(re.findall(r"\bwords\.(\w+)", code))
