"""Messages only ring: Redis may die, freeze, forget everything or deliver twice."""

import signal
import time

import pytest
import redis
import requests

from tests.faults.place import PATIENCE_SECONDS, Site, book, until

pytestmark = pytest.mark.live
BOOK = book(60)
on_redis = pytest.mark.parametrize("shared", ["production"], indirect=True)


@on_redis
def test_redis_is_killed_and_comes_back_empty(site: Site) -> None:
    assert site.redis is not None
    site.pace(0.05)
    first = site.service.submit(BOOK)
    until(lambda: site.spoken() >= 10, "some chunks are spoken")
    site.redis.stop(signal.SIGKILL)
    second = site.service.submit(BOOK)
    time.sleep(2)
    site.redis.start()
    site.assert_ready(first, BOOK)
    site.assert_ready(second, BOOK)


@on_redis
def test_redis_is_frozen(site: Site) -> None:
    assert site.redis is not None
    site.pace(0.05)
    site.redis.send(signal.SIGSTOP)
    try:
        job_id = site.service.submit(BOOK)
        accepting = f"{site.service.url}/readyz?exclude=queue&exclude=workers"
        assert requests.get(accepting, timeout=60).status_code == 200
        # The probe that does ask for the queue gives up after seconds, and says so.
        until(lambda: _queue_answers(site) is False, "it is told that the queue does not answer")
    finally:
        site.redis.send(signal.SIGCONT)
    site.assert_ready(job_id, BOOK)


def _queue_answers(site: Site) -> bool:
    return bool(requests.get(f"{site.service.url}/readyz", timeout=60).json()["queue"])


@on_redis
def test_redis_is_flushed_again_and_again(site: Site) -> None:
    assert site.redis is not None
    site.pace(0.02)
    jobs = []
    with redis.Redis.from_url(site.redis.url) as client:
        for _ in range(10):
            jobs.append(site.service.submit("Salam."))
            client.flushall()
        jobs.append(site.service.submit(BOOK))
        for _ in range(10):
            client.flushall()
            time.sleep(0.1)
    for job_id in jobs:
        assert site.end_of(job_id) == "ready"
    site.assert_ready(jobs[-1], BOOK)


def test_ten_thousand_nudges_delivered_twice(site: Site) -> None:
    """On the embedded queue a tenth of them: it lists its folder for each."""
    count = 10_000 if site.redis else 1_000
    site.pace(0.02)
    before = site.service.submit(BOOK)
    site.ask("nudge", count, 2)
    after = site.service.submit(BOOK)
    site.assert_ready(before, BOOK)
    site.assert_ready(after, BOOK)
    until(lambda: site.ask("waiting_nudges") <= 20, "the nudges are used up", 3 * PATIENCE_SECONDS)


def test_the_queue_folder_is_emptied(site: Site) -> None:
    """The embedded queue loses every message, at any moment."""
    if site.redis:
        pytest.skip("Redis has no folder")
    site.pace(0.02)
    job_id = site.service.submit(BOOK)
    end = time.monotonic() + 3
    while time.monotonic() < end:
        for message in (site.service.data_dir / "queue").glob("*.msg"):
            message.unlink(missing_ok=True)
        time.sleep(0.01)
    site.assert_ready(job_id, BOOK)
