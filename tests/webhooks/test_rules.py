"""What is told, when it is tried again, which addresses are called: without database or network."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.domain import webhooks
from synthesis.domain.errors import InvalidInput
from synthesis.domain.options import LONGEST_TITLE

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


def test_the_rests_are_those_of_the_specification() -> None:
    found = [webhooks.rest(attempts, None, 0).total_seconds() for attempts in range(1, 10)]
    assert found == [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    assert webhooks.tries("job.completed") == 10
    assert webhooks.tries("webhook.test") == 1


@given(st.integers(1, 9), st.floats(0, 1), st.one_of(st.none(), st.floats(0, 1e12)))
def test_a_rest_is_never_shorter_than_the_table_and_never_endless(
    attempts: int, dice: float, asked: float | None
) -> None:
    rest = webhooks.rest(attempts, asked, dice)
    assert rest >= timedelta(seconds=webhooks.RESTS_SECONDS[attempts])
    assert rest >= min(timedelta(seconds=min(asked or 0, 1e6)), webhooks.LONGEST_REST)
    assert rest <= webhooks.LONGEST_REST


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("120", 120),
        (" 7 ", 7),
        ("-1", None),
        ("soon", None),
        ("١٢", None),
        ("9" * 400, 9_999_999_999),
        ("Mon, 23 Nov 2026 16:02:00 GMT", 120),
        ("Mon, 23 Nov 2026 15:00:00 GMT", 0),
        ("Mon, 23 Nov 2026 16:02:00", None),
    ],
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    assert webhooks.retry_after(header, NOW) == seconds


def test_the_payload() -> None:
    found = json.loads(webhooks.payload("job.completed", NOW, {"id": 7, "title": "Şəki"}))
    expected = {"type": "job.completed", "timestamp": "2026-11-23T16:00:00.000Z", "data": {"id": 7, "title": "Şəki"}}
    assert found == expected
    assert len(webhooks.payload("job.completed", NOW, {"title": "\0" * LONGEST_TITLE}).encode()) < 20_000


# --- Where to -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://example.az/hook",
        "http://example.az:8080/hook?key=1",
        "https://8.8.8.8/",
        "https://[2001:4860:4860::8888]/x",
        "https://xn--yqa.az",
    ],
)
def test_good_urls(url: str) -> None:
    assert webhooks.check_url(url, allow_private=False) == url


@pytest.mark.parametrize(
    "url",
    [
        *(None, 7, [], "", "hook", "//example.az/hook", "https:///hook", "https://", "https://" + "a" * 500),
        *("ftp://example.az/", "file:///etc/passwd", "gopher://example.az/", "unix:///run/x.sock", "javascript:1"),
        *("https://user:word@example.az/", "https://user@example.az/", "https://:@example.az/"),
        *("https://example.az/#part", "https://example.az:0/", "https://example.az:99999/", "https://[::1/"),
        *("https://example.az/a b", "https://example.az/\r\nHost: x", "https://şəki.az/", "https://example.az/\0"),
    ],
)
def test_bad_urls(url: object) -> None:
    with pytest.raises(InvalidInput):
        webhooks.check_url(url, allow_private=True)


PRIVATE = (
    *("127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "198.18.0.1", "240.0.0.1"),
    *("::1", "fc00::1", "fd12:3456::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::"),
    *("fec0::1", "2001:db8::1"),
)
NEVER = (
    *("169.254.169.254", "169.254.1.1", "fe80::1", "fe80::1%eth0", "100.100.100.200", "168.63.129.16"),
    *("::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::", "fd00:ec2::254"),
    *("0.0.0.0", "::", "224.0.0.1", "ff02::1"),
)


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses(address: str) -> None:
    assert not webhooks.may_call(address, allow_private=False)
    assert webhooks.may_call(address, allow_private=True)


@pytest.mark.parametrize("address", NEVER)
def test_what_hands_out_credentials_is_never_called(address: str) -> None:
    assert not webhooks.may_call(address, allow_private=False)
    assert not webhooks.may_call(address, allow_private=True)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses(address: str) -> None:
    assert webhooks.may_call(address, allow_private=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost", "LOCALHOST.", "a.localhost", "x.internal"])
def test_a_private_address_is_told_at_once(host: str) -> None:
    with pytest.raises(InvalidInput, match="private"):
        webhooks.check_url(f"https://{host}/hook", allow_private=False)
    assert webhooks.check_url(f"https://{host}/hook", allow_private=True)
