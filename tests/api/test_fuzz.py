"""Whatever is sent: never a 500, never HTML, the envelope with its code, and nothing half-created."""

import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from synthesis.models import Job, Step

PATHS = st.one_of(
    st.sampled_from(["jobs/", "jobs/text/", "jobs/file/", "jobs/1/", "jobs/1/synthesize/", "jobs/text", ""]),
    st.text(st.characters(blacklist_characters="?#", blacklist_categories=["Cs"]), max_size=30).map(
        lambda text: f"jobs/{text}"
    ),
)
METHODS = st.sampled_from(["GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS", "TRACE"])
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=40), st.sampled_from(["az", "325640", "ru"])
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner))
FIELDS = st.sampled_from(["text", "lang", "voice_id", "file", "owner", "status", "id"])
JSON_BODIES = st.one_of(
    st.dictionaries(FIELDS, VALUES, max_size=6).map(lambda body: json.dumps(body).encode()),
    VALUES.map(lambda value: json.dumps(value).encode()),
    st.binary(max_size=200),
)
CONTENT_TYPES = st.sampled_from(
    [
        "application/json",
        "application/json; charset=utf-8",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "text/plain",
        "",
        "ümlaut/ü",
    ]
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["Accept", "Range", "If-None-Match", "Idempotency-Key", "X-Forwarded-Host", "X-HTTP-Method-Override"]
    ),
    st.text(st.characters(max_codepoint=255, blacklist_characters="\r\n"), max_size=30),
)
QUERIES = st.dictionaries(st.sampled_from(["limit", "offset", "format", "x"]), st.text(max_size=25))

fuzz = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def check(response: Any, method: str) -> None:
    assert response.status_code < 500, response.content
    if response.status_code in {200, 206}:
        return
    assert response.headers["Content-Type"] == "application/json"
    if method != "HEAD":
        assert json.loads(response.content)["error"]["code"] == response.status_code


@fuzz
@given(method=METHODS, path=PATHS, body=JSON_BODIES, content_type=CONTENT_TYPES, headers=HEADERS, query=QUERIES)
def test_any_request(
    api: Client,
    method: str,
    path: str,
    body: bytes,
    content_type: str,
    headers: dict[str, str],
    query: dict[str, str],
) -> None:
    jobs, steps = Job.objects.count(), Step.objects.count()
    response = api.generic(
        method, f"/api/v1/{path}", body, content_type=content_type, headers=headers, query_params=query
    )
    check(response, method)
    if method != "POST" or response.status_code != 200:
        assert (Job.objects.count(), Step.objects.count()) == (jobs, steps)


@fuzz
@given(fields=st.dictionaries(FIELDS, VALUES, max_size=6), path=st.sampled_from(["jobs/text/"]))
def test_any_fields(api: Client, fields: dict[str, Any], path: str) -> None:
    body = {"text": "salam", "lang": "az", "voice_id": 325640} | fields
    check(api.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json"), "POST")


@fuzz
@given(content=st.binary(max_size=300), language=st.sampled_from(["az", "tr", "ru"]), name=st.text(max_size=20))
def test_any_file(api: Client, content: bytes, language: str, name: str) -> None:
    voice = {"az": "325640", "tr": "325647", "ru": "325645"}[language]
    lines = [
        f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}'
        for key, value in {"lang": language, "voice_id": voice}.items()
    ]
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = "\r\n".join([*lines, head]).encode("utf-8", "surrogateescape") + content + b"\r\n--x--\r\n"
    check(api.generic("POST", "/api/v1/jobs/file/", body, content_type="multipart/form-data; boundary=x"), "POST")


@pytest.mark.parametrize("text", ["\u202e‮abc", "🙂" * 50 + "a", "a\u0301" * 100, "\ufeff\ufeffsalam", "ﬁ ½ ²"])
def test_odd_but_speakable(api: Client, text: str) -> None:
    body = {"text": text, "lang": "az", "voice_id": 325640}
    check(api.post("/api/v1/jobs/text/", body, content_type="application/json"), "POST")
