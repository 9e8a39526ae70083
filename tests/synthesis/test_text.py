"""How bytes become a text, and what a text may hold (row 12)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthesis.domain import text
from synthesis.domain.errors import InvalidInput

AZ = ["Azərbaycanın paytaxtı Bakı şəhəridir.", "Ömür gedir, söz qalır; ağıl üçün çətin yoxdur."]
TR = [
    "Türkiye'nin başkenti Ankara'dır.",
    "Işık hızı saniyede üç yüz bin kilometredir; ağaç yeşil, gökyüzü mavidir.",
    "Çocuklar öğleden sonra bahçede oynuyor.",
    "Şişli",
]
RU = [
    "Привет",
    "Привет, мир!",
    "ВНИМАНИЕ! ПОЕЗД ПРИБЫВАЕТ НА ВТОРОЙ ПУТЬ.",
    "Заказ № 17 на сумму 1500 руб. готов, спасибо за покупку!",
    "Ёлка стоит в углу; её нарядили дети.",
    "Съешь же ещё этих мягких французских булок, да выпей чаю.",
    "— Куда вы едете? — спросил он.\r\n— В Москву, — ответила Анна.\r\n",
    "Сегодня на улице хорошая погода, и мы пойдём гулять в парк. " * 50,
    "Версия 2.0 программы Windows вышла в 2020 году.",
    "Хорошо",
    "Объявление",
    "Москва",
]
UNICODE = ["utf-8", "utf-8-sig", "utf-16", "utf-32"]


@pytest.mark.parametrize("encoding", UNICODE)
@pytest.mark.parametrize("sentence", AZ + TR + RU)
def test_unicode(sentence: str, encoding: str) -> None:
    assert text.decode(sentence.encode(encoding), "az") == sentence


@pytest.mark.parametrize("sentence", TR)
def test_turkish_code_page(sentence: str) -> None:
    assert text.decode(sentence.encode("cp1254"), "tr") == sentence


@pytest.mark.parametrize("encoding", ["cp1251", "koi8_r", "cp866"])
@pytest.mark.parametrize("sentence", RU)
def test_russian_code_pages(sentence: str, encoding: str) -> None:
    try:
        content = sentence.encode(encoding)
    except UnicodeEncodeError:
        content = sentence.replace("—", "-").replace("№", "N").encode(encoding)
        sentence = content.decode(encoding)
    assert text.decode(content, "ru") == sentence


@pytest.mark.parametrize("encoding", ["cp1251", "koi8_r", "cp866"])
@pytest.mark.parametrize("word", ["Да."])
def test_too_short_to_tell(word: str, encoding: str) -> None:
    """Right or refused, never another word."""
    try:
        assert text.decode(word.encode(encoding), "ru") == word
    except InvalidInput:
        return


@pytest.mark.parametrize("encoding", ["cp1254", "cp1251", "iso8859_9"])
def test_azerbaijani_is_never_guessed(encoding: str) -> None:
    content = "Çox gözəl şəhər".replace("ə", "e").encode(encoding, "replace") + b"\xfc"
    with pytest.raises(InvalidInput, match="UTF-8"):
        text.decode(content, "az")


@pytest.mark.parametrize("language", ["az", "tr", "ru"])
@pytest.mark.parametrize(
    "content", [b"\x80\x00\x01", b"\xff\xfb\x90\x64\0\0", bytes(range(256)), b"\xe4\x01abc", b"\x7fELF\x80"]
)
def test_binary_files(content: bytes, language: str) -> None:
    with pytest.raises(InvalidInput):
        text.decode(content, language)


@pytest.mark.parametrize(
    "content", [b"\xff\xfes", b"\xff\xfe\x00\xd8", b"\xef\xbb\xbf\xed\xa0\x80", b"\xff\xfe\x00\x00a\0\0"]
)
def test_a_mark_that_does_not_keep_its_word(content: bytes) -> None:
    for language in ("az", "tr", "ru"):
        with pytest.raises(InvalidInput, match="Not valid UTF"):
            text.decode(content, language)


def test_an_empty_file() -> None:
    with pytest.raises(InvalidInput, match="empty"):
        text.decode(b"", "az")


def test_no_message_quotes_the_file() -> None:
    for language in ("az", "tr", "ru"):
        with pytest.raises(InvalidInput) as caught:
            text.decode(b"marker \x01 \xe4", language)
        assert "marker" not in caught.value.message


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["az", "tr", "ru"]))
def test_any_bytes_are_a_text_or_refused(content: bytes, language: str) -> None:
    try:
        decoded = text.decode(content, language)
    except InvalidInput:
        return
    decoded.encode("utf-8")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=50))
def test_a_checked_text_can_be_stored(sent: str) -> None:
    try:
        checked = text.check(sent, 40)
    except InvalidInput:
        return
    assert checked == sent.removeprefix("\ufeff")
    assert "\0" not in checked
    assert len(checked) <= 40
    checked.encode("utf-8")


@pytest.mark.parametrize("sent", ["\ud800a", "a\udfff", "a\0", "", " ", "…", "\ufeff"])
def test_refused(sent: str) -> None:
    with pytest.raises(InvalidInput):
        text.check(sent, 100)


@pytest.mark.parametrize("sent", ["a", "5", "٣", "½", "Ⅷ", "中", "№", "%", "₼", "ª"])
def test_something_to_say(sent: str) -> None:
    assert text.speakable(sent)


@pytest.mark.parametrize("sent", ["", "?!", "—", "«»", "\u0301", "\u200d", "_", "🙂", "*", "^", "|"])
def test_nothing_to_say(sent: str) -> None:
    assert not text.speakable(sent)
