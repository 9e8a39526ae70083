"""Every reader names the variable when it refuses a value."""

from collections.abc import Callable
from pathlib import Path

import pytest

from voicen_server import env
from voicen_server.env import ConfigurationError

NAME = "VOICEN_TEST_VALUE"


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda value: monkeypatch.setenv(NAME, value)


@pytest.mark.parametrize("value", ["", " ", "\t"])
def test_empty_counts_as_not_set(put: Callable[[str], None], value: str) -> None:
    put(value)
    assert env.text(NAME, "d") == "d"
    assert env.boolean(NAME, default=True) is True
    assert env.integer(NAME, 5, minimum=1, maximum=9) == 5
    assert env.choice(NAME, "a", {"a"}) == "a"
    assert env.pattern(NAME, "a", "a", "a") == "a"
    assert env.items(NAME) == []
    assert env.path(NAME, Path("/d")) == Path("/d")
    assert env.optional_path(NAME) is None
    assert env.secret(NAME) == ""


@pytest.mark.parametrize("value", ["auto", "cpu", "cuda", "cuda:1"])
def test_pattern(put: Callable[[str], None], value: str) -> None:
    put(value)
    assert env.pattern(NAME, "auto", r"auto|cpu|cuda(:\d)?", "auto, cpu or cuda") == value


@pytest.mark.parametrize("value", ["gpu", "cuda:", "cuda:x", "autocpu", "CPU"])
def test_bad_patterns(put: Callable[[str], None], value: str) -> None:
    put(value)
    with pytest.raises(ConfigurationError, match=f"{NAME}='{value}' is not one of: auto, cpu or cuda"):
        env.pattern(NAME, "auto", r"auto|cpu|cuda(:\d)?", "auto, cpu or cuda")


@pytest.mark.parametrize(("value", "read"), [("1", True), ("Yes", True), ("ON", True), ("0", False), ("no", False)])
def test_boolean(put: Callable[[str], None], value: str, read: bool) -> None:
    put(value)
    assert env.boolean(NAME, default=not read) is read


@pytest.mark.parametrize("value", ["maybe", "2", "-1", "tru"])
def test_bad_booleans(put: Callable[[str], None], value: str) -> None:
    put(value)
    with pytest.raises(ConfigurationError, match=f"{NAME}=.*true or false"):
        env.boolean(NAME, default=True)


def test_integer(put: Callable[[str], None]) -> None:
    for value in ("1", " 9 "):
        put(value)
        assert env.integer(NAME, 5, minimum=1, maximum=9) == int(value)


@pytest.mark.parametrize("value", ["0", "10", "-5", "1.5", "a", "1e3", "9" * 5000, "0x5"])
def test_bad_integers(put: Callable[[str], None], value: str) -> None:
    put(value)
    with pytest.raises(ConfigurationError, match=f"{NAME}=.*from 1 to 9"):
        env.integer(NAME, 5, minimum=1, maximum=9)


def test_choice(put: Callable[[str], None]) -> None:
    put("b")
    assert env.choice(NAME, "a", {"a", "b"}) == "b"
    put("c")
    with pytest.raises(ConfigurationError, match=f"{NAME}='c' is not one of: a, b"):
        env.choice(NAME, "a", {"a", "b"})


def test_items(put: Callable[[str], None]) -> None:
    put(" a ,, b,")
    assert env.items(NAME) == ["a", "b"]


def test_path(put: Callable[[str], None]) -> None:
    put("x/y")
    assert env.path(NAME, Path("/d")) == Path.cwd() / "x/y"
    put("~/x")
    assert env.path(NAME, Path("/d")) == Path.home() / "x"


def test_a_home_that_nobody_has(put: Callable[[str], None]) -> None:
    put("~nobody-of-this-name/x")
    with pytest.raises(ConfigurationError, match=NAME):
        env.path(NAME, Path("/d"))


def test_secret(put: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    put("s")
    assert env.secret(NAME) == "s"
    file = tmp_path / "secret"
    monkeypatch.setenv(f"{NAME}_FILE", str(file))
    with pytest.raises(ConfigurationError, match="both set"):
        env.secret(NAME)
    put("")
    with pytest.raises(ConfigurationError, match=f"{NAME}_FILE.*cannot be read"):
        env.secret(NAME)
    for content in (b"", b" \n"):
        file.write_bytes(content)
        with pytest.raises(ConfigurationError, match="empty"):
            env.secret(NAME)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        env.secret(NAME)
    file.write_text("from the file\n")
    assert env.secret(NAME) == "from the file"
