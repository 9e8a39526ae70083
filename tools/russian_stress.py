"""Make models/data/russian_stress.npz from the pip package silero-stress (MIT).

    pip download --no-deps silero-stress==1.5
    python -m tools.russian_stress silero_stress-1.5-py3-none-any.whl models/data/russian_stress.npz

The package keeps its network in a torch archive. What is needed of it are arrays and word lists, so this reads the
archive itself, without torch and without running any code of it.

The weights by which neighbours choose among the readings of a homograph are fitted here: the package lists some
37 000 phrases with the reading that is right in each. Same wheel and same list of homographs, same arrays.
"""

import io
import math
import pickle
import random
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.phonemes.russian_homographs import PRIOR, Homograph, Neighbours, features, homographs
from models.phonemes.stress import CONTEXT_STEP

LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюяё<>"  # "<" and ">" are the ends of a word
BASE = len(LETTERS) + 1

_LETTERS = frozenset(LETTERS)  # "UNK", for what has no known part, is left out: every word has "<"

_ARCHIVE = "silero_stress/data/accentor.pt"
_ROOT = "silero_stress-v1.5-public/"
_WORDS = 126_523
_FIRST_ARRAYS = (3, 11)  # of the part that knows the stress and of the one that knows ё
_LAYERS = 4
_CLASSES = 10
_NEVER = -1e9

# One alternative of a homograph's pattern: the reading with a capital for its stressed vowel, then its phrases.
_READING = re.compile(r"\(\?P<([^>]+)>\(\?<![^)]*\)\(\?:(.*?)\)\(\?![^)]*\)\)")
_UPPER = re.compile("[А-ЯЁ]")
_HOMOGRAPH = re.compile(r"\[/?HOMO\]")

# Of sparsities from .02 to .2 this gave the best agreement on texts that are not among the phrases.
_SPARSITY = 0.05
_EPOCHS = 12
_RATE = 0.4
_SURE = 0.02
_SEEN = 3  # what is said of a whole group of words must have been met so often


class _Example(NamedTuple):
    features: tuple[str, ...]
    offset: float
    case: bool


def main(wheel: Path, target: Path) -> None:
    """Read the wheel, write the archive."""
    with zipfile.ZipFile(wheel) as package, zipfile.ZipFile(io.BytesIO(package.read(_ARCHIVE))) as archive:
        arrays = _network(archive) | _contexts(archive) | {"exceptions": _text(_exceptions(archive))}
    np.savez_compressed(target, allow_pickle=False, **arrays)


def code(gram: str) -> int:
    """The letters as digits of a number; no two strings share one, for no digit is 0."""
    number = 0
    for letter in gram:
        number = number * BASE + LETTERS.index(letter) + 1
    return number


def _network(archive: zipfile.ZipFile) -> dict[str, NDArray[Any]]:
    scale, zero = (float(_floats(archive, number)[0]) for number in (0, 1))
    rows = np.round(_floats(archive, 2).reshape(_WORDS, -1) / scale + zero).astype(np.int8)
    grams = _state(archive, ".data/ts_code/0/data.pkl")["embedding"].state["ngram_dict"].values[0]
    known = sorted((code(gram), row) for gram, row in grams.items() if _LETTERS.issuperset(gram))
    codes = np.array([number for number, _ in known])
    arrays: dict[str, NDArray[Any]] = {
        # Differences, and one dimension of the vectors after the other, because they compress better.
        "gram_steps": np.diff(codes, prepend=0).astype(np.uint32),
        "vectors": np.ascontiguousarray(rows[[row for _, row in known]].T),
        "scale": np.array([scale, zero], dtype=np.float32),
    }
    for layer in range(_LAYERS):
        pairs = [_layer(archive, first + 2 * layer) for first in _FIRST_ARRAYS]
        arrays[f"weight_{layer}"] = np.stack([weight for weight, _ in pairs])
        arrays[f"bias_{layer}"] = np.stack([bias for _, bias in pairs])
    return arrays


