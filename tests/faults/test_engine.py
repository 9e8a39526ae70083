"""An engine that raises, hangs, returns no sound, eats memory or dies: once costs an attempt, always the job."""

import pytest

from tests.faults.place import Site, book
from tests.faults.words import DIES, EATS, HANGS, HANGS_HARD, NOT_A_NUMBER, RAISES, SPEAK_SECONDS, WORDS

pytestmark = pytest.mark.live
NEIGHBOUR = book(20)
CODES = {
    RAISES: "internal_error",
    NOT_A_NUMBER: "broken_audio",
    EATS: "out_of_memory",
    HANGS: "worker_lost",
    HANGS_HARD: "worker_lost",
    DIES: "worker_lost",
}
# What is no sound is spoken again at once, in two parts: an attempt has failed when the part with the word fails too.
FIRINGS = {NOT_A_NUMBER: 2}


@pytest.mark.parametrize("word", WORDS)
def test_once(site: Site, word: str) -> None:
    text = book(20, {7: word})
    if word in (HANGS, HANGS_HARD):
        site.limit(SPEAK_SECONDS, 4)
    site.arm(word, FIRINGS.get(word, 1))
    job_id = site.service.submit(text)
    neighbour = site.service.submit(NEIGHBOUR)
    site.assert_ready(neighbour, NEIGHBOUR)
    site.assert_ready(job_id, text)


@pytest.mark.parametrize("word", WORDS)
def test_a_poison_chunk_fails_its_job_and_no_other(site: Site, word: str) -> None:
    text = book(20, {7: word})
    if word in (HANGS, HANGS_HARD):
        site.limit(SPEAK_SECONDS, 4)
    site.arm(word, 3 * FIRINGS.get(word, 1))
    job_id = site.service.submit(text)
    neighbour = site.service.submit(NEIGHBOUR)
    site.assert_ready(neighbour, NEIGHBOUR)
    site.assert_failed(job_id, CODES[word], "chunk 8 of 20")
    # The fault is mended: an operator takes the job up again, from the chunks that are spoken.
    assert site.ask("retry", job_id)
    site.assert_ready(job_id, text)
