"""``manage.py voices …`` as operators type it."""

import io
import sys
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from models.packs import library, licences
from synthesis.models import LexiconEntry
from synthesis.services import lexicon
from tests.packs import making
from workers.pipeline import render
from workers.pipeline.chunking import Chunk

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """The folder of packs."""
    settings.VOICES_DIR = tmp_path / "voices"
    return tmp_path / "voices"


@pytest.fixture
def run(folder: Path) -> Callable[..., str]:
    """Run the command; what it wrote."""

    def call(*arguments: object) -> str:
        output = io.StringIO()
        call_command("voices", *map(str, arguments), stdout=output, stderr=io.StringIO())
        return output.getvalue()

    return call


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return making.model_folder(tmp_path / "model")


def test_list_says_what_can_be_had_and_what_voices_need(run: Callable[..., str], folder: Path) -> None:
    text = run("list")
    assert f"None in {folder}." in text
    assert "mms-azj        az     CC-BY-NC-4.0" in text
    assert "325640 Aytac      az tone    Apache-2.0\n" in text
    assert "325640 Aytac      mms-azj (missing), openvoice-v2 (missing), references/325640.wav (missing)" in text


def test_list_shows_the_licence_of_each_voice(run: Callable[..., str], settings: Settings) -> None:
    settings.ENGINE = "coqui"
    assert run("list").count("CC-BY-NC-4.0 AND MIT (no commercial use); recording: Apache-2.0\n") == 9


