"""The voices that operators make in the admin: what they may say, their recordings, and the count of their changes."""

from functools import partial

from django.db import transaction
from django.db.models import F, Max

from models import catalogue as files
from models import operators
from models.catalogue import ENGINE_SETTINGS
from synthesis import recordings
from synthesis.models import OperatorVoice
from synthesis.recordings import Recording

FIRST_NUMBER = 900_001
"""Where the numbers begin that are proposed for own voices: far from those of the files."""


def proposed_number() -> int:
    """An id that no own voice has and none of the files."""
    highest = OperatorVoice.objects.aggregate(highest=Max("number"))["highest"] or 0
    taken = {number for voice in files.catalogue() for number in (voice.id, *voice.aliases)}
    number = max(FIRST_NUMBER, int(highest) + 1)
    while number in taken:
        number += 1
    return number


def takes_recording(engine: str) -> bool:
    """Whether the engine imitates a recording."""
    return "reference" in ENGINE_SETTINGS.get(engine, {})


def check(row: OperatorVoice) -> None:
    """ValueError says what is wrong with the voice, its recording included."""
    operators.check(row.entry(), files.catalogue())


@transaction.atomic
def save(row: OperatorVoice, recording: Recording | None = None) -> None:
    """Store the voice, with a new recording or the one it names; running workers follow at their next chunk.

    A recording that no voice has any more is deleted. Raises OSError when the recording cannot be stored.
    """
    before = OperatorVoice.objects.select_for_update().filter(pk=row.pk).first()
    if recording is not None:
        row.recording, row.recording_seconds = recordings.save(recording), recording.seconds
    elif not row.recording:
        row.recording_seconds = None
    # Counted under the lock: two who save at once must not count to the same number.
    row.version = (before.version if before else 0) + 1
    row.save()
    if before is not None and before.recording != row.recording:
        transaction.on_commit(partial(recordings.forget, before.recording))


@transaction.atomic
def delete(row: OperatorVoice) -> None:
    """Remove the voice, and its recording unless another voice has the same."""
    row.delete()
    transaction.on_commit(partial(recordings.forget, row.recording))


def switch(row: OperatorVoice, *, enabled: bool) -> None:
    """Let clients ask for the voice, or no more."""
    OperatorVoice.objects.filter(pk=row.pk).update(enabled=enabled, version=F("version") + 1)
