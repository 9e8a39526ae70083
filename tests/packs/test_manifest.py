"""``pack.toml``: every key checked, and what is written can be read."""

import pytest

from models.packs import manifest
from models.packs.errors import PackError
from models.packs.manifest import Manifest, PackFile

GOOD = """
name = "mms-azj"
title = "MMS"
family = "mms"
languages = ["az"]
licence = "cc by-nc 4.0"
source = "hf:facebook/mms-tts"

[[files]]
path = "model.pth"
size = 10
sha256 = "{}"

[[files]]
path = "vocoder/config.json"
size = 0
sha256 = "{}"
""".format("a" * 64, "b" * 64)


def test_it_works() -> None:
    read = manifest.parse(GOOD.encode(), "x")
    assert read == Manifest(
        name="mms-azj",
        title="MMS",
        family="mms",
        languages=("az",),
        licence="CC-BY-NC-4.0",
        source="hf:facebook/mms-tts",
        files=(PackFile("model.pth", 10, "a" * 64), PackFile("vocoder/config.json", 0, "b" * 64)),
    )
    assert read.size == 10


def test_what_is_written_can_be_read() -> None:
    made = Manifest(
        "a", 'Ələ "x" \\ \U0001f399', "vits", (), "MIT AND CPML", "folder /a b", (PackFile("x.pth", 1, "c" * 64),), True
    )
    assert manifest.parse(manifest.to_toml(made), "x") == made


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('name = "mms-azj"', 'name = "../x"', "name '../x' is not a name"),
        ('name = "mms-azj"', 'name = "references"', "is not a name"),
        ('name = "mms-azj"', 'name = ".x"', "is not a name"),
        ('name = "mms-azj"', 'name = "A"', "is not a name"),
        ('name = "mms-azj"', "", "name is missing"),
        ('title = "MMS"', 'title = "a\\nb"', "title is not one printable line"),
        ('title = "MMS"', 'title = ""', "title is not one printable line"),
        ('family = "mms"', 'family = "m/s"', "family 'm/s'"),
        ('["az"]', '["../az"]', "languages: '../az'"),
        ('["az"]', "[1]", "languages: 1"),
        ('["az"]', '"az"', "languages is missing or is not of type list"),
        ('"cc by-nc 4.0"', '"../"', "not the name of a licence"),
        ('"cc by-nc 4.0"', '""', "licence is not one printable line"),
        ("size = 10", "size = -1", "entry 1: size -1 is negative"),
        ("size = 10", "size = true", "entry 1: size is missing or is not of type int"),
        ("size = 10", "size = 99999999999999", "are more than"),
        ("a" * 64, "a" * 63, "entry 1: sha256"),
        ("a" * 64, "A" * 64, "entry 1: sha256"),
        ('path = "model.pth"', 'path = "/etc/passwd"', "entry 1: '/etc/passwd' is not a path"),
        ('path = "model.pth"', 'path = "../model.pth"', "entry 1: '../model.pth' is not a path"),
        ('path = "model.pth"', 'path = "a/../../b.pth"', "is not a path"),
        ('path = "model.pth"', 'path = "a/./b.pth"', "is not a path"),
        ('path = "model.pth"', 'path = "a//b.pth"', "is not a path"),
        ('path = "model.pth"', 'path = "a\\\\b.pth"', "is not a path"),
        ('path = "model.pth"', 'path = ".hidden.pth"', "is not a path"),
        ('path = "model.pth"', 'path = "a\\u0000b"', "is not a path"),
        ('path = "model.pth"', 'path = "pack.toml"', "cannot list itself"),
        ('path = "model.pth"', 'path = "Vocoder/Config.json"', "is listed twice"),
        ('path = "model.pth"', 'path = "vocoder"', "lies inside another file"),
        ('path = "model.pth"', 'path = "model.pth"\nmode = 777', "entry 1: unknown key mode"),
        ('name = "mms-azj"', 'name = "mms-azj"\nrun = "x"', "unknown key run"),
        (GOOD[GOOD.index("[[files") :], "files = []", "0 files"),
        (GOOD[GOOD.index("[[files") :], "files = [1]", "entry 1 is not a table"),
        ("[[files]]", "[[files", "here"),
    ],
)
def test_a_bad_manifest_is_refused_with_the_key_named(old: str, new: str, complaint: str) -> None:
    assert old in GOOD
    with pytest.raises(PackError, match=complaint) as caught:
        manifest.parse(GOOD.replace(old, new, 1).encode(), "here")
    assert str(caught.value).startswith("here: ")
    assert "\n" not in str(caught.value)
    assert caught.value.permanent


def test_other_bytes() -> None:
    for data in (b"\xff", b"[" * 5000, b"x" * (manifest.MAXIMUM_MANIFEST + 1)):
        with pytest.raises(PackError, match="here: "):
            manifest.parse(data, "here")


def test_too_many_files() -> None:
    entries = "".join(f'[[files]]\npath = "f{n}.pth"\nsize = 1\nsha256 = "{"a" * 64}"\n' for n in range(201))
    with pytest.raises(PackError, match="201 files"):
        manifest.parse((GOOD[: GOOD.index("[[files")] + entries).encode(), "here")
