"""What holds for all pages: they fit a phone, weigh little, and axe finds nothing serious."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Visit, Visitor

pytestmark = pytest.mark.live

# Of the documentation a page that is translated, and one that is not.
BEFORE = ["login/", "docs/", "docs/api-v1/", "docs/voices/"]
AFTER = ["", "account/", "account/password/"]
HEAVIEST = 200_000


def violations(visit: Visit) -> list[str]:
    found = Axe().run(visit.page).response["violations"]
    return [
        f"{rule['id']}: {node['html']}"
        for rule in found
        if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"]
    ]


def overflow(visit: Visit) -> int:
    return int(visit.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.mark.parametrize(
    ("width", "dark", "language"), [(390, False, "az"), (390, True, "ru"), (1280, False, "tr"), (1280, True, "en")]
)
def test_every_page(visitor: Visitor, width: int, dark: bool, language: str) -> None:
    visit = visitor(width, dark)
    visit.open("login/").get_by_role(
        "button", name={"az": "Azərbaycanca", "tr": "Türkçe", "ru": "Русский"}.get(language, "English")
    ).click()
    for path in BEFORE:
        check(visit, path, language)
    visit.open("login/")
    visit.page.locator("[name=username]").fill("admin")
    visit.page.locator("[name=password]").fill("a long pass phrase of pages")
    visit.page.locator("main button").click()
    expect(visit.page.locator("#composer")).to_be_visible()
    for path in AFTER:
        check(visit, path, language)


def check(visit: Visit, path: str, language: str) -> None:
    page = visit.open(path)
    page.wait_for_load_state("networkidle")
    assert page.locator("html").get_attribute("lang") == language
    assert overflow(visit) <= 0, path
    assert violations(visit) == [], path
    assert 10_000 < visit.weight() < HEAVIEST, path


def test_the_player_at_phone_width(visitor: Visitor) -> None:
    visit = visitor(390, dark=True)
    page = visit.sign_in()
    page.locator("#text").fill("Salam, dünya! Bu telefonda da rahatdır.")
    page.locator("#show-reading").click()
    expect(page.locator("#pairs li")).not_to_have_count(0)
    page.get_by_role("button", name="Generate").click()
    expect(page.locator("#downloads")).to_be_visible(timeout=120_000)
    expect(page.locator("#spoken-text span")).not_to_have_count(0)
    assert overflow(visit) <= 0
    assert violations(visit) == []


def test_with_the_keyboard_alone(visitor: Visitor) -> None:
    """From the text onwards, Tab reaches all that is needed, in the order of the page."""
    page = visitor().sign_in()
    page.locator("#text").focus()
    reached = []
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "document.activeElement.id || document.activeElement.name || document.activeElement.className"
            )
        )
    order = ["file", "show-reading", "voice_id", "sample", "speed", "generate", "query"]
    assert [name for name in dict.fromkeys(reached) if name in order] == order
