"""The lexicon that a job is read with: everybody's entries and its owner's over the shipped ones."""

import threading
from collections import OrderedDict

from django.db import DatabaseError

from synthesis.services import lexicon as rows
from workers.pipeline.normalise import Lexicon, over_shipped

_KEPT = 8


def everybodys(language: str) -> Lexicon:
    """The entries for all users; only the shipped ones where no database is yet: reading a text needs none."""
    try:
        return over_shipped(language, rows.entries_for(None, language))
    except DatabaseError:
        return over_shipped(language)


class Lexicons:
    """Lexicons by user and language, built once and kept until somebody changes an entry. Threads may share it."""

    def __init__(self) -> None:
        self._built: OrderedDict[tuple[int, str], tuple[str, Lexicon]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, owner_id: int, language: str) -> Lexicon:
        """One cheap query when nothing has changed since the last time."""
        # Asked before the entries: what changes between the two questions is seen the next time.
        version = rows.version_for(owner_id, language)
        with self._lock:
            known = self._built.get((owner_id, language))
        if known and known[0] == version:
            return known[1]
        built = over_shipped(language, rows.entries_for(owner_id, language))
        with self._lock:
            self._built[owner_id, language] = version, built
            self._built.move_to_end((owner_id, language))
            while len(self._built) > _KEPT:
                self._built.popitem(last=False)
        return built
