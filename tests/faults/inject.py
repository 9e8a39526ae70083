"""Loaded by the workers of a service under test: the tone engine, with faults where the text says so, and short waits.

A fault is armed by files in FAULTS_DIR: each firing uses one of them up, whichever process it happens in. A fault
belongs to a word; it fires when a chunk with that word is spoken.
"""

import ctypes
import os
import signal
import time
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import numpy as np

from models.audio import Pcm
from models.catalogue import Voice
from models.engines.tone import Tone
from synthesis.domain import limits
from tests.faults.words import DIES, EATS, HANGS, HANGS_HARD, JOIN_SECONDS, PACE, RAISES, SPEAK_SECONDS, WORDS

FOLDER = Path(os.environ["FAULTS_DIR"])

# What takes minutes in service takes seconds here.
limits.RETRY_AFTER = timedelta(seconds=0.3)
limits.REST_ON_FULL_DISK = timedelta(seconds=0.5)
# Long enough for a busy machine, unless a test of what hangs has said how long that may be.
limits.speak_deadline = lambda length: _number(SPEAK_SECONDS, 60.0)
limits.join_deadline = lambda characters: _number(JOIN_SECONDS, 120.0)

_speak = Tone.speak


def speak(self: Tone, text: str, voice: Voice) -> Pcm:
    time.sleep(_number(PACE, 0.0))
    for word in WORDS:
        if word in text and _fires(word):
            _fault(word, text)
            return Pcm(np.full(self.sample_rate, np.nan, dtype=np.float32), self.sample_rate)
    return _speak(self, text, voice)


Tone.speak = speak  # type: ignore[method-assign]


def _number(name: str, otherwise: float) -> float:
    """What a test has written down under this name."""
    try:
        return float((FOLDER / name).read_text())
    except (FileNotFoundError, ValueError):
        return otherwise


def _fires(word: str) -> bool:
    for armed in FOLDER.glob(f"{word}.*"):
        try:
            armed.unlink()
        except FileNotFoundError:
            continue  # another process was faster
        return True
    return False


def _fault(word: str, text: str) -> None:
    if word == RAISES:
        raise RuntimeError(f"cannot say {text}")
    if word == HANGS:
        time.sleep(3600)
    if word == HANGS_HARD:  # as native code does that keeps the interpreter's lock
        ctypes.PyDLL(None).sleep(3600)
    if word == EATS:
        _eat()
    if word == DIES:
        os.kill(os.getpid(), signal.SIGKILL)


def _eat() -> NoReturn:
    eaten = []
    while True:
        eaten.append(np.ones(2_000_000))  # 16 MB, touched
        time.sleep(0.005)
