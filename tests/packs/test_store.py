"""Installing, replacing and removing: whole or not at all, one after the other, whatever is killed in between."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest

from models.packs import Pack, bundle, check_licence, get, installed, library
from models.packs import store as store_module
from models.packs.errors import PackBroken, PackError, PackMissing
from models.packs.licences import LicenceNotAccepted
from models.packs.sources import Description, FolderSource, Wanted
from models.packs.store import Store
from tests.packs import making
from tests.packs.conftest import everything

ROOT = Path(__file__).parents[2]
DEMO = Description("demo", "Demo", "MIT", ("az",))
Usage = namedtuple("Usage", "total used free")


def test_it_works(install: Callable[[], Pack], voices: Path, model: Path) -> None:
    pack = install()
    assert pack == get(voices, "demo") == installed(voices)[0]
    assert (pack.name, pack.licence, pack.languages, pack.family) == ("demo", "MIT", ("az",), "vits")
    assert pack.folder == voices / "demo"
    assert [file.path for file in pack.files] == ["config.json", "model.pth"]
    assert not pack.pinned
    pack.verify()
    assert (pack.folder / "model.pth").read_bytes() == (model / "model.pth").read_bytes()
    assert list((voices / ".incoming").iterdir()) == []


def test_nothing_installed(voices: Path) -> None:
    assert installed(voices) == []
    with pytest.raises(PackMissing, match=r"manage\.py voices install demo"):
        get(voices, "demo")
    with pytest.raises(PackError, match="not a name"):
        get(voices, "../demo")


def test_again_from_the_same_place_does_nothing(install: Callable[[], Pack]) -> None:
    before = install().folder.stat().st_ino
    assert install().folder.stat().st_ino == before


def test_another_pack_of_the_name_is_not_replaced_unasked(
    install: Callable[[], Pack], store: Store, tmp_path: Path
) -> None:
    other = making.model_folder(tmp_path / "other", weights=b"\x02" * 50)
    before = everything(install().folder)
    with pytest.raises(PackError, match=r"installed already, from folder .*--replace"):
        store.install(DEMO, FolderSource(other))
    assert everything(store.voices_dir / "demo") == before
    replaced = store.install(DEMO, FolderSource(other), replacing=True)
    replaced.verify()
    assert everything(replaced.folder) != before


def test_replacing_where_two_names_cannot_be_swapped(
    install: Callable[[], Pack], store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install()

    def refuse(first: Path, second: Path) -> None:
        raise OSError(errno.EINVAL, "not on this file system")

    monkeypatch.setattr(store_module, "_exchange_names", refuse)
    other = making.model_folder(tmp_path / "other", weights=b"\x02" * 50)
    replaced = store.install(DEMO, FolderSource(other), replacing=True)
    replaced.verify()
    assert (replaced.folder / "model.pth").read_bytes() == (other / "model.pth").read_bytes()
    assert list((store.voices_dir / ".outgoing").iterdir()) == []


def test_a_pack_that_was_moved_aside_comes_back(install: Callable[[], Pack], store: Store, model: Path) -> None:
    """What is left when a process is killed between the two renames of a replacement."""
    pack = install()
    aside = store.voices_dir / ".outgoing"
    aside.mkdir()
    pack.folder.rename(aside / "demo")
    store.install(DEMO, FolderSource(model)).verify()
    assert list(aside.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda folder: (folder / "model.pth").unlink(), "model.pth is missing"),
        (lambda folder: (folder / "model.pth").write_bytes(b""), "model.pth has 0 bytes instead of"),
        (lambda folder: (folder / "config.json").write_text('{"model": "vitS"}'), "another content"),
        (lambda folder: (folder / "more.pth").write_bytes(b""), "more.pth is not listed"),
        (lambda folder: (folder / "sub").symlink_to("/etc/passwd"), "sub is not listed"),
    ],
)
def test_verify_names_what_is_wrong(
    install: Callable[[], Pack], change: Callable[[Path], object], complaint: str
) -> None:
    pack = install()
    change(pack.folder)
    with pytest.raises(PackBroken, match=complaint):
        pack.verify()


def test_a_link_in_the_place_of_a_file(install: Callable[[], Pack], model: Path) -> None:
    pack = install()
    (pack.folder / "model.pth").unlink()
    (pack.folder / "model.pth").symlink_to(model / "model.pth")
    with pytest.raises(PackBroken, match="is missing"):
        pack.verify()


def test_a_manifest_of_another_name(install: Callable[[], Pack], voices: Path) -> None:
    install().folder.rename(voices / "other")
    with pytest.raises(PackError, match="name is 'demo', the folder is called 'other'"):
        get(voices, "other")


def test_remove(install: Callable[[], Pack], store: Store) -> None:
    install()
    store.remove("demo")
    assert installed(store.voices_dir) == []
    with pytest.raises(PackMissing):
        store.remove("demo")
    install().verify()


# --- What is refused ----------------------------------------------------------------------------------------------


def test_an_evil_file_leaves_nothing(store: Store, model: Path) -> None:
    (model / "speakers.pth").write_bytes(making.checkpoint(making.EVIL_PICKLE))
    with pytest.raises(PackError, match=r"speakers\.pth is refused"):
        store.install(DEMO, FolderSource(model))
    assert installed(store.voices_dir) == []
    assert not list(store.voices_dir.rglob("speakers*"))


def test_a_hash_that_is_known_beforehand(store: Store, model: Path) -> None:
    right = library.sha256(model / "model.pth")
    files = (Wanted("model.pth", sha256="0" * 64),)
    with pytest.raises(PackError, match=f"model.pth has sha256 {right} instead of 000"):
        store.install(Description("demo", "Demo", "MIT", family="vits", files=files), FolderSource(model))
    assert installed(store.voices_dir) == []
    files = (Wanted("model.pth", sha256=right),)
    pack = store.install(Description("demo", "Demo", "MIT", family="vits", files=files), FolderSource(model))
    assert pack.pinned
    assert [file.path for file in pack.files] == ["model.pth"]


def test_a_size_that_is_known_beforehand(store: Store, model: Path) -> None:
    files = (Wanted("model.pth", size=1),)
    with pytest.raises(PackError, match="bytes instead of 1"):
        store.install(Description("demo", "Demo", "MIT", family="vits", files=files), FolderSource(model))


def test_a_file_that_is_needed_and_not_there(store: Store, model: Path) -> None:
    files = (Wanted("vocab.txt"),)
    with pytest.raises(PackError, match=r"has no file vocab\.txt, which demo needs"):
        store.install(Description("demo", "Demo", "MIT", files=files), FolderSource(model))


def test_an_empty_folder(store: Store, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(PackError, match="holds no files"):
        store.install(DEMO, FolderSource(tmp_path / "empty"))
    with pytest.raises(PackError, match="is not a folder"):
        store.install(DEMO, FolderSource(tmp_path / "none"))


@pytest.mark.parametrize(
    ("config", "more", "family"),
    [
        ('{"model": "glow_tts"}', "", "glow_tts"),
        ('{"model": "XTTS"}', "", "xtts"),
        ('{"_version_": "v2", "data": {}, "model": {}}', "", "openvoice"),
        ("{}", "G_100000.pth vocab.txt", "mms"),
        ("[]", "", None),
        ("{}", "", None),
        ('{"model_type": "vits"}', "", None),
    ],
)
def test_the_family_is_read_from_the_files(
    store: Store, model: Path, config: str, more: str, family: str | None
) -> None:
    (model / "config.json").write_text(config)
    for name in more.split():
        (model / name).write_bytes(making.checkpoint() if name.endswith(".pth") else b"a")
    if family is None:
        with pytest.raises(PackError, match=r"--family|voices convert"):
            store.install(DEMO, FolderSource(model))
    else:
        assert store.install(DEMO, FolderSource(model)).family == family


def test_no_space(store: Store, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9, 64 << 20))
    with pytest.raises(PackError, match="67 MB free, 67 MB are needed") as caught:
        store.install(DEMO, FolderSource(model))
    assert caught.value.code == "no_space"
    assert not list(store.voices_dir.rglob("*.pth*"))


def test_a_disk_that_fills_up_meanwhile(store: Store, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PackError, match="No space left on device; what was fetched is kept") as caught:
        store.install(DEMO, FolderSource(model))
    assert caught.value.code == "no_space"
    monkeypatch.undo()
    store.install(DEMO, FolderSource(model)).verify()


# --- Licences -----------------------------------------------------------------------------------------------------


def test_a_licence_is_asked_for_before_anything_is_fetched(store: Store, tmp_path: Path) -> None:
    with pytest.raises(LicenceNotAccepted, match="CPML"):
        store.install(Description("demo", "Demo", "CPML"), FolderSource(tmp_path / "none"))
    assert not store.voices_dir.exists()


def test_an_accepted_licence(voices: Path, model: Path) -> None:
    pack = Store(voices, {"CPML"}).install(Description("demo", "Demo", "CPML"), FolderSource(model))
    with pytest.raises(LicenceNotAccepted):
        check_licence(pack, frozenset())
    check_licence(pack, frozenset({"CPML"}))


# --- Interruptions ------------------------------------------------------------------------------------------------

INSTALL = """
import os, signal, sys
from pathlib import Path
from models.packs import store, library, bundle
from models.packs.sources import Description, FolderSource
from models.packs.store import Store

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

