"""POST /api/v1/jobs/text/"""

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from synthesis import storage
from synthesis.models import Job, Step
from tests.api.answers import accepted, refused

URL = "/api/v1/jobs/text/"
VALID = {"text": "salam", "lang": "az", "voice_id": "325640"}


def post(api: Client, body: bytes | str | object, content_type: str = "application/json", **headers: str) -> Any:
    raw = body if isinstance(body, bytes | str) else json.dumps(body)
    return api.post(URL, raw, content_type=content_type, headers=headers)


def send(api: Client, **changes: object) -> Any:
    return post(api, {**VALID, **changes})


def without(field: str) -> dict[str, str]:
    return {name: value for name, value in VALID.items() if name != field}


def stored_text() -> str:
    return storage.read_text(Job.objects.latest("id").folder)


def test_it_works(api: Client, key: str) -> None:
    job = accepted(send(api))  # rows 1, 15
    assert job["voice_id"] == 325640
    assert (job["language"], job["character_count"], job["status"]) == ("az", 5, "waiting")
    row = Job.objects.get()
    assert row.pk == job["id"]
    assert row.owner.username == "leyla"
    assert stored_text() == "salam"
    assert Step.objects.get(job=row).kind == "prepare"


def test_the_shape_is_byte_for_byte_the_documented_one(api: Client) -> None:
    response = send(api)
    row = Job.objects.get()
    created = row.created.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert response.content.decode() == (
        f'{{"data":{{"id":{row.pk},"voice_id":325640,"language":"az","character_count":5,'
        f'"status":"waiting","created":"{created}"}}}}'
    )


def test_ids_increase(api: Client) -> None:  # row 4
    ids = [accepted(send(api))["id"] for _ in range(3)]
    assert ids == sorted(set(ids))


def test_a_stranger_does_not_own_it(api: Client, stranger: Client) -> None:
    job = accepted(send(api))
    refused(stranger.get(f"/api/v1/jobs/{job['id']}/"), 404)


@pytest.mark.parametrize("voice_id", ["325640", 325640, " 325640 "])
def test_voice_id_is_a_string_or_an_integer(api: Client, voice_id: object) -> None:  # row 5
    assert accepted(send(api, voice_id=voice_id))["voice_id"] == 325640


@pytest.mark.parametrize(
    "voice_id",
    [
        True,
        False,
        325640.0,
        [325640],
        {"id": 325640},
        None,
        "",
        "abc",
        "325640.0",
        "-325640",
        "+325640",
        "٣٢٥٦٤٠",
        0,
        -1,
        2**63,
        2**70,
        10**4000,
        "9" * 5000,
        325639,
        "0x4F808",
        "3_25640",
        "�",
        "325640\x00",
    ],
)
def test_voice_id_is_refused(api: Client, voice_id: object) -> None:  # row 5
    refused(send(api, voice_id=voice_id), 400, naming="voice_id: ")


def test_an_unknown_voice_is_told_the_valid_ones(api: Client) -> None:  # row 6
    message = refused(send(api, voice_id=1), 400)
    for voice_id in (*range(325640, 325649),):
        assert str(voice_id) in message


def test_an_alias_answers(api: Client) -> None:  # row 6
    accepted(send(api, voice_id="325652"))


@pytest.mark.parametrize("lang", ["az", "AZ", "az-AZ", "az_AZ", "az-Latn-AZ", " az "])
def test_lang_tags(api: Client, lang: str) -> None:  # row 7
    assert accepted(send(api, lang=lang))["language"] == "az"


@pytest.mark.parametrize(
    "lang", ["", "a", "aze", "az-", "az AZ", "-az", "en", "xx", 1, None, [], {}, True, "a\0", "ａｚ"]
)
def test_lang_is_refused(api: Client, lang: object) -> None:  # row 7
    refused(send(api, lang=lang), 400, naming="lang: ")


def test_lang_is_not_the_voices(api: Client) -> None:  # row 7
    message = refused(send(api, lang="tr"), 400, naming="lang: ")
    assert "325647" in message


