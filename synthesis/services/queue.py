"""The queue: which step is next, who holds it, and what its end means for the job.

The rows are the truth; a message only says "there is work". A claim takes what is pending and what is running with an
expired lease, so that a dead worker needs no sweeper. Every later write is fenced by the lease's token: when the step
has been claimed by somebody else in the meantime, LostLease is raised and the result is thrown away.

Locks are taken job first, then steps. Two writes take no lock of the job, since every worker of a book does them all
the time: a claim, which waits for nobody, and the end of a chunk, which locks the chunk's own row alone.
"""

import contextlib
import logging
import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest, Now
from django.utils import timezone

from synthesis import dispatch, prepared, storage
from synthesis.domain import limits
from synthesis.domain.status import CLAIMABLE, FINISHED, UNFINISHED, Status, StepKind, StepState, sources
from synthesis.domain.webhooks import Event
from synthesis.metrics import counters
from synthesis.models import Job, Step
from synthesis.services import totals, usage, voices, webhooks

logger = logging.getLogger("voicen.queue")

# Literals, in the order of the partial indexes: SQLite does not see that bound values imply an index's condition.
_IS_CLAIMABLE = "synthesis_step.state IN ({})".format(", ".join(f"'{state}'" for state in sorted(CLAIMABLE)))
_IS_UNFINISHED = "synthesis_job.status IN ({})".format(", ".join(f"'{status}'" for status in sorted(UNFINISHED)))

PREPARE_INDEX = -1
# A join goes before everything else: it ends a job and frees its chunks.
_JOIN_ROUND = -2
# Then the first turn of a job of an account that has few others: a greeting behind nobody's backlog. It is before the
# rounds and not in one, since a round holds a chunk of every job, and of a large account that may be many.
FAST_ROUND = -1
_SPEAKING = (Status.PROCESSING, Status.SYNTHESIZING)


class LostLease(Exception):
    """The step belongs to somebody else by now, or its job is gone: drop the result."""


class ChunkPlace(NamedTuple):
    """One chunk as the text was split: where it stands in the spoken text, in bytes, and the silence after it.

    `delivery`: see `Step.delivery`.
    """

    number: int
    start: int
    length: int
    pause_ms: int
    delivery: dict[str, Any] | None = None


def served_round(voice_id: int | None = None) -> int:
    """The round that is being served: the lowest among the steps that wait or run; 0 in an empty queue.

    For a voice, among the steps of its engine: engines are served by different workers at their own pace, and a new job
    that started in the round of a slow one would come before everything that waits for a fast one. While nothing waits
    for its engine, among all of them: one worker may serve both.
    """
    waiting = _claimable().filter(round__gte=0)
    if voice_id is not None and (others := voices.of_other_engines(voice_id)):
        own = waiting.exclude(job__voice_id__in=others).order_by("round", "index", "id").values("round").first()
        if own is not None:
            return int(own["round"])
    return waiting.aggregate(lowest=Min("round"))["lowest"] or 0


def round_of_new_job(unfinished: int, voice_id: int | None = None) -> int:
    """Where a job gets its first turn: after the round that is being served, and after its owner's unfinished jobs.

    After it and not in it: otherwise a steady stream of new jobs would keep a book from its next chunk for ever.
    """
    return served_round(voice_id) + 1 + unfinished


class Standing(NamedTuple):
    """What there is in the queue when an account sends a job of some priority."""

    unfinished: int
    """Jobs of the account that have not ended."""
    ahead: int
    """Those among them that the new one has to wait for."""
    served: int
    """The round that is being served, whatever the engine."""
    has_first_turn: bool
    """Whether a job of the account waits before the rounds."""


