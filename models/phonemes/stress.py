"""Which vowel of a Russian word carries the stress, and which of its е is ё, for a word by itself.

By rule where there is one, else from lists of words, else from the small network of silero-stress, which knows the
parts of words up to four letters long. ``models/data/README.md`` says where lists and network come from.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

VOWELS = "аеёиоуыэюя"

# Words that lean on their neighbour and are spoken without a stress of their own.
UNSTRESSED = frozenset(
    "в с к и на не за под над от до по из без о об а но у во со ни для при бы ли же".split()  # noqa: SIM905 - a text is easier to read than forty quoted words
)

# Words that silero-stress has wrong, "+" before the stressed vowel: found by reading its answers for a thousand words
# of dictionaries of hard stress, and wherever espeak-ng differs in the six thousand most frequent forms of some texts.
_CORRECTIONS = (
    *("догов+ора", "крас+ивее", "некрол+ог", "катал+огов", "сверл+ит", "вз+яло", "+авто", "диог+ен", "блаж+ен"),
    *("щав+ель", "щавел+я", "щавел+ём", "сл+ожен", "трёмст+ам"),
    # соверше́нный is met more often than совершённый
    *(f"соверш+енн{end}" for end in ("ый", "ая", "ое", "ые", "ого", "ой", "ому", "ым", "ом", "ую", "ых", "ыми")),
)

# The second part of these compounds has the stress, although elsewhere ё attracts it: трёхэта́жный.
_COMPOUND = re.compile(rf"(четыр[её]х|тр[её]х)(.*[{VOWELS}].*)")

# What one unit of a stored weight is worth.
CONTEXT_STEP = 1 / 16

_DATA = Path(__file__).parent.parent / "data"

_Numbers = NDArray[np.float32]


class StressUnavailable(RuntimeError):
    """The data that know the stress cannot be read; the text is one line that says why."""


@dataclass(frozen=True, slots=True)
class Accent:
    """A word as it is meant: е as ё where that is certain, and the place of the stress."""

    word: str
    place: int | None  # from 0 among the vowels; None without a stress


def stressed_vowel(word: str) -> int | None:
    """The stressed vowel's place, from 0, among the vowels of a lower-case word; None if it has no stress."""
    return accent(word).place


@lru_cache(maxsize=50_000)
def accent(word: str) -> Accent:
    """The accent of a lower-case word without regard to its neighbours."""
    vowels = vowels_in(word)
    if vowels == 0 or word in UNSTRESSED:
        return Accent(word, None)
    if compound := _COMPOUND.fullmatch(word):
        first, second = compound[1][:-2] + "ёх", accent(compound[2])
        return Accent(first + second.word, vowels_in(first) + (second.place or 0))
    if word in _listed():
        return parsed(_listed()[word])
    if "ё" in word:
        return Accent(word, vowels_in(word[: word.rindex("ё")]))
    return _network().accent(word)


def parsed(marked: str) -> Accent:
    """The accent of a word that is written with "+" before the stressed vowel."""
    before, _, after = marked.partition("+")
    return Accent(before + after, vowels_in(before))


def vowels_in(letters: str) -> int:
    """How many vowels there are."""
    return sum(letter in VOWELS for letter in letters)


@cache
def _listed() -> dict[str, str]:
    """Marked words by their bare spelling, with ё and without."""
    # The later wins: of the homographs the reading that is met more often comes first in its line.
    homographs = (line.split()[0].partition(":")[0] for line in homograph_lines())
    marked = [*_network().exceptions, *homographs, *_CORRECTIONS]
    bare = [word.replace("+", "") for word in marked]
    return dict(zip([*bare, *(word.replace("ё", "е") for word in bare)], marked * 2, strict=True))


