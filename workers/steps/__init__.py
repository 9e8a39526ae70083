"""The three kinds of work on a job: prepare its text, speak a chunk, join the chunks.

Each ends by writing its result under the fence of its lease. Results are files that carry the lease's token in their
name; when the lease turns out to be lost, the file is removed again.
"""

from collections.abc import Callable, Sequence

from synthesis import logcontext
from synthesis.domain import limits
from synthesis.domain.status import StepKind
from synthesis.models import Step
from workers.pulse import Lease, Pulse
from workers.runtime import Runtime
from workers.steps.ending import OutgrownError, end
from workers.steps.join import join
from workers.steps.prepare import prepare
from workers.steps.speak import Together, speak

__all__ = ["OutgrownError", "run", "run_all"]


def run(step: Step, runtime: Runtime, pulse: Pulse) -> None:
    """Do a claimed step and write its end. Whatever goes wrong becomes another attempt or the job's reason.

    Raises OutgrownError when this process should take no more work.
    """
    with logcontext.of_job(step.job_id):
        _run(step, runtime, pulse)


def run_all(claimed: Sequence[Step], runtime: Runtime, pulse: Pulse) -> None:
    """Do what `queue.claim_batch` has leased: one step, or chunks in one go, each with an end of its own.

    Raises OutgrownError as `run` does, once every step has its end or is handed back.
    """
    if len(claimed) == 1:
        run(claimed[0], runtime, pulse)
    else:
        with pulse.hold_all(claimed, limits.speak_deadline(sum(step.length for step in claimed))) as leases:
            Together(claimed, leases, runtime).speak()


def _run(step: Step, runtime: Runtime, pulse: Pulse) -> None:
    def work() -> None:
        with pulse.hold(step, _deadline(step)) as lease:
            _HANDLERS[StepKind(step.kind)](step, runtime, lease)

    end(step, runtime, work)


def _deadline(step: Step) -> float:
    if step.kind == StepKind.PREPARE:
        return limits.prepare_deadline(step.job.character_count)
    if step.kind == StepKind.SPEAK:
        return limits.speak_deadline(step.length)
    return limits.join_deadline(step.job.character_count)


_HANDLERS: dict[StepKind, Callable[[Step, Runtime, Lease], None]] = {
    StepKind.PREPARE: prepare,
    StepKind.SPEAK: speak,
    StepKind.JOIN: join,
}
