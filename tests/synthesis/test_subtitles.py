"""SRT and WebVTT from sentences with their times."""

import itertools
from typing import Any

from synthesis.domain import subtitles


def sentence(text: str, whole: str, start: float) -> dict[str, Any]:
    """Each character takes 0.1 s."""
    offset = whole.index(text)
    words, position = [], offset
    for word in text.split():
        position = whole.index(word, position)
        begin = start + (position - offset) / 10
        words.append({"start": begin, "end": begin + len(word) / 10, "offset": position, "length": len(word)})
        position += len(word)
    end = start + len(text) / 10
    return {"start": start, "end": end, "offset": offset, "length": len(text), "text": text, "words": words}


SHORT = "Salam & <dünya>!"
LONG = " ".join(f"söz{number}" for number in range(40)) + "."
TEXT = f"{SHORT}\n {LONG}"
SENTENCES = [sentence(SHORT, TEXT, 0.5), sentence(LONG, TEXT, 3600.0)]


def test_srt() -> None:
    blocks = subtitles.written(SENTENCES, TEXT, "srt").rstrip("\n").split("\n\n")
    assert blocks[0] == f"1\n00:00:00,500 --> 00:00:02,100\n{SHORT}"
    assert [int(block.splitlines()[0]) for block in blocks] == list(range(1, len(blocks) + 1))
    assert blocks[1].splitlines()[1].startswith("01:00:00,000 --> 01:00:0")


def test_vtt() -> None:
    document = subtitles.written(SENTENCES, TEXT, "vtt")
    assert document.startswith("WEBVTT\n\n00:00:00.500 --> 00:00:02.100\nSalam &amp; &lt;dünya&gt;!\n\n")


def test_long_sentences_are_parted_between_words() -> None:
    cues = list(subtitles.cues(SENTENCES, TEXT))[1:]
    assert " ".join(" ".join(cue.text.split()) for cue in cues) == LONG
    assert len(cues) == 3
    for cue in cues:
        assert len(cue.text) <= subtitles.LONGEST_CUE
        assert all(len(line) <= 50 for line in cue.text.splitlines())
    for cue, following in itertools.pairwise(cues):
        assert cue.start < cue.end == following.start
    assert (cues[0].start, cues[-1].end) == (3600.0, SENTENCES[1]["end"])


def test_one_endless_word() -> None:
    word = "a" * 300
    (cue,) = subtitles.cues([sentence(word, word, 0.0)], word)
    assert cue.text == word


def test_nothing() -> None:
    assert subtitles.written([], "", "srt") == ""
    assert subtitles.written([], "", "vtt") == "WEBVTT\n\n"
