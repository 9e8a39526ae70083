"""Texts and audio in a bucket of a real S3-speaking server, and what becomes of jobs when it does not behave."""

import contextlib
import os
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import boto3
import pytest
import requests
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from moto.server import ThreadedMotoServer
from pytest_django import Settings

from synthesis import storage
from synthesis.domain import limits
from synthesis.domain.status import Status
from synthesis.models import Job, Step
from synthesis.services import housekeeping, jobs, retention
from synthesis.storage_s3 import SpeechS3Storage
from tests import servers
from tests.proxy import Fault, FaultyProxy
from tests.synthesis import progress
from tests.workers.conftest import Worker
from workers import patience
from workers.steps import ending

pytestmark = pytest.mark.django_db(transaction=True)

BUCKET = "voicen"
FOLDER = uuid.UUID(int=7)
MANY = "Bu, birinci cümlədir, kifayət qədər uzundur. " * 20
Submit = Callable[..., Job]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=servers.free_port(), verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    yield f"http://{host}:{port}"
    moto.stop()


@pytest.fixture
def proxy(server: str) -> Iterator[FaultyProxy]:
    with FaultyProxy(server) as between:
        yield between


@pytest.fixture(autouse=True)
def bucket(server: str, proxy: FaultyProxy, media: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty bucket, reached through the proxy; seconds become tenths."""
    requests.post(f"{server}/moto-api/reset", timeout=10)
    monkeypatch.setattr("synthesis.storage_s3.CONNECT_SECONDS", 1)
    monkeypatch.setattr("synthesis.storage_s3.ANSWER_SECONDS", 1)
    monkeypatch.setattr("synthesis.storage_s3.TRIES", 2)
    monkeypatch.setattr(ending, "_patience", patience.Patience(limits.STORAGE_PATIENCE_SECONDS))
    options = {
        "bucket_name": BUCKET,
        "endpoint_url": proxy.url,
        "region_name": "us-east-1",
        "access_key": "key",
        "secret_key": "secret",
        "location": "tts",
        "addressing_style": "path",
    }
    settings.STORAGES = {
        **settings.STORAGES,
        "speech": {"BACKEND": "synthesis.storage_s3.SpeechS3Storage", "OPTIONS": options},
    }
    boto3.client(
        "s3", endpoint_url=server, region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s"
    ).create_bucket(Bucket=BUCKET)


def keys(server: str) -> list[str]:
    client = boto3.client(
        "s3", endpoint_url=server, region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s"
    )
    return sorted(entry["Key"] for entry in client.list_objects_v2(Bucket=BUCKET).get("Contents", ()))


def rested(worker: Worker, turns: int = 6) -> None:
    for _ in range(turns):
        worker.take_all()
        Step.objects.update(not_before=None)


# --- The storage ----------------------------------------------------------------------------------------------------


def test_texts(server: str) -> None:
    storage.save_text(FOLDER, "Şəki 😀 Bakı")
    assert keys(server) == [f"tts/jobs/{FOLDER.hex}/text.txt"]
    assert storage.read_text(FOLDER) == "Şəki 😀 Bakı"
    assert storage.read_part(storage.text_name(FOLDER), 7, 4) == "😀"
    assert storage.stored_folders() == [FOLDER]
    storage.delete_files(FOLDER)
    assert keys(server) == []
    assert storage.stored_folders() == []
    storage.delete_files(FOLDER)  # nothing there is no error


def test_what_is_missing() -> None:
    with pytest.raises(FileNotFoundError):
        storage.read_text(FOLDER)
    assert not storage.speech_storage().exists(storage.text_name(FOLDER))


def test_a_part_of_a_long_object_costs_no_more(proxy: FaultyProxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synthesis.storage_s3.ANSWER_SECONDS", 20)
    content = os.urandom(40_000_000)
    speech = storage.speech_storage()
    speech.save("jobs/x/long.pcm", ContentFile(content))
    proxy.bytes_down = 0
    with speech.open("jobs/x/long.pcm") as file:
        file.seek(38_000_000)
        assert file.read(100) == content[38_000_000:38_000_100]
        assert file.seek(-7, os.SEEK_END) == len(content) - 7
        assert file.read() == content[-7:]
    assert proxy.bytes_down < 25_000_000  # what the sockets' buffers hold is sent before anybody reads it
    with speech.open("jobs/x/long.pcm") as file:
        assert b"".join(iter(lambda: file.read(100_000), b"")) == content


def test_a_connection_that_breaks_is_taken_up_where_it_broke(proxy: FaultyProxy) -> None:
    content = os.urandom(3_000_000)
    speech = storage.speech_storage()
    speech.save("jobs/x/long.pcm", ContentFile(content))
    proxy.plan(Fault.CUT)
    with speech.open("jobs/x/long.pcm") as file:
        assert file.read() == content
    assert proxy.faults_given == 1


@pytest.mark.parametrize("fault", [Fault.ERROR_500, Fault.SLOW_DOWN, Fault.SILENCE, Fault.REFUSE])
def test_a_fault_that_passes(proxy: FaultyProxy, fault: Fault) -> None:
    storage.save_text(FOLDER, "salam")
    proxy.plan(fault)
    assert storage.read_text(FOLDER) == "salam"
    assert proxy.faults_given == 1


@pytest.mark.parametrize("fault", [Fault.ERROR_500, Fault.SLOW_DOWN, Fault.SILENCE, Fault.REFUSE])
def test_a_fault_that_stays(proxy: FaultyProxy, fault: Fault) -> None:
    storage.save_text(FOLDER, "salam")
    proxy.plan(fault, times=100)
    with pytest.raises(storage.StorageAway):
        storage.read_text(FOLDER)
    with pytest.raises(storage.StorageAway):
        storage.save_text(FOLDER, "salam")
    with pytest.raises(storage.StorageAway):
        storage.stored_folders()


def test_nobody_listens(settings: Settings) -> None:
    speech = SpeechS3Storage(
        bucket_name=BUCKET,
        endpoint_url=f"http://127.0.0.1:{servers.free_port()}",
        region_name="us-east-1",
        access_key="k",
        secret_key="s",
    )
    with pytest.raises(storage.StorageAway):
        speech.exists("x")


def test_a_bucket_that_does_not_exist() -> None:
    """Not the same as a missing file: nothing would ever be found there."""
    speech = storage.speech_storage()
    speech.bucket_name, speech._bucket = "another", None  # type: ignore[attr-defined]
    with pytest.raises(PermissionError, match="NoSuchBucket"):
        speech.open("x")


def test_threads_share_it() -> None:
    storage.save_text(FOLDER, "salam")
    read: list[str] = []
    threads = [threading.Thread(target=lambda: read.append(storage.read_text(FOLDER))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read == ["salam"] * 8


# --- Jobs -----------------------------------------------------------------------------------------------------------


def test_two_hosts_meet_in_it(server: str, submit: Submit, tmp_path: Path, settings: Settings) -> None:
    """Chunks of two workers, each with a disk of its own, become one mp3; the parts go."""
    first, second = Worker(), Worker()
    for number, worker in enumerate((first, second)):
        worker.runtime.temporary_folder = tmp_path / f"host{number}"
        worker.runtime.temporary_folder.mkdir()
    job = submit(MANY)
    while any([first.take(), second.take()]):
        pass
    job.refresh_from_db()
    assert (job.status, job.chunks_spoken) == (Status.READY, job.chunk_count)
    assert keys(server) == sorted([f"tts/jobs/{job.folder.hex}/text.txt", f"tts/{job.audio}"])
    assert not list(tmp_path.rglob("*.pcm"))


def test_download_and_ranges(api: Client, submit: Submit) -> None:
    job = progress.make_ready(submit())
    url = f"/api/v1/jobs/{job.pk}/synthesize/"
    assert b"".join(api.get(url).streaming_content) == progress.AUDIO  # type: ignore[attr-defined]
    part = api.get(url, headers={"Range": "bytes=100-199"})
    assert part.status_code == 206
    assert b"".join(part.streaming_content) == progress.AUDIO[100:200]  # type: ignore[attr-defined]


def test_clients_are_told_to_come_back(api: Client, submit: Submit, proxy: FaultyProxy) -> None:
    job = progress.make_ready(submit())
    proxy.plan(Fault.ERROR_500, times=1000)
    download = api.get(f"/api/v1/jobs/{job.pk}/synthesize/")
    body = {"text": "salam", "lang": "az", "voice_id": "325640"}
    submission = api.post("/api/v1/jobs/text/", body, content_type="application/json")
    for answer in (download, submission):
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, 503)
        assert answer.headers["Retry-After"]
    assert Job.objects.count() == 1


def test_a_delete_while_it_is_away(
    server: str, api: Client, submit: Submit, proxy: FaultyProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row goes; housekeeping removes the files once the bucket is back."""
    job = progress.make_ready(submit())
    proxy.plan(Fault.ERROR_500, times=1000)
    assert api.delete(f"/api/v1/jobs/{job.pk}/").status_code == 200
    housekeeping.tidy()  # breaks off
    proxy.plan(Fault.ERROR_500, times=0)
    assert len(keys(server)) == 2
    monkeypatch.setattr(housekeeping, "_ARRIVING_SECONDS", -1)
    housekeeping.tidy()
    assert keys(server) == []


def test_housekeeping_lists_once(
    server: str, submit: Submit, proxy: FaultyProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many jobs there are: no listing and no look for each of them."""
    finished = [progress.make_ready(submit()) for _ in range(12)]
    nobodys = uuid.UUID(int=9)
    storage.save_text(nobodys, "salam")
    late = storage.chunk_name(finished[3].folder, 1, uuid.uuid4())
    storage.speech_storage().save(late, ContentFile(b"x"))
    monkeypatch.setattr("synthesis.services.housekeeping._OLD_SECONDS", -60)
    monkeypatch.setattr("synthesis.services.housekeeping._ARRIVING_SECONDS", -60)
    # Five keys a page: the files of some jobs stand on two of them.
    monkeypatch.setattr("synthesis.storage_s3._PAGE", 5)
    proxy.requests.clear()
    housekeeping.tidy()
    assert keys(server) == sorted(
        f"tts/{name}" for job in finished for name in (storage.text_name(job.folder), job.audio)
    )
    looks = [request for request in proxy.requests if request.startswith(("GET", "HEAD"))]
    assert len(looks) < len(finished), looks


def test_a_purge_proves_it(server: str, submit: Submit, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """Every version of every object of the bucket is searched for the text."""
    marker = "Gizli cümlə zebra"
    settings.RETENTION_DAYS = 7
    old, young = progress.make_ready(submit(marker)), progress.make_ready(submit("salam"))
    Job.objects.filter(pk=old.pk).update(finished=timezone.now() - timedelta(days=8))
    assert hidden_in_bucket(server, marker) == [
        f"tts/{storage.text_name(old.folder)}"
    ]  # the search finds what is there
    call_command("purge")
    told = capsys.readouterr().out
    assert f"deleted job {old.pk} with 2 file(s)" in told
    assert "Deleted 1 job(s) with 2 file(s); verified: no row and no file of them is left." in told
    assert hidden_in_bucket(server, marker) == []
    assert keys(server) == sorted([f"tts/{storage.text_name(young.folder)}", f"tts/{young.audio}"])


def test_a_purge_tells_what_is_left(server: str, submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    """An account that may not delete: the command names what is left and fails."""
    monkeypatch.setattr(retention, "_BETWEEN_LOOKS_SECONDS", 0)
    job = progress.make_ready(submit())
    monkeypatch.setattr(SpeechS3Storage, "delete_folder", lambda *_: None)
    with pytest.raises(CommandError, match=storage.text_name(job.folder)):
        call_command("purge", "--older-than", "0")


def test_a_purge_while_it_is_away(server: str, submit: Submit, proxy: FaultyProxy) -> None:
    """Nothing is said to be gone that nobody could look for."""
    progress.make_ready(submit())
    proxy.plan(Fault.ERROR_500, times=1000)
    with pytest.raises(CommandError, match=r"0 job.s. were deleted, which is not verified: the storage is away"):
        call_command("purge", "--older-than", "0")
    assert Job.objects.exists()
    proxy.plan(Fault.ERROR_500, times=0)
    call_command("purge", "--older-than", "0")
    assert keys(server) == []


def hidden_in_bucket(server: str, marker: str) -> list[str]:
    client = boto3.client(
        "s3", endpoint_url=server, region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s"
    )
    versions = client.list_object_versions(Bucket=BUCKET).get("Versions", ())
    contents = {
        version["Key"]: client.get_object(Bucket=BUCKET, Key=version["Key"], VersionId=version["VersionId"])[
            "Body"
        ].read()
        for version in versions
    }
    forms = [marker.encode(), marker.encode("utf-16-le"), b"zebra"]
    return [key for key, content in contents.items() if any(form in content for form in forms)]


def test_parts_of_killed_writers_go(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = storage.speech_storage().connection.meta.client  # type: ignore[attr-defined]
    client.create_multipart_upload(Bucket=BUCKET, Key="tts/jobs/x/long.mp3")
    client.create_multipart_upload(Bucket=BUCKET, Key="somebody/elses")
    # The server dates every upload to 2010.
    monkeypatch.setattr("synthesis.storage_s3._PARTS_OLD", timedelta(days=36_500))
    storage.tidy()
    assert len(client.list_multipart_uploads(Bucket=BUCKET)["Uploads"]) == 2, "a young one may be at work"
    monkeypatch.undo()
    storage.tidy()
    left = client.list_multipart_uploads(Bucket=BUCKET)["Uploads"]
    assert [upload["Key"] for upload in left] == ["somebody/elses"]


@pytest.mark.parametrize("fault", [Fault.ERROR_500, Fault.SILENCE])
def test_an_outage_costs_no_attempt(submit: Submit, proxy: FaultyProxy, worker: Worker, fault: Fault) -> None:
    job = submit(MANY)
    worker.take()
    proxy.plan(fault, times=1000)
    for _ in range(limits.MAX_ATTEMPTS + 2):
        worker.take()
        Step.objects.update(not_before=None)
    job.refresh_from_db()
    assert job.status in {Status.SYNTHESIZING, Status.PROCESSING}
    assert not job.steps.filter(attempts__gt=0, state="pending").exists()
    proxy.plan(fault, times=0)
    rested(worker)
    job.refresh_from_db()
    assert (job.status, job.chunks_spoken) == (Status.READY, job.chunk_count)


def test_an_outage_without_end(
    submit: Submit, proxy: FaultyProxy, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After half an hour, here none: the job fails with a reason, and goes on from its chunks when it is retried."""
    monkeypatch.setattr(ending, "_patience", patience.Patience(-1))
    job = submit(MANY)
    worker.take()
    worker.take()
    proxy.plan(Fault.ERROR_500, times=1000)
    rested(worker)
    job.refresh_from_db()
    assert (job.status, job.error_code) == (Status.FAILED, "storage_failed")
    assert "storage is away" in job.error_message
    proxy.plan(Fault.ERROR_500, times=0)
    assert jobs.retry(job.pk)
    job.refresh_from_db()
    assert job.chunks_spoken == 1
    rested(worker)
    job.refresh_from_db()
    assert job.status == Status.READY


def test_faults_here_and_there(server: str, submit: Submit, proxy: FaultyProxy, worker: Worker) -> None:
    """Every fifth call fails in some way: the job is ready, and nothing is left over."""
    proxy.every(5, [Fault.ERROR_500, Fault.SLOW_DOWN, Fault.REFUSE, Fault.CUT])
    job = submit(MANY)
    rested(worker)
    job.refresh_from_db()
    assert (job.status, job.chunks_spoken) == (Status.READY, job.chunk_count)
    assert proxy.faults_given > 3
    with contextlib.suppress(storage.StorageAway):
        assert job.audio in " ".join(keys(server))
