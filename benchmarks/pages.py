"""How long the server works on each page, and what the page weighs with all that it loads.

Run it from the project's environment: ``.venv/bin/python -m benchmarks.pages``. It starts a service of its own on a
free port of this machine. Pages and a question that touches no row (`/healthz`) take turns, so that a busy machine
shows in both.
"""

import re
import statistics
import time
from urllib.parse import urljoin

import requests

from tests.live.service import Service, running

PASSWORD = "a long pass phrase of pages"  # noqa: S105 - of a service that lives for this run
PAGES = ("login/", "docs/", "docs/api-v1/", "", "account/", "account/password/")
REPEATS = 31
_PARTS = re.compile(r'(?:src|href)="([^"]*/static/[^"]+)"')
_IMPORTS = re.compile(r'from "\./(\w+\.js)"')


def main() -> None:
    with running(VOICEN_ADMIN_PASSWORD=PASSWORD) as service:
        browser = signed_in(service)
        print(f"{'page':24}{'ms':>8}{'first ms':>10}{'times /healthz':>16}{'kB':>8}")
        for page in PAGES:
            visitor = requests.Session() if page == "login/" else browser
            first, usual, idle = times(service, visitor, page)
            print(f"/{page:23}{usual:8.1f}{first:10.1f}{usual / idle:16.1f}{weight(service, visitor, page):8.1f}")


def signed_in(service: Service) -> requests.Session:
    browser = requests.Session()
    form = browser.get(f"{service.url}/login/", timeout=30).text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    assert token
    data = {"username": "admin", "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    assert browser.post(f"{service.url}/login/", data, timeout=30).url == f"{service.url}/"
    return browser


def times(service: Service, browser: requests.Session, page: str) -> tuple[float, float, float]:
    """Milliseconds of the first view, the median of the later ones, and the median of /healthz between them."""
    views, idle = [], []
    for _ in range(REPEATS):
        views.append(milliseconds(browser, f"{service.url}/{page}"))
        idle.append(milliseconds(browser, f"{service.url}/healthz"))
    return views[0], statistics.median(views[1:]), statistics.median(idle)


def milliseconds(browser: requests.Session, url: str) -> float:
    start = time.perf_counter()
    response = browser.get(url, timeout=30, allow_redirects=False)
    assert response.status_code == 200, url
    return (time.perf_counter() - start) * 1000


def weight(service: Service, browser: requests.Session, page: str) -> float:
    """Kilobytes of the page, its sheet, its icon and its scripts with what they import, as they are sent."""
    waiting, seen, total = [f"{service.url}/{page}"], set(), 0
    while waiting:
        url = waiting.pop()
        if url in seen:
            continue
        seen.add(url)
        response = browser.get(url, timeout=30, headers={"Accept-Encoding": "identity"})
        total += len(response.content)
        found = _IMPORTS.findall(response.text) if url.endswith(".js") else _PARTS.findall(response.text)
        waiting += [urljoin(url, part) for part in found]
    return total / 1000


if __name__ == "__main__":
    main()