def _layer(archive: zipfile.ZipFile, number: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights and biases. The last layers have 10 and 7 outputs: missing ones are added that never win."""
    weight, bias = _floats(archive, number), _floats(archive, number + 1)
    weight = weight.reshape(bias.size, -1)
    missing = _CLASSES - bias.size
    if missing > 0:
        weight = np.pad(weight, ((0, missing), (0, 0)))
        bias = np.pad(bias, (0, missing), constant_values=_NEVER)
    return weight, bias


def _exceptions(archive: zipfile.ZipFile) -> list[str]:
    """Words that the network has wrong, "+" before the stressed vowel, е as ё where that is meant."""
    accentor = _state(archive, "accentor_models/accentor")["accentor"].state
    return sorted({_marked(word, *places) for word, places in accentor["exceptions"].items()})


def _marked(word: str, stress: int, yo: int) -> str:
    if yo >= 0:
        word = word[:yo] + "ё" + word[yo + 1 :]
    return word[:stress] + "+" + word[stress:]


def _contexts(archive: zipfile.ZipFile) -> dict[str, NDArray[Any]]:
    """Weights of features of the neighbours, fitted to the phrases."""
    weights = _fitted(list(_examples(archive)))
    steps = {name: round(weight / CONTEXT_STEP) for name, weight in sorted(weights.items())}
    kept = {name: min(127, max(-127, step)) for name, step in steps.items() if step}
    return {"context_names": _text([*kept]), "context_weights": np.array([*kept.values()], dtype=np.int8)}


def _examples(archive: zipfile.ZipFile) -> Iterator[_Example]:
    solver = _state(archive, "accentor_models/accentor")["homosolver"].state
    for word, pattern in sorted(solver["compiled_phrases"].items()):
        homograph = homographs().get(word)
        if homograph is None:
            continue
        for reading, phrases in _READING.findall(pattern.values[0]):
            marked = _UPPER.sub(lambda letter: "+" + letter[0].lower(), reading)
            for phrase in phrases.replace("\\", "").split("|"):
                words = re.findall("[а-я]+", _HOMOGRAPH.sub(" ", phrase).lower().replace("ё", "е"))
                if word in words:
                    yield _example(word, homograph, marked, words)


def _example(word: str, homograph: Homograph, reading: str, words: list[str]) -> _Example:
    place = words.index(word)
    padded = ["", "", *words, "", ""]
    before_that, before, _, after, after_that = padded[place : place + 5]
    near = Neighbours(before, after, before_that, after_that)
    offset = PRIOR if homograph.case == homograph.usual else -PRIOR
    return _Example(tuple(features(word, homograph.group, near)), offset, reading == homograph.case)


def _fitted(examples: list[_Example]) -> dict[str, float]:
    """Logistic regression, one example at a time with shrinking steps; small weights are drawn to zero."""
    counts = Counter(name for example in examples for name in example.features)
    weights = dict.fromkeys((name for name, n in counts.items() if n >= _SEEN or not name.startswith(":")), 0.0)
    squares = dict.fromkeys(weights, 1.0)
    dice = random.Random(0)  # noqa: S311 - an order, no secret
    for _ in range(_EPOCHS):
        dice.shuffle(examples)
        for example in examples:
            names = [name for name in example.features if name in weights]
            score = example.offset + sum(weights[name] for name in names)
            slope = 1 / (1 + math.exp(-score)) - example.case
            if abs(slope) < _SURE:
                continue
            for name in names:
                squares[name] += slope * slope
                step = _RATE / math.sqrt(squares[name])
                moved = weights[name] - step * slope
                weights[name] = math.copysign(max(abs(moved) - step * _SPARSITY, 0.0), moved)
    return weights


def _text(lines: list[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)


def _floats(archive: zipfile.ZipFile, number: int) -> NDArray[np.float32]:
    return np.frombuffer(archive.read(f"{_ROOT}.data/{number}.storage"), dtype="<f4")


def _state(archive: zipfile.ZipFile, member: str) -> dict[str, Any]:
    state: dict[str, Any] = _Reader(io.BytesIO(archive.read(_ROOT + member))).load().state
    return state


class _Object:
    """Whatever the pickle builds: keeps what it is given and does nothing."""

    def __init__(self, *values: Any) -> None:
        self.values = values
        self.state: Any = None

    def __setstate__(self, state: Any) -> None:
        self.state = state


class _Reader(pickle.Unpickler):
    """Reads the structure of a torch pickle; of what it names only containers are used, the rest is not imported."""

    _CONTAINERS = {"OrderedDict": dict, "set": set}  # noqa: RUF012 - a constant

    def find_class(self, module: str, name: str) -> Any:
        return self._CONTAINERS.get(name) or type(name, (_Object,), {})

    def persistent_load(self, pid: Any) -> Any:
        return pid


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
