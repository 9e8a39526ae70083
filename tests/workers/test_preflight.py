import pytest
from pytest_django import Settings

from models import weights
from models.weights import WeightsMissing
from workers import preflight
from workers.pipeline.errors import PipelineError


def test_it_works() -> None:
    preflight.check()


def test_no_ffmpeg(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> str:
        raise PipelineError("no ffmpeg with libmp3lame: install ffmpeg", code="ffmpeg_missing", permanent=True)

    monkeypatch.setattr(preflight, "find_ffmpeg", missing)
    with pytest.raises(preflight.NotReady, match="install ffmpeg"):
        preflight.check()


def test_no_weights(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise WeightsMissing("put them there")

    settings.ENGINE = "kokoro"
    monkeypatch.setattr(weights, "kokoro_model", missing)
    with pytest.raises(preflight.NotReady, match="Put them there"):
        preflight.check()


def test_a_file_in_the_way(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("media") / "media"
    file.touch()
    settings.MEDIA_ROOT = file
    with pytest.raises(preflight.NotReady, match="cannot be made"):
        preflight.check()


def test_a_stage_that_does_not_exist_cannot_be_switched_off(settings: Settings) -> None:
    settings.READING_WITHOUT = ["romans", "magic"]
    with pytest.raises(preflight.NotReady, match=r"VOICEN_READING_WITHOUT: no stage magic; known: .*romans"):
        preflight.check()
    settings.READING_WITHOUT = ["romans"]
    preflight.check()
