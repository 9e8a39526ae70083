"""The voices as they are now, those of the files and those of the admin, and which engine speaks each."""

import logging
import threading
from collections.abc import Collection
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from models import catalogue as files
from models.catalogue import Catalogue, Voice
from models.operators import with_operators
from synthesis import prepared
from synthesis.models import OperatorVoice

logger = logging.getLogger("voicen.voices")


@dataclass
class _Seen:
    """What one request knows of the voices."""

    stamp: str | None = None
    catalogue: Catalogue | None = None


class _Current:
    """The catalogue last put together, and what it was made of."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made_of: object = None
        self._catalogue: Catalogue | None = None

    def get(self) -> Catalogue:
        """As the database has it now; within one request as it was at the first look."""
        seen = _seen.get()
        if seen is None:
            return self._look(_stamp())
        if seen.catalogue is None:
            seen.catalogue = self._look(_stamp() if seen.stamp is None else seen.stamp)
        return seen.catalogue

    def _look(self, stamp: str) -> Catalogue:
        made_of = (files.catalogue(), stamp)
        with self._lock:
            if self._catalogue is None or made_of != self._made_of:
                rows = OperatorVoice.objects.filter(enabled=True).order_by("number")
                self._catalogue, left_out = with_operators(files.catalogue(), [row.entry() for row in rows])
                self._made_of = made_of
                for reason in left_out:
                    logger.error("a voice of the admin is left out: %s", reason)
            return self._catalogue

    def known(self) -> Catalogue:
        """The last one, without a look at the database."""
        return self._catalogue or files.catalogue()


_current = _Current()
# A page of the admin asks for the voice of each of its hundred jobs. None outside of requests, where every look counts.
_seen: ContextVar[_Seen | None] = ContextVar("catalogue of the request", default=None)


@receiver(request_started, dispatch_uid="look_at_voices_anew")
@receiver((post_save, post_delete), sender=OperatorVoice, dispatch_uid="look_at_changed_voices")
def _look_anew(sender: object, **_: object) -> None:
    if sender is not OperatorVoice or _seen.get() is not None:
        _seen.set(_Seen())


@receiver(request_finished, dispatch_uid="always_look_at_voices")
def _always_look(**_: object) -> None:
    _seen.set(None)


# Changes with every change in the admin, whatever the number of voices. Not a time: the clocks of two web hosts differ.
STAMP = """
  SELECT COUNT(*) || '.' || COALESCE(MAX(id), 0) || '.' || COALESCE(SUM(version), 0) FROM synthesis_operatorvoice
"""


def _stamp() -> str:
    with prepared.run(connections[DEFAULT_DB_ALIAS], STAMP, None) as cursor:
        return str(cursor.fetchone()[0])


def note_stamp(stamp: str) -> None:
    """The stamp as another statement of this request has brought it along: it spares one of its own."""
    seen = _seen.get()
    if seen is not None:
        seen.stamp = stamp


def catalogue() -> Catalogue:
    """Every voice that can be asked for now. A change in the admin or in the operator's file shows at the next call."""
    return _current.get()


def engine_of(voice: Voice) -> str:
    """The engine that speaks the voice: its own, or the service's."""
    return voice.engine or str(settings.ENGINE)


def engines_in_use() -> list[str]:
    """The engines that the voices need, the service's first. Does not look at the database."""
    return list(dict.fromkeys([str(settings.ENGINE), *map(engine_of, _current.known())]))


def not_spoken_by(engines: Collection[str]) -> frozenset[int]:
    """The ids of the voices that none of these engines speaks; mostly none."""
    return frozenset(voice.id for voice in catalogue() if engine_of(voice) not in engines)


def of_other_engines(voice_id: int) -> frozenset[int]:
    """The ids of the voices that other engines speak than this one: their jobs stand in a queue of their own."""
    voices = catalogue()
    engine = next((engine_of(voice) for voice in voices if voice.id == voice_id), str(settings.ENGINE))
    return frozenset(voice.id for voice in voices if engine_of(voice) != engine)
