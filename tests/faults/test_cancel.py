"""Deleting and cancelling in every stage of a job's life."""

import os
import random
import time

import pytest

from tests.faults.place import PATIENCE_SECONDS, Site, book

pytestmark = pytest.mark.live
TEXT = book(12)
ALONE = book(1)


def test_at_random_moments(site: Site) -> None:
    """Operator and owner against the workers: a job is gone, or failed and says so, or ready and whole."""
    seed = int.from_bytes(os.urandom(4))
    chance = random.Random(seed)
    site.pace(0.02)
    for number in range(24):
        text = ALONE if number % 4 == 0 else TEXT
        job_id = site.service.submit(text)
        time.sleep(chance.uniform(0, 0.25 if text is ALONE else 1.5))
        act = ("cancel", "cancel_and_delete", "delete")[number % 3]
        if act == "delete":
            answer = site.service.call("DELETE", f"jobs/{job_id}/")
            assert answer.status_code in {200, 406}, f"seed {seed}: {answer.text}"
            if answer.status_code == 406:
                site.assert_ready(job_id, text)
        else:
            site.ask(act, job_id)
            if act == "cancel" and site.end_of(job_id) == "failed":
                assert site.reason(job_id)[0] == "cancelled", f"seed {seed}"
        if act == "cancel_and_delete":
            assert site.service.call("GET", f"jobs/{job_id}/").status_code == 404


@pytest.mark.parametrize("stage", ["prepare", "speak", "join"])
def test_while_a_step_runs(site: Site, stage: str) -> None:
    text = book(100) if stage != "speak" else TEXT
    site.pace(0.2 if stage == "speak" else 0)
    job_id = site.service.submit(text)
    end = time.monotonic() + PATIENCE_SECONDS
    while stage not in (running := site.ask("progress")["running"]) and not (stage == "prepare" and "speak" in running):
        assert time.monotonic() < end
    assert site.service.call("DELETE", f"jobs/{job_id}/").status_code == 406
    site.ask("cancel_and_delete", job_id)
    assert site.service.call("GET", f"jobs/{job_id}/").status_code == 404
