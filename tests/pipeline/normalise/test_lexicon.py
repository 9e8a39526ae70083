"""The pronunciation lexicon on a sentence."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.pronunciations import Entry, Level, fold
from synthesis.domain import lexicon as files
from workers.pipeline.normalise import lexicon as module
from workers.pipeline.normalise.case import lower, lowered
from workers.pipeline.normalise.clean import clean
from workers.pipeline.normalise.draft import Draft, Edit, substitution
from workers.pipeline.normalise.guard import guard
from workers.pipeline.normalise.inline import sparing
from workers.pipeline.normalise.letters import spell
from workers.pipeline.normalise.lexicon import Lexicon, over_shipped, shipped
from workers.pipeline.normalise.marks import tidy

LANGUAGES = ("az", "tr", "ru")
PHRASES = (Entry("New York", "nyu york"), Entry("New York Times", "tayms"), Entry("new", "yeni"))


def said(text: str, language: str, *entries: Entry) -> str:
    draft = Draft(text)
    draft.apply(Lexicon(entries, language))
    return draft.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Google", "qugl"),
        ("Bu Google, o Google.", "Bu qugl, o qugl."),
        ("(Google)", "(qugl)"),
        ("GOOGLE google", "qugl qugl"),
        ("Google/Google", "qugl/qugl"),
        ("Google-Google", "qugl-qugl"),
        ("Googlelamaq", "Googlelamaq"),
        ("aGoogle", "aGoogle"),
        ("Google2 2Google _Google", "Google2 2Google _Google"),
        ("Google'da", "qugl'da"),
        ("Google'dakılar", "qugl'dakılar"),
        ("GOOGLE'DA", "qugl'da"),
        ("Google-da, Google-un, Google-dan.", "qugl'da, qugl'un, qugl'dan."),
        ("Google-Pay", "qugl-Pay"),
        ("Google'Pay", "Google'Pay"),
        ("google.com www.google.az", "google.com www.google.az"),
        ("@google a@google.az google@mail.az", "@google a@google.az google@mail.az"),
        ("Bitdi.Google yeni.", "Bitdi.qugl yeni."),
        ("Bu Google.Sonra", "Bu qugl.Sonra"),
        ("#Google", "#qugl"),
    ],
)
def test_a_whole_word(text: str, expected: str) -> None:
    assert said(text, "az", Entry("Google", "qugl")) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("iPhone'ом", "ru", "айфон'ом"),
        ("iPhone-чехол", "ru", "айфон-чехол"),
        ("iPhone-da", "ru", "айфон-da"),
        ("iPhone'u", "tr", "айфон'u"),
    ],
)
def test_suffixes_of_each_language(text: str, language: str, expected: str) -> None:
    assert said(text, language, Entry("iPhone", "айфон")) == expected


@pytest.mark.parametrize("text", ["NATO-ya", "NATO'ya", "Bakı-da", "Bakı'da"])
def test_a_suffix_is_no_word(text: str) -> None:
    assert said(text, "az", Entry("ya", "YA"), Entry("da", "DA")) in (text, text.replace("-", "'"))


def test_a_compound_is_two_words() -> None:
    assert said("kim-Əli", "az", Entry("Əli", "vəli")) == "kim-vəli"
    assert said("кто-то", "ru", Entry("кто", "хто")) == "хто-то"


@pytest.mark.parametrize("text", ["за́мок", "ЗА́МОК"])
def test_a_stress_mark_belongs_to_its_letter(text: str) -> None:
    assert said(text, "ru", Entry("за", "ЗА"), Entry("мок", "МОК")) == text


@pytest.mark.parametrize(
    ("grapheme", "language", "found", "left"),
    [
        ("ılıq", "az", ["ılıq", "Ilıq", "ILIQ"], ["ilıq", "İLIQ", "iliq"]),
        ("iş", "tr", ["iş", "İş", "İŞ"], ["ış", "IŞ", "Iş"]),
        ("ISI", "az", ["ısı", "ISI"], ["isi", "İSİ"]),
        ("Instagram", "tr", ["Instagram", "instagram", "INSTAGRAM"], ["INSTAGRAMM"]),
        ("iPhone", "az", ["iPhone", "IPHONE", "İPHONE", "iphone", "Iphone"], []),
        ("İlqar", "az", ["İlqar", "İLQAR", "ilqar"], ["ılqar"]),
        ("Москва", "ru", ["МОСКВА", "москва"], ["москва́"]),
    ],
)
def test_turkic_case(grapheme: str, language: str, found: list[str], left: list[str]) -> None:
    rule = Lexicon([Entry(grapheme, "x")], language)
    for text in found:
        assert list(rule(text)) == [Edit(0, len(text), "x")], text
    for text in left:
        assert list(rule(text)) == [], text


def test_match_case() -> None:
    entries = (Entry("IT", "ay ti", match_case=True), Entry("it", "köpək"))
    assert said("IT it It", "az", *entries) == "ay ti köpək It"
    assert said("IT it", "ru", *entries) == "ay ti köpək"


def test_parts_of_words() -> None:
    assert said("kafedra KAFE", "az", Entry("kafe", "kofe", whole_word=False)) == "kofedra kofe"
    assert said("bir", "az", Entry("i", "ü", whole_word=False)) == "bür"
    assert said("kafe kafedra", "az", Entry("kafe", "x"), Entry("kafe", "y", whole_word=False)) == "x ydra"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("New York Times", "tayms"),
        ("new york", "nyu york"),
        ("New Yorkda", "yeni Yorkda"),
        ("New", "yeni"),
        ("York Times", "York Times"),
        ("New York-da", "nyu york'da"),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_the_longest_phrase_wins(text: str, expected: str, order: int) -> None:
    assert said(text, "az", *PHRASES[::order]) == expected


def test_the_leftmost_wins() -> None:
    assert said("bir iki üç", "az", Entry("bir iki", "A"), Entry("iki üç", "B")) == "A üç"


@pytest.mark.parametrize("order", [1, -1])
def test_levels(order: int) -> None:
    entries = [
        Entry("söz", "user", level=Level.USER),
        Entry("söz", "site", level=Level.SITE),
        Entry("söz", "shipped", level=Level.SHIPPED),
        Entry("kəlmə", "site", level=Level.SITE),
        Entry("KƏLMƏ", "shipped", match_case=True, level=Level.SHIPPED),
        Entry("uzun ifadə", "longer", level=Level.SHIPPED),
        Entry("uzun", "shorter", level=Level.USER),
    ][::order]
    assert said("söz kəlmə KƏLMƏ uzun ifadə uzun", "az", *entries) == "user site site longer shorter"


def test_a_name_in_the_other_case_gives_way_to_a_word_of_its_own() -> None:
    entries = (Entry("Isti", "ad"), Entry("isti", "qaynar"))
    assert said("isti", "az", *entries) == "qaynar"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bu Yahoo!", "Bu yahu!"),
        ("Yahoo! yeni.", "yahu yeni."),
        ("Bu dr.", "Bu doktor."),
        ("Dr. Əli", "doktor Əli"),
        ("C++ və C++'da .NET", "si plas və si plas'da dot net"),
        ("O'Reilly", "oreyli"),
        ("H&M-də", "eyç em'də"),
        ("№5 № 5", "nömrə5 nömrə 5"),
    ],
)
def test_signs_in_an_entry(text: str, expected: str) -> None:
    entries = (
        *(Entry("Yahoo!", "yahu"), Entry("Dr.", "doktor"), Entry("C++", "si plas"), Entry(".NET", "dot net")),
        *(Entry("O’Reilly", "oreyli"), Entry("H&M", "eyç em"), Entry("№", "nömrə"), Entry("O", "o hərfi")),
    )
    assert said(text, "az", *entries) == expected


def test_an_entry_is_cleaned_as_a_text_is() -> None:
    assert said("Caf\u00e9", "tr", Entry("Cafe\u0301", "kafe")) == "kafe"
    assert said("New York", "tr", Entry("New\u00a0 York", "x")) == "x"
    assert said("Azər", "az", Entry("Аzər", "x")) == "x"  # a Cyrillic А


@pytest.mark.parametrize("alias", ["з+амок", "за\u0301мок"])
def test_russian_stress(alias: str) -> None:
    assert said("В замок.", "ru", Entry("замок", alias)) == "В за\u0301мок."


def test_sounds_become_a_mark() -> None:
    entries = (Entry("Bakı", ipa="bɑˈkɯ"), Entry("New York", ipa="njuː jɔːk"), Entry("A|B", ipa="ab"))
    assert said("Bakı'da NEW YORK-da Bakı.", "az", *entries) == "{bakı|bɑˈkɯ}'da {new_york|njuː_jɔːk}'da {bakı|bɑˈkɯ}."
    assert said("A|B", "az", *entries) == "{a_b|ab}"


@pytest.mark.parametrize("entry", [Entry("", "a"), Entry(" ", "a"), Entry("a"), Entry("|", ipa="a"), Entry('"', "a")])
def test_an_entry_of_nothing_is_passed_over(entry: Entry) -> None:
    assert said('a | " b', "az", entry) == 'a | " b'


def test_nothing_is_dropped_and_spans_stay() -> None:
    draft = Draft("Bu Google'da var.", 100)
    draft.apply(Lexicon([Entry("Google", "qugl")], "az"))
    assert draft.dropped() == []
    assert [(span.start, span.end) for span in draft.spans()] == [(100, 102), (103, 112), (113, 116)]


words = st.text(st.sampled_from("aıiIİəbc'-. {}|@"), min_size=1, max_size=6)


@given(
    st.lists(st.builds(Entry, words, st.just("x"), whole_word=st.booleans(), match_case=st.booleans()), max_size=6),
    words,
)
def test_edits_never_overlap(entries: list[Entry], text: str) -> None:
    for language in LANGUAGES:
        Draft(text).apply(Lexicon(entries, language))


def test_the_small_letters_are_those_of_the_pipeline() -> None:
    every = "".join(map(chr, [*range(0x20, 0x2000), 0x1F600]))
    for language in LANGUAGES:
        assert fold(every, language) == lowered(every, language)


def test_it_does_not_slow_down_with_its_size() -> None:
    """Linear in the text, whatever the number of entries; the bound is a hundred times what it takes."""
    rule = Lexicon([Entry(f"söz{number} ifadə", "x") for number in range(20_000)], "az")
    started = time.perf_counter()
    for _ in range(100):
        assert len(list(rule("söz7 ifadə " * 100))) == 100
    assert time.perf_counter() - started < 10


# --- Marks ----------------------------------------------------------------------------------------------------------


def test_sparing_marks() -> None:
    rule = sparing(substitution(re.compile(r"[a-z0-9]+"), lambda found: found[0].upper()))
    draft = Draft("ab {b2|x3} cd {e|f}")
    draft.apply(rule)
    assert draft.text == "AB {b2|x3} CD {e|f}"


def test_sparing_marks_keeps_what_does_not_touch_them() -> None:
    def rule(text: str) -> list[Edit]:
        return [Edit(0, 1, "A"), Edit(1, 3, "B"), Edit(7, 8, "C")]

    assert list(sparing(rule)("x {a|b} y")) == [Edit(0, 1, "A"), Edit(7, 8, "C")]
    assert list(sparing(rule)("plain")) == rule("plain")


# --- Shipped --------------------------------------------------------------------------------------------------------

ALPHABETS = {
    "az": set("abcçdeəfgğhxıijkqlmnoöprsştuüvyz "),
    "tr": set("abcçdefgğhıijklmnoöprsştuüvyz "),
    "ru": set("абвгдеёжзийклмнопрстуфхцчшщъыьэюя+ "),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_shipped_files_follow_the_rules_of_an_entry(language: str) -> None:
    content = (module._DATA / f"lexicon_{language}.csv").read_bytes()
    collected = files.read(content, None)
    assert collected.errors == []
    assert {record.language for record in collected.records} == {language}
    kept = [(entry.grapheme, entry.alias, entry.ipa, entry.whole_word, entry.match_case) for entry in shipped(language)]
    read = [record.entry for record in collected.records]
    assert kept == [(entry.grapheme, entry.alias, entry.ipa, entry.whole_word, entry.match_case) for entry in read]
    assert {entry.level for entry in shipped(language)} == {Level.SHIPPED}


@pytest.mark.parametrize("language", LANGUAGES)
def test_shipped_aliases_need_no_further_reading(language: str) -> None:
    assert len(shipped(language)) >= 120
    for entry in shipped(language):
        assert set(entry.alias) <= ALPHABETS[language], entry


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Google-da axtar.", "az", "qugl'da axtar."),
        ("WhatsApp-dan yaz, USB-ni çıxar.", "az", "vatsap'dan yaz, yu es bi'ni çıxar."),
        ("McDonald's'da", "az", "makdonalds'da"),
        ("YouTube'a INSTAGRAM'dan", "tr", "yutub'a instagram'dan"),
        ("Wi-Fi şifresi, iPhone 15'i", "tr", "vay fay şifresi, ayfon 15'i"),
        ("Найди в Google: Wi-Fi-роутер.", "ru", "Найди в гугл: вай фай-роутер."),
        ("Outlook и Hyundai", "ru", "а\u0301утлук и хёндэ\u0301"),
    ],
)
def test_shipped(text: str, language: str, expected: str) -> None:
    draft = Draft(text)
    draft.apply(over_shipped(language))
    assert draft.text == expected


def test_own_entries_come_before_the_shipped_ones() -> None:
    assert over_shipped("az") is over_shipped("az")
    own = over_shipped("az", [Entry("Google", "bizim", level=Level.SITE)])
    assert [edit.text for edit in own("Google Zoom")] == ["bizim", "zum"]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("“Bakı” da, (New York) B12!", "az", "{bakı|bɑˈkɯ} da, {new_york|njuː_jɔːk}, {b12|bˈa}!"),
        ("BAKI'DA.", "tr", "{bakı|bɑˈkɯ}'da."),
        ("В Bakı-отеле.", "ru", "в {bakı|bɑˈkɯ}-отеле."),
        ("{Bakı|x} 😀.", "az", "{bakı|bɑˈkɯ} x."),
    ],
)
def test_a_mark_passes_the_last_stages(text: str, language: str, expected: str) -> None:
    entries = (Entry("Bakı", ipa="bɑˈkɯ"), Entry("New York", ipa="njuː jɔːk"), Entry("B12", ipa="bˈa"))
    draft = Draft(text)
    clean(draft, language)
    draft.apply(Lexicon(entries, language))
    guard(draft, language, lambda digits: "rəqəm")
    lower(draft, language)
    spell(draft, language)
    tidy(draft)
    assert draft.text == expected