def test_say_reads_as_the_service_does(
    run: Callable[..., str], settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With everybody's lexicon, and without the stages that are switched off."""
    read: list[str] = []
    speak_chunk = render.speak_chunk

    def listen(chunk: Chunk, *rest: Any) -> bytes:
        read.append(chunk.text)
        return speak_chunk(chunk, *rest)

    monkeypatch.setattr(render, "speak_chunk", listen)
    lexicon.save(LexiconEntry(language="az", grapheme="Salam", alias="xoş gəldin"))
    run("say", "325640", "Salam XIV.", tmp_path / "a.wav")
    settings.READING_WITHOUT = ["romans"]
    run("say", "325640", "Salam XIV.", tmp_path / "a.mp3")
    assert "oş gəldin" in read[0]
    assert read[0] != read[1]


def test_install_list_verify_remove(run: Callable[..., str], model: Path, folder: Path) -> None:
    text = run("install", "demo", "--from", model, "--licence", "mit", "--language", "az", "--title", "A demonstration")
    assert "demo is installed: A demonstration, MIT" in text
    assert "trusted on first use" in text
    pack = library.get(folder, "demo")
    assert (pack.licence, pack.languages, pack.family) == ("MIT", ("az",), "vits")
    assert "demo az MIT 0.0 MB vits (hashes trusted on first use)" in " ".join(run("list").split())
    assert run("verify") == run("verify", "demo") == "demo is whole.\n"
    (folder / "demo" / "model.pth").write_bytes(b"")
    with pytest.raises(CommandError, match=r"1 of 1 voice packs are not whole\."):
        run("verify")
    assert run("remove", "demo") == "demo is removed.\n"
    with pytest.raises(CommandError, match="demo is not installed"):
        run("remove", "demo")
    with pytest.raises(CommandError, match="demo is not installed"):
        run("verify", "demo")


def test_a_pack_that_cannot_be_read_is_listed(run: Callable[..., str], model: Path, folder: Path) -> None:
    run("install", "demo", "--from", model, "--licence", "MIT")
    (folder / "demo" / "pack.toml").write_text("name = 1")
    assert "pack.toml: files is missing" in run("list")


def test_a_licence_has_to_be_accepted_by_name(
    run: Callable[..., str], model: Path, folder: Path, settings: Settings
) -> None:
    install = ("install", "xtts-v2", "--from", model)
    with pytest.raises(CommandError, match="VOICEN_ACCEPTED_LICENCES=CPML"):
        run(*install)
    with pytest.raises(CommandError, match="VOICEN_ACCEPTED_LICENCES=CPML"):
        run(*install, "--accept-licence", "CC-BY-NC-4.0")
    assert not (folder / "xtts-v2").exists()
    # past the gate: this folder is no XTTS
    with pytest.raises(CommandError, match=r"has no file vocab\.json, which xtts-v2 needs"):
        run(*install, "--accept-licence", "cpml")
    assert set(licences.recorded(folder)) == {"CC-BY-NC-4.0", "CPML"}
    assert "CPML on 2" in run("list")
    with pytest.raises(CommandError, match="no file vocab"):  # kept: not asked again
        run(*install)
    (folder / "licences.toml").unlink()
    settings.ACCEPTED_LICENCES = frozenset({"CPML"})
    assert "CPML by VOICEN_ACCEPTED_LICENCES" in run("list")
    with pytest.raises(CommandError, match="no file vocab"):
        run(*install)


def test_a_licence_cannot_be_talked_away(run: Callable[..., str], model: Path) -> None:
    with pytest.raises(CommandError, match="xtts-v2 is under CPML: --licence is for packs that state none"):
        run("install", "xtts-v2", "--from", model, "--licence", "MIT")


def test_an_installed_pack_whose_licence_is_not_accepted_here(
    run: Callable[..., str], model: Path, folder: Path
) -> None:
    run("install", "demo", "--from", model, "--licence", "CPML", "--accept-licence", "CPML")
    (folder / "licences.toml").unlink()
    assert "LICENCE NOT ACCEPTED" in run("list")


def test_what_is_not_known_has_to_be_said(run: Callable[..., str], model: Path) -> None:
    with pytest.raises(CommandError, match="No licence is known for demo"):
        run("install", "demo", "--from", model)
    with pytest.raises(CommandError, match="no voice pack is known as 'demo'"):
        run("install", "demo")
    with pytest.raises(CommandError, match="--licence: 'a,b' is not the name of a licence"):
        run("install", "demo", "--from", model, "--licence", "a,b")
    with pytest.raises(CommandError, match="--accept-licence: 'a b/c' is not the name"):
        run("install", "demo", "--from", model, "--licence", "MIT", "--accept-licence", "a b/c")
    with pytest.raises(CommandError, match="not a name for a voice pack"):
        run("install", "../demo", "--from", model, "--licence", "MIT")


def test_a_folder_that_is_a_pack_tells_everything_itself(run: Callable[..., str], model: Path, folder: Path) -> None:
    run("install", "demo", "--from", model, "--licence", "MIT", "--language", "tr", "--title", "Demo")
    copied = model.with_name("copied")
    (folder / "demo").rename(copied)
    text = run("install", "demo", "--from", copied)
    assert "demo is installed: Demo, MIT" in text
    assert "trusted on first use" not in text  # its manifest knew the hashes
    (copied / "model.pth").write_bytes(making.checkpoint(weights=b"other"))
    run("remove", "demo")
    with pytest.raises(CommandError, match=r"model\.pth has \d+ bytes instead of"):
        run("install", "demo", "--from", copied)


def test_export_and_import(run: Callable[..., str], model: Path, folder: Path, settings: Settings) -> None:
    run("install", "demo", "--from", model, "--licence", "CPML", "--accept-licence", "CPML")
    file = model.with_name("demo.pack")
    assert f"{file}: 0.0 MB" in run("export", "demo", file)
    settings.VOICES_DIR = folder.with_name("other")
    with pytest.raises(CommandError, match="under CPML"):
        run("import", file)
    assert "demo is installed" in run("import", file, "--accept-licence", "CPML")
    library.get(settings.VOICES_DIR, "demo").verify()
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(CommandError, match="cut short"):
        run("import", file, "--replace")
    library.get(settings.VOICES_DIR, "demo").verify()


def test_a_pack_in_use_is_not_removed_unasked(run: Callable[..., str], model: Path, settings: Settings) -> None:
    run("install", "openvoice-v2", "--from", openvoice(model), "--replace")
    settings.ENGINE = "coqui"
    with pytest.raises(CommandError, match=r"Voices 325640, .* are spoken with openvoice-v2: add --force"):
        run("remove", "openvoice-v2")
    run("remove", "openvoice-v2", "--force")


def openvoice(model: Path) -> Path:
    """A folder that says of itself that it is openvoice-v2, since the real one's hashes are known."""
    (model / "pack.toml").write_text(
        'name = "openvoice-v2"\ntitle = "x"\nfamily = "openvoice"\nlanguages = []\nlicence = "MIT"\nsource = "x"\n'
        + "".join(
            f'[[files]]\npath = "{file.name}"\nsize = {file.stat().st_size}\nsha256 = "{library.sha256(file)}"\n'
            for file in sorted(model.iterdir())
        )
    )
    return model


def test_convert(run: Callable[..., str], model: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from voicen_server.management.commands import voices

    monkeypatch.setattr(voices, "convert_hugging_face", lambda source, target: making.model_folder(target) and None)
    text = run("convert", model, "demo", "--licence", "CC-BY-SA-4.0", "--language", "az")
    assert "demo is installed" in text
    assert library.get(folder, "demo").source == f"converted from folder {model}"


def test_convert_without_torch(run: Callable[..., str], model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "models.engines.coqui.hugging_face", None)
    with pytest.raises(CommandError, match=r"requirements-coqui\.txt"):
        run("convert", model, "demo", "--licence", "MIT")


# --- Voices -----------------------------------------------------------------------------------------------------------


def test_say(run: Callable[..., str], tmp_path: Path) -> None:
    assert "Aytac, tone" in run("say", "325640", "Salam, dünya!", tmp_path / "a.mp3")
    assert (tmp_path / "a.mp3").read_bytes()[:3] == b"ID3"
    assert "Anna, tone" in run("say", "325645", "Привет!", tmp_path / "a.wav")
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 24_000)
        assert 0.3 < file.getnframes() / 24_000 < 2


def test_say_keeps_what_is_there_when_it_fails(run: Callable[..., str], tmp_path: Path) -> None:
    file = tmp_path / "a.mp3"
    run("say", "325640", "Salam!", file)
    before = file.read_bytes()
    with pytest.raises(CommandError, match=r"[Nn]othing"):
        run("say", "325640", "…", file)
    assert file.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mp3"]


def test_say_reads_standard_input(run: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Merhaba. " * 10))
    run("say", "325647", "-", tmp_path / "a.wav")
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert file.getnframes() / 24_000 > 4


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("999", "a", "a.mp3"), "there is no voice 999"),
        (("325640", "a", "a.flac"), r"a\.flac is neither \.mp3 nor \.wav"),
        (("325640", "a" * 10_001, "a.mp3"), "more than 10000 characters"),
        (("325640", "…", "a.wav"), "Nothing in the text can be spoken"),
        (("325640", "a", "none/a.wav"), "cannot be written"),
        (("325640", "a", "a.mp3", "--engine", "coqui"), "is not installed|requirements-coqui"),
    ],
)
def test_say_refuses_in_one_line(
    run: Callable[..., str],
    arguments: tuple[str, ...],
    complaint: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=complaint) as caught:
        run("say", *arguments)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_bench(run: Callable[..., str]) -> None:
    lines = run("bench", "--rounds", "1").splitlines()
    assert [line.split()[:3] for line in lines[1:]] == [
        ["325640", "Aytac", "tone"],
        ["325647", "Zeynep", "tone"],
        ["325645", "Anna", "tone"],
    ]
    assert all(float(line.split()[-2]) > 1 for line in lines[1:])
    assert len(run("bench", "--voice", "325648", "--rounds", "1").splitlines()) == 2
    with pytest.raises(CommandError, match="--rounds is at least 1"):
        run("bench", "--rounds", "0")


@pytest.mark.model
def test_references_are_the_same_every_time(run: Callable[..., str], folder: Path) -> None:
    file = folder / "references" / "325644.wav"
    assert str(file) in run("references", "--voice", "325644")
    first = file.read_bytes()
    with wave.open(str(file)) as recording:
        assert 10 <= recording.getnframes() / recording.getframerate() <= 15
    file.unlink()
    run("references", "--voice", "325644")
    assert file.read_bytes() == first
    assert [path.name for path in file.parent.iterdir()] == ["325644.wav"]
