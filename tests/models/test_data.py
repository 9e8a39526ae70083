"""The shipped data is what its README says, and can be read without running anything that is in it."""

import hashlib
import json
import zipfile
from pathlib import Path

import numpy as np

import models
from models.catalogue import catalogue
from models.engines.kokoro import MAXIMUM_IDS, styles, vocabulary

DATA = Path(models.__file__).parent / "data"
ORIGINS = json.loads((DATA / "kokoro_styles.json").read_text(encoding="utf-8"))["voices"]


def test_the_readme_states_the_hash_of_every_file() -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    files = [path for path in DATA.iterdir() if path.suffix in (".npz", ".json", ".txt")]
    assert len(files) == 5
    for path in files:
        assert f"`{path.name}`" in readme
        assert hashlib.sha256(path.read_bytes()).hexdigest() in readme, path.name


def test_every_style_is_the_one_that_was_chosen() -> None:
    assert styles().keys() == ORIGINS.keys()
    for name, style in styles().items():
        little_endian = style.astype("<f4")
        assert hashlib.sha256(little_endian.tobytes()).hexdigest() == ORIGINS[name]["sha256"], name


def test_styles_have_a_row_for_every_length_that_is_spoken() -> None:
    for style in styles().values():
        assert style.shape == (510, 256)
        assert style.shape[0] > MAXIMUM_IDS
        assert style.dtype == np.float32
        assert np.isfinite(style).all()


def test_the_archive_holds_no_pickled_object() -> None:
    with zipfile.ZipFile(DATA / "kokoro_styles.npz") as archive:
        for name in archive.namelist():
            with archive.open(name) as file:
                version = np.lib.format.read_magic(file)
                assert version == (1, 0)
                _, _, kind = np.lib.format.read_array_header_1_0(file)
                assert not kind.hasobject


def test_every_voice_has_a_style() -> None:
    assert {voice.engines["kokoro"]["style"] for voice in catalogue()} == styles().keys()


def test_the_vocabulary_leaves_the_end_mark_free() -> None:
    ids = vocabulary().values()
    assert 0 not in ids
    assert len(set(ids)) == len(ids)
    assert all(len(symbol) == 1 for symbol in vocabulary())
