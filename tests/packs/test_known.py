"""The packs that can be installed by name, and what the voices say of them."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from models.catalogue import catalogue
from models.packs import Pack, bundle, get, known, licences, of_voice, remote
from models.packs.errors import PackError
from models.packs.sources import ConvertedSource, Description, FolderSource
from models.packs.store import Store

ENTRY = """
[[pack]]
name = "a"
title = "A"
family = "vits"
languages = ["az"]
licence = "MIT"
homepage = "https://example.org"
source = "hf:a/b"
"""


def nothing(folder: Path, target: Path) -> None:
    """A converter that is not called."""


def test_the_shipped_table() -> None:
    packs = known.packs()
    assert {"mms-azj", "mms-tur", "mms-rus", "xtts-v2", "openvoice-v2"} <= packs.keys()
    assert packs["xtts-v2"].description.licence == "CPML"
    assert {packs[f"mms-{code}"].description.licence for code in ("azj", "tur", "rus")} == {"CC-BY-NC-4.0"}
    for name, pack in packs.items():
        assert name == pack.description.name
        assert pack.homepage.startswith("https://")


def test_every_source_can_be_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "coqui_model", lambda name: FolderSource(Path(name)))
    for pack in known.packs().values():
        assert isinstance(pack.origin(nothing), ConvertedSource) is pack.convert


def test_every_pack_that_a_voice_names_is_known() -> None:
    for voice in catalogue():
        settings = voice.engines["coqui"]
        pack = known.get(settings["model"])
        assert voice.language in pack.description.languages
        assert known.get(settings["converter"]).description.family == "openvoice"
        assert settings["reference"] == f"references/{voice.id}.wav"


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(PackError, match=r"known: mms-azj, mms-tur.*--from"):
        known.get("none")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('name = "a"', 'name = "A"', "pack 1: 'A' is not a name"),
        ('name = "a"', "", "pack 1: 'name'"),
        ('licence = "MIT"', 'licence = ""', "pack 1: '' is not the name of a licence"),
        ('title = "A"', 'title = "A"\nurl = "x"', "pack 1: unknown key url"),
        ('title = "A"', 'title = "A"\nfiles = [{path = "../x"}]', "pack 1: '../x' is not a path"),
        (ENTRY, ENTRY * 2, "pack 2: a is there twice"),
    ],
)
def test_a_bad_table(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    file = tmp_path / "known.toml"
    file.write_text(ENTRY)
    assert list(known.load(file)) == ["a"]
    file.write_text(ENTRY.replace(old, new, 1))
    with pytest.raises(ValueError, match=complaint):
        known.load(file)


def install(voices: Path, model: Path, name: str, licence: str) -> Pack:
    return Store(voices, licences.NON_COMMERCIAL).install(Description(name, name, licence), FolderSource(model))


def test_the_licence_of_a_voice_is_that_of_what_speaks_it(voices: Path, model: Path) -> None:
    aytac = catalogue().get(325640)
    assert of_voice.packs(aytac, "kokoro", voices) == ()
    assert of_voice.licence(aytac, "kokoro", voices) == "Apache-2.0"
    assert of_voice.licence(aytac, "coqui", voices) == "CC-BY-NC-4.0 AND MIT"
    assert [(pack.name, pack.is_installed) for pack in of_voice.packs(aytac, "coqui", voices)] == [
        ("mms-azj", False),
        ("openvoice-v2", False),
    ]
    assert of_voice.recording_licence(aytac, "coqui") == "Apache-2.0"
    assert of_voice.recording_licence(aytac, "kokoro") == ""
    own = replace(aytac, engines={"coqui": {"model": "own", "converter": "openvoice-v2"}})
    assert of_voice.recording_licence(own, "coqui") == ""
    assert of_voice.licence(own, "coqui", voices) == "unknown AND MIT"
    install(voices, model, "own", "CPML AND MIT")
    assert of_voice.licence(own, "coqui", voices) == "CPML AND MIT"
    assert of_voice.packs(own, "coqui", voices)[0].is_installed
    assert of_voice.forbids_commerce("CPML AND MIT")
    assert not of_voice.forbids_commerce("whatever, we wrote")
    (voices / "own" / "pack.toml").write_text("broken")
    assert of_voice.licence(own, "coqui", voices) == "unknown AND MIT"


def test_a_known_pack_keeps_its_licence(voices: Path, model: Path, tmp_path: Path) -> None:
    """Neither a folder's own manifest nor a bundle's makes XTTS free."""
    with pytest.raises(PackError, match="says that it is under MIT, and xtts-v2 is known to be under CPML"):
        install(voices, model, "xtts-v2", "MIT")
    free = install(voices, model, "own", "MIT")
    (free.folder / "pack.toml").write_bytes((free.folder / "pack.toml").read_bytes().replace(b'"own"', b'"xtts-v2"'))
    free.folder.rename(voices / "xtts-v2")
    bundle.export(get(voices, "xtts-v2"), tmp_path / "x.pack")
    with pytest.raises(PackError, match="is known to be under CPML"):
        Store(tmp_path / "other").import_bundle(tmp_path / "x.pack")
    assert not (tmp_path / "other" / "xtts-v2").exists()


def test_the_admin_may_load_it(tmp_path: Path) -> None:
    """Nothing of it brings a numerical library."""
    import subprocess

    script = "import sys, models.packs.of_voice; print({'numpy', 'torch', 'onnxruntime', 'django'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
