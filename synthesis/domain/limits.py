"""Figures of the queue and of requests, with their reasons."""

from datetime import timedelta

# Escaped JSON takes six bytes for a character outside ASCII (twelve outside the BMP, which hardly any text is made of),
# multipart at most four in UTF-32; the rest is room for field names.
BYTES_PER_CHARACTER = 6
ENVELOPE_BYTES = 64 * 1024

# After three workers died or failed on a step the fault is the step's own.
MAX_ATTEMPTS = 3
RETRY_AFTER = timedelta(seconds=2)
REST_ON_FULL_DISK = timedelta(seconds=15)
# A bucket that is away is waited for, half an hour by each worker process; then the step's attempts are used up.
REST_ON_STORAGE_AWAY = timedelta(seconds=15)
STORAGE_PATIENCE_SECONDS = 1800
# No step rests for longer than this.
LONGEST_REST = timedelta(seconds=60)
# Chunks, about an hour and a half of audio: joining it takes half a minute, in which the process does nothing else.
LONG_JOIN = 500
# Chunks that a job gets in its first turn: a text of 300 characters, so that it need not wait for turns in between.
FIRST_TURN = 3
# An account with no more unfinished jobs than this gets the first turn of its next one before the rounds.
FEW_JOBS = 3
# A text of no more than that is mostly one chunk, spoken by the task that reads it.
ONE_CHUNK_CHARACTERS = 150
# Chunks that are spoken together with one whose turn it is stand among so many steps behind it: what is further back
# has others before it, and a long queue of other voices is not searched.
BATCH_LOOKS_AT = 200

# Prompts repeat, books do not: chunks of longer jobs are not kept, nor is more than half a minute in one.
CACHED_CHUNKS = 20
LONGEST_CACHED_BYTES = 2 * 1024 * 1024
# Between storing a chunk and committing its entry lie milliseconds.
OLD_CACHED_FILE_SECONDS = 3600

IDEMPOTENCY_WINDOW = timedelta(hours=24)
IDEMPOTENCY_KEY_LENGTH = 255

DEFAULT_PAGE = 10
MAX_PAGE = 1000


def max_body_bytes(max_characters: int) -> int:
    return BYTES_PER_CHARACTER * max_characters + ENVELOPE_BYTES


def prepare_deadline(characters: int) -> float:
    """Seconds after which preparing this text counts as hung: the slowest language reads 10 000 characters a second."""
    return 120 + characters / 500


def speak_deadline(length: int) -> float:
    """Seconds for one chunk of so many bytes: one is at most 0.08 s of speech, at real time on the slowest host."""
    return 120 + length


def join_deadline(characters: int) -> float:
    """Seconds for joining and encoding: a character is about 0.08 s of audio, encoded at 200 times real time."""
    return 120 + characters / 100