# A new job stands in the queue by these. No value of a partial index's condition is bound.
LOWEST_ROUND = f"SELECT MIN(round) FROM synthesis_step WHERE {_IS_CLAIMABLE} AND round >= 0"  # noqa: S608 - our own words
HAS_FIRST_TURN = f"""
  SELECT 1 FROM synthesis_step JOIN synthesis_job AS own ON own.id = synthesis_step.job_id
  WHERE {_IS_CLAIMABLE} AND round = {FAST_ROUND} AND own.owner_id = %s
"""  # noqa: S608 - our own words
_STANDING = f"""
SELECT COUNT(*), COUNT(CASE WHEN priority >= %s THEN 1 END), ({LOWEST_ROUND}), EXISTS ({HAS_FIRST_TURN})
FROM synthesis_job WHERE owner_id = %s AND {_IS_UNFINISHED}
"""  # noqa: S608 - our own words


def standing(owner_id: int, priority: int) -> Standing:
    """The queue as a job of this account and priority finds it, its unfinished jobs counted."""
    with prepared.run(connections[DEFAULT_DB_ALIAS], _STANDING, [priority, owner_id, owner_id]) as cursor:
        unfinished, ahead, served, has_first_turn = cursor.fetchone()
    return Standing(unfinished, ahead, served or 0, bool(has_first_turn))


def round_of_submission(found: Standing, voice_id: int) -> int:
    """Where a job that is just sent gets its first turn: before the rounds, if its account has few others.

    One job of an account at a time, so that no stream of them keeps out the first turns of others. The same in SQL is
    in `accepting`.
    """
    if found.ahead <= limits.FEW_JOBS and not found.has_first_turn:
        return FAST_ROUND
    own = next_round_of_engine(voice_id)
    return (found.served + 1 if own is None else own) + found.ahead


def next_round_of_engine(voice_id: int) -> int | None:
    """The round after the one that is being served for this voice's engine; None where all voices have one engine."""
    return round_of_new_job(0, voice_id) if voices.of_other_engines(voice_id) else None


def unfinished_jobs(owner_id: int, priority: int | None = None) -> int:
    """How many jobs of this account have not ended; with a priority, those that a job of it has to wait for."""
    jobs = Job.objects.filter(owner_id=owner_id).extra(where=[_IS_UNFINISHED])  # noqa: S610 - our own words
    return (jobs if priority is None else jobs.filter(priority__gte=priority)).count()


def claim(holder: uuid.UUID | None = None, cannot_speak: Collection[int] = ()) -> Step | None:
    """Lease the next step to a worker process, its job loaded with it; None when nothing waits.

    Texts for the voices `cannot_speak` are left to others; joining needs no voice and is anybody's.

    Order: joins, first turns of accounts with few jobs, then by round, so that all jobs get a chunk before one gets
    its next; the younger job first within a round, so that a greeting is not behind a book. After three chunks of first
    turns each process takes one of the rounds. A step that has used up its attempts ends its job instead.
    """
    steps = claim_batch(holder, cannot_speak)
    return steps[0] if steps else None


@dataclass(frozen=True, slots=True)
class Batch:
    """How many chunks are spoken in one go with a voice's, and of which other voices they may be."""

    chunks: int = 1
    others: frozenset[int] = frozenset()


def _alone(voice_id: int) -> Batch:
    return Batch()


def claim_batch(
    holder: uuid.UUID | None = None,
    cannot_speak: Collection[int] = (),
    batch_of: Callable[[int], Batch] = _alone,
) -> list[Step]:
    """Lease what `claim` would, and with a chunk those that can be spoken in one go with it; empty when nothing waits.

    `batch_of` says for a voice what its engine speaks together, here, and does not look at the database. The chunks
    that come along are of the same voice or one of those others, of any job, in the order of the queue, and each is
    leased, fenced and ended by itself. They were never tried before, and a chunk that was is taken alone: one that
    kills its worker uses up one attempt of its neighbours and no more.
    """
    while steps := _lease_next(holder, cannot_speak, batch_of):
        for step in steps:
            _in_a_row.count(step)
        if steps[0].attempts <= limits.MAX_ATTEMPTS:
            return steps
        with contextlib.suppress(LostLease):  # cancelled or deleted in the meantime
            reason = f"The worker died {limits.MAX_ATTEMPTS} times at {place(steps[0])}."
            attempt_failed(steps[0], "worker_lost", reason)
    return []


