"""The states of a job and of its steps, and the moves between them. Every write of a state goes along these tables."""

from enum import StrEnum


class Status(StrEnum):
    """What a client of the v1 API sees of a job."""

    WAITING = "waiting"  # accepted
    PREPARING = "preparing"  # the text is read, normalised and split
    PROCESSING = "processing"  # its chunks wait for a voice
    SYNTHESIZING = "synthesizing"  # a voice speaks, then the parts are joined and encoded
    READY = "ready"
    FAILED = "failed"


FINISHED = frozenset({Status.READY, Status.FAILED})
UNFINISHED = frozenset(Status) - FINISHED

MOVES: dict[Status, frozenset[Status]] = {
    Status.WAITING: frozenset({Status.PREPARING, Status.FAILED}),
    # A text of one chunk is spoken by the task that prepared it: its chunk never waits.
    Status.PREPARING: frozenset({Status.PROCESSING, Status.SYNTHESIZING, Status.FAILED}),
    Status.PROCESSING: frozenset({Status.SYNTHESIZING, Status.FAILED}),
    Status.SYNTHESIZING: frozenset({Status.READY, Status.FAILED}),
    Status.READY: frozenset(),
    # Only an operator's retry leaves a finished state: from the start, or from the chunks that are spoken already.
    Status.FAILED: frozenset({Status.WAITING, Status.PROCESSING}),
}


class Source(StrEnum):
    """By which door a job came."""

    API = "api"
    OPENAI = "openai"
    WEB = "web"
    WYOMING = "wyoming"
    MARYTTS = "marytts"


def may_move(old: Status, new: Status) -> bool:
    return new in MOVES[old]


def sources(new: Status) -> frozenset[Status]:
    """The states from which a job may move to `new`."""
    return frozenset(old for old in Status if may_move(old, new))


class StepKind(StrEnum):
    """The claimable pieces of a job's work, in their order."""

    PREPARE = "prepare"
    SPEAK = "speak"
    JOIN = "join"


class StepState(StrEnum):
    BLOCKED = "blocked"  # waits for other steps, or its job has failed
    PENDING = "pending"
    RUNNING = "running"  # leased to a worker
    DONE = "done"


CLAIMABLE = frozenset({StepState.PENDING, StepState.RUNNING})
