"""The icon of the service: named by the admin's pages, and what a browser asks for beside other pages."""

import pytest
from django.test import Client


@pytest.mark.parametrize("url", ["/admin/login/", "/admin/", "/admin/system/"])
def test_pages_name_it(site: Client, url: str) -> None:
    client = Client() if url == "/admin/login/" else site
    page = client.get(url).content.decode()
    assert '<link rel="icon" href="/static/voicen/favicon.svg" type="image/svg+xml">' in page


def test_it_is_there(client: Client) -> None:
    response = client.get("/favicon.ico", follow=True)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/svg+xml"
    assert b"".join(response.streaming_content).startswith(b"<svg")  # type: ignore[attr-defined]
