"""POST /api/v1/jobs/file/"""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from synthesis import storage
from synthesis.models import Job
from tests.api.answers import accepted, refused

URL = "/api/v1/jobs/file/"
AZ = "Şəhərin küçələri bu gün çox gözəldir."
TR = "Bugün hava çok güzel, ığdır ağacı yeşerdi."
RU = "Сегодня на улице хорошая погода, и мы пойдём гулять в парк."
BOUNDARY = "------------------------d74496d66958873e"


def part(name: str, content: bytes, *, filename: str | None = None, headers: str = "") -> bytes:
    """One part of a form, exactly as given: Django's own encoder always sends a content type."""
    file = "" if filename is None else f'; filename="{filename}"'
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n{headers}\r\n'
    return head.encode() + content + b"\r\n"


LANG, VOICE = part("lang", b"az"), part("voice_id", b"325640")
END = f"--{BOUNDARY}--\r\n".encode()


def raw(api: Client, body: bytes, content_type: str = f"multipart/form-data; boundary={BOUNDARY}") -> Any:
    return api.generic("POST", URL, body, content_type=content_type)


def file(content: bytes = b"salam", filename: str = "a.txt", headers: str = "Content-Type: text/plain\r\n") -> bytes:
    return part("file", content, filename=filename, headers=headers)


def send(api: Client, content: bytes, lang: str = "az", voice_id: str = "325640") -> Any:
    return api.post(URL, {"lang": lang, "voice_id": voice_id, "file": SimpleUploadedFile("a.txt", content)})


def stored_text() -> str:
    return storage.read_text(Job.objects.latest("id").folder)


def test_it_works(api: Client, stranger: Client) -> None:
    job = accepted(send(api, AZ.encode()))  # rows 1, 15
    assert (job["voice_id"], job["language"], job["character_count"]) == (325640, "az", len(AZ))
    assert stored_text() == AZ
    refused(stranger.get(f"/api/v1/jobs/{job['id']}/"), 404)


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/octet-stream", "audio/mpeg", "application/pdf", "image/png", "text/html; charset=x"],
)
def test_the_content_type_of_the_file_means_nothing(api: Client, content_type: str) -> None:  # row 11
    accepted(raw(api, LANG + VOICE + file(headers=f"Content-Type: {content_type}\r\n") + END))


def test_as_requests_sends_it(api: Client) -> None:  # row 11: no content type at all
    accepted(raw(api, LANG + VOICE + file(headers="") + END))


def test_fields_after_the_file(api: Client) -> None:  # row 11
    accepted(raw(api, file() + LANG + VOICE + END))
    accepted(raw(api, LANG + file() + VOICE + END))


@pytest.mark.parametrize(
    "filename", ["../../x", "/etc/passwd", "a.mp3", "şəkil.txt", "x" * 300, "a;b.txt", "-", "C:\\a.txt"]
)
def test_the_name_of_the_file_means_nothing(api: Client, filename: str) -> None:  # row 11
    accepted(raw(api, LANG + VOICE + file(filename=filename) + END))


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-32-le", b"\xff\xfe\x00\x00"),
        ("utf-32-be", b"\x00\x00\xfe\xff"),
    ],
)
@pytest.mark.parametrize(
    ("text", "lang", "voice_id"), [(AZ, "az", "325640"), (TR, "tr", "325647"), (RU, "ru", "325645")]
)
def test_unicode(api: Client, text: str, lang: str, voice_id: str, encoding: str, mark: bytes) -> None:  # rows 9, 12
    assert accepted(send(api, mark + text.encode(encoding), lang, voice_id))["character_count"] == len(text)
    assert stored_text() == text


@pytest.mark.parametrize(
    ("text", "lang", "voice_id", "encoding"),
    [
        (TR, "tr", "325647", "cp1254"),
        (RU, "ru", "325645", "cp1251"),
        (RU, "ru", "325645", "koi8-r"),
        (RU, "ru", "325645", "cp866"),
    ],
)
def test_legacy_code_pages(api: Client, text: str, lang: str, voice_id: str, encoding: str) -> None:  # row 12
    accepted(send(api, text.encode(encoding), lang, voice_id))
    assert stored_text() == text


def test_azerbaijani_is_not_guessed(api: Client) -> None:  # row 12
    refused(send(api, "Şəhərin küçələri".replace("ə", "e").encode("cp1254")), 400, naming="UTF-8")


@pytest.mark.parametrize(
    ("content", "naming"),
    [
        (b"", "empty"),
        (b"sa\x00lam", "Null"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"PK\x03\x04abc", "DOCX"),
        (b"ID3\x03\x00", "mp3"),
        (b"\xd0\xcf\x11\xe0\xa1", "Office"),
        (b"\x89PNG\r\n", "picture"),
        (b"\xff\xfesalam", "UTF-16"),
        (b"\xef\xbb\xbf\xff", "UTF-8"),
        (b"\x80\x81\x00", "UTF-8"),
        (b"\xff\xfe", "Text has"),
    ],
)
@pytest.mark.parametrize(("lang", "voice_id"), [("az", "325640"), ("tr", "325647"), ("ru", "325645")])
def test_no_text_file(api: Client, content: bytes, naming: str, lang: str, voice_id: str) -> None:  # row 12
    refused(send(api, content, lang, voice_id), 400, naming=naming)


