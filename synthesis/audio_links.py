"""Addresses of finished audio that need no key: signed, and good for a time.

The address of a job's audio stays the same for a part of that time, so that caches on the way keep what they have. It
names the file that it was made for: audio that is deleted, or made again, has no address any more.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from models.catalogue import UnknownVoice
from synthesis.domain.options import AudioFormat
from synthesis.domain.status import Status
from synthesis.models import Job
from synthesis.services import voices

_SALT = "synthesis.audio"
_PARTS = 24
"""So many addresses a job's audio has, one after another, within the life of one."""
_UNSAFE = re.compile(r"[^\w.-]+")
_LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True)
class Link:
    """`path` is absolute on this host; until `expires` it gives the audio."""

    path: str
    expires: datetime


def link(job: Job) -> Link:
    """The address of a ready job's audio."""
    life = settings.AUDIO_URL_HOURS * 3600
    part = max(1, life // _PARTS)
    expires = int(timezone.now().timestamp()) // part * part + part + life
    token = signing.Signer(salt=_SALT).sign_object([job.pk, file_token(job), expires])
    path = reverse("signed-audio", kwargs={"token": token, "name": file_name(job)})
    return Link(path, datetime.fromtimestamp(expires, UTC))


def opened(token: str) -> tuple[Job, int] | None:
    """The job that a token is for, and for how many more seconds it is good; None for any other."""
    try:
        job_id, audio, expires = signing.Signer(salt=_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    left = expires - int(timezone.now().timestamp())
    job = Job.objects.filter(pk=job_id, status=Status.READY).first()
    return (job, left) if job is not None and left > 0 and file_token(job) == audio else None


def file_token(job: Job) -> str:
    """Names the audio of this job, and no other that is made of the same text."""
    return job.audio.rpartition("/")[2].partition(".")[0]


def audio_format(job: Job) -> AudioFormat:
    """The format of a ready job's audio."""
    return AudioFormat(job.audio.rpartition(".")[2])


def file_name(job: Job) -> str:
    """How the audio is called where it is kept: by the voice and the title."""
    try:
        voice = voices.catalogue().get(job.voice_id).name
    except UnknownVoice:
        voice = "voicen"
    title = _UNSAFE.sub("_", job.title).strip("._")[:_LONGEST_TITLE] or str(job.pk)
    return f"{_UNSAFE.sub('_', voice).strip('._') or 'voicen'}_{title}.{audio_format(job)}"
