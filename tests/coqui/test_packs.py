"""Voice packs with the real libraries: what torch writes and reads, and Hugging Face's own client."""

import hashlib
import http.server
import json
import pickle
import re
import threading
from collections.abc import Iterator
from inspect import getsource
from pathlib import Path

import huggingface_hub.constants
import pytest
import torch
from torch import _weights_only_unpickler as torchs

from models.engines.coqui import checkpoints
from models.engines.errors import EngineError
from models.packs import known, tensor_files
from models.packs.store import Store
from tests.packs import making

COMMIT = "a" * 40
REPOSITORY = {
    "models/tur/G_100000.pth": making.checkpoint(weights=b"\x01" * 3_000_000),
    "models/tur/config.json": b"{}",
    "models/tur/vocab.txt": b"a\n",
    "models/tur/D_100000.pth": b"not needed to speak",
    "README.md": b"# MMS",
}


def test_every_name_that_is_let_in_is_one_that_torch_knows() -> None:
    assert set(torchs._get_allowed_globals()) >= tensor_files.ALLOWED_GLOBALS


def test_every_operation_that_is_let_in_is_one_that_torch_knows() -> None:
    names = set(re.findall(r"\b([A-Z][A-Z0-9_]+)\[0\]", getsource(torchs.Unpickler.load)))
    assert {getattr(pickle, name)[:1].decode("latin-1") for name in names} == tensor_files.ALLOWED_OPCODES


def test_what_torch_saves_is_let_in(tmp_path: Path) -> None:
    file = tmp_path / "model.pth"
    tensors = {
        name: torch.zeros(3, dtype=kind)
        for name, kind in vars(torch).items()
        if isinstance(kind, torch.dtype) and name in ("float32", "float16", "bfloat16", "int64", "uint8", "bool")
    }
    torch.save({"model": tensors, "bias": torch.nn.Parameter(torch.ones(2)), "step": 7, "speakers": {"ayla"}}, file)
    tensor_files.check(file, file.name)
    assert torch.load(file, weights_only=True)["step"] == 7


@pytest.mark.parametrize("content", [torch.nn.Linear(1, 1), {"when": Path("x")}, {"optimizer": torch.optim.SGD}])
def test_what_torch_refuses_is_refused(tmp_path: Path, content: object) -> None:
    file = tmp_path / "model.pth"
    torch.save(content, file)
    with pytest.raises(pickle.UnpicklingError):
        torch.load(file, weights_only=True)
    with pytest.raises(tensor_files.NotTensors, match="which is no part of a tensor file"):
        tensor_files.check(file, file.name)


def test_the_format_before_torch_1_6_is_let_in_and_loaded(tmp_path: Path) -> None:
    file = tmp_path / "model.pth"
    tensors = {"weight": torch.randn(3, 4), "half": torch.ones(2, dtype=torch.float16), "steps": torch.arange(5)}
    torch.save({"model": tensors, "step": 7}, file, _use_new_zipfile_serialization=False)
    tensor_files.check(file, file.name)
    assert checkpoints.load(file)["step"] == 7
    loaded = checkpoints.weights(file)
    assert all(torch.equal(loaded[name], tensor) for name, tensor in tensors.items())


@pytest.mark.filterwarnings("ignore:Couldn't retrieve source code")
@pytest.mark.parametrize("content", [torch.nn.Linear(1, 1), {"when": Path("x")}, {"optimizer": torch.optim.SGD}])
def test_what_torch_refuses_of_that_format_is_refused(tmp_path: Path, content: object) -> None:
    file = tmp_path / "model.pth"
    torch.save(content, file, _use_new_zipfile_serialization=False)
    with pytest.raises(EngineError, match=r"model\.pth"):
        checkpoints.load(file)
    with pytest.raises(tensor_files.NotTensors, match=r"which is no part of a tensor file|holds classes"):
        tensor_files.check(file, file.name)


class Hub(http.server.BaseHTTPRequestHandler):
    """As much of Hugging Face as its client asks for one repository."""

    fetched: list[str] = []  # noqa: RUF012 - the handler's class is all that a test can reach

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def _answer(self, *, with_body: bool) -> None:
        path = self.path.partition("?")[0]
        name = path.partition(f"/facebook/mms-tts/resolve/{COMMIT}/")[2]
        if name in REPOSITORY:
            body = REPOSITORY[name]
            if with_body:
                self.fetched.append(name)
        elif "/tree/" in path:
            body = json.dumps(
                [{"type": "file", "path": name, "size": len(body), "oid": ""} for name, body in REPOSITORY.items()]
            ).encode()
        elif path.startswith("/api/models/facebook/mms-tts/revision/"):
            body = json.dumps({"id": "facebook/mms-tts", "sha": COMMIT, "siblings": []}).encode()
        else:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", f'"{hashlib.sha256(body).hexdigest()}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The client talks to a server here; the names of the files that it has fetched."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    address = f"http://127.0.0.1:{server.server_port}"
    # the client reads the variable when it is imported
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", address)
    monkeypatch.setattr(
        huggingface_hub.constants, "HUGGINGFACE_CO_URL_TEMPLATE", address + "/{repo_id}/resolve/{revision}/{filename}"
    )
    Hub.fetched.clear()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Hub.fetched
    server.shutdown()
    server.server_close()


def test_a_known_pack_comes_with_hugging_faces_own_client(hub: list[str], tmp_path: Path) -> None:
    entry = known.get("mms-tur")
    store = Store(tmp_path / "voices", {"CC-BY-NC-4.0"})
    pack = store.install(entry.description, entry.origin(lambda folder, target: None))
    pack.verify()
    assert sorted(hub) == sorted(f"models/tur/{file.path}" for file in pack.files)
    assert (pack.folder / "G_100000.pth").read_bytes() == REPOSITORY["models/tur/G_100000.pth"]
    assert [file.path for file in pack.files] == ["G_100000.pth", "config.json", "vocab.txt"]
