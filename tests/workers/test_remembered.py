"""What was spoken before is not spoken again, is nobody else's, and goes with the last job that had it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.utils import timezone
from pytest_django import Settings

from models.audio import Pcm
from models.catalogue import Voice, catalogue
from models.engines.tone import Tone
from synthesis import storage
from synthesis.domain.options import Options
from synthesis.domain.status import Status
from synthesis.models import CachedSpeech, Job, SpeechUse
from synthesis.services import jobs, speech_cache
from tests.workers.conftest import Worker
from workers import remembered
from workers.pipeline.chunking import Chunk

pytestmark = pytest.mark.django_db(transaction=True)  # files go on commit

Submit = Callable[..., Job]

VOICE = 325640
MENU = "Satış şöbəsi üçün birə basın."


@pytest.fixture(autouse=True)
def _switched_on(settings: Settings) -> None:
    settings.SPEECH_CACHE_MB = 256


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that the engine was asked to speak."""
    texts: list[str] = []
    speak = Tone.speak

    def counted(self: Tone, text: str, voice: Voice) -> Pcm:
        texts.append(text)
        return speak(self, text, voice)

    monkeypatch.setattr(Tone, "speak", counted)
    return texts


def cached_files() -> list[str]:
    return sorted(storage.old_cached_files(-1))


def audio(job: Job) -> bytes:
    job.refresh_from_db()
    assert job.status == Status.READY
    return Path(storage.speech_storage().path(job.audio)).read_bytes()


def test_the_same_prompt_is_spoken_once(submit: Submit, worker: Worker, asked: list[str]) -> None:
    first, second = submit(MENU), submit(MENU)
    worker.take_all()
    assert len(asked) == 1
    assert audio(first)[-2000:] == audio(second)[-2000:]
    assert len(cached_files()) == 1


def test_another_accounts_is_not_taken(submit: Submit, worker: Worker, asked: list[str], user: User) -> None:
    submit(MENU)
    submit(MENU, owner=User.objects.create_user("other"))
    worker.take_all()
    assert len(asked) == 2


def test_other_options_are_another_sound(user: User, worker: Worker, asked: list[str]) -> None:
    for speed in (1.0, 1.5):
        jobs.submit(user, catalogue().get(VOICE), MENU, order=jobs.Order(Options(speed=speed)))
    worker.take_all()
    assert len(asked) == 2


def test_everything_that_makes_the_sound_makes_the_key() -> None:
    voice, chunk, engine = catalogue().get(VOICE), Chunk(0, MENU, 0), Tone()
    usual = remembered._determined_by(chunk, voice, engine)
    others = [
        (replace(chunk, text="Salam."), voice),
        (replace(chunk, pause_ms=250), voice),
        (chunk, replace(voice, gain_db=1.0)),
        (chunk, replace(voice, speed=1.1)),
        (chunk, catalogue().get(325648)),
        (chunk, replace(voice, engines={"tone": {"hertz": 99.0}})),
    ]
    assert all(remembered._determined_by(*other, engine) != usual for other in others)
    assert remembered._determined_by(replace(chunk, index=7), voice, engine) == usual


def test_it_goes_with_the_last_job_that_had_it(submit: Submit, worker: Worker) -> None:
    first, second = submit(MENU), submit(MENU)
    worker.take_all()
    jobs.delete(first.pk)
    assert len(cached_files()) == 1
    jobs.delete(second.pk)
    assert cached_files() == []
    assert not CachedSpeech.objects.exists()


def test_it_goes_with_its_owner(submit: Submit, worker: Worker, user: User) -> None:
    submit(MENU)
    worker.take_all()
    user.delete()
    assert cached_files() == []


def test_books_are_not_kept(submit: Submit, worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synthesis.domain.limits.CACHED_CHUNKS", 2)
    submit("Bu, birinci cümlədir, kifayət qədər uzundur. " * 20)
    worker.take_all()
    assert not CachedSpeech.objects.exists()


def test_the_least_recently_used_make_room(submit: Submit, worker: Worker, settings: Settings) -> None:
    submit(MENU)
    worker.take_all()
    CachedSpeech.objects.update(size=2 << 20, used=timezone.now() - timedelta(days=1))
    settings.SPEECH_CACHE_MB = 1
    job = submit("Texniki dəstək üçün ikiyə basın.")
    worker.take_all()
    assert list(SpeechUse.objects.values_list("job", flat=True)) == [job.pk]
    assert len(cached_files()) == 1


def test_switched_off(submit: Submit, worker: Worker, settings: Settings, asked: list[str]) -> None:
    settings.SPEECH_CACHE_MB = 0
    submit(MENU)
    submit(MENU)
    worker.take_all()
    assert len(asked) == 2
    assert not CachedSpeech.objects.exists()


def test_a_file_that_is_gone_or_cut_is_a_miss(submit: Submit, worker: Worker, asked: list[str]) -> None:
    submit(MENU)
    worker.take_all()
    path = Path(storage.speech_storage().path(cached_files()[0]))
    path.write_bytes(path.read_bytes()[:100])
    second = submit(MENU)
    worker.take_all()
    assert audio(second)
    path.unlink()
    third = submit(MENU)
    worker.take_all()
    assert audio(third)
    assert len(asked) == 3


def test_housekeeping_removes_what_nobody_has(
    submit: Submit, worker: Worker, monkeypatch: pytest.MonkeyPatch, user: User
) -> None:
    submit(MENU)
    worker.take_all()
    SpeechUse.objects.all().delete()
    storage.speech_storage().save("cache/00/stray.pcm", ContentFile(b"x"))
    monkeypatch.setattr("synthesis.domain.limits.OLD_CACHED_FILE_SECONDS", -1)
    speech_cache.tidy()
    assert cached_files() == []
    assert not CachedSpeech.objects.exists()


def test_names_and_keys_tell_nothing_of_the_text(submit: Submit, worker: Worker, settings: Settings) -> None:
    submit(MENU)
    worker.take_all()
    parts = ("a", "b")
    before = speech_cache.key(1, parts)
    settings.SECRET_KEY = "another"
    assert speech_cache.key(1, parts) != before