def dying_after(function):
    def run(*args, **kwargs):
        function(*args, **kwargs)
        die()
    return run

voices, origin, how, where = sys.argv[1:]
if where == "first bytes":
    store.os.fsync = die
elif where == "between files":
    store._part = lambda target, part=store._part: die() if target.name == "model.pth" else part(target)
elif where == "last file":
    store.manifest.to_toml = die
elif where == "manifest":
    store.library.sync_folder = die
elif where == "before the rename":
    store.Store._exchange = die
elif where == "after the rename":
    store._exchange_names = dying_after(store._exchange_names)
elif where == "between two renames":
    def refuse(first, second):
        raise OSError(store.errno.ENOSYS, "")
    store._exchange_names = refuse
    rename = Path.rename
    Path.rename = lambda self, to: (rename(self, to), die()) if ".outgoing" in str(to) else rename(self, to)
ours = Store(Path(voices))
if how == "install":
    ours.install(Description("demo", "Demo", "MIT", ("az",)), FolderSource(Path(origin)), replacing=True)
else:
    ours.import_bundle(Path(origin), replacing=True)
"""
PLACES = [
    *("first bytes", "between files", "last file", "manifest", "before the rename", "after the rename"),
    "between two renames",
]


def run(*arguments: str | Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", INSTALL, *map(str, arguments)], cwd=ROOT, stderr=subprocess.PIPE)


@pytest.mark.parametrize("how", ["install", "import"])
@pytest.mark.parametrize("where", PLACES)
def test_killed_and_again(
    where: str, how: str, install: Callable[[], Pack], store: Store, tmp_path: Path, voices: Path
) -> None:
    old = everything(install().folder)
    newer = making.model_folder(tmp_path / "newer", weights=b"\x03" * 3_000_000)
    other = Store(tmp_path / "elsewhere").install(DEMO, FolderSource(newer))
    new = everything(other.folder)
    origin = newer
    if how == "import":
        origin = tmp_path / "demo.pack"
        bundle.export(other, origin)
    process = run(voices, origin, how, where)
    assert process.wait(60) == -signal.SIGKILL, process.stderr and process.stderr.read()
    if where != "between two renames":  # there the pack is away until the next command: only without renameat2
        found = everything(voices / "demo")
        assert found == (new if where == "after the rename" else old)
        get(voices, "demo").verify()
    again = run(voices, origin, how, "nowhere")
    assert again.wait(60) == 0, again.stderr and again.stderr.read()
    assert everything(voices / "demo") == new
    get(voices, "demo").verify()
    assert list((voices / ".incoming").iterdir()) == []


def test_what_was_copied_before_is_not_written_again(
    store: Store, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (model / "model.pth").read_bytes()
    incoming = store.voices_dir / ".incoming" / "demo"
    (incoming / "files").mkdir(parents=True)
    (incoming / "origin").write_text(FolderSource(model).description)
    part = incoming / "files" / "model.pth.part"
    part.write_bytes(whole[:-10])
    inode = part.stat().st_ino
    pack = store.install(DEMO, FolderSource(model))
    pack.verify()
    assert (pack.folder / "model.pth").stat().st_ino == inode


def test_parts_of_another_file_are_overwritten(store: Store, model: Path) -> None:
    incoming = store.voices_dir / ".incoming" / "demo"
    (incoming / "files").mkdir(parents=True)
    (incoming / "origin").write_text(FolderSource(model).description)
    (incoming / "files" / "model.pth.part").write_bytes(b"\xff" * 100_000)
    (incoming / "files" / "config.json").write_text('{"model": "other"}')
    (incoming / "files" / "rubbish.pth").write_bytes(b"x")
    pack = store.install(DEMO, FolderSource(model))
    pack.verify()
    assert pack.family == "vits"


def test_parts_from_another_place_are_thrown_away(store: Store, model: Path) -> None:
    incoming = store.voices_dir / ".incoming" / "demo"
    (incoming / "files").mkdir(parents=True)
    (incoming / "origin").write_text("elsewhere")
    (incoming / "files" / "model.pth.part").write_bytes(b"\xff" * 100_000)
    inode = (incoming / "files" / "model.pth.part").stat().st_ino
    pack = store.install(DEMO, FolderSource(model))
    pack.verify()
    assert pack.size < 100_000
    assert inode != 0


# --- Two at once --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["install", "import"])
def test_two_at_once(how: str, tmp_path: Path, voices: Path) -> None:
    origins = []
    for number in (1, 2):
        folder = making.model_folder(tmp_path / f"m{number}", weights=bytes([number]) * 5_000_000)
        other = Store(tmp_path / f"s{number}").install(DEMO, FolderSource(folder))
        bundle.export(other, tmp_path / f"m{number}.pack")
        origins.append(folder if how == "install" else tmp_path / f"m{number}.pack")
    for _ in range(3):
        processes = [run(voices, origin, how, "nowhere") for origin in origins * 2]
        assert [process.wait(120) for process in processes] == [0, 0, 0, 0]
        get(voices, "demo").verify()
        assert list((voices / ".incoming").iterdir()) == []


def test_the_second_says_that_it_waits(voices: Path, model: Path) -> None:
    said: list[str] = []
    ours = Store(voices, say=said.append)
    held = Store(voices)
    with held._locked("demo"):
        child = os.fork()
        if child == 0:  # a process of its own: the lock belongs to the open file
            waiting = Store(voices, say=lambda line: os._exit(7 if "another process works on demo" in line else 1))
            waiting.install(DEMO, FolderSource(model))
            os._exit(2)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    ours.install(DEMO, FolderSource(model)).verify()
    assert not any("another process" in line for line in said)
