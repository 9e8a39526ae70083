"""/metrics: who may see it, what it shows, and that the totals of several processes add up."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.conf import settings as live_settings
from django.db import OperationalError, connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from synthesis.metrics import counters, state, totals
from synthesis.metrics.models import Total
from synthesis.models import Job
from synthesis.services import jobs, presence
from tests.synthesis import progress
from tests.workers.conftest import Worker

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = "a long token for Prometheus"
Submit = Callable[..., Job]


@pytest.fixture(autouse=True)
def _own(media: object, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else's counts: what this process counted before belongs to other tests."""
    settings.METRICS_TOKEN, settings.METRICS_NETWORKS = TOKEN, ()
    totals.flush()
    Total.objects.all().delete()
    totals._stored.update(totals._counted())
    state.forget()


def scrape() -> dict[str, dict[tuple[str, ...], float]]:
    """Sample name → values of its labels, in the labels' order → value."""
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200, answer.content
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(answer.content.decode()):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(value for _, value in sorted(sample.labels.items()))] = sample.value
    return found


# --- Who may see it -------------------------------------------------------------------------------------------------


def get(address: str = "127.0.0.1", **headers: str) -> int:
    return int(Client(REMOTE_ADDR=address).get("/metrics", headers=headers).status_code)


def test_it_is_off_by_default() -> None:
    script = "from django.conf import settings; print(repr((settings.METRICS_TOKEN, settings.METRICS_NETWORKS)))"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VOICEN_METRICS")}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment | {"DJANGO_SETTINGS_MODULE": "voicen_server.settings"},
        cwd=live_settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "('', ())"


def test_nothing_set(settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    assert get() == 404
    assert get(Authorization="Bearer ") == 404
    assert get(Authorization="Bearer") == 404


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        (f"Bearer {TOKEN}x", 404),
        (f"Token {TOKEN}", 404),
        ("Bearer şəki", 404),
        (TOKEN, 404),
        ("", 404),
    ],
)
def test_token(header: str, status: int) -> None:
    assert get(Authorization=header) == status


@pytest.mark.parametrize(
    ("address", "status"),
    [("127.0.0.1", 200), ("::ffff:127.0.0.1", 200), ("10.7.1.2", 200), ("11.0.0.1", 404), ("::1", 404), ("", 404)],
)
def test_networks(settings: Settings, address: str, status: int) -> None:
    settings.METRICS_TOKEN = ""
    settings.METRICS_NETWORKS = (ip_network("127.0.0.1"), ip_network("10.0.0.0/8"))
    assert get(address) == status


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via"])
def test_a_proxy_on_this_host_lends_its_address_to_nobody(settings: Settings, header: str) -> None:
    settings.METRICS_TOKEN, settings.METRICS_NETWORKS = "", (ip_network("127.0.0.1"),)
    assert get(**{header: "10.0.0.1"}) == 404


