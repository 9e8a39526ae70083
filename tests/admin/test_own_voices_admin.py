"""Own voices in the admin: the form, the recording, what is refused and why, and who may do what."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from synthesis import recordings
from synthesis.models import Job, OperatorVoice
from synthesis.services import own_voices, presence, voices
from tests.admin.conftest import login
from tests.synthesis.recordings_of import silence, speech, wav

LIST = "/admin/synthesis/operatorvoice/"
ADD = f"{LIST}add/"


@pytest.fixture
def recorded() -> bytes:
    return wav(speech(4))


@pytest.fixture(autouse=True)
def _no_packs(settings: Settings, tmp_path: Path) -> None:
    settings.VOICES_DIR = tmp_path / "voices"


def form(**values: Any) -> dict[str, Any]:
    base = {"number": 900_001, "name": "Leyla", "language": "az", "gender": "female", "licence": "CC0-1.0"}
    base |= {"engine": "coqui", "settings": '{"model": "xtts-v2"}', "gain_db": 0, "enabled": "on"}
    return {name: value for name, value in {**base, **values}.items() if value is not None}


def upload(content: bytes, name: str = "leyla.wav") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def change_url(row: OperatorVoice) -> str:
    return f"{LIST}{row.pk}/change/"


def made(recorded: bytes | None = None, **values: Any) -> OperatorVoice:
    base: dict[str, Any] = {"number": 900_001, "name": "Leyla", "language": "az", "gender": "female"}
    base |= {"licence": "CC0-1.0", "engine": "coqui", "settings": {"model": "xtts-v2"}}
    row = OperatorVoice(**{**base, **values})
    own_voices.save(row, recordings.check(io.BytesIO(recorded)) if recorded else None)
    return row


def test_it_works(site: Client, recorded: bytes, media: Path) -> None:
    assert 'value="900001"' in site.get(ADD).content.decode(), "a free number is proposed"
    response = site.post(ADD, form(upload=upload(recorded)), follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [(LIST, 302)]
    row = OperatorVoice.objects.get()
    assert (row.number, row.settings, row.recording_seconds, row.version) == (900_001, {"model": "xtts-v2"}, 4, 1)
    assert (media / f"recordings/{row.recording}.wav").read_bytes() == recorded
    assert "Not installed on this host: xtts-v2" in page
    assert "No worker speaks with coqui now" in page
    assert '<td class="field-spoken_with">xtts-v2</td><td class="field-length">4.0 s</td>' in page
    reference = voices.catalogue().get(900_001).engines["coqui"]["reference"]
    assert reference == f"references/{row.recording}.wav"


def test_a_voice_of_another_engine_needs_no_recording(site: Client) -> None:
    presence.sign_of_life(presence.Presence("host", 1, "kokoro"))
    page = site.post(ADD, form(engine="kokoro", settings='{"style": "aytac"}'), follow=True).content.decode()
    assert voices.catalogue().get(900_001).engines == {"kokoro": {"style": "aytac"}}
    assert "Not installed" not in page
    assert "No worker" not in page


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"number": 325640}, "Id 325640 is already Aytac&#x27;s."),
        ({"number": 0}, "greater than or equal to 1"),
        ({"number": ""}, "This field is required."),
        ({"settings": "{"}, "Enter a valid JSON."),
        ({"settings": "[1]"}, "Write an object"),
        ({"settings": '{"model": "a", "sped": 1}'}, "Unknown key sped."),
        ({"settings": '{"model": "a", "speed": 9}'}, "Speed is 9, not a number from 0.5 to 2."),
        ({"settings": '{"model": "a", "converter": "b"}'}, "A converter needs a recording to imitate."),
        ({"settings": '{"model": "a", "reference": "/etc/passwd"}'}, "upload the recording below"),
        ({"settings": '{"speed": 1}'}, "Missing model."),
        ({"settings": "{}"}, "This field is required."),
        ({"engine": "kokoro"}, "Unknown key model."),
        ({"engine": "espeak"}, "Select a valid choice."),
        ({"gain_db": 99}, "Gain_db 99.0 is outside ±30."),
        ({"upload": upload(wav(silence(5)))}, "It is too quiet"),
        ({"upload": upload(wav(speech(1)))}, "It takes 1.0 s: record 3 to 30 s."),
        ({"upload": upload(b"MZ" * 900, "voice.exe")}, "It is no wav, mp3 or ogg file with sound in it."),
        ({"upload": upload(b"", "voice.wav")}, "The submitted file is empty."),
    ],
)
def test_what_is_refused(site: Client, media: Path, changes: dict[str, Any], reason: str) -> None:
    response = site.post(ADD, form(**changes))
    assert response.status_code == 200
    assert reason in response.content.decode()
    assert not OperatorVoice.objects.exists()
    assert not media.exists()


def test_a_recording_for_an_engine_that_imitates_none(site: Client, recorded: bytes) -> None:
    page = site.post(ADD, form(engine="tone", settings='{"hertz": 200}', upload=upload(recorded))).content.decode()
    assert "This engine imitates no recording." in page


def test_a_number_that_is_taken(site: Client) -> None:
    made()
    assert "Own voice with this Id already exists." in site.post(ADD, form()).content.decode()


def test_change(site: Client, recorded: bytes) -> None:
    row = made(recorded)
    page = site.get(change_url(row)).content.decode()
    assert f'<audio controls preload="none" src="{LIST}{row.pk}/recording/">' in page
    assert 'name="number"' not in page, "jobs name their voice by its id"
    site.post(change_url(row), form(number=5, name="Leyla 2", settings='{"model": "xtts-v2", "speed": 0.9}'))
    voice = voices.catalogue().get(900_001)
    assert (voice.name, voice.engines["coqui"]["speed"]) == ("Leyla 2", 0.9)
    assert voice.engines["coqui"]["reference"] == f"references/{row.recording}.wav", "the recording stays"


@pytest.mark.django_db(transaction=True)
def test_another_recording_takes_the_place_of_the_first(site: Client, recorded: bytes, media: Path) -> None:
    row = made(recorded)
    site.post(change_url(row), form(upload=upload(wav(speech(5)))))
    changed = OperatorVoice.objects.get()
    assert changed.recording != row.recording
    assert [path.stem for path in (media / "recordings").iterdir()] == [changed.recording]


@pytest.mark.django_db(transaction=True)
def test_the_recording_is_removed(site: Client, recorded: bytes, media: Path) -> None:
    row = made(recorded, settings={"model": "xtts-v2", "speaker": "Ana"})
    site.post(change_url(row), form(settings='{"model": "xtts-v2", "speaker": "Ana"}', without_recording="on"))
    row.refresh_from_db()
    assert (row.recording, row.recording_seconds) == ("", None)
    assert not list((media / "recordings").iterdir())


def test_a_converter_keeps_its_recording(site: Client, recorded: bytes) -> None:
    settings = '{"model": "mms-azj", "converter": "openvoice-v2"}'
    site.post(ADD, form(settings=settings, upload=upload(recorded)))
    row = OperatorVoice.objects.get()
    page = site.post(change_url(row), form(settings=settings, without_recording="on")).content.decode()
    assert "A converter needs a recording to imitate." in page
    assert f"{LIST}{row.pk}/recording/" in page, "it is still there to be heard"
    assert site.get(f"{LIST}{row.pk}/recording/").status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("whole_list", [True, False])
def test_deleting_takes_the_recording_away(site: Client, recorded: bytes, media: Path, whole_list: bool) -> None:
    row = made(recorded)
    if whole_list:
        site.post(LIST, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    else:
        site.post(f"{LIST}{row.pk}/delete/", {"post": "yes"})
    assert not OperatorVoice.objects.exists()
    assert not list((media / "recordings").iterdir())


def test_switching_off_and_on(site: Client) -> None:
    row = made()
    site.post(LIST, {"action": "disable", "_selected_action": [row.pk]})
    assert 900_001 not in voices.catalogue().ids()
    site.post(LIST, {"action": "enable", "_selected_action": [row.pk]})
    assert 900_001 in voices.catalogue().ids()


def test_clients_can_ask_for_it(site: Client, api: Client) -> None:
    site.post(ADD, form(engine="tone", settings='{"hertz": 200}'))
    body = {"text": "salam", "voice_id": 900_001, "lang": "az"}
    answer = api.post("/api/v1/jobs/text/", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert Job.objects.get().voice_id == 900_001


def test_the_recording_is_heard(site: Client, recorded: bytes) -> None:
    row = made(recorded)
    response = site.get(f"{LIST}{row.pk}/recording/")
    assert response["Content-Type"] == "audio/wav"
    assert b"".join(response.streaming_content) == recorded  # type: ignore[attr-defined]


def test_no_recording_to_hear(site: Client, recorded: bytes, media: Path) -> None:
    assert site.get(f"{LIST}{made().pk}/recording/").status_code == 404
    row = made(recorded, number=900_002)
    (media / f"recordings/{row.recording}.wav").unlink()
    assert site.get(f"{LIST}{row.pk}/recording/").status_code == 404
    assert site.get(f"{LIST}99/recording/").status_code == 404


def test_rights(user: User, recorded: bytes) -> None:
    row = made(recorded)
    viewer = login(user, "view_operatorvoice")
    page = viewer.get(change_url(row)).content.decode()
    assert "<audio" in page
    assert 'name="upload"' not in page
    assert viewer.get(f"{LIST}{row.pk}/recording/").status_code == 200
    assert viewer.post(change_url(row), form(name="Other")).status_code == 403
    assert viewer.get(ADD).status_code == 403
    nobody = login(user, "view_job")
    for url in (LIST, change_url(row), f"{LIST}{row.pk}/recording/"):
        assert nobody.get(url).status_code == 403
    assert "/admin/login/" in Client().get(f"{LIST}{row.pk}/recording/")["Location"]


def test_the_page_of_voices_leads_there(site: Client, submit: Callable[..., Job]) -> None:
    made()
    page = site.get("/admin/voices/").content.decode()
    assert f'href="{LIST}"' in page
    assert "Leyla" in page


def test_the_page_of_voices_tells_the_licence_of_the_recording(site: Client, recorded: bytes, media: Path) -> None:
    packs = {"model": "glow-tr", "converter": "openvoice-v2"}  # both MIT
    made(recorded, language="tr", settings=packs)
    made(recorded, number=900_002, language="tr", settings=packs, licence="CC-BY-NC-4.0")
    made(number=900_003, language="tr", settings={"model": "glow-tr"}, licence="CC-BY-NC-4.0")
    page = site.get("/admin/voices/").content.decode()
    assert page.count("<td>MIT; recording: CC0-1.0</td>") == 1
    assert page.count("<td>MIT; recording: CC-BY-NC-4.0 <strong>no commercial use</strong></td>") == 1
    assert page.count("<td>MIT</td>") == 1  # it imitates nobody
