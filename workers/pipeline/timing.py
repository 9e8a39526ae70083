"""When each word of the original text is heard: from where it stands in the spoken text to a time in the audio.

The spoken text is the sentences one after another; every word of it knows its stretch of the original (`normalise`),
and every chunk of it its audio. Within a chunk the time goes by the characters, over the voiced part only; where a
sentence ends inside a chunk, the rest that the voice makes there is looked for near the expected place.
"""

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import IO, Any, NamedTuple

import numpy as np

from models.audio import Pcm
from workers.pipeline import loudness
from workers.pipeline.normalise.reading import Sentence

_SHORTEST_REST = 0.06
"""Seconds of quiet inside a chunk that may be the rest after a sentence: between two plosives there are 50 ms."""
_NO_REST = 0.6
"""What it costs, in seconds of distance, that no rest is found; a longer rest is worth as much as a nearer one."""
_LONGEST_COUNTED = 0.5
# The word before the bar is what is written; its sounds take its time.
_MARK = re.compile(r"\{([^{}|]*)(\|[^{}]*)\}")


@dataclass(slots=True)
class Place:
    """A spoken sentence: its characters of the spoken text, and its stretch of the original.

    `words` hold the same four numbers: from and to in the spoken text, offset and length in the original.
    """

    start: int
    end: int
    offset: int
    length: int
    words: list[tuple[int, int, int, int]]


class ChunkSound(NamedTuple):
    """A chunk as it was spoken: s16le mono frames with the rest after it."""

    text: str
    frames: bytes


class Recorder:
    """Writes the places of sentences, in their order, into a file as lines of JSON."""

    def __init__(self, text: str, file: IO[bytes]) -> None:
        self._text = text
        self._file = file
        self._position = 0

    def __call__(self, sentence: Sentence) -> None:
        """The next sentence of the spoken text."""
        place = _placed(sentence, self._text, self._position)
        self._position = place.end + 1  # the separator
        line = [place.start, place.end, place.offset, place.length, place.words]
        self._file.write(json.dumps(line, separators=(",", ":")).encode() + b"\n")


def places(lines: Iterable[bytes]) -> Iterator[Place]:
    """What a Recorder wrote."""
    for line in lines:
        start, end, offset, length, words = json.loads(line)
        yield Place(start, end, offset, length, [tuple(word) for word in words])


def _placed(sentence: Sentence, text: str, position: int) -> Place:
    written = text[sentence.start : sentence.end]
    offset = sentence.start + len(written) - len(written.lstrip())
    words: list[tuple[int, int, int, int]] = []
    for span in sentence.spans:
        start, end = position + span.spoken_start, position + span.spoken_end
        if words and _touch(words[-1], span.start, span.end):
            # What was one thing on paper: "12%" is spoken in three words.
            first, last = min(words[-1][2], span.start), max(words[-1][2] + words[-1][3], span.end)
            words[-1] = (words[-1][0], end, first, last - first)
        else:
            words.append((start, end, span.start, span.end - span.start))
    return Place(position, position + len(sentence.spoken), offset, len(written.strip()), words)


def _touch(word: tuple[int, int, int, int], start: int, end: int) -> bool:
    return start <= word[2] + word[3] and word[2] <= end


def timed(
    chunks: Iterable[ChunkSound], spoken: Iterable[Place], text: str, sample_rate: int
) -> Iterator[dict[str, Any]]:
    """The sentences with their times in seconds, and those of their words.

    `{"start", "end", "offset", "length", "text", "words": [{"start", "end", "offset", "length"}, …]}`, in the order in
    which they are heard. Holds one chunk, and the sentences that are heard in it.
    """
    coming = iter(spoken)
    following = next(coming, None)
    unfinished: list[_Timing] = []
    position, begin = 0, 0.0
    for chunk in chunks:
        end = position + len(chunk.text)
        while following is not None and following.start < end:
            unfinished.append(_Timing(following))
            following = next(coming, None)
        inner = [timing.place.start - position for timing in unfinished if timing.place.start > position]
        clock = _Clock(chunk, sample_rate, inner)
        for timing in unfinished:
            timing.hear(clock, position, end, begin)
        yield from (timing.told(text) for timing in unfinished if timing.place.end <= end)
        unfinished = [timing for timing in unfinished if timing.place.end > end]
        position, begin = end, begin + len(chunk.frames) / 2 / sample_rate
    yield from (timing.told(text) for timing in unfinished)