def test_only_looked_at() -> None:
    assert Client().post("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 405


def test_the_database_is_away() -> None:
    def away(*_: object) -> None:
        raise OperationalError("no route to host db-17")

    with connection.execute_wrapper(away):
        answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert (answer.status_code, b"db-17" in answer.content) == (503, False)


# --- What it shows --------------------------------------------------------------------------------------------------


def test_an_empty_installation() -> None:
    found = scrape()
    assert found["tts_jobs"] == {
        (status,): 0 for status in ("waiting", "preparing", "processing", "synthesizing", "ready", "failed")
    }
    assert found["tts_queue_oldest_job_age_seconds"][()] == 0
    assert found["tts_queue_oldest_work_age_seconds"][()] == 0
    assert found["tts_workers_alive"][()] == 0
    assert found["tts_voices_without_worker"][()] == 9
    assert found["tts_storage_bytes"]["disk_free",] > 0
    assert found["tts_build_info"]["unknown", live_settings.VERSION] == 1


def test_a_life(submit: Submit, worker: Worker) -> None:
    presence.sign_of_life(presence.Presence("host", 1, "tone"))
    first = submit("Salam, bu bir cümlədir.")
    assert scrape()["tts_jobs"]["waiting",] == 1
    assert scrape()["tts_steps"]["pending",] == 1
    worker.take_all()
    second = submit("Bu, birinci cümlədir, kifayət qədər uzundur. " * 10)
    worker.take_all()
    failed = submit()
    progress.make_failed(failed)
    jobs.delete(failed.pk)
    state.forget()
    found = scrape()
    assert found["tts_jobs"]["ready",] == 2
    assert found["tts_jobs_total"] == {
        ("az", "api", "deleted"): 1,
        ("az", "api", "failed"): 1,
        ("az", "api", "ready"): 2,
    }
    first.refresh_from_db()
    second.refresh_from_db()
    assert found["tts_characters_total"] == {("az", "325640"): first.character_count + second.character_count}
    duration = (first.duration_ms or 0) + (second.duration_ms or 0)
    assert found["tts_audio_duration_seconds_total"]["az", "325640"] == pytest.approx(duration / 1000)
    assert found["tts_synthesis_duration_seconds_count"]["tone", "az"] == 1 + (second.chunk_count or 0)
    assert found["tts_encode_duration_seconds_count"]["tone", "az"] == 2
    assert found["tts_time_to_first_audio_seconds_count"]["tone", "az"] == 2
    assert found["tts_models_loaded"] == {("tone",): 1}
    assert found["tts_voices_without_worker"][()] == 0
    assert found["tts_storage_bytes"]["audio",] == (first.audio_bytes or 0) + (second.audio_bytes or 0)


def test_ages_of_the_queue(submit: Submit) -> None:
    """A job that nobody has taken up is an alarm; a book that is being read only calls for more workers."""
    book = submit()
    Job.objects.filter(pk=book.pk).update(created=timezone.now() - timedelta(hours=2))
    assert ages() == pytest.approx((7200, 7200), abs=60)
    progress.prepare(book, chunks=2)
    progress.speak(progress.claim(book))
    assert ages() == pytest.approx((0, 7200), abs=60)
    last = progress.claim(book)
    assert ages() == (0, 0), "all of it is in hand"
    submit()
    assert ages() == pytest.approx((0, 0), abs=60)
    progress.speak(last)
    assert ages() == pytest.approx((0, 7200), abs=60), "its join waits"


def ages() -> tuple[float, float]:
    found = scrape()
    return found["tts_queue_oldest_job_age_seconds"][()], found["tts_queue_oldest_work_age_seconds"][()]


def test_no_label_tells_of_anybody(submit: Submit, worker: Worker, user: object) -> None:
    submit("Gizli cümlə zebra.")
    worker.take_all()
    page = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    assert not [word for word in ("Gizli", "zebra", "leyla", "vcn_") if word in page]


def test_a_cancelled_job_counts_once(submit: Submit) -> None:
    job = submit()
    assert jobs.cancel(job.pk)
    assert not jobs.cancel(job.pk)
    assert scrape()["tts_jobs_total"] == {("az", "api", "failed"): 1}


# --- Totals ---------------------------------------------------------------------------------------------------------


def test_processes_add_up() -> None:
    """Two other processes and this one count the same things; buckets stay sums."""
    script = (
        "import django; django.setup()\n"
        "from synthesis.metrics import counters, totals\n"
        "for _ in range(3):\n"
        "    counters.job_ready('az', 325640, 100, 1500)\n"
        "    counters.synthesis.labels('tone', 'az').observe(0.07)\n"
        "    totals.flush()\n"
    )
    database = connection.settings_dict["NAME"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "voicen_server.settings"}
    if connection.vendor == "sqlite":
        environment["DATABASE_URL"] = f"sqlite:///{database}"
    else:
        environment["DATABASE_URL"] = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{database}"
    running = [
        subprocess.Popen([sys.executable, "-c", script], env=environment, cwd=live_settings.BASE_DIR) for _ in range(2)
    ]
    assert [process.wait(60) for process in running] == [0, 0]
    counters.job_ready("az", 325640, 100, 1500)
    found = scrape()
    assert found["tts_jobs_total"]["az", "api", "ready"] == 7
    assert found["tts_characters_total"]["az", "325640"] == 700
    assert found["tts_audio_duration_seconds_total"]["az", "325640"] == pytest.approx(10.5)
    buckets = found["tts_synthesis_duration_seconds_bucket"]
    assert [buckets["tone", "az", le] for le in ("0.05", "0.1", "+Inf")] == [0, 6, 6]


def test_threads_count_once() -> None:
    def count() -> None:
        for _ in range(20):
            counters.job_ended("ready", "ru")
            totals.flush()
        connections.close_all()

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert scrape()["tts_jobs_total"]["ru", "api", "ready"] == 80


def test_a_database_that_is_away_gets_it_later() -> None:
    def away(*_: object) -> None:
        raise OperationalError

    counters.job_ended("ready", "tr")
    with connection.execute_wrapper(away):
        totals.flush()
    assert scrape()["tts_jobs_total"]["tr", "api", "ready"] == 1


def test_nothing_new_costs_no_query() -> None:
    totals.flush()
    with CaptureQueriesContext(connection) as queries:
        totals.flush()
    assert len(queries) == 0


def test_many_jobs_cost_no_more(user: object, submit: Submit) -> None:
    """The figures that need a look at every job are kept for a while; the others look at what is unfinished."""
    job = submit()
    scrape()
    with CaptureQueriesContext(connection) as queries:
        scrape()
    asked = [query["sql"] for query in queries if "synthesis_job" in query["sql"]]
    assert asked
    for sql in asked:
        plan = _plan(sql)
        assert any(
            index in plan
            for index in ("unfinished_jobs", "jobs_by_status", "PRIMARY KEY", "job_pkey", "Index Cond: (id = ")
        ), plan
        assert "'ready'" not in sql
    assert job.pk


def _plan(sql: str) -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        else:
            cursor.execute("SET enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(str(row) for row in cursor.fetchall())
