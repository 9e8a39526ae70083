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


def test_sentences_that_are_spoken_so_far() -> None:
    """Two in the first chunk of 20 characters, 2 s and a rest of 0.5 s; the third goes on in a chunk to come."""
    chunks = [subtitles.SpokenChunk(20, 2.0, 0.5), subtitles.SpokenChunk(10, 1.0, 0.0)]
    lines = [b"[0,9,3,8,[[0,4,3,4]]]\n", b"[10,19,12,9,[]]\n", b"[20,35,30,15,[]]\n", b"[36,40,50,4,[]]\n"]
    found = list(subtitles.estimated(chunks, lines))
    assert [(one["start"], one["end"], one["offset"], one["length"]) for one in found] == [
        (0.0, 0.9, 3, 8),
        (1.0, 1.9, 12, 9),
        (2.5, 3.5, 30, 15),
    ]
    assert list(subtitles.estimated([], lines)) == []
    assert list(subtitles.estimated(chunks, [])) == []