class _FastInARow:
    """How many chunks of first turns this process has taken since it last took one of the rounds.

    A short job waits for one chunk of the rounds at most, and however many short jobs come, a book gets on.
    """

    def __init__(self) -> None:
        self.chunks = 0

    def count(self, step: Step) -> None:
        if step.round == FAST_ROUND:
            # Reading a text takes no time beside speaking one, unless it is spoken by the same task.
            alone = step.job.character_count <= limits.ONE_CHUNK_CHARACTERS
            self.chunks += step.kind == StepKind.SPEAK or alone
        elif step.round != _JOIN_ROUND:
            self.chunks = 0

    def is_enough(self) -> bool:
        return self.chunks >= limits.FIRST_TURN


_in_a_row = _FastInARow()


def forget_what_was_claimed() -> None:
    """As in a process that has just started."""
    _in_a_row.chunks = 0


def _lease_next(
    holder: uuid.UUID | None, cannot_speak: Collection[int], batch_of: Callable[[int], Batch]
) -> list[Step]:
    runnable = _runnable(cannot_speak)
    skips_locked = connection.features.has_select_for_update_skip_locked
    if not skips_locked and not runnable.exists():  # a look without SQLite's one write lock, for the idle rings
        return []
    with transaction.atomic():
        rows = runnable.select_related("job").order_by("round", "index", "id")
        if skips_locked:
            rows = rows.select_for_update(skip_locked=True, of=("self",))
        first = rows.exclude(round=FAST_ROUND).first() if _in_a_row.is_enough() else None
        first = first or rows.first()
        if first is None:
            return []
        steps = [first, *_companions(first, rows, batch_of(first.job.voice_id))]
        # One token for all: a fence is a step and its token.
        token = uuid.uuid4()
        Step.objects.filter(pk__in=[step.pk for step in steps]).update(
            token=token, holder=holder, state=StepState.RUNNING, attempts=F("attempts") + 1, lease_until=_lease_end()
        )
    for step in steps:
        step.token, step.state, step.attempts = token, StepState.RUNNING, step.attempts + 1
    return steps


def _companions(first: Step, rows: QuerySet[Step], batch: Batch) -> list[Step]:
    """The chunks that are spoken together with the first one. Not from far behind in the queue."""
    if batch.chunks < 2 or first.kind != StepKind.SPEAK or first.attempts:
        return []
    alike = {first.job.voice_id, *batch.others}
    # A query of its own: inside of another one SQLite would not use the index.
    near = _claimable().order_by("round", "index", "id").values_list("pk", flat=True)[: limits.BATCH_LOOKS_AT]
    same = rows.filter(pk__in=list(near), kind=StepKind.SPEAK, attempts=0, job__voice_id__in=alike)
    return list(same.exclude(pk=first.pk)[: batch.chunks - 1])


def _runnable(cannot_speak: Collection[int] = ()) -> QuerySet[Step]:
    rested = Q(not_before=None) | Q(not_before__lte=Now())
    # A clock that was set back leaves leases and rests that end later than any can: they count as over.
    rested |= Q(not_before__gt=Now() + limits.LONGEST_REST)
    lost = Q(lease_until__lt=Now()) | Q(lease_until__gt=Now() + timedelta(seconds=2 * settings.LEASE_SECONDS))
    runnable = Q(state=StepState.PENDING) & rested | Q(state=StepState.RUNNING) & lost
    # One long join at a time: two books that end together would otherwise hold up every greeting for minutes.
    long_join = Q(kind=StepKind.JOIN, index__gt=limits.LONG_JOIN)
    joining = Step.objects.filter(long_join, state=StepState.RUNNING, lease_until__gte=Now())
    steps = _claimable().filter(runnable).exclude(long_join & Exists(joining))
    # Said only where there are such voices: the rows keep the order of the index, and each job is looked up by its id.
    return steps.filter(Q(kind=StepKind.JOIN) | ~Q(job__voice_id__in=cannot_speak)) if cannot_speak else steps


