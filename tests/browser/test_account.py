import pytest
import requests
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor, until_true
from tests.live.service import Service

pytestmark = pytest.mark.live


def status(service: Service, key: str) -> int:
    headers = {"Authorization": f"Token {key}"}
    return requests.get(f"{service.url}/api/v1/jobs/", headers=headers, timeout=30).status_code


def copied_key(page: Page) -> str:
    page.locator(".fresh").get_by_role("button", name="Copy").click()
    expect(page.locator(".fresh").get_by_role("button")).to_have_text("Copied")
    key: str = page.evaluate("navigator.clipboard.readText()")
    assert page.get_by_role("textbox", name="New key").input_value() == key
    return key


def test_make_a_key_and_regenerate_it(visitor: Visitor, service: Service) -> None:
    visit = visitor()
    visit.sign_in()
    page = visit.open("en/user/api/")
    page.get_by_label("What will use it?").fill("Call centre")
    page.get_by_role("button", name="Make a key").click()
    first = copied_key(page)
    assert status(service, first) == 200
    page.reload()
    expect(page.locator(".fresh")).to_have_count(0)
    expect(page.get_by_role("row", name="Call centre")).to_have_count(1)  # a reload makes no second key
    page.get_by_role("link", name="Regenerate “Call centre”").click()
    expect(page.locator("main")).to_contain_text("is refused with 401")
    page.get_by_role("button", name="Regenerate the key").click()
    second = copied_key(page)
    assert (status(service, first), status(service, second)) == (401, 200)
    page.get_by_role("button", name="Disable “Call centre”").click()
    assert status(service, second) == 401


def test_the_language_is_chosen_and_kept(visitor: Visitor) -> None:
    visit = visitor()
    visit.sign_in()
    page = visit.open("account/")
    page.get_by_label("Language of these pages").select_option("ru")
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    visit.open("")
    expect(page.get_by_role("button", name="Озвучить")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "key", "run", "done"),
    [
        ("en", "Key", "Run", "Done"),
        ("az", "Açar", "İcra et", "Hazırdır"),
        ("tr", "Anahtar", "Çalıştır", "Tamam"),
        ("ru", "Ключ", "Выполнить", "Готово"),
    ],
)
def test_samples_of_the_api_can_be_tried(
    visitor: Visitor, service: Service, language: str, key: str, run: str, done: str
) -> None:
    page = visitor(language=language).open("docs/api-v1/")
    expect(page.locator("article")).to_have_attribute("lang", language)
    page.get_by_label(key, exact=True).fill(service.key)
    page.get_by_role("button", name=run, exact=True).click()
    expect(page.locator(".said")).to_contain_text(done)
    until_true(page, "document.querySelector('#try audio').duration > 0.3")
    expect(page.locator(".exchange li")).to_have_count(3)


def test_a_trial_without_a_connection_says_so(visitor: Visitor) -> None:
    visit = visitor()
    page = visit.open("docs/api-v1/")
    page.get_by_label("Key", exact=True).fill("vcn_any")
    page.context.set_offline(True)
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".said")).to_contain_text("cannot be reached")
    assert [event for event in visit.wrong if "DISCONNECTED" in event], "the browser notes the lost request"
    visit.wrong.clear()
