"""What a voice sounds like: one sentence of each, spoken once by a job like any other and kept in the storage.

Samples are public, so nobody's account pays for them: they belong to an account of the service that cannot sign in.
What a voice is made of is part of the sample's name; a voice that is changed gets a new one.
"""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import IO

from django.contrib.auth.models import User
from django.core.files import File
from django.utils import timezone

from models.catalogue import Voice
from synthesis import storage
from synthesis.domain.errors import VoicenError
from synthesis.domain.options import Options
from synthesis.domain.status import Source, Status
from synthesis.models import Job
from synthesis.services import jobs
from synthesis.services.voices import engine_of

ACCOUNT = "voicen-samples"
_FOLDER = "samples"
_PATIENCE_SECONDS = 45.0
_LOOK_SECONDS = 0.25
_TRY_AGAIN_SECONDS = 5
# What could not be spoken is tried again after so long, whoever asks in between.
_AFTER_A_FAILURE = timedelta(minutes=10)
_SENTENCES = {
    "az": "Salam! Mənim adım {name}. Yazdığınız mətnləri sizin üçün oxuyuram.",
    "tr": "Merhaba! Benim adım {name}. Yazdığınız metinleri sizin için okuyorum.",
    "ru": "Здравствуйте! Меня зовут {name}. Я читаю для вас тексты.",
}


class NoSampleYet(VoicenError):
    """It is not spoken yet, or could not be."""

    http_status = 503
    code = "unavailable"


@dataclass(frozen=True, slots=True)
class Sample:
    """An open mp3 of `size` bytes; `token` names its content."""

    file: IO[bytes]
    size: int
    token: str


def stored(voice: Voice) -> Sample | None:
    """The voice's sample, if it was ever spoken."""
    token = _token(voice)
    speech = storage.speech_storage()
    try:
        return Sample(speech.open(_name(token)), speech.size(_name(token)), token)
    except FileNotFoundError:
        return None


def made(voice: Voice, is_wanted: Callable[[], bool] = lambda: True) -> Sample:
    """Have the sample spoken, and wait for it. Raises NoSampleYet when that takes long, or cannot be done."""
    token = _token(voice)
    end = time.monotonic() + _PATIENCE_SECONDS
    while True:
        job = _job(voice, token)
        if job.status == Status.READY:
            _keep(job, token)
            if (sample := stored(voice)) is not None:
                return sample
        if job.status == Status.FAILED:
            raise NoSampleYet("This voice cannot be heard at present.", retry_after=_TRY_AGAIN_SECONDS)
        if time.monotonic() > end or not is_wanted():
            raise NoSampleYet("The sample is being spoken. Try again soon.", retry_after=_TRY_AGAIN_SECONDS)
        time.sleep(_LOOK_SECONDS)


def _token(voice: Voice) -> str:
    engine = engine_of(voice)
    made_of = [voice.id, engine, sorted(voice.engines.get(engine, {}).items()), voice.gain_db, _text(voice)]
    return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:32]


def _text(voice: Voice) -> str:
    return _SENTENCES[voice.language].format(name=voice.name)


def _name(token: str) -> str:
    return f"{_FOLDER}/{token}.mp3"


def _job(voice: Voice, token: str) -> Job:
    """The job that speaks the sample: whoever asks at the same time gets the same one."""
    owner, is_new = User.objects.get_or_create(username=ACCOUNT, defaults={"is_active": False})
    if is_new:
        owner.set_unusable_password()
        owner.save(update_fields=["password"])
    failed = Job.objects.filter(owner=owner, status=Status.FAILED, finished__lt=timezone.now() - _AFTER_A_FAILURE)
    for job_id in failed.values_list("pk", flat=True):
        jobs.cancel_and_delete(job_id)
    order = jobs.Order(options=Options(lexicon=False), title="sample", source=Source.WEB)
    return jobs.submit(owner, voice, _text(voice), f"sample-{token}", order)


def _keep(job: Job, token: str) -> None:
    speech = storage.speech_storage()
    try:
        if not speech.exists(_name(token)):
            with speech.open(job.audio) as audio:
                speech.save(_name(token), File(audio))
    except FileNotFoundError:
        return  # another request has kept it and deleted the job
    if Job.objects.filter(pk=job.pk).exists():
        jobs.cancel_and_delete(job.pk)
