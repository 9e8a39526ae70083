"""Jobs are read with everybody's entries and their owner's, and changes are heard at once."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from models.audio import Pcm
from models.catalogue import catalogue
from models.engines.tone import Tone
from synthesis.models import Job, LexiconEntry
from synthesis.services import lexicon
from tests.workers.conftest import Worker
from workers.lexicons import Lexicons

pytestmark = pytest.mark.django_db(transaction=True)

ZEYNEP = 325647


@pytest.fixture
def said(worker: Worker, submit: Callable[..., Job]) -> Callable[[User, str], str]:
    """What a worker says of a user's text."""

    def speak_text(owner: User, text: str) -> str:
        heard: list[str] = []

        def on_speak(text: str) -> Pcm:
            heard.append(text)
            return Tone().speak(text, catalogue().get(ZEYNEP))

        worker.engine.on_speak = on_speak
        submit(text, ZEYNEP, owner)
        worker.take_all()
        return "".join(heard).strip()

    return speak_text


def test_entries_of_the_owner_are_heard_in_the_next_job(said: Callable[[User, str], str]) -> None:
    nigar, murat = User.objects.create_user("nigar"), User.objects.create_user("murat")
    assert said(nigar, "KVKK var.") == "ka ve ka ka var."
    row = LexiconEntry(language="tr", grapheme="KVKK", alias="kişisel veriler kanunu", owner=nigar)
    lexicon.save(row)
    assert said(nigar, "KVKK var.") == "kişisel veriler kanunu var."
    assert said(murat, "KVKK var.") == "ka ve ka ka var."
    row.alias = "veri kanunu"
    lexicon.save(row)
    assert said(nigar, "KVKK var.") == "veri kanunu var."
    row.delete()
    assert said(nigar, "KVKK var.") == "ka ve ka ka var."


def test_a_lexicon_is_built_once_until_somebody_changes_it() -> None:
    nigar = User.objects.create_user("nigar")
    lexicon.save(LexiconEntry(language="az", grapheme="BDU", alias="universitet"))
    lexicons = Lexicons()
    first = lexicons.of(nigar.pk, "az")
    assert lexicons.of(nigar.pk, "az") is first
    lexicon.save(LexiconEntry(language="az", grapheme="ADA", alias="a de a", owner=nigar))
    assert lexicons.of(nigar.pk, "az") is not first
