import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from models import catalogue as module
from models.catalogue import UnknownVoice, catalogue, configure, load, with_operators_file
from models.engines.loader import names

# What the API's public documentation promises.
DOCUMENTED = {
    325640: ("az", "female", "Aytac"),
    325641: ("az", "female", "Aynur"),
    325642: ("az", "male", "Ramin"),
    325643: ("az", "male", "Elchin"),
    325648: ("az", "male", "Kamil"),
    325647: ("tr", "female", "Zeynep"),
    325646: ("tr", "male", "Mesut"),
    325644: ("tr", "female", "Sibel"),
    325645: ("ru", "female", "Anna"),
}

GOOD = """
[[voice]]
id = 1
name = "Ada"
language = "tr"
gender = "female"
licence = "Apache-2.0"
aliases = [11, 12]
gain_db = -3
engines.tone.hertz = 200

[[voice]]
id = 2
name = "Can"
language = "az"
gender = "male"
licence = "Apache-2.0"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "voices.toml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_the_shipped_catalogue_is_the_documented_one() -> None:
    assert {voice.id: (voice.language, voice.gender, voice.name) for voice in catalogue()} == DOCUMENTED


def test_ids_and_iteration_keep_the_order_of_the_file() -> None:
    assert catalogue().ids() == tuple(DOCUMENTED)
    assert [voice.id for voice in catalogue()] == list(DOCUMENTED)
    assert len(catalogue()) == len(DOCUMENTED)
    assert catalogue().languages() == ("az", "tr", "ru")


def test_get_finds_a_voice_by_its_id() -> None:
    assert catalogue().get(325645).name == "Anna"


def test_get_resolves_aliases_to_the_voice_itself(file: Path) -> None:
    loaded = load(file)
    assert loaded.get(11) is loaded.get(12) is loaded.get(1)
    assert loaded.ids() == (1, 2)


def test_the_id_of_a_published_client_is_answered() -> None:
    assert catalogue().get(325652).id == 325640


def test_an_unknown_id_is_refused_and_named() -> None:
    with pytest.raises(UnknownVoice, match="999") as caught:
        catalogue().get(999)
    assert caught.value.voice_id == 999


def test_optional_fields_have_defaults(file: Path) -> None:
    voice = load(file).get(2)
    assert (voice.gain_db, voice.aliases, dict(voice.engines)) == (0.0, (), {})


def test_every_shipped_voice_can_be_spoken_by_every_engine() -> None:
    for voice in catalogue():
        assert set(voice.engines) == set(names()), voice.name


def test_shipped_voices_are_told_apart_by_style_and_pitch() -> None:
    assert len({voice.engines["kokoro"]["style"] for voice in catalogue()}) == len(DOCUMENTED)
    assert len({voice.engines["tone"]["hertz"] for voice in catalogue()}) == len(DOCUMENTED)


def test_a_voice_cannot_be_changed() -> None:
    voice = catalogue().get(325640)
    with pytest.raises(FrozenInstanceError):
        voice.gain_db = 3.0  # type: ignore[misc]
    with pytest.raises(TypeError):
        voice.engines["tone"]["hertz"] = 1  # type: ignore[index]


def test_a_voice_can_be_a_key() -> None:
    assert {voice: voice.name for voice in catalogue()}[catalogue().get(325643)] == "Elchin"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('language = "tr"', 'language = "en"', "voice entry 1 1 Ada: unknown language 'en'"),
        ('gender = "male"', 'gender = "other"', "voice entry 2 2 Can: unknown gender 'other'"),
        ("id = 2", "id = 1", "voice Can: id 1 is already Ada's"),
        ("id = 2", "id = 12", "voice Can: id 12 is already Ada's"),
        ("aliases = [11, 12]", "aliases = [1]", "voice Ada: id 1 is already Ada's"),
        ("aliases = [11, 12]", 'aliases = ["11"]', "voice entry 1 1 Ada: '11' is not an id"),
        ("id = 2", 'id = "2"', "voice entry 2 2 Can: id has the wrong type"),
        ("id = 2", "id = true", "voice entry 2 True Can: id has the wrong type"),
        ("id = 2", "id = -2", "voice entry 2 -2 Can: -2 is not an id"),
        ("id = 2", "", "voice entry 2 Can: missing id"),
        ('name = "Can"', 'name = " "', "voice entry 2 2  : name is empty"),
        ('licence = "Apache-2.0"', 'license = "Apache-2.0"', "voice entry 1 1 Ada: missing licence"),
        ("gain_db = -3", "gain_db = nan", "voice entry 1 1 Ada: gain_db nan is outside"),
        ("gain_db = -3", "gain_db = 60", "voice entry 1 1 Ada: gain_db 60 is outside"),
        ("gain_db = -3", "gain = -3", "voice entry 1 1 Ada: unknown field gain"),
        ("engines.tone.hertz = 200", "engines.tone = 200", "voice entry 1 1 Ada: engines.tone is not a table"),
        ("engines.tone.hertz = 200", "engines.piper.x = 1", "voice entry 1 1 Ada: engines.piper: known engines are"),
        ("engines.tone.hertz = 200", "engines.tone.herz = 200", "1 Ada: engines.tone: unknown key herz"),
        ("engines.tone.hertz = 200", "engines.tone = {}", "1 Ada: engines.tone: missing hertz"),
        ("engines.tone.hertz = 200", 'engines.tone.hertz = "200"', "1 Ada: engines.tone.hertz has the wrong type"),
        ("engines.tone.hertz = 200", 'engines.coqui.speaker = "x"', "1 Ada: engines.coqui: missing model"),
        ("engines.tone.hertz = 200", 'engine = "coqui"', "1 Ada: engine 'coqui' has no settings"),
        ("gain_db = -3", "engine = 3", "1 Ada: engine has the wrong type"),
        (GOOD, "", r"no \[\[voice\]\] entry"),
        (GOOD, "voice = [1]", "voice entry 1: not a table"),
        (GOOD, "[[voice", "voices.toml"),
    ],
)
def test_a_bad_file_is_refused_with_the_entry_named(file: Path, old: str, new: str, complaint: str) -> None:
    assert old in GOOD
    file.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=complaint) as caught:
        load(file)
    assert str(file) in str(caught.value)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.toml")


# --- The operator's file ----------------------------------------------------------------------------------------------

OPERATORS = """
[[voice]]
id = 500
name = "Leyla"
language = "az"
gender = "female"
licence = "CC-BY-NC-4.0"
aliases = [501]
engine = "coqui"
engines.coqui = { model = "mms-azj", converter = "openvoice-v2", reference = "references/leyla.wav", speed = 1.1 }

