"""Reads texts with the runner-up libraries: lines {"language", "text"} in, one line {library: spoken} out for each.

Runs in the environment of requirements.txt. After the texts it prints one line {library: seconds}.
"""

import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable

import damga
import normalizer_tr
import rutextnorm
import turkce_normalize
from num2words import num2words
from ru_normalizr import NormalizeOptions, Normalizer

Reader = Callable[[str], str]


def readers() -> dict[str, dict[str, Reader]]:
    """By language and library. Options are the ones that read the development cases best."""
    turkish = damga.Normalizer(mode="tn", lang="tr")
    russian = damga.Normalizer(mode="tn", lang="ru")
    rust = normalizer_tr.Normalizer()
    ru_normalizr = Normalizer(NormalizeOptions.tts(remove_links=False))

    def turkce(text: str) -> str:
        return str(turkce_normalize.normalize(text, telaffuz={}, cografi=False))

    return {
        "az": {"num2words": lambda text: re.sub(r"\d+", lambda found: num2words(int(found[0]), lang="az"), text)},
        "tr": {
            "damga": turkish.normalize,
            "turkce-normalize": turkce,
            "damga, then turkce-normalize": lambda text: turkce(turkish.normalize(text)),
            "normalizer-tr": lambda text: rust.normalize(text, ambiguity_policy="fallback").normalized_text,
        },
        "ru": {
            "ru-normalizr": ru_normalizr.normalize,
            "damga": russian.normalize,
            "rutextnorm": rutextnorm.normalize_russian,
        },
    }


def main() -> None:
    libraries = readers()
    seconds: dict[str, float] = defaultdict(float)
    for line in sys.stdin:
        case = json.loads(line)
        spoken = {}
        for name, read in libraries[case["language"]].items():
            start = time.perf_counter()
            try:
                spoken[name] = read(case["text"])
            except Exception as error:  # noqa: BLE001 - a library that fails on a text has not read it
                spoken[name] = f"[{type(error).__name__}]"
            seconds[f"{case['language']} {name}"] += time.perf_counter() - start
        print(json.dumps(spoken, ensure_ascii=False))
    print(json.dumps(seconds))


if __name__ == "__main__":
    main()
