"""A worker that speaks several chunks in one go: each ends by itself, whatever befalls the others."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from models.audio import Pcm
from models.catalogue import Voice, catalogue
from models.engines.base import EngineError
from models.engines.tone import Tone
from synthesis import storage
from synthesis.domain import limits
from synthesis.domain.options import Options
from synthesis.domain.status import Status, StepKind, StepState
from synthesis.models import Job, SpeechUse, Step
from synthesis.services import jobs, presence, queue
from synthesis.services.queue import Batch
from tests.workers.conftest import Misbehaving, Worker
from workers import steps, stopping
from workers.pipeline import render
from workers.pipeline.mp3 import encodable_samples, stated_samples
from workers.pulse import Pulse

pytestmark = pytest.mark.django_db(transaction=True)

Submit = Callable[..., Job]
BOOK = " ".join(
    f"Bu, {number} nömrəli cümlədir və kifayət qədər uzundur, {'çox ' * number}belə." for number in range(14)
)
POISON = "zəhər"


class Together(Misbehaving):
    """Tones in batches. `room` is how many texts fit into its memory; each call leaves its size in `calls`."""

    on_gpu = True
    gains = True
    room = 64

    def __init__(self) -> None:
        self.calls: list[int] = []
        self.voices: list[list[int]] = []
        self.keys: dict[int, str] = {}
        self.on_batch: Callable[[Sequence[str]], None] | None = None

    def batch_key(self, voice: Voice) -> str:
        return self.keys.get(voice.id, "tone")

    def batch_gains(self, voice: Voice) -> bool:
        return self.gains

    def speak(self, text: str, voice: Voice) -> Pcm:
        self.calls.append(1)
        return self._sound(text, voice)

    def speak_batch(self, texts: Sequence[str], voices: Sequence[Voice]) -> list[Pcm]:
        self.calls.append(len(texts))
        self.voices.append([voice.id for voice in voices])
        assert [len(text) for text in texts] == sorted(len(text) for text in texts)
        if self.on_batch is not None:
            self.on_batch(texts)
        if len(texts) > self.room:
            raise EngineError("it does not fit", code="out_of_memory")
        return [self._sound(text, voice) for text, voice in zip(texts, voices, strict=True)]

    def _sound(self, text: str, voice: Voice) -> Pcm:
        return super().speak(text, voice)


@pytest.fixture
def engine(worker: Worker, settings: Settings) -> Together:
    settings.BATCH_CHUNKS = 8
    worker.engine = Together()
    return worker.engine


def take(worker: Worker, size: int = 8) -> list[Step]:
    claimed = queue.claim_batch(None, (), lambda _: Batch(size))
    if claimed:
        steps.run_all(claimed, worker.runtime, worker.pulse)
    return claimed


def take_all(worker: Worker) -> None:
    for _ in range(limits.MAX_ATTEMPTS + 1):
        while take(worker):
            pass
        Step.objects.update(not_before=None)


def read(worker: Worker, *given: Job) -> list[Job]:
    """Their texts are split; nothing is spoken."""
    for job in given:
        step = job.steps.select_related("job").get(kind=StepKind.PREPARE)
        leased = queue.claim()
        assert leased is not None
        assert leased.pk == step.pk
        steps.run(leased, worker.runtime, worker.pulse)
        job.refresh_from_db()
        assert job.status == Status.PROCESSING
    return list(given)


def assert_whole(job: Job, text: str) -> None:
    """The mp3 has exactly the samples of the text spoken chunk by chunk."""
    job.refresh_from_db()
    assert job.status == Status.READY, (job.error_code, job.error_message)
    voice, tone = catalogue().get(job.voice_id), Tone()
    samples = sum(len(render.speak_chunk(chunk, voice, tone)) // 2 for chunk in render.chunks(text, voice, tone))
    assert stated_samples(Path(storage.speech_storage().path(job.audio))) == encodable_samples(samples, 24_000)


def state_of(job: Job) -> Counter[str]:
    return Counter(job.steps.filter(kind=StepKind.SPEAK).values_list("state", flat=True))


def test_a_book_in_batches(submit: Submit, worker: Worker, engine: Together) -> None:
    (job,) = read(worker, submit(BOOK))
    take(worker)
    assert engine.calls == [8]
    assert queue.chunks_spoken(job) == 8
    take_all(worker)
    assert_whole(job, BOOK)


def test_two_jobs_in_one_batch(submit: Submit, worker: Worker, engine: Together) -> None:
    job, other = read(worker, submit(BOOK), submit(BOOK[:300], owner=User.objects.create(username="other")))
    assert {step.job_id for step in take(worker)} == {job.pk, other.pk}
    assert engine.calls == [8]
    take_all(worker)
    assert_whole(job, BOOK)
    assert_whole(other, BOOK[:300])


def claim(worker: Worker) -> list[Step]:
    """As a worker process does: with what the runtime has learned."""
    claimed = queue.claim_batch(None, (), worker.runtime.batch_of)
    steps.run_all(claimed, worker.runtime, worker.pulse)
    return claimed


def test_voices_that_are_alike_are_one_batch(submit: Submit, worker: Worker, engine: Together) -> None:
    """Learned by the first chunk of one of them; also at another tempo, and not with a voice of another model."""
    engine.keys = {325646: "another model"}
    quick = jobs.Order(Options(speed=1.25))
    job, other, unlike = read(
        worker,
        submit(BOOK),
        jobs.submit(User.objects.create(username="other"), catalogue().get(325641), BOOK, order=quick),
        submit(BOOK, owner=User.objects.create(username="unlike"), voice_id=325646),
    )
    assert len(claim(worker)) == 1
    learned = worker.runtime.batch_of(job.voice_id)
    assert learned.chunks == 8
    assert 325641 in learned.others
    assert not {325646, job.voice_id} & learned.others
    engine.calls.clear()
    claimed = claim(worker)
    if claimed[0].job_id == unlike.pk:
        claimed = claim(worker)
    assert {step.job_id for step in claimed} <= {job.pk, other.pk}
    while not any(len(set(ids)) == 2 for ids in engine.voices):
        assert claim(worker)
    assert all(325646 not in ids or set(ids) == {325646} for ids in engine.voices)
    while claim(worker):
        pass
    take_all(worker)
    assert_whole(job, BOOK)
    other.refresh_from_db()
    unlike.refresh_from_db()
    assert (other.status, unlike.status) == (Status.READY, Status.READY)


def test_what_was_spoken_before_leaves_the_batch(
    submit: Submit, worker: Worker, engine: Together, settings: Settings
) -> None:
    settings.SPEECH_CACHE_MB = 10
    (first,) = read(worker, submit(BOOK))
    take_all(worker)
    assert_whole(first, BOOK)
    engine.calls.clear()
    again, new = read(worker, submit(BOOK), submit(BOOK, owner=User.objects.create(username="other")))
    take_all(worker)
    new.refresh_from_db()
    assert sum(engine.calls) == new.chunk_count, "only what is new to its account is spoken"
    assert max(engine.calls) > 1
    assert_whole(again, BOOK)
    assert SpeechUse.objects.filter(job=again).count() == SpeechUse.objects.filter(job=first).count() > 0


@pytest.mark.parametrize("room", [1, 3])
def test_a_memory_that_is_too_small_halves_the_batch(
    submit: Submit, worker: Worker, engine: Together, room: int
) -> None:
    engine.room = room
    (job,) = read(worker, submit(BOOK))
    take(worker)
    assert engine.calls == ([8, 4, 2, 2, 4, 2, 2] if room == 3 else [8, 4, 2, 1, 1, 2, 1, 1, 4, 2, 1, 1, 2, 1, 1])
    take_all(worker)
    assert_whole(job, BOOK)


@pytest.mark.parametrize(
    ("fault", "code"),
    [(EngineError("hoarse", code="hoarse"), "hoarse"), (ValueError("a secret"), "internal_error")],
)
def test_a_bad_chunk_fails_alone(submit: Submit, worker: Worker, engine: Together, fault: Exception, code: str) -> None:
    def sound(text: str, voice: Voice) -> Pcm:
        if POISON in text:
            raise fault
        return Tone().speak(text, voice)

    engine._sound = sound  # type: ignore[method-assign]
    text = f"Bu cümlədə {POISON} vardır, ona görə də deyilmir. " * 4
    bad, good = read(worker, submit(text), submit(BOOK, owner=User.objects.create(username="other")))
    claimed = take(worker)
    mixed = Counter(step.job_id for step in claimed)
    assert set(mixed) == {bad.pk, good.pk}
    assert state_of(good)[StepState.DONE] == mixed[good.pk]
    assert set(bad.steps.filter(kind=StepKind.SPEAK).values_list("state", "attempts")) <= {
        ("pending", 0),
        ("pending", 1),
    }
    take_all(worker)
    bad.refresh_from_db()
    assert (bad.status, bad.error_code) == (Status.FAILED, code)
    assert "chunk 1 of" in bad.error_message
    assert_whole(good, BOOK)


def test_a_sound_that_is_no_speech_is_spoken_again_alone(submit: Submit, worker: Worker, engine: Together) -> None:
    broken = [True]

    def sound(text: str, voice: Voice) -> Pcm:
        pcm = Tone().speak(text, voice)
        if broken and "5 " in text.replace("beş", "5"):
            broken.clear()
            return replace(pcm, samples=np.zeros_like(pcm.samples))
        return pcm

    engine._sound = sound  # type: ignore[method-assign]
    (job,) = read(worker, submit(BOOK))
    take(worker)
    assert not broken
    assert engine.calls[0] == 8
    assert set(engine.calls[1:]) == {1}, "in two parts: the tone gives the same again"
    assert state_of(job)[StepState.DONE] == 8


def test_a_cancelled_job_leaves_the_batch(submit: Submit, worker: Worker, engine: Together) -> None:
    gone, stays = read(worker, submit(BOOK), submit(BOOK, owner=User.objects.create(username="other")))

    def cancel(_: Sequence[str]) -> None:
        jobs.cancel(gone.pk)

    engine.on_batch = cancel
    claimed = Counter(step.job_id for step in take(worker))
    engine.on_batch = None
    assert claimed[gone.pk] == claimed[stays.pk] == 4
    gone.refresh_from_db()
    assert (gone.status, gone.error_code, gone.chunks_spoken) == (Status.FAILED, "cancelled", 0)
    assert state_of(stays)[StepState.DONE] == 4
    folder = Path(storage.speech_storage().path(storage.folder_name(gone.folder)))
    assert not list(folder.glob("*.pcm"))
    take_all(worker)
    assert_whole(stays, BOOK)


def test_a_chunk_that_was_taken_over_is_dropped_alone(submit: Submit, worker: Worker, engine: Together) -> None:
    (job,) = read(worker, submit(BOOK))

    def take_over(_: Sequence[str]) -> None:
        Step.objects.filter(job=job, index=2).update(token=None, lease_until=None, state=StepState.PENDING)

    engine.on_batch = take_over
    take(worker)
    engine.on_batch = None
    assert state_of(job)[StepState.DONE] == 7
    assert job.steps.get(kind=StepKind.SPEAK, index=2).audio == ""
    take_all(worker)
    assert_whole(job, BOOK)


def test_a_text_that_is_gone_costs_no_other_chunk(submit: Submit, worker: Worker, engine: Together) -> None:
    gone, stays = read(worker, submit(BOOK), submit(BOOK, owner=User.objects.create(username="other")))
    claimed = queue.claim_batch(None, (), lambda _: Batch(8))
    jobs.cancel_and_delete(gone.pk)
    steps.run_all(claimed, worker.runtime, worker.pulse)
    assert engine.calls == [4]
    assert state_of(stays)[StepState.DONE] == 4


def test_memory_that_is_used_up_hands_the_rest_back(submit: Submit, worker: Worker, engine: Together) -> None:
    def sound(text: str, voice: Voice) -> Pcm:
        raise MemoryError

    engine._sound = sound  # type: ignore[method-assign]
    (job,) = read(worker, submit(BOOK))
    with pytest.raises(steps.OutgrownError):
        take(worker)
    attempts = Counter(job.steps.filter(kind=StepKind.SPEAK).values_list("state", "attempts"))
    assert attempts[("pending", 1)] == 1
    assert attempts[("pending", 0)] == sum(attempts.values()) - 1


def test_a_shut_down_keeps_what_is_spoken_and_hands_the_rest_back(
    submit: Submit, worker: Worker, engine: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.room = 4
    (job,) = read(worker, submit(BOOK))

    def shut_down(texts: Sequence[str]) -> None:
        if len(texts) == 4:
            monkeypatch.setattr(stopping, "requested", lambda: True)

    engine.on_batch = shut_down
    take(worker)
    assert engine.calls == [8, 4]
    states = Counter(job.steps.filter(kind=StepKind.SPEAK).values_list("state", "attempts"))
    assert states[("done", 1)] == 4
    assert states[("pending", 0)] == sum(states.values()) - 4


def test_every_lease_is_renewed_and_lost_alone(
    submit: Submit, worker: Worker, engine: Together, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LEASE_SECONDS = 3
    monkeypatch.setattr(presence, "SIGN_OF_LIFE_SECONDS", 0.2)
    read(worker, submit(BOOK))
    claimed = queue.claim_batch(None, (), lambda _: Batch(3))
    before = {step.pk: step.lease_until for step in Step.objects.all()}
    pulse = Pulse(presence.Presence("host", 1, "tone"))
    pulse.start()
    try:
        with pulse.hold_all(claimed, 60) as leases:
            Step.objects.filter(pk=claimed[1].pk).update(token=None, state=StepState.PENDING)
            end = time.monotonic() + 20
            while not leases[1].lost or any(
                Step.objects.get(pk=claimed[number].pk).lease_until == before[claimed[number].pk] for number in (0, 2)
            ):
                assert time.monotonic() < end
                time.sleep(0.05)
            assert [lease.lost for lease in leases] == [False, True, False]
    finally:
        pulse.stop()


# --- How many --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "on_gpu", "gains", "expected"),
    [
        (0, True, True, 8),
        (0, False, True, 1),
        (3, False, True, 3),
        (3, True, True, 3),
        (0, True, False, 1),
        (1, True, True, 1),
    ],
)
def test_how_many_is_learned_by_the_first_chunk(
    submit: Submit,
    worker: Worker,
    engine: Together,
    settings: Settings,
    setting: int,
    on_gpu: bool,
    gains: bool,
    expected: int,
) -> None:
    settings.BATCH_CHUNKS = setting
    engine.on_gpu, engine.gains = on_gpu, gains
    (job,) = read(worker, submit(BOOK))
    assert worker.runtime.batch_of(job.voice_id) == Batch()
    worker.take()
    assert worker.runtime.batch_of(job.voice_id).chunks == expected
    assert worker.runtime.batch_of(job.voice_id + 1) == Batch()


def test_an_engine_without_batches_is_asked_for_one_at_a_time(submit: Submit, worker: Worker) -> None:
    """A voice may change its engine between the claim and the work."""
    (job,) = read(worker, submit(BOOK))
    take(worker)
    assert queue.chunks_spoken(job) == 8
    assert worker.runtime.batch_of(job.voice_id) == Batch()
    take_all(worker)
    assert_whole(job, BOOK)
