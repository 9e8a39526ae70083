"""What is wrong in a document, told in the reader's language and at its place."""

import ast
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from synthesis.domain.errors import InvalidInput
from synthesis.domain.ssml import Misplaced
from synthesis.pages.ssml import TEMPLATES, told
from synthesis.services import ssml
from synthesis.services.voices import catalogue

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
SOURCES = [*(ROOT / "synthesis/domain/ssml").glob("*.py"), ROOT / "synthesis/services/ssml.py"]


def raised() -> set[str]:
    """The templates in the code that refuses."""
    found = set()
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Refused", "ssml.Refused"}:
                (template,) = node.args
                if isinstance(template, ast.Constant):
                    found.add(str(template.value))
                else:
                    assert "ErrorString" in ast.unparse(template), "a template, not a made-up sentence"
    return found


def test_every_problem_can_be_told() -> None:
    assert len(raised()) > 40
    assert raised() <= set(TEMPLATES)
    assert {template for template in TEMPLATES if "{" in template or "<" in template} <= raised()


def problem(document: str) -> Misplaced:
    with pytest.raises(InvalidInput) as refused:
        ssml.check(document, catalogue().get(325640))
    assert isinstance(refused.value, Misplaced)
    return refused.value


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            "Line 2, column 3: <break>: strength is one of none, x-weak, weak, medium, strong, x-strong, not “huge”.",
        ),
        ("az", "Sətir 2, sütun 3: <break>: strength bunlardan biri olmalıdır: none, x-weak, weak, medium, strong,"),
        ("tr", "Satır 2, sütun 3: <break>: strength şunlardan biri olmalıdır: none, x-weak, weak, medium, strong,"),
        ("ru", "Строка 2, столбец 3: <break>: strength — одно из none, x-weak, weak, medium, strong, x-strong, а не"),
    ],
)
def test_told(language: str, sentence: str) -> None:
    with translation.override(language):
        assert told(problem('<speak>\nə <break strength="huge"/></speak>')).startswith(sentence)


def test_braces_of_the_document_are_no_gaps() -> None:
    assert told(problem("<speak><lang xml:lang='{0}'>a</lang></speak>")).endswith("not “{0}”.")
    assert "'{name}'" in told(problem("<speak><voice name='{name}'>a</voice></speak>"))


def ask(person: Client, text: Any, **fields: Any) -> Any:
    sent = {"text": text, "voice_id": 325640, "speed": 1.0, **fields}
    return person.post("/studio/ssml/", sent, content_type="application/json")


def test_the_page_asks(person: Client) -> None:
    person.cookies["django_language"] = "tr"
    answer = ask(person, "<speak>ə <audio/></speak>").json()["problem"]
    assert answer["offset"] == 9
    assert answer["message"].startswith("Satır 1, sütun 10: <audio> desteklenmiyor.")
    assert ask(person, "<speak>Salam!</speak>").json() == {"problem": None}
    assert ask(person, "<speak>…</speak>").json() == {"problem": None}, "of no place: the API says it"
    too_fast = '<speak><prosody rate="1.5">a</prosody></speak>'
    assert ask(person, too_fast).json() == {"problem": None}
    assert ask(person, too_fast, speed=1.5).json()["problem"]["offset"] == 7


@pytest.mark.parametrize("fields", [{"voice_id": 7}, {"voice_id": None}, {"speed": "fast"}])
def test_what_is_no_question(person: Client, fields: dict[str, Any]) -> None:
    assert ask(person, "<speak>a</speak>", **fields).status_code == 400


def test_a_book_is_not_looked_at_here(person: Client) -> None:
    assert ask(person, "<speak>" + "a" * 70_000).status_code == 400


def test_a_stranger_is_told_nothing() -> None:
    assert ask(Client(), "<speak>").status_code == 302
