"""Fixtures for tests that need torch and the Coqui library: `make test-coqui` installs both and runs them."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.catalogue import Voice
from models.engines.loader import EngineOptions

HAS_LIBRARY = importlib.util.find_spec("TTS") is not None
collect_ignore_glob = [] if HAS_LIBRARY else ["test_*.py"]

if HAS_LIBRARY:
    from models.engines.coqui.engine import Coqui
    from models.engines.loader import load
    from tests.coqui import makers

    PACKS = {
        "single": ("vits", makers.vits),
        "sdp": ("vits", lambda folder: makers.vits(folder, use_sdp=True)),
        "several": ("vits", lambda folder: makers.vits(folder, speakers=("ayla", "can"), use_sdp=True)),
        "mms": ("mms", makers.mms),
        "glow": ("glow_tts", makers.glow_tts),
        "fast-pitch": ("fast_pitch", makers.fast_pitch),
        "tacotron": ("tacotron2", makers.tacotron2),
        "xtts": ("xtts", makers.xtts),
        "openvoice": ("openvoice", makers.openvoice),
        "freevc": ("freevc", makers.freevc24),
        "freevc-spk": ("freevc", lambda folder: makers.freevc24(folder, use_spk=True)),
        "knnvc": ("knnvc", makers.knnvc),
    }


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not HAS_LIBRARY:
        terminalreporter.write_line("tests/coqui was not run: the Coqui library is not installed here. make test-coqui")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("coqui")


@pytest.fixture(scope="session")
def voices_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Voice packs of every family, and two recordings."""
    folder = tmp_path_factory.mktemp("voices")
    for name, (family, fill) in PACKS.items():
        makers.pack(folder, name, family, fill)
    makers.recording(folder / "references" / "low.wav", hertz=110)
    makers.recording(folder / "references" / "high.wav", hertz=230)
    return folder


@pytest.fixture(scope="session")
def options(voices_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> EngineOptions:
    data_dir = tmp_path_factory.mktemp("data")
    return EngineOptions(data_dir=data_dir, weights_dir=None, threads=1, device="cpu", voices_dir=voices_dir)


@pytest.fixture(scope="session")
def shared_engine(options: EngineOptions) -> Iterator["Coqui"]:
    """One engine for all tests that leave it as it was."""
    engine = load("coqui", options)
    assert isinstance(engine, Coqui)
    yield engine
    engine.close()


@pytest.fixture
def engine(options: EngineOptions) -> Iterator["Coqui"]:
    """An engine of the test's own."""
    own = load("coqui", options)
    assert isinstance(own, Coqui)
    yield own
    own.close()


def a_voice(model: str, language: str = "tr", **settings: object) -> Voice:
    """A voice of no catalogue that this model speaks."""
    return Voice(
        id=1,
        name="Deneme",
        language=language,
        gender="female",
        licence="MIT",
        engines={"coqui": {"model": model, **settings}},
    )
