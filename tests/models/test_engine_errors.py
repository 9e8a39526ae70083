import pickle

from models.engines.base import EngineError
from models.weights import WeightsMissing


def test_an_error_says_whether_to_try_again() -> None:
    assert EngineError("no").permanent is False
    assert EngineError("no", code="nothing_to_speak", permanent=True).permanent is True


def test_an_error_survives_the_way_between_processes() -> None:
    """Worker pools hand exceptions over by pickling them."""
    for error in (EngineError("no", code="text_too_long", permanent=True), WeightsMissing("do this")):
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301
        assert type(copy) is type(error)
        assert (str(copy), copy.code, copy.permanent) == (str(error), error.code, error.permanent)
