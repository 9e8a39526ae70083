"""Character error rate, and the mean over a voice's sentences."""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """Mean character error rate of ``count`` clips with its standard error."""

    mean: float
    standard_error: float
    count: int


def character_error_rate(said: str, heard: str, language: str) -> float:
    """Edits a character of what was said, at most 1: a recogniser that loops says nothing about the voice."""
    reference = comparable(said, language)
    return min(1.0, edit_distance(reference, comparable(heard, language)) / len(reference))


def comparable(text: str, language: str) -> str:
    """Lower case (I is ı and İ is i in the Turkic languages), letters and digits only, single spaces."""
    if language in ("az", "tr"):
        text = text.replace("I", "ı").replace("İ", "i")
    text = unicodedata.normalize("NFC", text.lower())
    kept = (character if character.isalnum() or character.isspace() else "" for character in text)
    return " ".join("".join(kept).split())


def edit_distance(left: str, right: str) -> int:
    """Levenshtein: insertions, deletions and substitutions cost one each."""
    previous = list(range(len(right) + 1))
    for row, expected in enumerate(left, start=1):
        current = [row]
        for column, given in enumerate(right, start=1):
            replace = previous[column - 1] + (expected != given)
            current.append(min(previous[column] + 1, current[-1] + 1, replace))
        previous = current
    return previous[-1]


def score(rates: Sequence[float]) -> Score:
    """Mean and standard error of the mean (0 for a single clip)."""
    mean = sum(rates) / len(rates)
    if len(rates) == 1:
        return Score(mean, 0.0, 1)
    variance = sum((rate - mean) ** 2 for rate in rates) / (len(rates) - 1)
    return Score(mean, math.sqrt(variance / len(rates)), len(rates))
