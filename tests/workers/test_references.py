"""The text and the length of the recordings that other engines imitate."""

import re
from pathlib import Path

import pytest

from models.catalogue import LANGUAGES, catalogue
from models.engines.tone import Tone
from workers import references
from workers.pipeline.normalise import normalise


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentences_need_no_reading(language: str) -> None:
    """No numbers, no abbreviations: what is spoken is what is written."""
    for sentence in references.sentences(language):
        assert re.findall(r"\w+", normalise(sentence, language).spoken) == re.findall(r"\w+", sentence.lower())


def test_a_recording_takes_ten_to_fifteen_seconds(tmp_path: Path) -> None:
    for voice in catalogue():
        seconds = references.write(voice, Tone(), tmp_path / "a.wav")
        assert 10 <= seconds <= 15
        assert (tmp_path / "a.wav").stat().st_size == pytest.approx(44 + seconds * 48_000)


@pytest.mark.parametrize(("limit", "seconds"), [("LONGEST", 10.01), ("SHORTEST", 1000.0)])
def test_a_voice_that_is_too_fast_or_too_slow(
    tmp_path: Path, limit: str, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(references, limit, seconds)
    with pytest.raises(ValueError, match=r"325640 \(Aytac\) takes .* s, not 10 to 15"):
        references.write(catalogue().get(325640), Tone(), tmp_path / "a.wav")
    assert list(tmp_path.iterdir()) == []