def all_unfinished() -> QuerySet[Job]:
    """The jobs that have not ended, found by their partial index: few beside those that have."""
    return Job.objects.extra(where=[_IS_UNFINISHED])  # noqa: S610 - our own words


def claimable() -> QuerySet[Step]:
    """The steps that wait or run."""
    return _claimable()


def _claimable() -> QuerySet[Step]:
    return Step.objects.extra(where=[_IS_CLAIMABLE])  # noqa: S610 - our own words


def _lease_end() -> object:
    # The database's clock: hosts differ.
    return Now() + timedelta(seconds=settings.LEASE_SECONDS)


def more_work(cannot_speak: Collection[int] = ()) -> bool:
    """Whether a worker that cannot speak these voices would find something."""
    return _runnable(cannot_speak).exists()


def renew(step_id: int, token: uuid.UUID) -> bool:
    """Prolong a lease. False: it is lost."""
    held = Step.objects.filter(pk=step_id, token=token, state=StepState.RUNNING)
    return held.update(lease_until=_lease_end()) == 1


def release(holder: uuid.UUID) -> int:
    """End the leases of a worker process that is known to be dead: nobody has to wait for them to run out."""
    return Step.objects.filter(holder=holder, state=StepState.RUNNING).update(lease_until=Now())


def place(step: Step) -> str:
    """Where in the job a step stands, for a reason that people read."""
    if step.kind == StepKind.SPEAK:
        return f"chunk {step.index + 1} of {step.job.chunk_count}"
    return "reading the text" if step.kind == StepKind.PREPARE else "joining the audio"


# --- Preparing ------------------------------------------------------------------------------------------------------


@transaction.atomic
def begin_preparing(step: Step) -> None:
    """The job is being prepared; what an earlier attempt left of its chunks goes."""
    job = _hold(step)
    _move(job, Status.PREPARING, started=timezone.now())
    job.steps.exclude(pk=step.pk).delete()


@transaction.atomic
def add_chunks(step: Step, chunks: Iterable[ChunkPlace]) -> None:
    """Store some chunks of the text; they wait until all are there."""
    job = _hold(step)
    Step.objects.bulk_create(
        Step(
            job=job,
            kind=StepKind.SPEAK,
            index=chunk.number,
            start=chunk.start,
            length=chunk.length,
            pause_ms=chunk.pause_ms,
            delivery=chunk.delivery,
            round=0,
            state=StepState.BLOCKED,
        )
        for chunk in chunks
    )


@transaction.atomic
def finish_preparing(step: Step, chunk_count: int, spoken: str) -> None:
    """All chunks and the text they stand in are stored: they may be spoken, each in its round."""
    job = _hold(step)
    _done(step)
    speak = Step.objects.filter(job=job, kind=StepKind.SPEAK)
    speak.update(round=_round_of_chunk(step), state=StepState.PENDING)
    Step.objects.create(job=job, kind=StepKind.JOIN, index=chunk_count, round=_JOIN_ROUND, state=StepState.BLOCKED)
    Job.objects.filter(pk=job.pk).update(chunk_count=chunk_count, spoken=spoken)
    _move(job, Status.PROCESSING)
    transaction.on_commit(dispatch.ring)


def _round_of_chunk(prepared: Step) -> Combinable:
    """The first chunks in the turn of the job, each later one a round after the one before."""
    later = F("index") + 1 - limits.FIRST_TURN
    if prepared.round != FAST_ROUND:
        return prepared.round + Greatest(later, 0)
    return Case(When(index__lt=limits.FIRST_TURN, then=Value(FAST_ROUND)), default=served_round() + later)


# --- Speaking -------------------------------------------------------------------------------------------------------


