"""SSML in v2: taken when it is asked for, in a batch and as a file too, and refused by the element at fault."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from synthesis import storage
from synthesis.domain.options import Options
from synthesis.models import Job, OperatorVoice
from tests.api.v2.test_jobs import JOBS, post, refused

pytestmark = pytest.mark.django_db

DOCUMENT = '<speak>Salam, <break time="1s"/><voice name="Anna">как дела?</voice></speak>'


def test_a_document(api: Client) -> None:
    response = post(api, text=DOCUMENT, voice_id=325640, ssml=True)
    assert response.status_code == 201, response.content
    row = Job.objects.get(pk=response.json()["id"])
    assert (row.options, row.character_count) == ({"ssml": True}, len(DOCUMENT))
    assert Options.stored(row.options).ssml
    assert response.json()["options"]["ssml"] is True
    assert storage.read_text(row.folder) == DOCUMENT
    assert api.get(f"{JOBS}{row.pk}/text/").content.decode() == DOCUMENT, "as it was sent"


@pytest.mark.parametrize("ssml", [None, False])
def test_only_when_asked_for(api: Client, ssml: bool | None) -> None:
    for text in ("<speak>salam", DOCUMENT):
        asked: dict[str, Any] = {} if ssml is None else {"ssml": ssml}
        job = post(api, text=text, voice_id=325640, **asked).json()
        assert Job.objects.get(pk=job["id"]).options == {}


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("salam", {}, "text: SSML line 1, column 1: syntax error."),
        ("<speak>\n<audio/></speak>", {}, "text: SSML line 2, column 1: <audio> is not supported. Use: speak, p, s, "),
        ("<speak><break/>…</speak>", {}, "Text has nothing to synthesize."),
        (
            '<speak><voice name="Nobody">a</voice></speak>',
            {},
            "<voice>: there is no voice 'Nobody'. Use one of: Aytac,",
        ),
        ('<speak><voice name="99">a</voice></speak>', {}, "<voice>: there is no voice '99'"),
        ('<speak><prosody rate="1.5">a</prosody></speak>', {"speed": 2}, "rate gives 3 times the usual speed"),
        ("<speak>\0</speak>", {}, "Null characters are not allowed"),
    ],
)
def test_refusals(api: Client, text: str, options: dict[str, Any], message: str) -> None:
    refused(post(api, text=text, voice_id=325640, ssml=True, **options), 400, "invalid_input", message)
    refused(post(api, text="<speak>a</speak>", voice_id=325640, ssml="perhaps"), 400, "invalid_input", "ssml: ")
    assert not Job.objects.exists()


def test_a_batch(api: Client) -> None:
    good = {"text": DOCUMENT, "voice_id": 325640, "ssml": True}
    bad = {"text": "<speak><s></speak>", "voice_id": 325640, "ssml": True}
    refused(post(api, f"{JOBS}batch/", jobs=[good, bad]), 400, "invalid_input", "jobs[1]: text: SSML line 1")
    assert not Job.objects.exists()
    response = post(api, f"{JOBS}batch/", jobs=[good, {**good, "ssml": False}])
    assert [job["options"]["ssml"] for job in response.json()["data"]] == [True, False]


@pytest.mark.parametrize("name", ["salam.ssml", "salam.txt"])
def test_a_file(api: Client, name: str) -> None:
    form = {"file": SimpleUploadedFile(name, DOCUMENT.encode()), "voice_id": "Aytac", "ssml": "true"}
    response = api.post(JOBS, form)
    assert response.status_code == 201, response.content
    row = Job.objects.get()
    assert (row.options, storage.read_text(row.folder)) == ({"ssml": True}, DOCUMENT)


def test_the_same_document_as_a_text_is_another_request(api: Client) -> None:
    once = {"Idempotency-Key": "a"}
    assert post(api, headers=once, text=DOCUMENT, voice_id=325640, ssml=True).status_code == 201
    refused(post(api, headers=once, text=DOCUMENT, voice_id=325640), 409, "idempotency_conflict")


def test_voices_of_another_engine(api: Client, settings: Settings) -> None:
    OperatorVoice.objects.create(
        number=7,
        name="Elsewhere",
        language="az",
        gender="male",
        licence="ours",
        engine="coqui",
        settings={"model": "x"},
    )
    document = '<speak><voice name="Elsewhere">a</voice></speak>'
    settings.ENGINE = "tone"
    naming = "<voice>: Elsewhere is spoken by coqui, Aytac by tone; the voices of one job need one engine"
    refused(post(api, text=document, voice_id=325640, ssml=True), 400, "invalid_input", naming)
    assert post(api, text=document, voice_id=7, ssml=True).status_code == 201


def test_how_it_will_be_read(api: Client) -> None:
    text = (
        '<speak>R&amp;D <say-as interpret-as="digits">12</say-as>. <sub alias="on manat">10 ₼</sub> verdi.'
        '<voice name="Anna">5 лет</voice></speak>'
    )
    response = post(api, "/api/v2/read/", text=text, voice_id=325640, ssml=True)
    assert response.status_code == 200, response.content
    sentences = response.json()["sentences"]
    assert [(one["original"], one["spoken"]) for one in sentences] == [
        ("R&D 12.", "er və de bir iki."),
        ("10 ₼ verdi.", "on manat verdi."),
        ("5 лет", "пять лет"),
    ]
    assert text[sentences[0]["offset"] :][: sentences[0]["length"]].startswith("R&amp;D <say-as")
    assert text[sentences[2]["offset"] :][: sentences[2]["length"]] == "5 лет"
    by_language = post(api, "/api/v2/read/", text=text, lang="az", ssml=True)
    assert by_language.json() == response.json()
    refused(post(api, "/api/v2/read/", text="<speak>", lang="az", ssml=True), 400, "invalid_input", "text: SSML line 1")
    plain = post(api, "/api/v2/read/", text="a &amp; b", lang="az").json()["sentences"]
    assert plain[0]["original"] == "a &amp; b"
