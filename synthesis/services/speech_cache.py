"""Audio of chunks that were spoken before: the prompts of a telephone menu are the same every day.

An entry belongs to one account: what another one hears at once would tell that somebody has had the same text spoken.
It lives as long as a job that used it, so a deleted text leaves no sound behind; above `VOICEN_SPEECH_CACHE_MB` the
least recently used go first. Names and keys are made with the service's secret: they tell nothing of a text.
"""

import contextlib
import logging
import uuid
from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.db.models.signals import post_delete, pre_delete
from django.dispatch import receiver
from django.utils import timezone
from django.utils.crypto import salted_hmac

from synthesis import storage
from synthesis.domain import limits
from synthesis.metrics import counters
from synthesis.models import CachedSpeech, Job, SpeechUse

logger = logging.getLogger("voicen.cache")

# When an entry was last used is told to the hour: a write for every hit would cost more than it tells.
_USED_TO = timedelta(hours=1)
_BATCH = 200


def key(owner_id: int, parts: Iterable[str]) -> str:
    """The name of the sound that these parts determine, for this account."""
    message = "\0".join((str(owner_id), *parts))
    return salted_hmac("synthesis.speech_cache", message, algorithm="sha256").hexdigest()


def is_on() -> bool:
    return bool(settings.SPEECH_CACHE_MB)


def find(job: Job, wanted: str) -> tuple[bytes, int] | None:
    """The frames (s16le mono) and their sample rate; None when they are not there. A hit counts as a use by the job."""
    entry = CachedSpeech.objects.filter(key=wanted).first()
    frames = _read(entry) if entry else None
    counters.cache_requests.labels("hit" if frames else "miss").inc()
    if entry is None or frames is None:
        return None
    now = timezone.now()
    CachedSpeech.objects.filter(pk=entry.pk, used__lt=now - _USED_TO).update(used=now)
    _count_use(job, entry)
    return frames, entry.sample_rate


def _read(entry: CachedSpeech) -> bytes | None:
    try:
        with storage.speech_storage().open(entry.audio) as file:
            frames: bytes = file.read()
    except OSError:  # evicted since we looked, or a storage that is away: it can be spoken again
        return None
    return frames if len(frames) == entry.size else None


def keep(job: Job, wanted: str, frames: bytes, sample_rate: int) -> None:
    """Keep what was just spoken. Whatever goes wrong with it is no fault of the job."""
    if len(frames) > limits.LONGEST_CACHED_BYTES:
        return
    name = f"{storage.CACHE_FOLDER}/{wanted[:2]}/{uuid.uuid4().hex}.pcm"
    speech = storage.speech_storage()
    try:
        speech.save(name, ContentFile(frames))
    except OSError as error:
        logger.warning("a chunk is not kept: %s", error.strerror)
        return
    try:
        with transaction.atomic():
            if not Job.objects.filter(pk=job.pk).exists():
                raise IntegrityError
            entry = CachedSpeech.objects.create(
                key=wanted, owner_id=job.owner_id, audio=name, size=len(frames), sample_rate=sample_rate
            )
            _count_use(job, entry)
    except IntegrityError:
        # Another worker was faster with the same words, or the job is deleted by now.
        speech.delete(name)
        return
    _make_room()


def _count_use(job: Job, entry: CachedSpeech) -> None:
    """Raises nothing when job or entry have gone in the meantime: then there is nothing to count."""
    with contextlib.suppress(IntegrityError), transaction.atomic():
        SpeechUse.objects.get_or_create(job_id=job.pk, entry_id=entry.pk)


def _make_room() -> None:
    most = settings.SPEECH_CACHE_MB << 20
    total = _total()
    if total <= most:
        return
    for entry in CachedSpeech.objects.order_by("used", "id")[:_BATCH]:
        if total <= most:
            break
        total -= entry.size
        entry.delete()


def _total() -> int:
    return CachedSpeech.objects.aggregate(total=Sum("size"))["total"] or 0


# --- The end of an entry --------------------------------------------------------------------------------------------


@receiver(post_delete, sender=CachedSpeech, dispatch_uid="erase_cached_speech")
def _erase(instance: CachedSpeech, **_: object) -> None:
    transaction.on_commit(partial(_delete_file, instance.audio))


def _delete_file(name: str) -> None:
    try:
        storage.speech_storage().delete(name)
    except storage.StorageAway as error:
        logger.warning("a cached chunk is removed later: %s", error.strerror)


@receiver(pre_delete, sender=Job, dispatch_uid="forget_speech_of_deleted_job")
def _forget(instance: Job, **_: object) -> None:
    """Before the uses go with the job: what no other job has used goes too."""
    others = SpeechUse.objects.filter(entry=OuterRef("pk")).exclude(job=instance)
    for entry in CachedSpeech.objects.filter(~Exists(others), uses__job=instance):
        entry.delete()


def tidy() -> None:
    """Delete entries without a job and files without an entry.

    Two jobs that are deleted at the same moment each see the other's use, and leave the entry.
    """
    _forget_lost()
    for entry in _unused()[:_BATCH]:
        entry.delete()
    _make_room()
    for name in storage.old_cached_files(limits.OLD_CACHED_FILE_SECONDS):
        if not CachedSpeech.objects.filter(audio=name).exists():
            storage.speech_storage().delete(name)


def _forget_lost() -> None:
    """Uses of jobs, and entries of accounts, that a version of before has deleted."""
    SpeechUse.objects.filter(~Exists(Job.objects.filter(pk=OuterRef("job_id")))).delete()
    users = get_user_model().objects.filter(pk=OuterRef("owner_id"))
    for entry in CachedSpeech.objects.filter(~Exists(users)):
        entry.delete()


def _unused() -> QuerySet[CachedSpeech]:
    return CachedSpeech.objects.filter(~Exists(SpeechUse.objects.filter(entry=OuterRef("pk"))))
