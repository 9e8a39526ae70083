"""One file for hosts without internet: back and forth whole, and everything hostile refused before anything changes."""

import hashlib
import io
import tarfile
from collections import namedtuple
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from models.packs import Pack, bundle, manifest
from models.packs.bundle import BundleSource
from models.packs.errors import PackBroken, PackError
from models.packs.manifest import Manifest, PackFile
from models.packs.store import Store
from tests.packs import making
from tests.packs.conftest import everything

GOOD = making.checkpoint()
Usage = namedtuple("Usage", "total used free")


def entry(path: str, content: bytes) -> PackFile:
    return PackFile(path, len(content), hashlib.sha256(content).hexdigest())


def stated(*files: PackFile, licence: str = "MIT") -> Manifest:
    return Manifest("demo", "Demo", "vits", ("az",), licence, "elsewhere", files)


def member(name: str, content: bytes = b"", kind: bytes = tarfile.REGTYPE, link: str = "", size: int = -1) -> bytes:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    info.size = len(content) if size < 0 else size
    return info.tobuf(tarfile.USTAR_FORMAT) + content + bytes(-len(content) % 512)


def tar(*members: bytes, ending: bytes = bytes(1024)) -> bytes:
    return b"".join(members) + ending


def head(made: Manifest) -> bytes:
    return member("pack.toml", manifest.to_toml(made))


ONE = stated(entry("model.pth", GOOD))
TWO = stated(entry("config.json", b"{}"), entry("model.pth", GOOD))


def unchecked(path: str, content: bytes = GOOD) -> bytes:
    """A manifest that names any path, which ours would not write, and the file under that name."""
    text = manifest.to_toml(stated(PackFile("x.pth", len(content), hashlib.sha256(content).hexdigest())))
    return tar(member("pack.toml", text.replace(b"x.pth", path.encode())), member(path, content))