class _Network:
    """silero-stress: the vectors of a word's parts, averaged, and two small perceptrons over them at once.

    Read-only after its start, so threads may share it.
    """

    _LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюяё<>"
    _BASE = len(_LETTERS) + 1
    _LONGEST_PART = 4
    _LAYERS = 4
    _MOST_VOWELS = 10

    def __init__(self, archive: Mapping[str, NDArray[Any]]) -> None:
        """Take the arrays of russian_stress.npz."""
        self._digits = {letter: digit for digit, letter in enumerate(self._LETTERS, 1)}
        # The code of a part is its letters as digits of a number; row i of the vectors belongs to the i-th code.
        self._codes = np.cumsum(archive["gram_steps"], dtype=np.int64).astype(np.int32)
        self._vectors = np.ascontiguousarray(archive["vectors"].T)
        self._scale, self._zero = archive["scale"]
        layers = [(archive[f"weight_{n}"], archive[f"bias_{n}"]) for n in range(self._LAYERS)]
        # One vowel after the other: how likely it is the stressed one. "No е", then each е: how likely it is ё.
        self._stress, self._yo = ([(weight[part], bias[part]) for weight, bias in layers] for part in (0, 1))
        self.exceptions = bytes(archive["exceptions"]).decode().split("\n")

    def accent(self, word: str) -> Accent:
        """The likeliest accent of a word with at least one vowel and without ё."""
        before, tail = self._tail(word)
        vector = self._vector(tail)
        place = int(_scores(vector, self._stress)[: vowels_in(tail)].argmax())
        letter = [at for at, letter in enumerate(tail) if letter in VOWELS][place]
        if tail[letter] == "е" and self._means_yo(_scores(vector, self._yo), 1 + tail.count("е", 0, letter)):
            tail = tail[:letter] + "ё" + tail[letter + 1 :]
        return Accent(before + tail, vowels_in(before) + place)

    def _tail(self, word: str) -> tuple[str, str]:
        """The word cut so that its end has no more vowels than the network can tell apart."""
        places = [at for at, letter in enumerate(word) if letter in VOWELS]
        cut = places[-self._MOST_VOWELS] if len(places) > self._MOST_VOWELS else 0
        return word[:cut], word[cut:]

    @staticmethod
    def _means_yo(scores: _Numbers, number: int) -> bool:
        """Whether the е of that number, counted from 1, is more likely ё than all else together."""
        if number >= scores.size:
            return False
        odds = np.exp(scores - scores.max())
        return bool(odds[number] > odds.sum() / 2)

    def _vector(self, word: str) -> _Numbers:
        letters = np.array([self._digits.get(letter, 0) for letter in f"<{word}>"], dtype=np.int32)
        parts = [letters]
        for length in range(2, min(self._LONGEST_PART, letters.size) + 1):
            parts.append(parts[-1][:-1] * self._BASE + letters[length - 1 :])
        codes = np.concatenate(parts)
        rows = np.searchsorted(self._codes, codes)
        known = rows[self._codes[rows % self._codes.size] == codes]
        vector: _Numbers = (self._vectors[known].sum(axis=0) / np.float32(known.size) - self._zero) * self._scale
        return vector


def _scores(vector: _Numbers, layers: Sequence[tuple[_Numbers, _Numbers]]) -> _Numbers:
    for weight, bias in layers[:-1]:
        vector = np.maximum(weight @ vector + bias, 0)
    weight, bias = layers[-1]
    scores: _Numbers = weight @ vector + bias
    return scores


@contextmanager
def _archive() -> Iterator[Mapping[str, NDArray[Any]]]:
    try:
        with np.load(_DATA / "russian_stress.npz", allow_pickle=False) as archive:
            yield archive
    except (OSError, EOFError, BadZipFile, KeyError, ValueError) as error:
        raise StressUnavailable(f"the Russian stress data cannot be read: {error}") from error


@cache
def _network() -> _Network:
    with _archive() as archive:
        return _Network(archive)


@cache
def context_weights() -> dict[str, float]:
    """How much a neighbour speaks for one reading of a homograph; see russian_homographs."""
    with _archive() as archive:
        names = bytes(archive["context_names"]).decode().split("\n")
        return dict(zip(names, (archive["context_weights"] * CONTEXT_STEP).tolist(), strict=True))


@cache
def homograph_lines() -> list[str]:
    """One homograph a line: its readings, marked by "+", the one that is met more often first."""
    try:
        return (_DATA / "russian_homographs.txt").read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise StressUnavailable(f"the list of Russian homographs cannot be read: {error}") from error
