"""What becomes of a step whose work fails: another attempt, a rest, or the job's reason."""

import contextlib
import errno
import logging
import shutil
from collections.abc import Callable
from datetime import timedelta

from django.db import DatabaseError, InterfaceError

from models.catalogue import UnknownVoice
from models.engines.base import EngineError
from synthesis import storage
from synthesis.domain import limits
from synthesis.models import Step
from synthesis.services import queue
from workers import stopping
from workers.patience import Patience
from workers.pipeline.encoding import EncoderFailed
from workers.pipeline.errors import PipelineError
from workers.runtime import Runtime

logger = logging.getLogger("voicen.worker")

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_LITTLE_BYTES = 1024 * 1024
_patience = Patience(limits.STORAGE_PATIENCE_SECONDS)


class OutgrownError(Exception):
    """The memory of this process is used up."""


def end(step: Step, runtime: Runtime, work: Callable[[], None]) -> None:
    """Do the work on a step, and write what becomes of the step if it fails."""
    try:
        work()
        _patience.forget(step.pk)
    except queue.LostLease:
        logger.info("job %d: %s was cancelled or taken over", step.job_id, queue.place(step))
    except stopping.Stopping:
        with contextlib.suppress(queue.LostLease):
            queue.hand_back(step)
    except (DatabaseError, InterfaceError):
        raise  # nothing can be written now; the lease runs out and the step is taken up again
    except (EngineError, PipelineError) as error:
        if isinstance(error, EncoderFailed) and _is_full(runtime):
            _wait_for_room(step)
            return
        _failed(step, error.code, f"{_sentence(error)} ({queue.place(step)}).", permanent=error.permanent)
    except UnknownVoice as error:
        _failed(step, "unknown_voice", f"Voice {error.voice_id} is no longer installed.", permanent=True)
    except OSError as error:
        _file_failed(step, error)
    except MemoryError:
        _failed(step, "out_of_memory", f"The worker ran out of memory ({queue.place(step)}).")
        # The heap does not shrink again, and whatever held the memory may still hold it: another process takes over.
        raise OutgrownError from None
    except Exception as error:
        # The message of an unforeseen error may quote the text: the log's formatter and the reason leave it out.
        logger.exception("job %d: unforeseen %s", step.job_id, type(error).__name__)
        _failed(step, "internal_error", f"Unforeseen {type(error).__name__} ({queue.place(step)}).")


def _file_failed(step: Step, error: OSError) -> None:
    if isinstance(error, storage.StorageAway) and _patience.lasts(step.pk):
        _wait(step, str(error.strerror), limits.REST_ON_STORAGE_AWAY)
        return
    if error.errno in _NO_ROOM:
        _wait_for_room(step)
        return
    reason = error.strerror or type(error).__name__
    _failed(step, "storage_failed", f"A file could not be read or written: {reason} ({queue.place(step)}).")


def _wait_for_room(step: Step) -> None:
    _wait(step, "the disk is full", limits.REST_ON_FULL_DISK)


def _wait(step: Step, reason: str, rest: timedelta) -> None:
    """What is no fault of the job: it waits, and uses up no attempt."""
    logger.warning("job %d waits at %s: %s", step.job_id, queue.place(step), reason)
    with contextlib.suppress(queue.LostLease):
        queue.hand_back(step, rest=rest)


def _is_full(runtime: Runtime) -> bool:
    """Whether ffmpeg, which only says that it failed, may have failed for that."""
    return shutil.disk_usage(runtime.temporary_folder).free < _LITTLE_BYTES


def _failed(step: Step, code: str, message: str, *, permanent: bool = False) -> None:
    with contextlib.suppress(queue.LostLease):
        queue.attempt_failed(step, code, message, permanent=permanent)


def _sentence(error: Exception) -> str:
    text = str(error)
    return text[:1].upper() + text[1:]