HOSTILE: dict[str, tuple[bytes, str]] = {
    "traversal": (unchecked("../../evil.pth"), "not a path inside"),
    "traversal in the middle": (unchecked("a/../../evil.pth"), "not a path inside"),
    "absolute": (unchecked("/etc/evil.pth"), "not a path inside"),
    "hidden": (unchecked(".locks/demo.pth"), "not a path inside"),
    "the manifest again": (unchecked("pack.toml"), "cannot list itself"),
    "another name than listed": (tar(head(ONE), member("../model.pth", GOOD)), "where its manifest lists 'model.pth'"),
    "symlink": (tar(head(ONE), member("model.pth", kind=tarfile.SYMTYPE, link="/etc/passwd")), "not a regular file"),
    "hard link": (tar(head(ONE), member("model.pth", kind=tarfile.LNKTYPE, link="/etc/passwd")), "not a regular file"),
    "character device": (tar(head(ONE), member("model.pth", kind=tarfile.CHRTYPE)), "not a regular file"),
    "block device": (tar(head(ONE), member("model.pth", kind=tarfile.BLKTYPE)), "not a regular file"),
    "fifo": (tar(head(ONE), member("model.pth", kind=tarfile.FIFOTYPE)), "not a regular file"),
    "folder": (tar(head(ONE), member("model.pth", kind=tarfile.DIRTYPE)), "not a regular file"),
    "sparse": (tar(head(ONE), member("model.pth", GOOD, kind=tarfile.GNUTYPE_SPARSE)), "not a regular file"),
    "pax header": (tar(head(ONE), member("x", b"12 path=evil\n", kind=tarfile.XHDTYPE)), "not a regular file"),
    "long name": (tar(head(ONE), member("x", b"../evil\0", kind=tarfile.GNUTYPE_LONGNAME)), "not a regular file"),
    "listed twice": (
        tar(head(replace(ONE, files=ONE.files * 2)), member("model.pth", GOOD), member("model.pth", GOOD)),
        "is listed twice",
    ),
    "in it twice": (tar(head(ONE), member("model.pth", GOOD), member("model.pth", GOOD)), "does not list"),
    "another hash": (tar(head(ONE), member("model.pth", bytes(len(GOOD)))), "has sha256"),
    "another size": (tar(head(ONE), member("model.pth", GOOD + b"x")), "its manifest says"),
    "cut in a file": (tar(head(ONE), member("model.pth", GOOD))[:-2000], "cut short"),
    "cut in a header": (tar(head(TWO), member("config.json", b"{}"), ending=bytes(100)), "not a whole voice bundle"),
    "cut at the end": (tar(head(ONE), member("model.pth", GOOD), ending=b""), "cut short"),
    "cut at once": (b"", "not a whole voice bundle"),
    "claims more than there is": (
        tar(head(stated(PackFile("model.pth", 7 << 30, "a" * 64))), member("model.pth", GOOD, size=7 << 30)),
        "cut short",
    ),
    "claims more than a pack has": (tar(head(stated(PackFile("model.pth", 65 << 30, "a" * 64)))), "are more than"),
    "manifest of a gigabyte": (member("pack.toml", b"", size=1 << 30) + bytes(2048), "does not begin with"),
    "evil pickle": (
        tar(head(stated(entry("model.pth", evil := making.checkpoint(making.EVIL_PICKLE)))), member("model.pth", evil)),
        "model.pth is refused: its pickle names posix.system",
    ),
    "bare pickle": (
        tar(head(stated(entry("model.pth", making.EVIL_PICKLE))), member("model.pth", making.EVIL_PICKLE)),
        "model.pth is refused",
    ),
    "compressed checkpoint": (
        tar(
            head(stated(entry("model.pth", packed := making.archive([("a/data.pkl", b"N.")], 8)))),
            member("model.pth", packed),
        ),
        "is compressed",
    ),
    "program": (tar(head(stated(entry("run.py", b"x"))), member("run.py", b"x")), "no files of this kind"),
    "not listed": (tar(head(ONE), member("model.pth", GOOD), member("more.pth", GOOD)), "does not list"),
    "behind the end": (tar(head(ONE), member("model.pth", GOOD)) + member("more.pth", GOOD), "does not list"),
    "missing file": (tar(head(TWO), member("config.json", b"{}")), "not a whole voice bundle|cut short"),
    "other order": (
        tar(head(TWO), member("model.pth", GOOD), member("config.json", b"{}")),
        "where its manifest lists",
    ),
    "no manifest": (tar(member("model.pth", GOOD)), "does not begin with pack.toml"),
    "bad manifest": (tar(member("pack.toml", b"name = 1")), "pack.toml: "),
    "not a tar": (b"x" * 4096, "not a whole voice bundle"),
    "gzip": (b"\x1f\x8b" + bytes(1022), "not a whole voice bundle"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_changes_nothing(case: str, store: Store, voices: Path, install: Callable[[], Pack]) -> None:
    content, complaint = HOSTILE[case]
    install()
    before = everything(voices.parent)
    file = voices.parent / "x.pack"
    file.write_bytes(content)
    with pytest.raises(PackError, match=complaint) as caught:
        store.import_bundle(file, replacing=True)
    assert "\n" not in str(caught.value)
    file.unlink()
    assert everything(voices.parent) == before
    # and where nothing was installed, nothing is afterwards
    store.remove("demo")
    file.write_bytes(content)
    with pytest.raises(PackError, match=complaint):
        store.import_bundle(file)
    assert everything(voices) == {}


def test_the_hostile_ones_are_hostile_by_one_thing_only(store: Store, tmp_path: Path) -> None:
    """Their good counterpart is accepted, so each of them is refused for what it is called after."""
    file = tmp_path / "x.pack"
    file.write_bytes(tar(head(TWO), member("config.json", b"{}"), member("model.pth", GOOD)))
    assert store.import_bundle(file).files == TWO.files


def test_there_and_back(install: Callable[[], Pack], tmp_path: Path) -> None:
    pack, file = install(), tmp_path / "demo.pack"
    size = bundle.export(pack, file)
    assert size == file.stat().st_size
    assert not file.with_name("demo.pack.part").exists()
    other = Store(tmp_path / "other")
    imported = other.import_bundle(file)
    imported.verify()
    assert replace(imported, folder=pack.folder) == pack
    assert everything(imported.folder) == everything(pack.folder)


def test_every_tar_can_list_it(install: Callable[[], Pack], tmp_path: Path) -> None:
    file = tmp_path / "demo.pack"
    bundle.export(install(), file)
    with tarfile.open(file) as archive:
        assert archive.getnames() == ["pack.toml", "config.json", "model.pth"]


def test_the_same_pack_gives_the_same_file(install: Callable[[], Pack], tmp_path: Path) -> None:
    pack = install()
    bundle.export(pack, tmp_path / "a")
    bundle.export(pack, tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("damage", [b"short", bytes(1)])
def test_a_damaged_pack_is_not_exported(install: Callable[[], Pack], tmp_path: Path, damage: bytes) -> None:
    pack, file = install(), tmp_path / "demo.pack"
    weights = (pack.folder / "model.pth").read_bytes()
    (pack.folder / "model.pth").write_bytes(damage if len(damage) > 1 else weights[:-1] + b"\x7f")
    file.write_bytes(b"the last good one")
    with pytest.raises(PackBroken, match=r"model\.pth"):
        bundle.export(pack, file)
    assert file.read_bytes() == b"the last good one"
    assert list(tmp_path.glob("*.part")) == []


def test_no_space_to_export(install: Callable[[], Pack], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = install()
    monkeypatch.setattr("shutil.disk_usage", lambda path: Usage(10**9, 10**9, 10))
    with pytest.raises(PackError, match="10 bytes free"):
        bundle.export(pack, tmp_path / "demo.pack")


def test_a_folder_that_is_not_there(install: Callable[[], Pack], tmp_path: Path) -> None:
    with pytest.raises(PackError, match="cannot write"):
        bundle.export(install(), tmp_path / "none" / "demo.pack")
    with pytest.raises(PackError, match="cannot be read"):
        BundleSource(tmp_path / "none.pack")


def test_the_licence_is_asked_for_before_the_files_are_read(voices: Path, tmp_path: Path) -> None:
    file = tmp_path / "x.pack"
    file.write_bytes(tar(head(stated(entry("model.pth", GOOD), licence="CPML")), member("model.pth", GOOD)))
    with pytest.raises(Exception, match="CPML") as caught:
        Store(voices).import_bundle(file)
    assert getattr(caught.value, "code", "") == "licence_not_accepted"
    assert not (voices / "demo").exists()
    assert Store(voices, {"CPML"}).import_bundle(file).licence == "CPML"


def test_reading_needs_no_memory_for_the_files(tmp_path: Path) -> None:
    """The layout is read header by header."""
    big = PackFile("model.pth", 3 << 30, "a" * 64)
    file = tmp_path / "x.pack"
    with file.open("wb") as target:
        target.write(head(stated(big)) + member("model.pth", size=big.size))
        target.seek(big.size, io.SEEK_CUR)
        target.write(bytes(1024))
    assert BundleSource(file).manifest.files == (big,)