@pytest.mark.parametrize("field", ["text", "lang", "voice_id"])
def test_every_field_is_required(api: Client, field: str) -> None:  # row 14
    assert refused(post(api, without(field)), 400) == f"{field}: This field is required."


def test_all_mistakes_are_told_in_one_string(api: Client) -> None:  # row 14
    message = refused(post(api, {}), 400)
    assert [part in message for part in ("text: ", "lang: ", "voice_id: ")] == [True] * 3


@pytest.mark.parametrize("text", [1, 1.5, None, [], ["salam"], {}, True, ""])
def test_text_is_not_a_string(api: Client, text: object) -> None:  # row 8
    refused(send(api, text=text), 400, naming="text: ")


@pytest.mark.parametrize(
    "text", [" ", "\n\t\r\n", "\u00a0\u2003", "...", "—!?", "\ufeff", "\u200b\u200d", "\u0301", "🙂"]
)
def test_nothing_to_say(api: Client, text: str) -> None:  # row 8
    assert refused(send(api, text=text), 400) == "Text has nothing to synthesize."


@pytest.mark.parametrize("text", ["a", "7", "%", "$", "№", "½", "ə", "İ", "Ы", "😀a"])
def test_the_shortest_texts(api: Client, text: str) -> None:  # row 8
    assert accepted(send(api, text=text))["character_count"] == len(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [("  salam \n", 9), ("\ufeffsalam", 5), ("😀 a", 3), ("e\u0301", 2), ("a\r\nb", 4), ("sa\ufefflam", 6)],
)
def test_character_count_is_code_points_as_sent(api: Client, text: str, count: int) -> None:  # row 9
    assert accepted(send(api, text=text))["character_count"] == count
    assert len(stored_text()) == count


def test_the_text_is_stored_as_sent(api: Client) -> None:
    text = "  Şəki\u2028 «ğ»\r\n\tÇay, İçərişəhər\n "
    accepted(send(api, text=text))
    assert stored_text() == text


@pytest.mark.parametrize("escaped", [False, True], ids=["utf-8", "escaped"])
@pytest.mark.parametrize("letter", ["a", "ə"])
def test_a_million_characters(api: Client, escaped: bool, letter: str) -> None:  # row 10
    body = json.dumps({**VALID, "text": letter * 1_000_000}, ensure_ascii=escaped).encode()
    assert accepted(post(api, body))["character_count"] == 1_000_000


def test_one_character_too_many(api: Client) -> None:  # row 10
    assert refused(send(api, text="a" * 1_000_001), 400) == "text: Longer than 1000000 characters."


def test_a_body_over_the_parsers_limit(api: Client) -> None:  # row 10
    assert refused(send(api, text="ə" * 3_000_000), 400) == "text: Longer than 1000000 characters."
    assert Job.objects.count() == 0


def test_the_limit_is_a_setting(api: Client, settings: Settings) -> None:  # row 10
    settings.MAX_CHARACTERS = 10
    accepted(send(api, text="a" * 10))
    refused(send(api, text="a" * 11), 400, naming="Longer than 10 characters")
    refused(send(api, text="a" * 200_000), 400, naming="Longer than 10 characters")


def test_a_bom_in_front_does_not_count(api: Client, settings: Settings) -> None:  # rows 9, 10
    settings.MAX_CHARACTERS = 5
    assert accepted(send(api, text="\ufeffsalam"))["character_count"] == 5


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8", "application/json ;a=b"],
)
def test_json_media_types(api: Client, content_type: str) -> None:  # row 13
    accepted(post(api, VALID, content_type))


@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded",
        "text/plain",
        "application/octet-stream",
        "text/json",
        "",
        "json",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/xml",
    ],
)
def test_other_media_types(api: Client, content_type: str) -> None:  # row 13
    refused(post(api, VALID, content_type), 415, naming="application/json")


def test_a_form(api: Client) -> None:  # row 13
    refused(api.post(URL, VALID), 415)


