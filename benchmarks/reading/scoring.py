"""Whether a reading is one of the accepted ones. The rules of the golden files, used by their test as well."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

GOLDEN = Path(__file__).parents[2] / "tests" / "golden"
_FOLDED = str.maketrans("ёâîû", "еaiu", "\u0301")


@dataclass(frozen=True, slots=True)
class Case:
    """A text and the patterns of which one must be found in its folded reading."""

    language: str
    kind: str
    text: str
    accept: tuple[str, ...]

    def accepts(self, spoken: str) -> bool:
        folded = fold(spoken, self.language)
        return any(re.search(pattern, folded) for pattern in self.accept)


def fold(spoken: str, language: str) -> str:
    """Small letters and single spaces; stress, circumflexes and the dots of ё do not count, marks part words."""
    if language != "ru":
        spoken = spoken.replace("I", "ı").replace("İ", "i")
    letters = spoken.lower().translate(_FOLDED)
    return re.sub(r"[\W_]+", " ", letters).strip()


def golden(language: str) -> Iterator[Case]:
    """The cases of one language."""
    for line in (GOLDEN / f"{language}.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        yield Case(language, case["kind"], case["text"], tuple(case["accept"]))