@transaction.atomic
def begin_speaking(step: Step, chunk_count: int | None = None) -> None:
    """The job's first chunk is being spoken. A text of one chunk says so (`chunk_count`), having no step to count."""
    job = _hold(step)
    changes = {} if chunk_count is None else {"chunk_count": chunk_count}
    _move(job, Status.SYNTHESIZING, **changes)


def finish_speaking(step: Step, audio: str, samples: int, sample_rate: int) -> None:
    """A chunk is spoken and its audio stored. With the last one, the join may start. Not for use in a transaction.

    The one row that is written is the chunk's own: of the workers that end chunks of one book none waits for another.
    """
    held = Step.objects.filter(pk=step.pk, token=step.token, state=StepState.RUNNING)
    changes = {"audio": audio, "samples": samples, "sample_rate": sample_rate}
    if not held.update(state=StepState.DONE, token=None, lease_until=None, **changes):
        raise LostLease
    # After the commit, and so seen by one of two last chunks at least, whichever came first.
    _unblock_join(step.job_id)


def _unblock_join(job_id: int) -> bool:
    """Let the join start if every chunk is spoken."""
    undone = Step.objects.filter(job=job_id, kind=StepKind.SPEAK).exclude(state=StepState.DONE)
    # From the end of the text, where they are: one look into the index, however long the book is.
    last_undone = undone.order_by("-index").values("pk")
    if last_undone.first() is not None:
        return False
    with transaction.atomic():
        # Against a cancel at the same moment. Once in the life of a job, or twice.
        job = Job.objects.select_for_update().filter(pk=job_id, status__in=_SPEAKING).first()
        if job is None or last_undone.first() is not None:
            return False
        join = Step.objects.filter(job=job_id, kind=StepKind.JOIN, state=StepState.BLOCKED)
        unblocked = join.update(state=StepState.PENDING) == 1
        if unblocked:
            transaction.on_commit(dispatch.ring)
    return unblocked


def unblock_joins() -> int:
    """Let every join start whose chunks are all spoken, and tell how many these were.

    There are some only after a worker died between the end of a last chunk and the look that follows it: workers call
    this now and then, so that such a job is not left for ever.
    """
    going_on = Step.objects.filter(job=OuterRef("pk"), state__in=CLAIMABLE)
    forgotten = all_unfinished().filter(~Exists(going_on), status__in=_SPEAKING)
    return sum(_unblock_join(job_id) for job_id in list(forgotten.values_list("pk", flat=True)))


def chunks_spoken(job: Job) -> int:
    """How many chunks of the job are spoken now. They are counted: the job's own figure is written when it ends."""
    return job.chunks_spoken if job.status in FINISHED else _spoken(job)


def count_spoken(jobs: Collection[Job]) -> None:
    """The same for some jobs by one query: their `chunks_spoken` is right afterwards, here and not in the database."""
    going_on = {job.pk: job for job in jobs if job.status not in FINISHED and job.chunk_count}
    if not going_on:
        return
    chunks = Step.objects.filter(job__in=going_on, kind=StepKind.SPEAK).values("job_id")
    spoken = chunks.annotate(spoken=Count("pk", filter=Q(state=StepState.DONE)))
    counts = dict(spoken.values_list("job_id", "spoken"))
    for job_id, job in going_on.items():
        # A text of one chunk has no step for it; of others the steps are gone, since the job has ended in between.
        all_gone = job.chunk_count if job.chunk_count != 1 else 0
        job.chunks_spoken = counts.get(job_id, all_gone or 0)


def _spoken(job: Job) -> int:
    return Step.objects.filter(job=job, kind=StepKind.SPEAK, state=StepState.DONE).count()


# --- The end --------------------------------------------------------------------------------------------------------