@pytest.mark.parametrize("content", [b" \r\n\t", b"\xef\xbb\xbf", "—…".encode()])
def test_nothing_to_say(api: Client, content: bytes) -> None:  # row 8
    assert refused(send(api, content), 400) == "Text has nothing to synthesize."


def test_no_file(api: Client) -> None:  # row 12
    refused(raw(api, LANG + VOICE + END), 400, naming="file: ")


def test_an_empty_file(api: Client) -> None:  # row 12
    refused(raw(api, LANG + VOICE + file(b"") + END), 400, naming="file: ")


def test_a_file_without_a_name(api: Client) -> None:  # row 12: what a browser sends when none is chosen
    refused(raw(api, LANG + VOICE + file(b"", filename="") + END), 400, naming="file: ")


def test_a_plain_field(api: Client) -> None:  # row 12
    refused(raw(api, LANG + VOICE + part("file", b"salam") + END), 400, naming="file: ")


def test_of_two_files_the_last_counts(api: Client) -> None:
    accepted(raw(api, LANG + VOICE + file(b"one") + file(b"second") + END))
    assert stored_text() == "second"


def test_a_field_sent_as_a_file(api: Client) -> None:
    refused(raw(api, part("lang", b"az", filename="l") + VOICE + file() + END), 400, naming="lang: ")
    refused(raw(api, LANG + part("voice_id", b"325640", filename="v") + file() + END), 400, naming="voice_id: ")


@pytest.mark.parametrize(("body", "field"), [(VOICE + file() + END, "lang"), (LANG + file() + END, "voice_id")])
def test_fields_are_required(api: Client, body: bytes, field: str) -> None:  # row 14
    assert refused(raw(api, body), 400) == f"{field}: This field is required."


def test_not_the_voices_language(api: Client) -> None:  # row 7
    refused(send(api, AZ.encode(), "ru"), 400, naming="lang: ")


def test_a_million_characters(api: Client, settings: Settings) -> None:  # row 10
    assert accepted(send(api, "ə".encode() * 1_000_000))["character_count"] == 1_000_000


def test_one_character_too_many(api: Client) -> None:  # row 10
    refused(send(api, b"a" * 1_000_001), 400, naming="Longer than 1000000 characters")


def test_a_body_over_the_limit(api: Client, settings: Settings) -> None:  # row 10
    settings.MAX_CHARACTERS = 1000
    refused(send(api, b"a" * 100_000), 400, naming="Longer than 1000 characters")


def test_a_huge_plain_field(api: Client) -> None:  # row 10
    refused(raw(api, part("lang", b"a" * 100_000) + VOICE + file() + END), 400)


def test_a_thousand_fields(api: Client) -> None:
    refused(raw(api, b"".join(part(f"f{number}", b"") for number in range(1100)) + END), 400)


def test_many_files(api: Client) -> None:
    refused(raw(api, LANG + VOICE + file() * 101 + END), 400)


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=other",
        "multipart/form-data; boundary=" + "b" * 5000,
        "multipart/form-data; boundary=ə",
    ],
)
def test_a_bad_boundary(api: Client, content_type: str) -> None:  # row 14
    refused(raw(api, LANG + VOICE + file() + END, content_type), 400)


@pytest.mark.parametrize("cut", [3, 10, 45, 60, 100, 250])
def test_a_cut_body(api: Client, cut: int) -> None:
    """A client whose line broke: half a text must not become a job."""
    body = LANG + VOICE + file(b"salam " * 20) + END
    refused(raw(api, body[:-cut]), 400)
    assert Job.objects.count() == 0


def test_a_cut_body_with_its_full_length(api: Client) -> None:
    """As the server sees it: the length of the whole, and an end of input before it."""
    body = LANG + VOICE + file(b"salam " * 20) + END
    refused(
        api.generic(
            "POST", URL, body[:-80], f"multipart/form-data; boundary={BOUNDARY}", CONTENT_LENGTH=str(len(body) - 80)
        ),
        400,
    )


@pytest.mark.parametrize("epilogue", [b"", b"\r\n", b"\r\nepilogue"])
def test_what_may_follow_the_form(api: Client, epilogue: bytes) -> None:  # RFC 2046
    accepted(raw(api, LANG + VOICE + file() + END.rstrip() + epilogue))


def test_a_quoted_boundary(api: Client) -> None:
    accepted(raw(api, LANG + VOICE + file() + END, f'multipart/form-data; charset=utf-8; boundary="{BOUNDARY}"'))


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/x-www-form-urlencoded", "text/plain", "audio/x"]
)
def test_other_media_types(api: Client, content_type: str) -> None:  # row 13
    refused(raw(api, b'{"lang": "az"}', content_type), 415, naming="multipart/form-data")


def test_without_the_last_slash(api: Client) -> None:  # row 27
    accepted(api.post(URL.rstrip("/"), {"lang": "az", "voice_id": "325640", "file": SimpleUploadedFile("a", b"salam")}))


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "options"])
def test_other_methods(api: Client, method: str) -> None:  # row 20
    refused(getattr(api, method)(URL), 405)


def test_upper_case_tags(api: Client) -> None:  # row 7
    assert accepted(send(api, b"salam", "az_AZ"))["language"] == "az"


def test_markup_is_text(api: Client) -> None:  # row 32
    accepted(send(api, b"<speak>salam</speak>"))
    assert stored_text() == "<speak>salam</speak>"
