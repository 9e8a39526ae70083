"""What may be inside the files of a voice pack."""

import io
import pickle
import sys
import zipfile
from pathlib import Path

import pytest

from models.packs import tensor_files
from models.packs.tensor_files import NotTensors
from tests.packs import making


def check(tmp_path: Path, content: bytes, name: str = "model.pth") -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    tensor_files.check(file, name)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("model.pth", making.checkpoint()),
        ("pytorch_model.bin", making.checkpoint()),
        ("model_file.pth.tar", making.checkpoint()),
        ("model.pt", making.checkpoint(b"\x80\x02c__builtin__\nset\n]\x85R.")),  # Python 2's name of builtins.set
        ("model.safetensors", making.safetensors()),
        ("config.json", b'// written by hand\n{"model": "vits"}'),
        ("vocab.txt", "a\nə\n".encode()),
        ("LICENSE", b"MIT"),
        ("voice.wav", b"RIFF\x00\x00\x00\x00WAVEfmt "),
    ],
)
def test_data_passes(tmp_path: Path, name: str, content: bytes) -> None:
    check(tmp_path, content, name)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (making.EVIL_PICKLE, "names posix.system"),
        (b"\x80\x02c__builtin__\neval\nX\x01\x00\x00\x001\x85R.", "names builtins.eval"),
        (b"\x80\x02ctorch.hub\nload\n.", "names torch.hub.load"),
        (b"\x80\x02cnumpy.core.multiarray\nscalar\n.", "names numpy.core.multiarray.scalar"),
        (b"\x80\x04\x8c\x05posix\x8c\x06system\x93.", "the operation SHORT_BINUNICODE"),
        (b"(S'touch evil'\niposix\nsystem\n.", "the operation STRING"),
        (b"(cposix\nsystem\no.", "names posix.system"),
        (b"\x80\x02\x82\x01.", "the operation EXT1"),
        (b"Pposix\n.", "the operation PERSID"),
        (b"\x80\x02}", "damaged"),
        (b"\x80\x02X\xff\xff\xff\x7fab.", "damaged"),
        (b"\x80\x02c\xff\xfe\n\xff\n.", "damaged|names"),
        (b"", "damaged"),
    ],
)
def test_a_pickle_that_could_do_something_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(NotTensors, match=reason):
        check(tmp_path, making.checkpoint(data))
    assert not (tmp_path / "evil").exists()


