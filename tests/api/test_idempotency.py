"""Row 31: the same Idempotency-Key with the same body gives the same job for 24 hours."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from synthesis.models import Job, Step
from tests.api.answers import accepted, refused
from tests.synthesis import progress

URL = "/api/v1/jobs/text/"
VALID = {"text": "salam", "lang": "az", "voice_id": "325640"}


def send(api: Client, key: str = "k1", **changes: object) -> Any:
    body = json.dumps({**VALID, **changes})
    return api.post(URL, body, content_type="application/json", headers={"Idempotency-Key": key})


def test_it_works(api: Client) -> None:
    first, second = accepted(send(api)), accepted(send(api))
    assert first == second
    assert (Job.objects.count(), Step.objects.count()) == (1, 1)


def test_without_a_key_every_request_is_a_job(api: Client) -> None:
    for _ in range(2):
        accepted(api.post(URL, VALID, content_type="application/json"))
    assert Job.objects.count() == 2


def test_another_key_is_another_job(api: Client) -> None:
    assert accepted(send(api, "k1"))["id"] != accepted(send(api, "k2"))["id"]


@pytest.mark.parametrize("changes", [{"text": "salam "}, {"voice_id": 325641}, {"lang": "tr", "voice_id": 325647}])
def test_another_body(api: Client, changes: dict[str, Any]) -> None:
    accepted(send(api))
    refused(send(api, **changes), 409, naming="Idempotency-Key")
    assert Job.objects.count() == 1


def test_the_same_request_in_other_words(api: Client) -> None:
    assert accepted(send(api)) == accepted(send(api, voice_id=325640, lang="az-AZ"))


def test_the_same_text_as_a_file(api: Client) -> None:
    job = accepted(send(api))
    form = {"lang": "az", "voice_id": "325640", "file": SimpleUploadedFile("a.txt", b"salam")}
    assert accepted(api.post("/api/v1/jobs/file/", form, headers={"Idempotency-Key": "k1"})) == job


def test_a_strangers_key_is_another_key(api: Client, stranger: Client) -> None:
    assert accepted(send(api))["id"] != accepted(send(stranger))["id"]


def test_after_24_hours(api: Client) -> None:
    first = accepted(send(api))
    Job.objects.update(created=timezone.now() - timedelta(hours=23, minutes=59))
    assert accepted(send(api))["id"] == first["id"]
    Job.objects.update(created=timezone.now() - timedelta(hours=24, seconds=1))
    assert accepted(send(api, text="another"))["id"] > first["id"]


@pytest.mark.django_db(transaction=True)
def test_after_a_deletion(api: Client) -> None:
    first = accepted(send(api))
    progress.make_ready(Job.objects.get())
    assert accepted(send(api))["status"] == "ready"
    api.delete(f"/api/v1/jobs/{first['id']}/")
    assert accepted(send(api))["id"] > first["id"]


def test_a_refused_request_takes_no_key(api: Client) -> None:
    refused(send(api, text=""), 400)
    accepted(send(api))


@pytest.mark.parametrize("sent", ["", " ", "a" * 256, "açar", "a\tb"])
def test_bad_keys(api: Client, sent: str) -> None:
    refused(send(api, sent), 400, naming="Idempotency-Key")


@pytest.mark.parametrize("sent", ["a", "a" * 255, "7a7f-…".replace("…", "x"), '"quoted"', "a b"])
def test_good_keys(api: Client, sent: str) -> None:
    assert accepted(send(api, sent)) == accepted(send(api, sent))


def test_a_repeat_is_not_counted_against_the_limit(api: Client, settings: Settings) -> None:
    settings.MAX_UNFINISHED_JOBS = 1
    assert accepted(send(api)) == accepted(send(api))
    refused(send(api, "k2"), 429)


def test_the_text_cannot_be_guessed_from_the_row(api: Client) -> None:
    import hashlib

    accepted(send(api))
    digest = Job.objects.get().idempotency_digest
    assert digest not in {hashlib.sha256(text).hexdigest() for text in (b"salam", b"325640\0az\0salam")}


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once(key: str, media: Path) -> None:
    def one(_: int) -> Any:
        try:
            return send(Client(headers={"Authorization": f"Token {key}"}))
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = [accepted(response) for response in pool.map(one, range(20))]
    assert len({answer["id"] for answer in answers}) == 1
    assert (Job.objects.count(), Step.objects.count()) == (1, 1)
    assert len([path for path in media.rglob("*") if path.is_file()]) == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_different_ones_at_once(key: str) -> None:
    def one(number: int) -> int:
        try:
            return int(send(Client(headers={"Authorization": f"Token {key}"}), text=f"salam {number}").status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        codes = sorted(pool.map(one, range(20)))
    assert codes == [200] + [409] * 19
    assert Job.objects.count() == 1


def test_submit_by_hand(api: Client, submit: Callable[..., Job]) -> None:
    """Jobs without a key never meet each other in the unique constraint."""
    assert submit().pk != submit().pk
