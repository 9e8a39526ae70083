"""Where packs come from, without the network: folders, pip packages, a server on loopback, a hub that is not one."""

import base64
import contextlib
import functools
import hashlib
import http.server
import io
import json
import sys
import threading
import types
import zipfile
from collections import namedtuple
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from models.packs import known, remote
from models.packs.errors import PackError
from models.packs.remote import ArchiveSource, FileSource, HubSource, download
from models.packs.sources import ConvertedSource, Description, FolderSource, JoinedSource, PackageSource, Source
from models.packs.store import RESERVE_BYTES, Store
from tests.packs import making


def enough(needed: int) -> None:
    """A disk with room for everything."""


def taken(source: Source, scratch: Path) -> dict[str, bytes]:
    """All files of a source that was prepared."""
    source.prepare(scratch, enough)
    found = {}
    for file in source.files():
        with source.open(file.path) as stream:
            content = b"".join(iter(lambda: stream.read(1 << 16), b""))
        assert file.size in (None, len(content))
        found[file.path] = content
    return found


# --- Folders and packages -------------------------------------------------------------------------------------------


def test_a_folder(tmp_path: Path, model: Path) -> None:
    (model / "vocoder").mkdir()
    (model / "vocoder" / "config.json").write_text("{}")
    (model / ".git").mkdir()
    (model / ".git" / "x.json").write_text("{}")
    (model / "train.py").write_text("")
    (model / "ö.json").write_text("{}")
    (model / "link.json").symlink_to(model / "config.json")  # as in a hub's cache
    assert sorted(taken(FolderSource(model), tmp_path)) == [
        *("config.json", "link.json", "model.pth", "vocoder/config.json"),
    ]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed distribution with data and code, and the wheel's list of files."""
    site = tmp_path / "site"
    data = making.model_folder(site / "demo_voice" / "data")
    (site / "demo_voice" / "__init__.py").write_text("raise SystemExit('its code was run')")
    info = site / "demo_voice-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: demo-voice\nVersion: 1.2\n")
    (info / "LICENSE").write_text("MIT")
    lines = ["demo_voice/__init__.py,,", "demo_voice-1.2.dist-info/METADATA,,", "demo_voice-1.2.dist-info/LICENSE,,"]
    for name in ("config.json", "model.pth"):
        digest = hashlib.sha256((data / name).read_bytes()).digest()
        text = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        lines.append(f"demo_voice/data/{name},sha256={text},{(data / name).stat().st_size}")
    (info / "RECORD").write_text("\n".join(lines) + "\n")
    monkeypatch.syspath_prepend(str(site))
    return data


def test_a_pip_package(tmp_path: Path, package: Path, store: Store) -> None:
    source = PackageSource("demo-voice")
    assert source.description == "pip:demo-voice==1.2"
    assert sorted(taken(source, tmp_path)) == ["config.json", "model.pth"]
    pack = store.install(Description("demo", "Demo", "MIT"), PackageSource("demo-voice"))
    assert pack.pinned  # by the wheel's own hashes
    assert "demo_voice" not in sys.modules


def test_a_pip_package_that_was_changed(package: Path, store: Store) -> None:
    (package / "config.json").write_text('{"model": "xtts"}')
    with pytest.raises(PackError, match=r"config\.json has sha256"):
        store.install(Description("demo", "Demo", "MIT"), PackageSource("demo-voice"))


def test_packages_that_are_no_source(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="pip install no-such-voice"):
        PackageSource("no-such-voice")
    with pytest.raises(PackError, match=r"pip:pytest-django==.* holds no files"):
        PackageSource("pytest-django").prepare(tmp_path, enough)


# --- Downloads ------------------------------------------------------------------------------------------------------


