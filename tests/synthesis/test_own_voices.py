"""Own voices among the others: seen at the next call, each with its engine, left to the workers that have it."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from models.catalogue import UnknownVoice, catalogue
from synthesis import dispatch, recordings
from synthesis.models import Job, OperatorVoice
from synthesis.services import own_voices, presence, queue, voices
from tests.synthesis import progress
from tests.synthesis.recordings_of import speech, wav

pytestmark = pytest.mark.django_db
Submit = Callable[..., Job]


@pytest.fixture(autouse=True)
def _own_media(media: Path) -> None:
    """No test sees the recordings of another."""


def make(number: int = 900_001, **values: Any) -> OperatorVoice:
    base: dict[str, Any] = {"name": "Leyla", "language": "az", "gender": "female", "licence": "CC0-1.0"}
    row = OperatorVoice(number=number, **{**base, "engine": "tone", "settings": {"hertz": 200}, **values})
    own_voices.save(row)
    return row


def recording(seconds: float = 4) -> recordings.Recording:
    return recordings.check(io.BytesIO(wav(speech(seconds))))


def test_every_change_shows_at_once() -> None:
    with pytest.raises(UnknownVoice):
        voices.catalogue().get(900_001)
    row = make()
    assert voices.catalogue().get(900_001).engines == {"tone": {"hertz": 200}}
    row.settings = {"hertz": 300}
    own_voices.save(row)
    assert voices.catalogue().get(900_001).engines == {"tone": {"hertz": 300}}
    own_voices.switch(row, enabled=False)
    assert 900_001 not in voices.catalogue().ids()
    own_voices.switch(row, enabled=True)
    assert 900_001 in voices.catalogue().ids()
    own_voices.delete(row)
    assert voices.catalogue().ids() == catalogue().ids()


def test_two_who_change_one_voice_at_once_are_both_seen() -> None:
    make()
    first, second = OperatorVoice.objects.get(), OperatorVoice.objects.get()
    first.settings = {"hertz": 300}
    own_voices.save(first)
    assert voices.catalogue().get(900_001).engines["tone"]["hertz"] == 300
    second.settings = {"hertz": 400}
    own_voices.save(second)
    assert voices.catalogue().get(900_001).engines["tone"]["hertz"] == 400


def test_a_look_costs_one_query() -> None:
    make()
    voices.catalogue()
    with CaptureQueriesContext(connection) as queries:
        assert voices.catalogue() is voices.catalogue()
    assert len(queries) == 2


def test_a_voice_that_the_files_have_taken_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    make(325640)
    make(900_002)
    assert voices.catalogue().get(325640).name == "Aytac"
    assert 900_002 in voices.catalogue().ids()
    assert "already Aytac's" in caplog.text


def test_proposed_numbers_are_free() -> None:
    assert own_voices.proposed_number() == 900_001
    make(900_001)
    make(900_007)
    assert own_voices.proposed_number() == 900_008


def test_recordings_come_and_go_with_their_voice(
    media: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    row = make(engine="coqui", settings={"model": "xtts-v2"})
    first, second = recording(4), recording(5)
    own_voices.save(row, first)
    assert (row.recording, row.recording_seconds) == (first.sha256, 4)
    assert voices.catalogue().get(900_001).engines["coqui"]["reference"] == f"references/{first.sha256}.wav"
    with django_capture_on_commit_callbacks(execute=True):
        own_voices.save(row, second)
    assert [path.stem for path in (media / "recordings").iterdir()] == [second.sha256]
    with django_capture_on_commit_callbacks(execute=True):
        own_voices.delete(row)
    assert not list((media / "recordings").iterdir())


# --- Engines and the workers that have them --------------------------------------------------------------------------


@pytest.fixture
def coqui_voice() -> int:
    return int(make(900_009, engine="coqui", settings={"model": "xtts-v2"}).number)


def submit_to(submit: Submit, number: int) -> Job:
    """`submit` looks only into the files."""
    job = submit()
    Job.objects.filter(pk=job.pk).update(voice_id=number)
    job.refresh_from_db()
    return job


def test_each_voice_has_its_engine(coqui_voice: int) -> None:
    assert voices.engine_of(voices.catalogue().get(coqui_voice)) == "coqui"
    assert voices.engine_of(voices.catalogue().get(325640)) == "tone"
    assert voices.engines_in_use() == ["tone", "coqui"]
    assert voices.not_spoken_by(["tone"]) == {coqui_voice}
    assert voices.not_spoken_by(["coqui"]) == set(catalogue().ids())
    assert voices.not_spoken_by(["coqui", "tone"]) == frozenset()


def test_a_worker_without_the_engine_never_claims_the_voice(submit: Submit, coqui_voice: int) -> None:
    job = submit_to(submit, coqui_voice)
    without = voices.not_spoken_by(["tone"])
    assert queue.claim(None, without) is None
    assert not queue.more_work(without)
    progress.prepare(job)
    assert queue.claim(None, without) is None
    other = submit()
    step = queue.claim(None, without)
    assert step is not None
    assert step.job_id == other.pk
    assert queue.claim(None, without) is None
    step = queue.claim(None, voices.not_spoken_by(["coqui"]))
    assert step is not None
    assert step.job_id == job.pk


def test_joining_is_anybody_s(submit: Submit, coqui_voice: int) -> None:
    job = submit_to(submit, coqui_voice)
    progress.prepare(job, chunks=1)
    progress.speak(progress.claim(job))
    step = queue.claim(None, voices.not_spoken_by(["tone"]))
    assert step is not None
    assert step.kind == "join"


def test_a_new_job_is_not_before_those_that_wait_for_its_engine(submit: Submit, coqui_voice: int) -> None:
    """A book in the queue of a slow engine stays at a low round; that is no turn in the queue of a fast one."""
    slow, fast = submit_to(submit, coqui_voice), submit()
    progress.prepare(slow)
    progress.prepare(fast)
    slow.steps.filter(kind="speak").update(round=7)
    fast.steps.filter(kind="speak").update(round=50)
    assert queue.served_round(325640) == 50
    assert queue.served_round(coqui_voice) == 7


def test_a_voice_without_a_worker_is_told(submit: Submit, coqui_voice: int) -> None:
    presence.sign_of_life(presence.Presence("host", 1, "tone"))
    assert [voice.id for voice in presence.voices_without_worker()] == [coqui_voice]
    presence.sign_of_life(presence.Presence("gpu", 1, "coqui,tone"))
    assert presence.voices_without_worker() == []


def test_each_engine_has_a_doorbell(coqui_voice: int, settings: Settings) -> None:
    voices.catalogue()
    assert dispatch.doorbells() == ["speech", "speech.coqui"]


def test_a_request_looks_at_the_voices_once(
    db: None, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    voices.catalogue()
    voices._look_anew(sender=None)
    try:
        with django_assert_num_queries(1):
            first = voices.catalogue()
            assert voices.catalogue() is first
    finally:
        voices._always_look()
    with django_assert_num_queries(2):
        voices.catalogue()
        voices.catalogue()


def test_a_request_that_changes_a_voice_sees_it(db: None) -> None:
    voices._look_anew(sender=None)
    try:
        voices.catalogue()
        own = OperatorVoice.objects.create(
            number=900,
            name="Nigar",
            language="az",
            gender="female",
            licence="own",
            engine="tone",
            settings={"hertz": 200},
        )
        assert voices.catalogue().get(900).name == "Nigar"
        own.delete()
        assert 900 not in voices.catalogue().ids()
    finally:
        voices._always_look()