class _Timing:
    """A sentence whose times become known chunk by chunk."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._times: dict[tuple[int, bool], float] = {}

    def hear(self, clock: "_Clock", position: int, end: int, begin: float) -> None:
        for start, stop in ((self.place.start, self.place.end), *((word[0], word[1]) for word in self.place.words)):
            if position <= start < end:
                self._times[start, True] = begin + clock.onset(start - position)
            if position < stop <= end:
                self._times[stop, False] = begin + clock.end(stop - position)

    def told(self, text: str) -> dict[str, Any]:
        place = self.place
        return {
            **self._span(place.start, place.end, place.offset, place.length),
            "text": text[place.offset : place.offset + place.length],
            "words": [self._span(*word) for word in place.words],
        }

    def _span(self, start: int, end: int, offset: int, length: int) -> dict[str, Any]:
        begin = self._times[start, True]
        stop = max(begin, self._times.get((end, False), begin))
        return {"start": round(begin, 3), "end": round(stop, 3), "offset": offset, "length": length}


class _Clock:
    """Seconds within a chunk for places in its text."""

    def __init__(self, chunk: ChunkSound, sample_rate: int, starts: Sequence[int]) -> None:
        """`starts`: where further sentences begin in the chunk's text, ascending."""
        self._weights = [0.0, *accumulate(_weights(chunk.text))]
        self._voice = _Voice(chunk.frames, sample_rate)
        all_weights = self._weights[-1] or 1.0
        expected = [self._voice.length * self._weights[start] / all_weights for start in starts]
        rests = _best_rests(expected, self._voice.rests)
        # Weights and voiced seconds that belong together, ascending.
        self._anchors = [(0.0, 0.0)]
        self._at_starts: dict[int, float] = {}
        self._at_ends: dict[int, float] = {}
        for start, rest in zip(starts, rests, strict=True):
            if rest is not None:
                self._anchors.append((self._weights[start], rest.voiced))
                self._at_starts[start], self._at_ends[start - 1] = rest.end, rest.start
        self._anchors.append((all_weights, self._voice.length))

    def onset(self, place: int) -> float:
        """When the character at `place` begins to be heard."""
        known = self._at_starts.get(place)
        return self._voice.seconds(self._voiced(place), after_rest=True) if known is None else known

    def end(self, place: int) -> float:
        """When the character before `place` has been heard."""
        known = self._at_ends.get(place)
        return self._voice.seconds(self._voiced(place), after_rest=False) if known is None else known

    def _voiced(self, place: int) -> float:
        weight = self._weights[place]
        upper = min(max(1, bisect_left(self._anchors, (weight, 0.0))), len(self._anchors) - 1)
        (low, first), (high, last) = self._anchors[upper - 1], self._anchors[upper]
        return first + (last - first) * (weight - low) / (high - low) if high > low else first


class _Rest(NamedTuple):
    """Quiet inside a chunk, in its seconds, and how much was voiced before it."""

    start: float
    end: float
    voiced: float


class _Voice:
    """The voiced part of a chunk: what lies between its first and its last sound, without the rests."""

    def __init__(self, frames: bytes, sample_rate: int) -> None:
        samples = np.frombuffer(frames, "<i2").astype(np.float32) / np.float32(32768)
        self.rests: list[_Rest] = []
        self._start, self.length = 0.0, len(samples) / sample_rate
        if not samples.any():
            return
        pcm = Pcm(samples, sample_rate)
        step = loudness.frame_samples(pcm) / sample_rate
        loud = loudness.loud_frames(pcm)
        self._start = float(loud[0]) * step
        quiet = 0.0
        for before, after in pairwise(loud):
            start, end = (float(before) + 1) * step, float(after) * step
            if end - start >= _SHORTEST_REST:
                self.rests.append(_Rest(start, end, start - self._start - quiet))
                quiet += end - start
        self.length = (float(loud[-1]) + 1) * step - self._start - quiet

    def seconds(self, voiced: float, *, after_rest: bool) -> float:
        """The moment in the chunk when so much has been voiced; at a rest, its end or its start."""
        marks = [rest.voiced for rest in self.rests]
        before = bisect_right(marks, voiced) if after_rest else bisect_left(marks, voiced)
        return self._start + voiced + sum(rest.end - rest.start for rest in self.rests[:before])


def _best_rests(expected: Sequence[float], rests: Sequence[_Rest]) -> list[_Rest | None]:
    """For each expected place the rest that is there, in order; None where none is near enough."""
    # best[j]: the least cost of the places so far when the rests before the j-th are used up.
    best: list[tuple[float, tuple[int | None, ...]]] = [(0.0, ())] * (len(rests) + 1)
    for place in expected:
        row: list[tuple[float, tuple[int | None, ...]]] = []
        for until in range(len(rests) + 1):
            found = (best[until][0] + _NO_REST, (*best[until][1], None))
            if until:
                rest = rests[until - 1]
                cost = abs(rest.voiced - place) - min(rest.end - rest.start, _LONGEST_COUNTED)
                found = min(
                    found, (best[until - 1][0] + cost, (*best[until - 1][1], until - 1)), key=lambda one: one[0]
                )
                found = min(found, row[until - 1], key=lambda one: one[0])
            row.append(found)
        best = row
    return [None if number is None else rests[number] for number in best[-1][1]]


def _weights(text: str) -> list[float]:
    """What share of the time each character takes; none what only says how a word sounds."""
    weights = [1.0] * len(text)
    for mark in _MARK.finditer(text):
        silent = (mark.start(), *range(mark.start(2), mark.end()))
        for place in silent:
            weights[place] = 0.0
    return weights