class Server:
    """Serves `files` on loopback, by ranges, and breaks off after `stops_after` bytes."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.tag = '"one"'
        self.stops_after: int | None = None
        self.ranges: list[str | None] = []
        handler = functools.partial(_Handler, self)
        self._http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    def __init__(self, server: Server, *args: Any) -> None:
        self.ours = server
        super().__init__(*args)

    def do_GET(self) -> None:
        content = self.ours.files.get(self.path)
        if content is None:
            self.send_error(404)
            return
        asked = self.headers.get("Range")
        self.ours.ranges.append(asked)
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
        if asked and self.headers.get("If-Range") != self.ours.tag:
            start, asked = 0, None
        if start >= len(content) > 0:
            self.send_error(416)
            return
        body = content[start:]
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", self.ours.tag)
        self.end_headers()
        self.wfile.write(body if self.ours.stops_after is None else body[: self.ours.stops_after])

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[Server]:
    with contextlib.closing(Server()) as running:
        yield running


def test_a_download_that_broke_off_goes_on(server: Server, tmp_path: Path) -> None:
    content = bytes(range(256)) * 1000
    server.files["/a"] = content
    target = tmp_path / "a"
    server.stops_after = 100_000
    with pytest.raises(PackError, match="what came is kept"):
        download(f"{server.url}/a", target, enough)
    assert not target.exists()
    server.stops_after = None
    download(f"{server.url}/a", target, enough)
    assert target.read_bytes() == content
    assert server.ranges == [None, "bytes=100000-"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a"]
    download(f"{server.url}/a", target, enough)
    assert len(server.ranges) == 2


def test_a_download_of_a_file_that_has_changed_starts_again(server: Server, tmp_path: Path) -> None:
    server.files["/a"] = b"1" * 100_000
    server.stops_after = 50_000
    with pytest.raises(PackError):
        download(f"{server.url}/a", tmp_path / "a", enough)
    server.files["/a"], server.tag, server.stops_after = b"2" * 90_000, '"two"', None
    download(f"{server.url}/a", tmp_path / "a", enough)
    assert (tmp_path / "a").read_bytes() == b"2" * 90_000


def test_a_server_that_says_no_more_bytes(server: Server, tmp_path: Path) -> None:
    server.files["/a"] = b"1" * 100_000
    server.stops_after = 50_000
    with pytest.raises(PackError):
        download(f"{server.url}/a", tmp_path / "a", enough)
    server.files["/a"], server.stops_after = b"1" * 50_000, None
    with pytest.raises(PackError, match="answered 416"):
        download(f"{server.url}/a", tmp_path / "a", enough)
    download(f"{server.url}/a", tmp_path / "a", enough)
    assert (tmp_path / "a").read_bytes() == b"1" * 50_000


def test_a_download_that_would_not_fit(server: Server, tmp_path: Path) -> None:
    server.files["/a"] = b"1" * 1000

    def full(needed: int) -> None:
        assert needed == 1000
        raise PackError("full")

    with pytest.raises(PackError, match=r"^full$"):
        download(f"{server.url}/a", tmp_path / "a", full)


def test_addresses_that_do_not_answer(server: Server, tmp_path: Path) -> None:
    with pytest.raises(PackError, match="answered 404"):
        download(f"{server.url}/none", tmp_path / "a", enough)
    server.close()
    with pytest.raises(PackError, match="cannot be fetched"):
        download(f"{server.url}/a", tmp_path / "a", enough)


def test_a_zip_at_an_address(server: Server, tmp_path: Path, store: Store) -> None:
    members = [
        ("tts_models--tr/config.json", b'{"model": "glow_tts"}'),
        ("tts_models--tr/model_file.pth.tar", making.checkpoint()),
        ("tts_models--tr/.DS_Store", b""),
        ("tts_models--tr/../evil.json", b"{}"),
        ("__MACOSX/config.json", b"{}"),
        ("tts_models--tr/notes.py", b""),
    ]
    server.files["/m.zip"] = making.archive(members, zipfile.ZIP_DEFLATED)
    source = remote.parse(f"{server.url}/m.zip")
    assert isinstance(source, ArchiveSource)
    pack = store.install(Description("demo", "Demo", "MIT"), source)
    assert [file.path for file in pack.files] == ["config.json", "model_file.pth.tar"]
    assert pack.family == "glow_tts"
    assert pack.source == f"{server.url}/m.zip"
    pack.verify()
    assert list((store.voices_dir / ".incoming").iterdir()) == []


def test_a_zip_that_claims_less_than_it_holds(server: Server, store: Store) -> None:
    """A bomb: the unpacking stops soon after the stated size."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("m/vocab.txt", b"a" * 50_000_000)
    content = bytearray(buffer.getvalue())
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = content.index(signature) + offset
        content[at : at + 4] = (10).to_bytes(4, "little")
    server.files["/m.zip"] = bytes(content)
    with pytest.raises(PackError, match=r"vocab\.txt is damaged in the archive"):
        store.install(Description("demo", "Demo", "MIT"), remote.parse(f"{server.url}/m.zip"))
    assert sum(path.stat().st_size for path in store.voices_dir.rglob("*.part")) < 5_000_000


