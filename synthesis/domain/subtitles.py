"""Subtitles in the forms that players read, from sentences and words with their times.

A sentence is a mapping of `start` and `end` in seconds, `offset` and `length` in code points of the text, and `words`,
mappings of the same four, in order. SRT has no way to write `-->` or markup otherwise; WebVTT escapes.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from synthesis.domain.ssml.records import NO_TEXT

LONGEST_CUE = 84
"""Characters: two lines of 42, what people read while they listen."""
_LONGEST_LINE = 42

Timed = Mapping[str, Any]


class SpokenChunk(NamedTuple):
    """A chunk with its sound: characters of its text, seconds of its voice, and of the rest after it."""

    characters: int
    voiced: float
    rest: float


def estimated(chunks: Iterable[SpokenChunk], lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """When each sentence of the chunks is heard, before the whole is there: no sound is listened to.

    `lines` are the sentences as the worker keeps them (`workers.pipeline.timing.Recorder`). A sentence that begins a
    chunk begins on time, those inside go by the length of the text. One that goes on in a chunk that has yet to be
    spoken ends with the last one that is.
    """
    starts, times, chunk_list = [0], [0.0], list(chunks)
    for chunk in chunk_list:
        starts.append(starts[-1] + chunk.characters)
        times.append(times[-1] + chunk.voiced + chunk.rest)

    def moment(place: int, *, is_end: bool) -> float:
        number = (bisect_left(starts, place) if is_end else bisect_right(starts, place)) - 1
        chunk = chunk_list[number]
        return times[number] + chunk.voiced * (place - starts[number]) / chunk.characters

    for line in lines:
        start, end, offset, length = map(int, line[1:].split(b",", 4)[:4])
        if start >= starts[-1]:
            break
        end = min(end, starts[-1])
        begin = moment(start, is_end=False)
        yield {
            "start": round(begin, 3),
            "end": round(max(begin, moment(end, is_end=True)), 3),
            "offset": offset,
            "length": length,
        }


class Cue(NamedTuple):
    """What stands on the screen from `start` to `end`, in seconds."""

    start: float
    end: float
    text: str


def written(sentences: Sequence[Timed], text: str, form: str) -> str:
    """The subtitles as `srt` or `vtt`."""
    found = cues(sentences, text)
    if form == "srt":
        return "".join(
            f"{number}\n{_time(cue.start, ',')} --> {_time(cue.end, ',')}\n{cue.text}\n\n"
            for number, cue in enumerate(found, start=1)
        )
    return "WEBVTT\n\n" + "".join(
        f"{_time(cue.start, '.')} --> {_time(cue.end, '.')}\n{_escaped(cue.text)}\n\n" for cue in found
    )


def cues(sentences: Sequence[Timed], text: str) -> Iterator[Cue]:
    """Sentences, the long ones in parts between two words, each in one or two lines.

    `text` has NO_TEXT for what is not read of it, the markup of SSML.
    """
    for sentence in sentences:
        end = sentence["offset"] + sentence["length"]
        for part in _parts(sentence):
            words = " ".join(text[part[0] : min(part[1], end)].replace(NO_TEXT, "").split())
            yield Cue(part[2], part[3], _two_lines(words))


def _parts(sentence: Timed) -> Iterator[tuple[int, int, float, float]]:
    """From, to, start and end of the parts of a sentence that are not too long."""
    start, begin = sentence["offset"], sentence["start"]
    end = start + sentence["length"]
    parts = max(1, -(-sentence["length"] // LONGEST_CUE))
    share = sentence["length"] / parts
    for word in sentence["words"]:
        too_long = word["offset"] + word["length"] - start > LONGEST_CUE
        if word["offset"] > start and (too_long or word["offset"] - start >= share):
            yield start, word["offset"], begin, word["start"]
            start, begin = word["offset"], word["start"]
    yield start, end, begin, sentence["end"]


def _two_lines(words: str) -> str:
    if len(words) <= _LONGEST_LINE:
        return words
    gaps = [place for place, character in enumerate(words) if character == " "]
    if not gaps:
        return words
    middle = min(gaps, key=lambda place: abs(place - len(words) / 2))
    return f"{words[:middle]}\n{words[middle + 1 :]}"


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _time(seconds: float, point: str) -> str:
    milliseconds = round(1000 * seconds)
    minutes, rest = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{rest // 1000:02d}{point}{rest % 1000:03d}"
