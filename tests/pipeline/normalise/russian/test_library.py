"""What is given to ru-normalizr, and what is kept from it."""

import sys
from concurrent.futures import ThreadPoolExecutor
from subprocess import run

import pytest

from tests.pipeline.normalise.russian.reading import read
from workers.pipeline.normalise.russian import library


def _rest(text: str) -> list[str]:
    return [edit.text for edit in library.rest(text)]


@pytest.mark.parametrize("text", ["Мама мыла раму.", "МВД и ООН.", "Он сказал: да.", "Windows и iPhone."])
def test_plain_sentences_do_not_reach_the_library(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "_normalizer", lambda: pytest.fail("not needed"))
    assert _rest(text) == []


def test_what_is_left_is_read() -> None:
    assert " ".join(_rest("Было 5 книг.")) == "пять"


class _Lossy:
    def normalize(self, text: str) -> str:
        return text.replace("важное", "").replace("5", "пять")


def test_a_reading_that_loses_a_word_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "_normalizer", _Lossy)
    assert _rest("Это важное слово и 5 книг.") == []
    assert _rest("Это слово и 5 книг.") == ["пять"]


class _Stressing:
    def normalize(self, text: str) -> str:
        return text.replace("5", "пя\u0301ть")


def test_stress_marks_are_not_put_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "_normalizer", _Stressing)
    assert _rest("Было 5 книг.") == ["пять"]


def test_latin_words_are_left_to_the_letters_stage() -> None:
    assert _rest("Google купил 5 фирм.") == ["пять"]


def test_threads_may_read_at_the_same_time() -> None:
    sentences = [f"Было {number} книг и {number}-й том." for number in range(40)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(read, sentences)) == [read(sentence) for sentence in sentences]


def test_neither_dictionary_nor_library_is_loaded_before_it_is_needed() -> None:
    code = (
        "import sys; from workers.pipeline.normalise.russian import STAGES;"
        "print(sum(len(list(rule('Мама мыла раму.'))) for _, rule in STAGES),"
        "{'pymorphy3', 'ru_normalizr'} & set(sys.modules))"
    )
    ended = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["0", "set()"]