def test_a_zip_that_is_none(server: Server, store: Store) -> None:
    server.files["/m.zip"] = b"<html>moved</html>"
    with pytest.raises(PackError, match="not a whole zip archive"):
        store.install(Description("demo", "Demo", "MIT"), remote.parse(f"{server.url}/m.zip"))
    server.files["/m.zip"] = making.archive([("a.py", b"")])
    with pytest.raises(PackError, match="holds no files"):
        store.install(Description("demo", "Demo", "MIT"), remote.parse(f"{server.url}/m.zip"))


def test_one_file_at_an_address(server: Server, tmp_path: Path) -> None:
    server.files["/x/WavLM-Large.pt"] = making.checkpoint()
    source = remote.parse(f"{server.url}/x/WavLM-Large.pt")
    assert isinstance(source, FileSource)
    assert list(taken(source, tmp_path / "scratch")) == ["WavLM-Large.pt"]
    with pytest.raises(PackError, match="not an address"):
        remote.parse(f"{server.url}/x/run.exe")


def test_several_sources_in_one_pack(server: Server, store: Store, model: Path) -> None:
    server.files["/vocoder.zip"] = making.archive(
        [("v/config.json", b'{"model": "hifigan"}'), ("v/model_file.pth", making.checkpoint())]
    )
    server.files["/x.pt"] = making.checkpoint()
    parts: list[tuple[Source, str]] = [
        (FolderSource(model), ""),
        (remote.parse(f"{server.url}/vocoder.zip"), "vocoder"),
        (remote.parse(f"{server.url}/x.pt"), ""),
    ]
    pack = store.install(Description("demo", "Demo", "MIT"), JoinedSource(parts))
    assert [file.path for file in pack.files] == [
        *("config.json", "model.pth", "vocoder/config.json", "vocoder/model_file.pth", "x.pt"),
    ]
    assert (pack.folder / "vocoder" / "config.json").read_bytes() == b'{"model": "hifigan"}'
    pack.verify()


# --- Hugging Face ---------------------------------------------------------------------------------------------------


LARGE = 5_000_000
Usage = namedtuple("Usage", "total used free")


class HubError(Exception):
    """Stands for the library's own."""


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, model: Path) -> list[dict[str, Any]]:
    """A huggingface_hub that copies from a folder; what it was asked for."""
    asked: list[dict[str, Any]] = []

    def snapshot_download(repository: str, *, dry_run: bool = False, **options: Any) -> object:
        if repository == "gone/away":
            raise HubError("404")
        if dry_run:
            sizes = [file.stat().st_size for file in model.iterdir()]
            return [types.SimpleNamespace(file_size=size, will_download=True) for size in (*sizes, LARGE)]
        asked.append({"repository": repository, **options})
        prefix = (options["allow_patterns"] or ["*"])[0].removesuffix("*")
        target = Path(options["local_dir"]) / prefix
        target.mkdir(parents=True, exist_ok=True)
        for file in model.iterdir():
            (target / file.name).write_bytes(file.read_bytes())
        (Path(options["local_dir"]) / ".cache").mkdir(exist_ok=True)
        return str(options["local_dir"])

    library = types.ModuleType("huggingface_hub")
    library.snapshot_download = snapshot_download  # type: ignore[attr-defined]
    errors = types.ModuleType("huggingface_hub.errors")
    errors.HfHubHTTPError = HubError  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "huggingface_hub", library)
    monkeypatch.setitem(sys.modules, "huggingface_hub.errors", errors)
    return asked


def test_hugging_face(hub: list[dict[str, Any]], store: Store) -> None:
    source = remote.parse("hf:facebook/mms-tts@abc:models/tur")
    pack = store.install(Description("demo", "Demo", "MIT"), source)
    assert pack.source == "hf:facebook/mms-tts@abc:models/tur"
    assert [file.path for file in pack.files] == ["config.json", "model.pth"]
    assert hub[0]["repository"] == "facebook/mms-tts"
    assert hub[0]["revision"] == "abc"
    assert hub[0]["allow_patterns"] == ["models/tur/*"]
    assert Path(hub[0]["local_dir"]).is_relative_to(store.voices_dir / ".incoming")
    assert list((store.voices_dir / ".incoming").iterdir()) == []


def test_hugging_face_without_a_folder(hub: list[dict[str, Any]], tmp_path: Path) -> None:
    assert sorted(taken(remote.parse("hf:a/b"), tmp_path)) == ["config.json", "model.pth"]
    assert hub[0]["revision"] == "main"
    assert hub[0]["allow_patterns"] is None


