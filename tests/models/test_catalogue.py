import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from models.catalogue import UnknownVoice, catalogue, load

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
        assert set(voice.engines) == {"kokoro", "tone"}, voice.name


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


def test_the_catalogue_needs_nothing_heavy() -> None:
    script = (
        "import sys, models.catalogue as c; c.catalogue();"
        "print({'numpy', 'onnxruntime', 'django', 'celery'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
