"""Warm engines: loaded once, shared, closed when they are too many or idle for too long."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from models.engines import loader
from models.engines.base import Engine
from models.engines.loader import EngineOptions


@runtime_checkable
class HoldsModels(Protocol):
    """An engine that loads a model when a voice first needs it."""

    def unload_idle(self, seconds: float) -> tuple[str, ...]:
        """Forget the models that nobody has used for so long, and return their names."""


@dataclass(slots=True, eq=False)
class _Slot:
    """One engine of the pool: who uses it and since when nobody does."""

    loading: threading.Lock = field(default_factory=threading.Lock)
    engine: Engine | None = None
    users: int = 0
    idle_since: float = 0.0


class EnginePool:
    """At most ``maximum`` warm engines; the one unused for longest goes first.

    An engine in use is never closed: while more than ``maximum`` are in use the pool is larger and shrinks as
    they come back. With ``ttl`` (seconds) an engine nobody has used for that long is closed too, and of an engine that
    holds several models those that nobody has used for that long are unloaded.
    """

    def __init__(
        self,
        options: EngineOptions,
        maximum: int = 2,
        ttl: float | None = None,
        load: Callable[[str, EngineOptions], Engine] = loader.load,
    ) -> None:
        if maximum < 1:
            raise ValueError(f"maximum must be at least 1, not {maximum}")
        self._options = options
        self._maximum = maximum
        self._ttl = ttl
        self._load = load
        self._lock = threading.Lock()  # guards everything below
        self._slots: dict[str, _Slot] = {}
        self._timer: threading.Timer | None = None
        self._closed = False

    @contextmanager
    def engine(self, name: str) -> Iterator[Engine]:
        """The warm engine of this name for the length of the block; loads it first if need be.

        Raises what loading raises (ValueError, EngineError); the next caller tries again.
        """
        slot = self._enter(name)
        try:
            yield self._loaded(slot, name)
        finally:
            self._leave(slot)

    def unload_idle(self, seconds: float = 0.0) -> None:
        """Give up what nobody has used for so long: engines, and single models of those that hold several."""
        now = time.monotonic()
        with self._lock:
            idle = [name for name, slot in self._slots.items() if not slot.users and now - slot.idle_since >= seconds]
            surplus = [slot.engine for slot in map(self._slots.pop, idle) if slot.engine is not None]
            kept = [slot.engine for slot in self._slots.values() if slot.engine is not None]
            self._schedule()
        _close(surplus)
        for engine in kept:
            _unload_models(engine, seconds)

    def close(self) -> None:
        """Close what is idle now and what is in use when it comes back; no engine can be had afterwards."""
        with self._lock:
            self._closed = True
            self._cancel_timer()
            surplus = self._take_surplus()
        _close(surplus)

    def _enter(self, name: str) -> _Slot:
        with self._lock:
            if self._closed:
                raise RuntimeError("the engine pool is closed")
            slot = self._slots.setdefault(name, _Slot())
            slot.users += 1
            return slot

    def _loaded(self, slot: _Slot, name: str) -> Engine:
        # A lock of its own: one engine loads once for two users, and no other engine waits for it meanwhile.
        with slot.loading:
            if slot.engine is None:
                slot.engine = self._load(name, self._options)
            return slot.engine

    def _leave(self, slot: _Slot) -> None:
        with self._lock:
            slot.users -= 1
            slot.idle_since = time.monotonic()
            surplus = self._take_surplus()
            self._schedule()
        _close(surplus)
        if self._ttl is not None and slot.engine is not None:
            _unload_models(slot.engine, self._ttl)

    def _take_surplus(self) -> list[Engine]:
        """Remove idle slots that should not stay and return their engines. Call with the lock held."""
        idle = sorted(
            (name for name, slot in self._slots.items() if slot.users == 0),
            key=lambda name: self._slots[name].idle_since,
        )
        surplus = []
        for name in idle:
            if self._may_stay(self._slots[name]):
                continue
            slot = self._slots.pop(name)
            if slot.engine is not None:
                surplus.append(slot.engine)
        return surplus

    def _may_stay(self, slot: _Slot) -> bool:
        if self._closed or slot.engine is None or len(self._slots) > self._maximum:
            return False
        return self._ttl is None or time.monotonic() - slot.idle_since < self._ttl

    def _schedule(self) -> None:
        """Wake up when the engine idle for longest reaches the time limit. Call with the lock held."""
        self._cancel_timer()
        idle = [slot.idle_since for slot in self._slots.values() if slot.users == 0]
        if self._ttl is None or self._closed or not idle:
            return
        self._timer = threading.Timer(max(0.0, min(idle) + self._ttl - time.monotonic()), self._expire)
        self._timer.daemon = True
        self._timer.start()

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _expire(self) -> None:
        with self._lock:
            surplus = self._take_surplus()
            self._schedule()
        _close(surplus)


def _close(engines: list[Engine]) -> None:
    """Outside the pool's lock: closing may take long."""
    for engine in engines:
        engine.close()


def _unload_models(engine: Engine, seconds: float) -> None:
    if isinstance(engine, HoldsModels):
        engine.unload_idle(seconds)
