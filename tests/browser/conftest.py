"""A real Chromium and a real service. Every visit ends with: no error in the console, and no request elsewhere."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.live.service import Service, running

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_WEIGHT = """[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .filter(entry => !entry.name.includes("/api/v"))
    .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""
_PATIENCE = 30_000  # ms; the hosts of a test run are shared
PASSWORD = "a long pass phrase of pages"


@pytest.fixture(scope="package")
def service() -> Iterator[Service]:
    with running(VOICEN_ADMIN_PASSWORD=PASSWORD) as shared:
        yield shared


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Ended with this folder's tests: while it runs, Django takes the thread for one of asyncio's."""
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page in a browser of its own, and what happened there that should not."""

    page: Page
    service: Service
    wrong: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.service.url}/{path}")
        return self.page

    def sign_in(self) -> Page:
        page = self.open("login/")
        page.get_by_label("User name").fill("admin")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{self.service.url}/")
        return page

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.wrong.append(f"console: {message.text}")

    def on_request(self, request: Request) -> None:
        if not request.url.startswith((self.service.url, f"blob:{self.service.url}")):
            self.wrong.append(f"leaves the host: {request.url}")

    def weight(self) -> int:
        """Bytes of the page with all that it loads, as they were sent; what the API answers is not the page's."""
        return int(self.page.evaluate(_WEIGHT))


def until_true(page: Page, expression: str) -> None:
    """Wait for it. Playwright's own way needs `unsafe-eval`, which the pages do not allow."""
    end = time.monotonic() + _PATIENCE / 1000
    while not page.evaluate(f"Boolean({expression})"):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(50)


Visitor = Callable[..., Visit]


@pytest.fixture
def visitor(chromium: Browser, service: Service) -> Iterator[Visitor]:
    visits: list[Visit] = []

    def visit(width: int = 1280, dark: bool = False, language: str = "en-GB", at: Service | None = None) -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": 844},
            color_scheme="dark" if dark else "light",
            locale=language,
            permissions=["clipboard-read", "clipboard-write"],
        )
        visit = Visit(context.new_page(), at or service)
        visit.page.set_default_timeout(_PATIENCE)
        visit.page.on("console", visit.on_console)
        visit.page.on("pageerror", lambda error: visit.wrong.append(f"script: {error}"))
        visit.page.on("request", visit.on_request)
        visits.append(visit)
        return visit

    yield visit
    wrong = [event for visit in visits for event in visit.wrong]
    for opened in visits:
        opened.page.context.close()
    assert wrong == []
