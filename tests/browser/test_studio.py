"""From an empty page to one's own sentence, heard."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, Visitor, until_true
from tests.live.service import Service, running

pytestmark = pytest.mark.live

TEXT = "Salam! Bu gün 15 nəfər gəldi. Hava yaxşıdır. Axşam hamı evə qayıtdı, küçələr sakitləşdi."


def generate(page: Page, text: str, title: str = "") -> None:
    page.get_by_role("textbox", name="Text", exact=True).fill(text)
    if title:
        page.get_by_text("Title and format").click()
        page.get_by_label("Title", exact=True).fill(title)
    page.get_by_role("button", name="Generate").click()


def wait_until_ready(page: Page) -> None:
    expect(page.locator("#state")).to_contain_text("Ready", timeout=120_000)


def audio(page: Page, what: str) -> float:
    value = page.evaluate(f"document.getElementById('audio').{what}")
    return float("nan") if value is None else float(value)


def until(page: Page, condition: str) -> None:
    until_true(page, f"(() => {{ const audio = document.getElementById('audio'); return {condition}; }})()")


@pytest.fixture
def fresh() -> Iterator[Service]:
    """A service that nobody has signed in to: the link that it prints is good until somebody does."""
    with running("tone") as service:
        yield service


def test_from_the_printed_link_to_ones_own_sentence(fresh: Service, visitor: Visitor) -> None:
    """What `make run` prints opens the studio; nothing but a text is needed then."""
    visit = visitor(at=fresh)
    link = re.findall(r"http\S+/login/once/\S+", fresh.log.read_text())[-1]
    visit.page.goto(link)
    page = visit.page
    expect(page.get_by_role("textbox", name="Text", exact=True)).to_be_focused()
    page.keyboard.type("Salam, dünya!")
    expect(page.locator("#count")).to_have_text("13 of 1,000,000 characters")
    page.keyboard.press("Control+Enter")
    wait_until_ready(page)
    until(page, "audio.currentTime > 0.2")


def test_it_plays_knows_its_length_and_seeks(visitor: Visitor) -> None:
    page = visitor().sign_in()
    generate(page, TEXT, "Hava və axşam")
    wait_until_ready(page)
    until(page, "audio.currentTime > 0.3 && !audio.paused")
    length = float(page.locator("#seek").get_attribute("max") or 0)
    assert length > 3
    page.locator("#seek").evaluate(
        f"slider => {{ slider.value = {length / 2}; slider.dispatchEvent(new Event('input')) }}"
    )
    until(page, f"audio.currentTime > {length / 2} && Number.isFinite(audio.duration)")
    assert abs(audio(page, "duration") - length) < 0.1
    expect(page.locator("#spoken-text .now")).to_have_count(1)
    page.get_by_role("button", name="Pause").click()
    until(page, "audio.paused")
    expect(page.locator("#play")).to_have_accessible_name("Play")
    page.locator("#spoken-text span").first.click()
    until(page, "audio.currentTime < 1")
    expect(page.locator("#spoken-text .now")).to_have_text("Salam!")
    with page.expect_download() as download:
        page.locator("#download").click()
    assert download.value.suggested_filename == "Aytac_Hava_və_axşam.mp3"
    assert Path(download.value.path()).stat().st_size > 1000


SENTENCE = "Küçələr sakitləşirdi, uzaqda musiqi səslənirdi."


def test_it_starts_while_the_rest_is_spoken_and_is_stopped_and_retried(visitor: Visitor) -> None:
    page = visitor().sign_in()
    generate(page, f"{SENTENCE} " * 400)
    # The source is the live stream as long as the job is not ready.
    until(page, "audio.src.includes('/stream/') && audio.currentTime > 0.1")
    expect(page.locator("#state")).to_contain_text("Parts spoken")
    expect(page.locator("#spoken-text .now")).to_have_text(SENTENCE)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#state")).to_have_text("Failed")
    expect(page.locator("#failure")).to_be_visible()
    page.locator(".job").first.get_by_role("button", name="Retry").click()
    expect(page.locator("#stop")).to_be_visible()
    expect(page.locator("#failure")).to_be_hidden()
    page.get_by_role("button", name="Delete").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator("#listen")).to_be_hidden()


def test_how_it_will_be_read(visitor: Visitor) -> None:
    page = visitor().sign_in()
    button = page.get_by_role("button", name="How it will be read")
    page.get_by_role("textbox", name="Text", exact=True).fill("Salam! 15 nəfər gəldi.")
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#pairs li")).to_have_count(2)
    expect(page.locator("#pairs mark")).to_have_text("on beş")
    expect(page.locator("#pairs li").first).to_contain_text("as written")
    page.get_by_role("textbox", name="Text", exact=True).fill("Saat 7.")
    expect(page.locator("#pairs")).to_contain_text("yeddi")


DOCUMENT = '<speak>Salam! <voice name="Zeynep">15 kişi &amp; Ay</voice> <break time="300ms"/> Sağ ol.</speak>'


def test_ssml(visitor: Visitor) -> None:
    page = visitor().sign_in()
    text = page.get_by_role("textbox", name="Text", exact=True)
    page.get_by_text("SSML", exact=True).click()
    expect(page.get_by_role("link", name="What SSML can do")).to_have_attribute("href", "/docs/ssml/")
    text.fill(DOCUMENT)
    page.get_by_role("button", name="How it will be read").click()
    expect(page.locator("#pairs li").nth(1)).to_contain_text("on beş kişi")
    expect(page.locator("#pairs")).not_to_contain_text("voice")
    page.get_by_role("button", name="Generate").click()
    wait_until_ready(page)
    until(page, "audio.currentTime > 0.1")
    expect(page.locator("#spoken-text")).to_have_text("Salam! 15 kişi & Ay  Sağ ol.")
    expect(page.locator(".job .name").first).to_have_text("Salam! 15 kişi & Ay Sağ ol.")
    expect(page.locator("#fault")).to_be_hidden()


def test_what_is_wrong_in_a_document_is_shown_at_its_place(visitor: Visitor) -> None:
    visit = visitor(language="az-AZ")
    page = visit.open("login/")
    page.locator("[name=username]").fill("admin")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{visit.service.url}/")
    page.get_by_text("SSML", exact=True).click()
    text = page.locator("#text")
    text.fill("<speak>🙂 ə\n<audio src='a'/></speak>")
    expect(page.locator("#fault")).to_contain_text("Sətir 2, sütun 1: <audio> dəstəklənmir.")
    expect(text).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Yerini göstər").click()
    assert page.evaluate("getSelection().toString()") == "<audio src='a'/>"
    page.keyboard.type("Salam")
    expect(page.locator("#fault")).to_be_hidden()
    expect(text).to_have_value("<speak>🙂 ə\nSalam</speak>")
    text.fill("<speak>Salam <b>!</b></speak>")
    page.locator("#generate").click()
    expect(page.locator("#fault")).to_contain_text("Sətir 1, sütun 14: <b> dəstəklənmir.")
    expect(page.locator("#refusal")).to_be_empty()
    expect(text).to_be_focused()
    assert [event for event in visit.wrong if "400" in event], "the browser notes the refused request"
    visit.wrong.clear()
    page.get_by_text("Adi mətn", exact=True).click()
    expect(page.locator("#fault")).to_be_hidden()


def test_an_ssml_file(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor().sign_in()
    (tmp_path / "a.ssml").write_text(DOCUMENT, encoding="utf-8")
    page.locator("#file").set_input_files(tmp_path / "a.ssml")
    expect(page.get_by_role("textbox", name="Text", exact=True)).to_have_value(DOCUMENT)
    expect(page.get_by_role("radio", name="SSML")).to_be_checked()


def test_the_history_is_searched_and_emptied(visitor: Visitor) -> None:
    page = visitor().sign_in()
    for title in ("Xəbərlər", "Nağıl"):
        page.reload()
        generate(page, f"{title} başlayır.", title)
        wait_until_ready(page)
    page.get_by_label("Search in the titles").fill("Nağ")
    expect(page.locator(".job")).to_have_count(1)
    page.locator(".job .open").click()
    expect(page.locator("#listen-title")).to_have_text("Nağıl")
    expect(page.locator("#spoken-text")).to_have_text("Nağıl başlayır.")
    page.get_by_role("button", name="Delete: Nağıl").click()
    expect(page.get_by_role("dialog")).to_contain_text("gone for good")
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.locator(".job")).to_have_count(1)
    page.get_by_role("button", name="Delete: Nağıl").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator("#no-jobs")).to_have_text("No title has these words.")
    expect(page.locator("#listen")).to_be_hidden()
    page.get_by_label("Search in the titles").fill("")
    expect(page.locator(".job", has_text="Xəbərlər")).to_have_count(1)


def test_a_file(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor().sign_in()
    (tmp_path / "məktub.txt").write_text("Hörmətli oxucu!", encoding="utf-8")
    (tmp_path / "kohne.txt").write_bytes("Sayın okuyucu, nasılsınız?".encode("cp1254"))
    page.locator("#file").set_input_files(tmp_path / "məktub.txt")
    expect(page.get_by_role("textbox", name="Text", exact=True)).to_have_value("Hörmətli oxucu!")
    page.get_by_role("radio", name="Zeynep").check()
    page.locator("#file").set_input_files(tmp_path / "kohne.txt")  # only the server can read it
    expect(page.locator("#file-chosen")).to_contain_text("kohne.txt")
    page.get_by_role("button", name="Generate").click()
    wait_until_ready(page)
    expect(page.locator("#spoken-text")).to_have_text("Sayın okuyucu, nasılsınız?")


def test_refusals_are_told(visitor: Visitor) -> None:
    visit = visitor()
    page = visit.sign_in()
    page.get_by_role("button", name="Generate").click()
    expect(page.locator("#refusal")).to_have_text("Write or paste a text first.")
    generate(page, "…")
    expect(page.locator("#refusal")).not_to_be_empty()
    assert [event for event in visit.wrong if "400" in event], "the browser notes the refused request"
    visit.wrong.clear()


def test_a_sample_of_a_voice(visitor: Visitor) -> None:
    page = visitor().sign_in()
    button = page.get_by_role("button", name="Play a sample of Sibel")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_have_attribute("aria-pressed", "false", timeout=60_000)  # it has played to its end
    expect(page.locator("#refusal")).to_be_empty()
