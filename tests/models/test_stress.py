import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from models.phonemes import stress
from models.phonemes.stress import UNSTRESSED, VOWELS, StressUnavailable, stressed_vowel


def marked(word: str) -> int:
    """The stressed vowel of a word that is written with "+" before it."""
    return sum(letter in VOWELS for letter in word.partition("+")[0])


@pytest.mark.parametrize(
    "word",
    ["раб+ота", "говор+ят", "молок+о", "м+ожем", "+улица", "зан+ятие", "прав+ительство", "объявл+ение", "экон+омика"],
)
def test_the_dictionary_knows(word: str) -> None:
    assert stressed_vowel(word.replace("+", "")) == marked(word)


@pytest.mark.parametrize("word", stress._CORRECTIONS)
def test_a_correction_wins_over_the_dictionary(word: str) -> None:
    plain = word.replace("+", "")
    assert stressed_vowel(plain) == marked(word)
    assert stress._place_in_ipa(stress._espeak().ipa(plain)) != marked(word), "espeak-ng is right by itself now"


def test_corrections_mark_one_vowel_each() -> None:
    for word in stress._CORRECTIONS:
        assert word.count("+") == 1
        assert word.partition("+")[2][0] in VOWELS
    assert len(stress._corrected()) == len(stress._CORRECTIONS)


@pytest.mark.parametrize(("word", "place"), [("её", 1), ("ёлка", 0), ("трёхэтажный", 0), ("самолёт", 2), ("всё", 0)])
def test_yo_is_stressed(word: str, place: int) -> None:
    assert stressed_vowel(word) == place


def test_of_two_yo_the_last_is_stressed() -> None:
    assert stressed_vowel("трёхзвёздный") == 1


@pytest.mark.parametrize("word", sorted(UNSTRESSED))
def test_function_words_are_not_stressed(word: str) -> None:
    assert stressed_vowel(word) is None


def test_content_words_and_pronouns_are_stressed() -> None:
    assert not UNSTRESSED & {"он", "мы", "что", "как", "там", "вот", "где", "через"}


@pytest.mark.parametrize("word", ["дом", "я", "ты", "взгляд"])
def test_a_word_of_one_syllable_is_stressed(word: str) -> None:
    assert stressed_vowel(word) == 0


@pytest.mark.parametrize("word", ["", "гм", "ьъ"])
def test_without_a_vowel_there_is_no_stress(word: str) -> None:
    assert stressed_vowel(word) is None


@pytest.mark.parametrize("word", ["абвгдежзийклмно", "ааааааааа", "щщщаы", "бббэбббюббб", "о" * 300])
def test_the_place_is_one_of_the_words_vowels(word: str) -> None:
    place = stressed_vowel(word)
    assert place is None or 0 <= place < sum(letter in VOWELS for letter in word)


@pytest.mark.parametrize(
    ("ipa", "place"), [("rabˈota", 1), ("mˌoʒym", 0), ("ˌɛkˈa", 1), ("pʌɡrˌanitʃnˈɨj", 3), ("dom", None), ("", None)]
)
def test_the_primary_mark_counts_and_else_the_secondary(ipa: str, place: int | None) -> None:
    assert stress._place_in_ipa(ipa) == place


def test_threads_get_the_answers_that_one_thread_gets() -> None:
    """espeak-ng keeps its state in globals."""
    words = [f"{start}{word}" for start in ("пере", "вы", "за", "о") for word in ("говорить", "делать", "писание")] * 20
    espeak = stress._espeak()
    expected = [espeak.ipa(word) for word in words]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(espeak.ipa, words)) == expected


def test_the_library_starts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []
    barrier = threading.Barrier(4)

    class Slow:
        def __init__(self) -> None:
            started.append(1)

    monkeypatch.setattr(stress, "_Espeak", Slow)
    stress._started_espeak.cache_clear()

    def user(_: int) -> object:
        barrier.wait()
        return stress._espeak()

    with ThreadPoolExecutor(4) as threads:
        assert len(set(map(id, threads.map(user, range(4))))) == 1
    stress._started_espeak.cache_clear()
    assert started == [1]


def test_a_long_installation_path_is_no_obstacle(tmp_path: Path) -> None:
    """espeak-ng keeps its data's path in 160 bytes and ends silently cut beyond that."""
    import espeakng_loader

    site = tmp_path / ("x" * 100) / ("y" * 100)
    site.mkdir(parents=True)
    (site / "espeakng_loader").symlink_to(Path(espeakng_loader.__file__).parent, target_is_directory=True)
    script = (
        "import espeakng_loader, models.phonemes.stress as s;"
        "assert len(espeakng_loader.get_data_path()) > 200; print(s.stressed_vowel('экономика'))"
    )
    root = str(Path(stress.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env={"PYTHONPATH": f"{site}:{root}"}
    )
    assert done.stdout.strip() == "2", done.stderr


def test_missing_data_is_a_clear_error_and_not_the_end_of_the_process(
    tmp_path: Path,
) -> None:
    script = (
        "import espeakng_loader, models.phonemes.stress as s;"
        f"espeakng_loader.get_data_path = lambda: {str(tmp_path / 'none')!r};"
        "s.stressed_vowel('экономика')"
    )
    root = str(Path(stress.__file__).parents[2])
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=root)
    assert StressUnavailable.__name__ in done.stderr


def test_a_library_that_cannot_be_loaded_is_a_clear_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import espeakng_loader

    monkeypatch.setattr(espeakng_loader, "get_library_path", lambda: str(tmp_path / "none.so"))
    with pytest.raises(StressUnavailable, match="reinstall espeakng-loader"):
        stress._Espeak()
