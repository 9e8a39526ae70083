"""What a client may choose about a job, and that workers do it."""

import math
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from models.catalogue import catalogue
from synthesis.domain.errors import IdempotencyConflict, InvalidInput
from synthesis.domain.options import AS_USUAL, AudioFormat, Options, Priority, WavEncoding
from synthesis.domain.status import Status
from synthesis.models import Job, Step
from synthesis.services import jobs, retention

VOICE = 325640


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"speed": 0.49}, "speed: 0.5 to 2."),
        ({"speed": math.nan}, "speed: 0.5 to 2."),
        ({"pauses": 3.1}, "pauses: 0 to 3."),
        ({"loudness": 0.0}, "loudness: -40 to -9."),
        ({"encoding": WavEncoding.ALAW}, "encoding: alaw is for format wav."),
        ({"sample_rate": 11025}, "sample_rate: one of 8000, 16000, 22050, 24000, 44100, 48000."),
        ({"format": AudioFormat.OGG, "sample_rate": 22050}, "sample_rate: one of 8000, 16000, 24000, 48000."),
        ({"bitrate": 320}, "bitrate: one of 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160."),
        ({"bitrate": 8, "sample_rate": 48000}, "bitrate: one of 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192"),
        ({"bitrate": 64, "format": AudioFormat.WAV}, "bitrate: wav has none."),
        ({"bitrate": 5, "format": AudioFormat.OGG}, "bitrate: 6 to 256 kbit/s for ogg."),
    ],
)
def test_what_cannot_be_is_refused_with_its_name(chosen: dict[str, object], said: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        Options(**chosen)  # type: ignore[arg-type]
    assert refusal.value.message.startswith(said)


def test_a_row_keeps_only_what_differs() -> None:
    assert AS_USUAL.to_store() == {}
    chosen = Options(format=AudioFormat.WAV, encoding=WavEncoding.ULAW, sample_rate=8000, speed=1.2)
    assert chosen.to_store() == {"format": "wav", "encoding": "ulaw", "sample_rate": 8000, "speed": 1.2}
    assert Options.stored(chosen.to_store()) == chosen


def test_what_clients_may_not_choose_is_not_told_them() -> None:
    options = Options(early=True)
    assert options.to_store() == {"early": True}
    assert Options.stored(options.to_store()) == options
    assert options.chosen() == Options().chosen()
    assert "early" not in options.chosen()


def test_a_key_of_a_later_version_is_left_out() -> None:
    assert Options.stored({"speed": 1.5, "reverb": "hall"}) == Options(speed=1.5)


@pytest.fixture
def owner(db: None) -> User:
    return User.objects.create_user("owner")


def test_a_job_keeps_what_was_ordered(owner: User) -> None:
    order = jobs.Order(Options(speed=1.5), title="Xəbərlər", priority=Priority.HIGH)
    job = jobs.submit(owner, catalogue().get(VOICE), "salam", order=order)
    job.refresh_from_db()
    assert (job.options, job.title, job.priority, job.source) == ({"speed": 1.5}, "Xəbərlər", 1, "api")


def test_other_options_are_another_request(owner: User) -> None:
    voice = catalogue().get(VOICE)
    first = jobs.submit(owner, voice, "salam", "key", jobs.Order(Options(speed=1.5)))
    assert jobs.submit(owner, voice, "salam", "key", jobs.Order(Options(speed=1.5))).pk == first.pk
    with pytest.raises(IdempotencyConflict):
        jobs.submit(owner, voice, "salam", "key")


def test_a_high_priority_goes_before_the_owners_other_jobs(owner: User) -> None:
    voice = catalogue().get(VOICE)
    waiting = [jobs.submit(owner, voice, f"text {number}") for number in range(8)]
    urgent = jobs.submit(owner, voice, "urgent", order=jobs.Order(priority=Priority.HIGH))
    later = Step.objects.filter(job__in=waiting[5:]).values_list("round", flat=True)
    assert Step.objects.get(job=urgent).round < min(later)


def test_a_job_is_deleted_after_its_own_date(owner: User) -> None:
    voice = catalogue().get(VOICE)
    past = timezone.now() - timedelta(seconds=1)
    gone = jobs.submit(owner, voice, "salam", order=jobs.Order(expires=past))
    kept = jobs.submit(owner, voice, "salam", order=jobs.Order(expires=past + timedelta(days=1)))
    Job.objects.update(status=Status.FAILED, finished=timezone.now())
    assert retention.purge_due() == 1
    assert list(Job.objects.values_list("pk", flat=True)) == [kept.pk]
    assert gone.pk != kept.pk
