"""What the tests of Russian share: a sentence through all stages, and the folding its patterns are written for."""

import re

from workers.pipeline.normalise.draft import Draft
from workers.pipeline.normalise.russian import STAGES


def draft(sentence: str) -> Draft:
    """The cleaned sentence after all stages."""
    read = Draft(sentence)
    for _, rule in STAGES:
        read.apply(rule)
    return read


def read(sentence: str) -> str:
    """What is said, as the stages leave it: capitals and marks are still there."""
    return draft(sentence).text


def folded(text: str) -> str:
    """Small letters and digits with single spaces; no ё."""
    return re.sub(r"[\W_]+", " ", text.lower().replace("ё", "е")).strip()