@transaction.atomic
def finish_job(
    step: Step, audio: str, audio_bytes: int, duration_ms: int, *, sample_rate: int | None = None, timings: str = ""
) -> None:
    """The audio is stored: the job is ready, and its steps with their texts are no longer needed.

    `sample_rate` is that of the speech, whatever the file has; `timings` names where its sentences are.
    """
    job = _hold(step)
    moved = _move(
        job,
        Status.READY,
        audio=audio,
        audio_bytes=audio_bytes,
        duration_ms=duration_ms,
        sample_rate=sample_rate,
        timings=timings,
        spoken="",
        chunks_spoken=F("chunk_count"),
        finished=timezone.now(),
    )
    if not moved:
        raise LostLease
    parts = list(job.steps.exclude(audio="").values_list("audio", flat=True))
    if job.spoken:
        parts += [job.spoken, storage.spans_name(job.spoken)]
    job.steps.all().delete()
    transaction.on_commit(
        partial(counters.job_ready, job.language, job.voice_id, job.character_count, duration_ms, job.source),
        robust=True,
    )
    usage.count_ready(job, duration_ms)
    totals.count_ended(job)
    webhooks.tell(job, Event.COMPLETED)
    transaction.on_commit(partial(_delete_parts, parts))


def _delete_parts(names: list[str]) -> None:
    speech = storage.speech_storage()
    try:
        for name in names:
            speech.delete(name)
    except storage.StorageAway as error:
        logger.warning("%d parts of a ready job are removed later: %s", len(names), error.strerror)


@transaction.atomic
def attempt_failed(step: Step, code: str, message: str, *, permanent: bool = False) -> None:
    """An attempt has failed: rest and try again, or end the job when that is pointless or was tried enough."""
    job = _hold(step)
    if permanent or step.attempts >= limits.MAX_ATTEMPTS:
        logger.error("job %d failed at %s: %s", job.pk, place(step), code)
        fail(job, code, message)
        return
    logger.warning("job %d: attempt %d at %s failed: %s", job.pk, step.attempts, place(step), code)
    rest = Now() + limits.RETRY_AFTER * step.attempts
    Step.objects.filter(pk=step.pk).update(state=StepState.PENDING, token=None, lease_until=None, not_before=rest)


@transaction.atomic
def hand_back(step: Step, rest: timedelta | None = None) -> None:
    """Return an unfinished step as if it had not been claimed; nobody takes it up again before it has rested."""
    _hold(step)
    Step.objects.filter(pk=step.pk).update(
        state=StepState.PENDING,
        token=None,
        lease_until=None,
        attempts=F("attempts") - 1,
        not_before=Now() + rest if rest else None,
    )
    transaction.on_commit(dispatch.ring)


def fail(job: Job, code: str, message: str) -> None:
    """End an unfinished job with a reason. Its spoken chunks stay, for a retry. Needs the job's lock."""
    # Waits for the chunks that end at this moment; from then on none does, and they can be counted.
    job.steps.exclude(state=StepState.DONE).update(state=StepState.BLOCKED, token=None, lease_until=None)
    end = {"error_code": code, "error_message": message[:500], "finished": timezone.now()}
    if _move(job, Status.FAILED, chunks_spoken=_spoken(job), **end):
        transaction.on_commit(partial(counters.job_ended, "failed", job.language, job.source), robust=True)
        webhooks.tell(job, Event.FAILED, code)
        totals.count_ended(job)


def _hold(step: Step) -> Job:
    """Lock the job of a step whose lease the caller still has. Raises LostLease."""
    job = Job.objects.select_for_update().filter(pk=step.job_id).first()
    held = Step.objects.filter(pk=step.pk, token=step.token, state=StepState.RUNNING)
    if job is None or not held.exists():
        raise LostLease
    return job


def _done(step: Step) -> None:
    Step.objects.filter(pk=step.pk).update(state=StepState.DONE, token=None, lease_until=None)


def _move(job: Job, target: Status, **changes: object) -> bool:
    """Compare-and-set along the table of moves. False: the job is there already, or beyond."""
    return Job.objects.filter(pk=job.pk, status__in=sources(target)).update(status=target, **changes) == 1