def test_the_refused_pickle_would_have_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table above is about real attacks and not about bytes that nobody could load."""
    monkeypatch.chdir(tmp_path)
    pickle.loads(making.EVIL_PICKLE)  # noqa: S301 - that is the point
    assert (tmp_path / "evil").exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (making.TENSOR_PICKLE, "not what torch.save writes"),
        (making.EVIL_PICKLE, "not what torch.save writes"),
        (b"", "not what torch.save writes"),
        (making.checkpoint()[:-30], "damaged"),
        (b"PK\x03\x04" + b"\x00" * 100, "damaged"),
        (b"PK\x03\x04" + b"\x00" * 60 + making.checkpoint(), "start of the file"),
        (making.archive([("a/data.pkl", making.TENSOR_PICKLE)], zipfile.ZIP_DEFLATED), "compressed"),
        (making.archive([("a/data/0", b"")]), "exactly one data.pkl"),
        (making.archive([("a/data.pkl", making.TENSOR_PICKLE), ("b/data.pkl", making.EVIL_PICKLE)]), "exactly one"),
        (making.archive([("a/data.pkl", making.TENSOR_PICKLE), ("a/x.pkl", making.EVIL_PICKLE)]), "exactly one"),
        (making.archive([("a/data.pkl", making.TENSOR_PICKLE), ("A/DATA.PKL", making.EVIL_PICKLE)]), "of one name"),
        (making.archive([("a/data.pkl", making.TENSOR_PICKLE), ("a/constants.pkl", b"")]), "TorchScript"),
        (making.archive([("a/data.pkl", making.TENSOR_PICKLE), ("a/code/x.py", b"")]), "TorchScript"),
        (making.archive([]), "not what torch.save writes|start of the file"),
    ],
)
def test_an_archive_that_torch_would_read_otherwise_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(NotTensors, match=reason):
        check(tmp_path, content)


def before_1_6(**instead: bytes) -> bytes:
    """A checkpoint as torch wrote it before 1.6: five pickles, then the numbers of each storage."""
    parts = {
        "magic": pickle.dumps(0x1950A86A20F9469CFC6C, protocol=2),
        "version": pickle.dumps(1001, protocol=2),
        "host": pickle.dumps({"little_endian": True, "type_sizes": {"int": 4}}, protocol=2),
        "content": making.TENSOR_PICKLE,
        "keys": pickle.dumps(["0"], protocol=2),
        "numbers": bytes(16),
    }
    return b"".join({**parts, **instead}.values())


def test_the_format_before_torch_1_6_is_let_in(tmp_path: Path) -> None:
    check(tmp_path, before_1_6())


@pytest.mark.parametrize("part", ["version", "host", "content", "keys"])
def test_each_pickle_of_that_format_is_checked(tmp_path: Path, part: str) -> None:
    with pytest.raises(NotTensors, match="which is no part of a tensor file"):
        check(tmp_path, before_1_6(**{part: making.EVIL_PICKLE}))
    with pytest.raises(NotTensors, match="holds classes"):
        check(tmp_path, before_1_6(**{part: pickle.dumps({"module": 1}, protocol=2)}))


def test_a_file_of_that_format_has_all_its_pickles(tmp_path: Path) -> None:
    with pytest.raises(NotTensors, match="its pickle is damaged"):
        check(tmp_path, before_1_6(keys=b"", numbers=b""))


def test_the_pickles_of_that_format_have_a_largest_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensor_files, "MAXIMUM_PICKLE", 20)
    with pytest.raises(NotTensors, match="damaged"):
        check(tmp_path, before_1_6())


def test_a_name_that_only_the_directory_knows_is_what_counts(tmp_path: Path) -> None:
    """Python's and torch's readers both go by the central directory; a local header that says otherwise is damage."""
    content = making.checkpoint()
    renamed = content.replace(b"archive/data.pkl", b"archive/data.txt", 1)
    with pytest.raises(NotTensors, match="damaged"):
        check(tmp_path, renamed)


def test_a_pickle_has_a_largest_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensor_files, "MAXIMUM_PICKLE", 10)
    with pytest.raises(NotTensors, match="more than 10"):
        check(tmp_path, making.checkpoint())


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("model.safetensors", making.safetensors()[:-1], "do not fill the file"),
        ("model.safetensors", making.safetensors() + b"x", "do not fill the file"),
        ("model.safetensors", b"\xff" * 16, "not a safetensors file"),
        ("model.safetensors", b"\x02\x00\x00\x00\x00\x00\x00\x00[]", "header is damaged"),
        ("model.safetensors", b"", "not a safetensors file"),
        ("config.json", pickle.dumps({}, protocol=4), "UTF-8"),
        ("config.json", pickle.dumps({}, protocol=0), "not JSON"),
        ("vocab.txt", b"\xff\xfe", "UTF-8"),
        ("voice.wav", b"ID3\x04", "not a wav"),
        ("run.py", b"", "no files of this kind"),
        ("speakers.pkl", b"", "no files of this kind"),
        ("stats.npy", b"", "no files of this kind"),
        ("data", b"", "no files of this kind"),
    ],
)
def test_other_files_are_what_their_name_says(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    with pytest.raises(NotTensors, match=reason):
        check(tmp_path, content, name)


def test_a_text_has_a_largest_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensor_files, "MAXIMUM_TEXT", 4)
    with pytest.raises(NotTensors, match="more than 4 bytes"):
        check(tmp_path, b"hello", "vocab.txt")


def test_checking_a_large_pickle_takes_no_time_that_grows_faster(tmp_path: Path) -> None:
    """Ten thousand tensors, more than any model of speech has."""
    data = pickle.dumps({f"layer.{number}.weight": number for number in range(10_000)}, protocol=2)
    check(tmp_path, making.checkpoint(data))


def test_nothing_of_the_file_is_imported(tmp_path: Path) -> None:
    with pytest.raises(NotTensors):
        check(tmp_path, making.checkpoint(b"\x80\x02cantigravity\nfly\n."))
    assert "antigravity" not in sys.modules


def test_a_zip_made_by_python_itself_is_read(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file, file.open("m/data.pkl", "w") as member:
        member.write(making.TENSOR_PICKLE)
    check(tmp_path, buffer.getvalue())