def test_bom_before_json(api: Client) -> None:  # row 13
    accepted(post(api, b"\xef\xbb\xbf" + json.dumps(VALID).encode()))


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"salam",
        b"{'text': 1}",
        b'{"text": "a",}',
        b"[]",
        b'"salam"',
        b"null",
        b"1",
        b"true",
        b"NaN",
        b"[" * 100000,
        b'{"a":' * 100000,
        b'{"voice_id": ' + b"9" * 5000 + b"}",
        b"\xff\xfe{\x00}\x00",
        json.dumps(VALID).encode("utf-16"),
        b'{"text": "\xff"}',
        b'{"text": "a\nb"}',
        b"\x00",
        b" ",
        b"{}{}",
    ],
    ids=lambda body: repr(body[:12]),
)
def test_bad_json(api: Client, body: bytes) -> None:  # row 14
    refused(post(api, body), 400)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_not_a_number_is_no_json(api: Client, number: str) -> None:  # row 14, RFC 8259
    body = json.dumps(VALID)[:-1] + f', "speed": {number}}}'
    refused(post(api, body), 400)


def test_an_empty_body(api: Client) -> None:  # row 14
    response = api.generic("POST", URL, b"", CONTENT_TYPE="application/json", CONTENT_LENGTH="0")
    assert "lang: This field is required." in refused(response, 400)


def test_the_message_quotes_no_body(api: Client) -> None:
    assert "marker" not in refused(post(api, b'{"text": "marker'), 400)
    assert "marker" not in refused(send(api, lang="marker"), 400)
    assert "marker" not in refused(send(api, voice_id="marker"), 400)


def test_of_duplicate_keys_the_last_counts(api: Client) -> None:
    accepted(post(api, b'{"text":"a","text":"salam","lang":"tr","lang":"az","voice_id":1,"voice_id":325640}'))
    assert stored_text() == "salam"


def test_unknown_keys_are_ignored(api: Client) -> None:
    accepted(send(api, speed=2, id=7, status="ready"))
    assert Job.objects.get().status == "waiting"


@pytest.mark.parametrize("text", ["sa\ud800lam", "\udfff salam", "sa\0lam", "salam\0"])
def test_surrogates_and_nul(api: Client, text: str) -> None:  # row 8
    refused(send(api, text=text), 400, naming="text: ")


def test_paired_surrogates_are_one_character(api: Client) -> None:  # row 9
    body = b'{"text": "a \\ud83d\\ude00", "lang": "az", "voice_id": 325640}'
    assert accepted(post(api, body))["character_count"] == 3


def test_markup_is_text(api: Client) -> None:  # row 32
    text = "<speak>salam</speak> [pause]"
    assert accepted(send(api, text=text))["character_count"] == len(text)
    assert stored_text() == text


@pytest.mark.parametrize("accept", ["audio/mpeg", "text/html", "application/xml", "*/*", "image/png;q=0.5", "nonsense"])
def test_accept_is_ignored(api: Client, accept: str) -> None:  # row 28
    accepted(post(api, VALID, accept=accept))


def test_format_means_nothing(api: Client) -> None:  # row 28
    response = api.post(f"{URL}?format=xml", json.dumps(VALID), content_type="application/json")
    accepted(response)


def test_without_the_last_slash(api: Client) -> None:  # row 27
    accepted(api.post("/api/v1/jobs/text", json.dumps(VALID), content_type="application/json"))


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "options"])
def test_other_methods(api: Client, method: str) -> None:  # row 20
    refused(getattr(api, method)(URL), 405)


def test_too_many_unfinished_jobs(api: Client, stranger: Client, settings: Settings) -> None:  # row 30
    settings.MAX_UNFINISHED_JOBS = 2
    accepted(send(api))
    accepted(send(api))
    response = send(api)
    refused(response, 429)
    assert int(response["Retry-After"]) > 0
    accepted(send(stranger))


def test_no_redirect_to_https(api: Client) -> None:  # row 29
    response = api.get("/api/v1/jobs/", secure=False)
    assert response.status_code == 200


def test_a_body_without_a_length(api: Client) -> None:
    """Chunked transfer carries no length, and Django reads none of it: say so, rather than call the body empty."""
    response = api.generic("POST", URL, CONTENT_TYPE="application/json", HTTP_TRANSFER_ENCODING="chunked")
    refused(response, 400, naming="Content-Length")