def test_hugging_face_of_a_known_pack(hub: list[dict[str, Any]], tmp_path: Path) -> None:
    """Only what the pack takes is fetched: XTTS's repository has 200 MB more for training."""
    for name, expected in (
        ("xtts-v2", ["model.pth", "config.json", "vocab.json", "speakers_xtts.pth"]),
        ("mms-tur", ["models/tur/G_100000.pth", "models/tur/config.json", "models/tur/vocab.txt"]),
    ):
        with contextlib.suppress(PackError):  # this hub has other files
            known.get(name).origin(lambda folder, target: None).prepare(tmp_path, lambda count: None)
        assert hub.pop()["allow_patterns"] == expected


def test_hugging_face_that_would_not_fit(
    hub: list[dict[str, Any]], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: Usage(10**9, 10**9, RESERVE_BYTES + LARGE))
    with pytest.raises(PackError, match="72 MB free, 72 MB are needed"):
        store.install(Description("demo", "Demo", "MIT"), remote.parse("hf:a/b"))
    assert hub == []


def test_hugging_face_that_does_not_answer(hub: list[dict[str, Any]], store: Store) -> None:
    with pytest.raises(PackError, match=r"hf:gone/away@main cannot be fetched \(HubError\)"):
        store.install(Description("demo", "Demo", "MIT"), remote.parse("hf:gone/away"))


def test_without_the_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(PackError, match=r"pip install huggingface_hub.*--from FOLDER"):
        HubSource("a/b").prepare(tmp_path, enough)


# --- Coqui's list ---------------------------------------------------------------------------------------------------


@pytest.fixture
def coqui(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """A library whose list this is, and which must not be imported."""
    folder = tmp_path / "library" / "TTS"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("raise SystemExit('the library was imported')")
    monkeypatch.syspath_prepend(str(tmp_path / "library"))

    def write(content: Any) -> None:
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / ".models.json").write_text(text)

    return write


def test_coquis_list(coqui: Callable[[Any], None]) -> None:
    entry = {"tr": {"common-voice": {"glow-tts": {"github_rls_url": "https://example.org/m.zip", "license": "MIT"}}}}
    xtts = {"repo_id": "tts-hub/XTTS-v2", "ignore": ["samples/*"]}
    openvoice = {"repo_id": "myshell-ai/OpenVoiceV2", "allow": ["converter/*"]}
    coqui({"tts_models": {**entry, "xtts": xtts}, "voice": openvoice})
    assert remote.parse("coqui:tts_models/tr/common-voice/glow-tts").description == "https://example.org/m.zip"
    assert remote.parse("coqui:tts_models/xtts").description == "hf:tts-hub/XTTS-v2@main"
    assert remote.parse("coqui:voice").description == "hf:myshell-ai/OpenVoiceV2@main:converter"
    for name in ("tts_models/tr", "tts_models/none", ""):
        with pytest.raises(PackError, match="has no model"):
            remote.parse(f"coqui:{name}")
    coqui("[")
    with pytest.raises(PackError, match=r"\.models\.json cannot be read"):
        remote.parse("coqui:tts_models/xtts")
    assert "TTS" not in sys.modules


def test_without_the_coqui_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(PackError, match="coqui-tts is not installed here"):
        remote.parse("coqui:tts_models/tr/common-voice/glow-tts")


def test_other_sources() -> None:
    with pytest.raises(PackError, match="write hf:OWNER/NAME"):
        remote.parse("hf:facebook")
    assert isinstance(remote.parse("/some/folder"), FolderSource)
    assert isinstance(remote.parse("folder:/some/folder"), FolderSource)


# --- Converters -----------------------------------------------------------------------------------------------------


def test_files_are_converted_once_they_are_known_to_be_data(store: Store, model: Path) -> None:
    seen: list[str] = []

    def convert(folder: Path, target: Path) -> None:
        seen.extend(sorted(path.name for path in folder.iterdir()))
        making.model_folder(target, weights=b"converted")

    pack = store.install(Description("demo", "Demo", "MIT"), ConvertedSource(FolderSource(model), convert))
    assert seen == ["config.json", "model.pth"]
    assert pack.source.startswith("converted from folder ")
    assert b"converted" in (pack.folder / "model.pth").read_bytes()
    seen.clear()
    (model / "model.pth").write_bytes(making.checkpoint(making.EVIL_PICKLE))
    with pytest.raises(PackError, match=r"model\.pth is refused"):
        store.install(Description("demo", "Demo", "MIT"), ConvertedSource(FolderSource(model), convert), replacing=True)
    assert seen == []
