"""GET /api/v1/jobs/"""

from collections.abc import Callable

import pytest
from django.test import Client

from synthesis.models import Job
from synthesis.services import totals
from tests.api.answers import refused

URL = "/api/v1/jobs/"
Submit = Callable[..., Job]


def test_it_works(api: Client, submit: Submit) -> None:
    job = submit("salam dünya")
    response = api.get(URL)
    assert response.status_code == 200
    created = job.created.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    # row 15: no `data` around a list; the documented keys in their order and no others
    assert response.content.decode() == (
        f'{{"count":1,"next":null,"previous":null,"results":[{{"id":{job.pk},"voice_id":325640,"language":"az",'
        f'"character_count":11,"status":"waiting","created":"{created}"}}]}}'
    )


def test_nothing_yet(api: Client) -> None:
    assert api.get(URL).json() == {"count": 0, "next": None, "previous": None, "results": []}


def test_a_stranger_sees_none_of_it(stranger: Client, submit: Submit) -> None:
    submit()
    assert stranger.get(URL).json()["count"] == 0


def test_newest_first(api: Client, submit: Submit) -> None:  # row 25
    ids = [submit().pk for _ in range(4)]
    assert [job["id"] for job in api.get(URL).json()["results"]] == ids[::-1]


def test_pages(api: Client, submit: Submit) -> None:  # rows 23, 24
    ids = [submit().pk for _ in range(12)][::-1]
    first = api.get(URL).json()
    assert [job["id"] for job in first["results"]] == ids[:10]
    assert first["count"] == 12
    assert first["next"] == "http://testserver/api/v1/jobs/?limit=10&offset=10"
    assert first["previous"] is None
    second = api.get(first["next"]).json()
    assert [job["id"] for job in second["results"]] == ids[10:]
    assert second["next"] is None
    assert second["previous"] == "http://testserver/api/v1/jobs/?limit=10"


def test_links_lead_through_all_jobs(api: Client, submit: Submit) -> None:  # row 24
    ids = [submit().pk for _ in range(7)][::-1]
    seen: list[int] = []
    url = f"{URL}?limit=3"
    while url:
        page = api.get(url).json()
        seen += [job["id"] for job in page["results"]]
        url = page["next"]
    assert seen == ids


def test_the_links_of_the_document(api: Client, submit: Submit) -> None:  # row 24: limit before offset
    for _ in range(12):
        submit()
    page = api.get(f"{URL}?offset=5&limit=5").json()
    assert page["next"] == "http://testserver/api/v1/jobs/?limit=5&offset=10"
    assert page["previous"] == "http://testserver/api/v1/jobs/?limit=5"
    page = api.get(f"{URL}?limit=2&offset=7").json()
    assert page["previous"] == "http://testserver/api/v1/jobs/?limit=2&offset=5"


def test_an_odd_offset_leads_back_to_the_first_page(api: Client, submit: Submit) -> None:  # row 24
    submit()
    submit()
    assert api.get(f"{URL}?limit=5&offset=1").json()["previous"] == "http://testserver/api/v1/jobs/?limit=5"


@pytest.mark.parametrize(
    "query", ["", "limit=", "limit=&offset=", "offset=0", "limit=%2010%20", "page=2", "format=xml"]
)
def test_defaults(api: Client, submit: Submit, query: str) -> None:  # rows 23, 28
    for _ in range(11):
        submit()
    response = api.get(f"{URL}?{query}")
    assert response.status_code == 200
    assert len(response.json()["results"]) == 10


@pytest.mark.parametrize(
    "value", ["0", "-1", "a", "1.5", "1e3", "0x10", "10a", "+5", "1 0", "null", "%D9%A3", "%00", "[]"]
)
def test_bad_limits(api: Client, value: str) -> None:  # row 23
    refused(api.get(f"{URL}?limit={value.replace('+', '%2B')}"), 400, naming="limit: ")


@pytest.mark.parametrize("value", ["-1", "a", "1.5", "1e3", "--0", "NaN", "%FF", "9" * 5000])
def test_bad_offsets(api: Client, value: str) -> None:  # row 23
    refused(api.get(f"{URL}?offset={value}"), 400, naming="offset: ")


@pytest.mark.parametrize("limit", ["1001", "99999999999999999999", "9" * 1000])
def test_a_limit_over_the_cap(api: Client, submit: Submit, limit: str) -> None:  # row 23
    Job.objects.bulk_create(_copies(submit(), 1001))
    totals.recount()
    page = api.get(f"{URL}?limit={limit}").json()
    assert len(page["results"]) == 1000
    assert page["next"] == "http://testserver/api/v1/jobs/?limit=1000&offset=1000"


def _copies(job: Job, count: int) -> list[Job]:
    import uuid

    return [
        Job(owner=job.owner, voice_id=1, language="az", character_count=1, folder=uuid.uuid4()) for _ in range(count)
    ]


@pytest.mark.parametrize("offset", ["1", "1000", "99999999999999999999", "9" * 1000])
def test_an_offset_past_the_end(api: Client, submit: Submit, offset: str) -> None:  # row 23
    submit()
    page = api.get(f"{URL}?offset={offset}").json()
    assert (page["count"], page["next"], page["results"]) == (1, None, [])
    assert page["previous"].startswith("http://testserver/api/v1/jobs/?limit=10")


def test_a_thousand_parameters(api: Client) -> None:
    refused(api.get(URL, {f"p{number}": "" for number in range(1100)}), 400)


def test_without_the_last_slash(api: Client, submit: Submit) -> None:  # row 27
    submit()
    assert api.get("/api/v1/jobs").json()["count"] == 1


def test_head(api: Client) -> None:
    response = api.head(URL)
    assert response.status_code == 200
    assert response.content == b""


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_other_methods(api: Client, method: str) -> None:  # row 20
    response = getattr(api, method)(URL)
    refused(response, 405)
    assert "GET" in response["Allow"]


@pytest.mark.parametrize("accept", ["audio/mpeg", "text/html", "nonsense"])
def test_accept_is_ignored(api: Client, accept: str) -> None:  # row 28
    assert api.get(URL, headers={"accept": accept}).json()["count"] == 0


def test_it_reads_no_text(api: Client, submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    submit()
    monkeypatch.setattr("synthesis.storage.speech_storage", lambda: pytest.fail("a list opens no file"))
    assert api.get(URL).json()["count"] == 1