[[change]]
id = 325647
engine = "coqui"
gain_db = -2
engines.coqui = { model = "xtts-v2", speaker = "Ana Florence" }

[aliases]
325652 = 325642
77 = 500
"""


@pytest.fixture
def operators(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "operators.toml"
    path.write_text(OPERATORS, encoding="utf-8")
    yield path
    configure(None)


def test_an_operator_adds_and_changes_voices(operators: Path) -> None:
    configure(operators)
    leyla = catalogue().get(500)
    assert (leyla.name, leyla.engine, leyla.aliases) == ("Leyla", "coqui", (501, 77))
    assert leyla.engines["coqui"]["speed"] == 1.1
    zeynep = catalogue().get(325647)
    assert (zeynep.name, zeynep.engine, zeynep.gain_db, zeynep.licence) == ("Zeynep", "coqui", -2.0, "Apache-2.0")
    assert dict(zeynep.engines["coqui"]) == {"model": "xtts-v2", "speaker": "Ana Florence"}
    assert zeynep.engines["kokoro"]["style"] == "zeynep"
    assert catalogue().ids() == (*DOCUMENTED, 500)


def test_an_operator_moves_an_alias(operators: Path) -> None:
    configure(operators)
    assert catalogue().get(325652).name == "Ramin"
    assert catalogue().get(325640).aliases == ()
    assert catalogue().get(77).name == "Leyla"


def test_without_the_file_everything_is_as_shipped(operators: Path) -> None:
    configure(operators)
    configure(None)
    assert catalogue().ids() == tuple(DOCUMENTED)
    assert catalogue().get(325652).name == "Aytac"


def test_a_change_of_the_file_shows_at_the_next_call(operators: Path) -> None:
    configure(operators)
    assert catalogue() is catalogue()
    operators.write_text(OPERATORS.replace('"Leyla"', '"Nigar"'), encoding="utf-8")
    assert catalogue().get(500).name == "Nigar"
    replacement = operators.with_name("other.toml")
    replacement.write_text(OPERATORS.replace('"Leyla"', '"Lalə"'), encoding="utf-8")
    replacement.replace(operators)
    assert catalogue().get(500).name == "Lalə"


@pytest.mark.parametrize("mistake", ["[[voice]", "", None])
def test_a_mistake_while_running_keeps_the_last_good_voices(
    operators: Path, mistake: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    configure(operators)
    with caplog.at_level("ERROR", logger="voicen.catalogue"):
        if mistake is None:
            operators.unlink()
        else:
            operators.write_text(mistake or OPERATORS.replace("id = 500", "id = 325640"), encoding="utf-8")
        assert catalogue().get(500).name == "Leyla"
        assert catalogue().get(500).name == "Leyla"
    assert len(caplog.records) == 1
    assert str(operators) in caplog.text
    operators.write_text(OPERATORS.replace('"Leyla"', '"Nigar"'), encoding="utf-8")
    assert catalogue().get(500).name == "Nigar"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("id = 500", "id = 325640", "voice Leyla: id 325640 is already Aytac's"),
        ("id = 500", "id = 325652", "aliases: 77 = 500 does not name a voice"),
        ("aliases = [501]", "aliases = [325645]", "voice Leyla: id 325645 is already Anna's"),
        ("325652 = 325642", "325641 = 325642", "id 325641 is already Aynur's|already Ramin's"),
        ("325652 = 325642", "325652 = 1", "aliases: 325652 = 1 does not name a voice"),
        ("325652 = 325642", "x = 325642", "aliases: 'x' is not an id"),
        ("[aliases]", "[alias]", "unknown table alias"),
        ("id = 325647", "id = 325652", "change entry 1 325652: id does not name a voice"),
        ("gain_db = -2", 'name = "Z"', "change entry 1 325647 Z: name cannot be changed"),
        ("gain_db = -2", "gain_db = 99", "change entry 1 325647: gain_db 99 is outside"),
        ('engine = "coqui"\ngain', 'engine = "piper"\ngain', "change entry 1 325647: engine 'piper' has no settings"),
        ('speaker = "Ana Florence"', "speakr = 1", "change entry 1 325647: engines.coqui: unknown key speakr"),
        ("[[change]]", "[change]", "change is not a list"),
        ("speed = 1.1", 'speed = "fast"', "voice entry 1 500 Leyla: engines.coqui.speed has the wrong type"),
    ],
)
def test_a_mistake_in_the_operators_file_is_named(operators: Path, old: str, new: str, complaint: str) -> None:
    assert old in OPERATORS
    operators.write_text(OPERATORS.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=complaint) as caught:
        configure(operators)
    assert str(caught.value).startswith(f"{operators}: ")
    assert catalogue().ids() == tuple(DOCUMENTED)


def test_an_operators_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        configure(tmp_path / "none.toml")
    assert catalogue().ids() == tuple(DOCUMENTED)


def test_many_threads_see_one_catalogue(operators: Path) -> None:
    configure(operators)
    with ThreadPoolExecutor(8) as threads:
        seen = list(threads.map(lambda _: catalogue(), range(200)))
    assert all(one is seen[0] for one in seen)


def test_voices_can_be_added_to_any_catalogue(operators: Path) -> None:
    base = with_operators_file(load(module._SHIPPED), operators)
    assert base.extended([]).ids() == base.ids()
    with pytest.raises(ValueError, match="id 500 is already Leyla's"):
        base.extended([base.get(500)])


def test_the_catalogue_needs_nothing_heavy() -> None:
    script = (
        "import sys, models.catalogue as c; c.catalogue();"
        "print({'numpy', 'onnxruntime', 'django', 'celery'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
