import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from models.engines.loader import EngineOptions
from models.engines.pool import EnginePool
from models.engines.tone import Tone

OPTIONS = EngineOptions(data_dir=Path("unused"), weights_dir=None, threads=1)


class Recorded(Tone):
    """An engine that knows whether it is open."""

    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


class Garage:
    """Stands in for the loader and keeps everything it has built."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.built: list[tuple[str, Recorded]] = []
        self.seconds = seconds
        self.failures = 0

    def load(self, name: str, options: EngineOptions) -> Recorded:
        assert options is OPTIONS
        time.sleep(self.seconds)
        if self.failures:
            self.failures -= 1
            raise OSError("no memory")
        engine = Recorded()
        self.built.append((name, engine))
        return engine

    def open(self) -> list[str]:
        return [name for name, engine in self.built if not engine.closed]


@pytest.fixture
def garage() -> Garage:
    return Garage()


MakePool = Callable[..., EnginePool]


@pytest.fixture
def make_pool(garage: Garage) -> Iterator[MakePool]:
    pools: list[EnginePool] = []

    def make(**arguments: float | None) -> EnginePool:
        pools.append(EnginePool(OPTIONS, load=garage.load, **arguments))  # type: ignore[arg-type]
        return pools[-1]

    yield make
    for pool in pools:
        pool.close()


def use(pool: EnginePool, *names: str) -> None:
    for name in names:
        with pool.engine(name):
            pass


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 5
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()


def test_the_real_loader_is_the_default() -> None:
    pool = EnginePool(OPTIONS)
    with pool.engine("tone") as engine:
        assert engine.name == "tone"
    pool.close()


def test_an_engine_stays_warm(make_pool: MakePool, garage: Garage) -> None:
    pool = make_pool()
    with pool.engine("a") as first:
        pass
    with pool.engine("a") as second:
        assert second is first
    assert len(garage.built) == 1


def test_two_users_at_once_load_once(make_pool: MakePool, garage: Garage) -> None:
    garage.seconds = 0.05
    pool = make_pool()
    barrier = threading.Barrier(8)

    def user(_: int) -> int:
        barrier.wait()
        with pool.engine("a") as engine:
            return id(engine)

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(user, range(8)))) == 1
    assert len(garage.built) == 1


def test_another_engine_does_not_wait_for_one_that_loads(make_pool: MakePool, garage: Garage) -> None:
    pool = make_pool()
    use(pool, "quick")
    garage.seconds = 1.0
    loading = threading.Thread(target=use, args=(pool, "slow"))
    loading.start()
    begun = time.monotonic()
    use(pool, "quick")
    waited = time.monotonic() - begun
    loading.join()
    assert waited < 0.5


def test_the_one_unused_for_longest_goes(make_pool: MakePool, garage: Garage) -> None:
    pool = make_pool(maximum=2)
    use(pool, "a", "b", "a", "c")
    assert garage.open() == ["a", "c"]


def test_an_engine_in_use_is_never_closed(make_pool: MakePool, garage: Garage) -> None:
    pool = make_pool(maximum=1)
    with pool.engine("a"):
        use(pool, "b", "c")
        assert "a" in garage.open()
        with pool.engine("b"), pool.engine("c"):
            assert garage.open() == ["a", "b", "c"]
    assert len(garage.open()) == 1


def test_an_engine_used_twice_is_in_use_until_both_are_done(make_pool: MakePool, garage: Garage) -> None:
    pool = make_pool(maximum=1)
    with pool.engine("a"):
        use(pool, "a")
        use(pool, "b")
        assert garage.open() == ["a"]


def test_a_failed_load_is_told_and_tried_again(make_pool: MakePool, garage: Garage) -> None:
    pool = make_pool()
    garage.failures = 1
    with pytest.raises(OSError, match="no memory"):
        use(pool, "a")
    use(pool, "a")
    assert garage.open() == ["a"]


def test_an_exception_of_the_user_gives_the_engine_back(make_pool: MakePool, garage: Garage) -> None:
    pool = make_pool(maximum=1)
    with pytest.raises(ZeroDivisionError), pool.engine("a"):
        raise ZeroDivisionError
    use(pool, "b")
    assert garage.open() == ["b"]


def test_an_unknown_engine_leaves_nothing_behind() -> None:
    pool = EnginePool(OPTIONS)
    with pytest.raises(ValueError, match="unknown engine"):
        use(pool, "none")
    use(pool, "tone")
    pool.close()


def test_idle_engines_are_closed_after_their_time(make_pool: MakePool, garage: Garage) -> None:
    pool = make_pool(ttl=0.1)
    use(pool, "a", "b")
    assert garage.open() == ["a", "b"]
    assert eventually(lambda: garage.open() == [])


def test_use_puts_the_time_off(make_pool: MakePool, garage: Garage) -> None:
    pool = make_pool(ttl=0.2)
    use(pool, "a")
    with pool.engine("a"):
        time.sleep(0.4)
        assert garage.open() == ["a"]
    assert eventually(lambda: garage.open() == [])


def test_without_a_time_limit_engines_stay(make_pool: MakePool, garage: Garage) -> None:
    use(make_pool(), "a")
    time.sleep(0.2)
    assert garage.open() == ["a"]


def test_close_closes_what_is_idle_at_once_and_the_rest_when_it_comes_back(make_pool: MakePool, garage: Garage) -> None:
    pool = make_pool()
    use(pool, "a")
    with pool.engine("b"):
        pool.close()
        assert garage.open() == ["b"]
    assert garage.open() == []
    with pytest.raises(RuntimeError, match="closed"):
        use(pool, "a")


def test_a_closed_pool_leaves_no_timer(garage: Garage) -> None:
    pool = EnginePool(OPTIONS, ttl=3600, load=garage.load)
    use(pool, "a")
    pool.close()
    assert eventually(lambda: not any(isinstance(thread, threading.Timer) for thread in threading.enumerate()))


def test_a_pool_holds_at_least_one_engine() -> None:
    with pytest.raises(ValueError, match="maximum"):
        EnginePool(OPTIONS, maximum=0)


def test_many_threads_never_meet_a_closed_engine(make_pool: MakePool, garage: Garage) -> None:
    pool = make_pool(maximum=1, ttl=0.001)

    def user(number: int) -> bool:
        for turn in range(50):
            with pool.engine("abc"[(number + turn) % 3]) as engine:
                assert isinstance(engine, Recorded)
                if engine.closed:
                    return False
        return True

    with ThreadPoolExecutor(6) as threads:
        assert all(threads.map(user, range(6)))
    pool.close()
    assert [engine.closed for _, engine in garage.built] == [1] * len(garage.built)


class Shelf(Recorded):
    """An engine that holds several models."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[float] = []

    def unload_idle(self, seconds: float) -> tuple[str, ...]:
        self.asked.append(seconds)
        return ()


def test_what_is_idle_can_be_given_up(make_pool: MakePool, garage: Garage) -> None:
    pool = make_pool(maximum=3)
    use(pool, "a", "b")
    pool.unload_idle(60)
    assert garage.open() == ["a", "b"]
    with pool.engine("a"):
        pool.unload_idle()
        assert garage.open() == ["a"]
    use(pool, "b")
    assert garage.open() == ["a", "b"]


def test_idle_models_of_a_busy_engine_go_after_their_time(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf()
    pool = EnginePool(OPTIONS, ttl=7, load=lambda name, options: shelf)
    use(pool, "coqui")
    assert shelf.asked == [7]
    with pool.engine("coqui"):
        pool.unload_idle(2)
    assert shelf.asked == [7, 2, 7]
    pool.close()


def test_without_a_time_limit_models_stay() -> None:
    shelf = Shelf()
    pool = EnginePool(OPTIONS, load=lambda name, options: shelf)
    use(pool, "coqui")
    assert shelf.asked == []
    pool.close()
