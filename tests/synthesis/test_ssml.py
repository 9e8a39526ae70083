"""SSML: what each element means, where its text stands in the document, and every refusal by its name and place."""

import xml.etree.ElementTree as ElementTree
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalogue import Voice, catalogue
from synthesis.domain import ssml
from synthesis.domain.errors import InvalidInput
from synthesis.domain.ssml import NO_TEXT, Closes, Document, Run, Say
from synthesis.domain.ssml.parsing import DEEPEST, LONGEST_RESTS_MS, MOST_ELEMENTS

ANNA, RAMIN = 325645, 325642


def voice_of(name: str) -> Voice:
    for voice in catalogue():
        if name in (voice.name, str(voice.id)):
            return voice
    raise ssml.Refused("<voice>: there is no voice {name}", name=name)


def parse(body: str, speed: float = 1.0) -> Document:
    return ssml.parse(f"<speak>{body}</speak>", "az", voice_of, speed)


def runs(body: str) -> list[Run]:
    return list(parse(body).runs)


def texts(body: str) -> list[str]:
    return [run.text.strip() for run in runs(body)]


def refusal(document: str, speed: float = 1.0) -> str:
    with pytest.raises(InvalidInput) as refused:
        ssml.parse(document, "az", voice_of, speed)
    assert refused.value.message.startswith("text: SSML line ")
    return refused.value.message


# --- Elements -------------------------------------------------------------------------------------------------------


def test_text_without_elements() -> None:
    (run,) = runs("Salam, dünya!")
    assert (run.text, run.break_ms, run.edits) == ("Salam, dünya!", None, [])
    assert (run.delivery.voice_id, run.delivery.language, run.delivery.speed) == (None, "az", 1.0)
    assert run.delivery.gain_db == 0


def test_the_head_that_programs_write() -> None:
    head = (
        '<?xml version="1.0" encoding="iso-8859-9"?>\n<speak version="1.1" xmlns="http://www.w3.org/2001/10/synthesis"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b" xml:lang="tr-TR">'
    )
    (run,) = ssml.parse(f"{head}Ağaç<!-- nobody --></speak>", "az", voice_of).runs
    assert (run.text, run.delivery.language) == ("Ağaç", "tr"), "the text is text already, whatever its head says"


def test_paragraphs_and_sentences() -> None:
    found = runs("bir<p><s>iki</s><s>üç</s></p><p>dörd</p> beş")
    assert [(run.text, run.closes) for run in found] == [
        ("bir", Closes.PARAGRAPH),
        ("iki", Closes.SENTENCE),
        ("üç", Closes.PARAGRAPH),
        ("dörd", Closes.PARAGRAPH),
        (" beş", Closes.PARAGRAPH),
    ]


@pytest.mark.parametrize(
    ("attributes", "milliseconds"),
    [
        ('time="500ms"', 500),
        ('time="1.5s"', 1500),
        ('time="10s"', 10_000),
        ('time="0ms"', 0),
        ('time=".25s" strength="none"', 250),
        ("", 400),
        ('strength="x-weak"', 150),
        ('strength="weak"', 250),
        ('strength="medium"', 400),
        ('strength="strong"', 750),
        ('strength="x-strong"', 1200),
    ],
)
def test_breaks(attributes: str, milliseconds: int) -> None:
    first, second = runs(f"bir <break {attributes}/> iki")
    assert (first.text, first.break_ms, second.text, second.break_ms) == ("bir ", milliseconds, " iki", None)


def test_no_break() -> None:
    assert texts('bir <break strength="none"/> iki') == ["bir  iki"], "nothing to take away inside a sentence"
    first, _ = runs('Bir. <break strength="none"/> İki.')
    assert first.break_ms == 0


def test_breaks_in_one_place_add_up_also_around_ends_of_paragraphs() -> None:
    document = parse('<break time="1s"/><p><break time="2s"/>bir<break time="3s"/></p> <break time="4s"/><p>iki</p>')
    assert document.lead_ms == 3000
    assert [run.break_ms for run in document.runs] == [7000, None]


@pytest.mark.parametrize(
    ("rate", "speed"),
    [
        ("x-slow", 0.5),
        ("slow", 0.75),
        ("medium", 1),
        ("default", 1),
        ("fast", 1.25),
        ("x-fast", 1.75),
        ("150%", 1.5),
        ("+20%", 1.2),
        ("-20%", 0.8),
        ("1.1", 1.1),
        ("2", 2),
    ],
)
def test_rates(rate: str, speed: float) -> None:
    (run,) = runs(f'<prosody rate="{rate}">salam</prosody>')
    assert run.delivery.speed == pytest.approx(speed)


@pytest.mark.parametrize(
    ("volume", "decibels"),
    [
        ("x-soft", -12),
        ("soft", -6),
        ("medium", 0),
        ("default", 0),
        ("loud", 3),
        ("x-loud", 6),
        ("silent", -120),
        ("+3dB", 3),
        ("-4.5dB", -4.5),
        ("6db", 6),
    ],
)
def test_volumes(volume: str, decibels: float) -> None:
    (run,) = runs(f'<prosody volume="{volume}">salam</prosody>')
    assert run.delivery.gain_db == decibels


def test_prosody_in_prosody() -> None:
    outer, inner, rest = runs(
        '<prosody rate="2" volume="-6dB">a<prosody rate="75%" volume="soft">b</prosody>c</prosody>'
    )
    assert (outer.delivery.speed, outer.delivery.gain_db) == (2, -6) == (rest.delivery.speed, rest.delivery.gain_db)
    assert (inner.delivery.speed, inner.delivery.gain_db) == (1.5, -12)
    assert parse('<prosody rate="3">a</prosody>', speed=0.5).runs[0].delivery.speed == 1.5
    muted = runs('<prosody volume="silent">a<prosody volume="loud">b</prosody></prosody>')
    assert {run.delivery.gain_db for run in muted} == {-120}


def test_voices_and_languages() -> None:
    found = runs('bir <voice name="Anna">два <lang xml:lang="tr">üç</lang></voice><lang xml:lang="ru-RU">четыре</lang>')
    assert [(run.text.strip(), run.delivery.voice_id, run.delivery.language) for run in found] == [
        ("bir", None, "az"),
        ("два", ANNA, "ru"),
        ("üç", ANNA, "tr"),
        ("четыре", None, "ru"),
    ]
    (run,) = runs(f'<voice name="{RAMIN}"><prosody rate="fast"><p>bir</p></prosody></voice>')
    assert (run.delivery.voice_id, run.delivery.speed) == (RAMIN, 1.25)
    assert [run.delivery.language for run in runs('<p xml:lang="ru">да<s xml:lang="az">bəli</s></p>')] == ["ru", "az"]


@pytest.mark.parametrize(
    ("element", "written", "say", "value"),
    [
        ('sub alias=" manat "', "AZN", Say.WORDS, "manat"),
        ('phoneme alphabet="ipa" ph="bɑˈkɯ"', "Bakı", Say.IPA, "bɑˈkɯ"),
        ('phoneme ph="a"', "A b", Say.IPA, "a"),
        ('say-as interpret-as="characters"', "AB-12", Say.CHARACTERS, "AB-12"),
        ('say-as interpret-as="spell-out"', "ə@x.az", Say.CHARACTERS, "ə@x.az"),
        ('say-as interpret-as="digits"', "12 34", Say.DIGITS, "12 34"),
        ('say-as interpret-as="telephone"', "+994 (12) 493-00-91", Say.DIGITS, "+994 (12) 493-00-91"),
        ('say-as interpret-as="cardinal"', "1 234 567", Say.CARDINAL, "1234567"),
        ('say-as interpret-as="number"', "−7", Say.CARDINAL, "-7"),
        ('say-as interpret-as="ordinal"', "21.", Say.ORDINAL, "21"),
        ('say-as interpret-as="date" format="dmy"', "28.5.1918", Say.WORDS, "28.05.1918"),
        ('say-as interpret-as="date" format="mdy"', "5/28/1918", Say.WORDS, "28.05.1918"),
        ('say-as interpret-as="date" format="ymd"', "1918-05-28", Say.WORDS, "28.05.1918"),
        ('say-as interpret-as="date"', "1918-05-28", Say.WORDS, "28.05.1918"),
        ('say-as interpret-as="date"', "19180528", Say.WORDS, "28.05.1918"),
        ('say-as interpret-as="time"', "9:05", Say.WORDS, "09:05"),
        ('say-as interpret-as="time" format="hms24"', "14.30.15", Say.WORDS, "14:30:15"),
        ('say-as interpret-as="time" format="hms12"', "2:30 p.m.", Say.WORDS, "14:30"),
        ('say-as interpret-as="time"', "12:00 AM", Say.WORDS, "00:00"),
        ('say-as interpret-as="currency"', "$12.50", Say.WORDS, "12,50 USD"),
        ('say-as interpret-as="currency"', "1 250 azn", Say.WORDS, "1250 AZN"),
        ('say-as interpret-as="currency"', "EUR 3,00", Say.WORDS, "3 EUR"),
    ],
)
def test_what_is_said_otherwise(element: str, written: str, say: Say, value: str) -> None:
    name = element.split()[0]
    (run,) = runs(f"bu <{element}> {written} </{name}>!")
    (edit,) = run.edits
    assert (edit.say, edit.value) == (say, value)
    assert run.text[edit.start : edit.end] == written


def test_marks() -> None:
    document = (
        '<mark name="a"/>bir <mark name="b"/>iki<mark name="c"/><break/><mark name="d"/><s>üç<mark name="e"/></s>'
    )
    found = parse(f'{document}<voice name="Anna">да<mark name="f"/></voice> bir <mark name="g"/>')
    assert [(mark.name, mark.ends) for mark in found.marks] == [
        ("a", False),
        ("b", False),
        ("c", True),
        ("d", False),
        ("e", True),
        ("f", False),
        ("g", True),
    ]
    whole = f"<speak>{document}"
    assert [whole[mark.offset :][:12] for mark in found.marks[:5]] == ['<mark name="'] * 5


# --- Places ---------------------------------------------------------------------------------------------------------


def test_places_of_entities_cdata_and_comments() -> None:
    body = "ə &amp; <![CDATA[x < &lt;]]><!-- c -->&#x259;&#8381;\r\nson"
    (run,) = runs(body)
    document = f"<speak>{body}</speak>"
    stretches = [document[start:end] for start, end in zip(run.starts, run.ends, strict=True)]
    assert run.text == "ə & x < &lt;ə₽  son"
    assert stretches == [*"ə ", "&amp;", *" x < &lt;", "&#x259;", "&#8381;", "\r", "\n", *"son"]
    written = parse(body).written()
    assert len(written) == len(document)
    assert written.replace(NO_TEXT, "") == run.text


_LETTERS = st.text(st.sampled_from("aə Я\n\r\t1.&<>\"'😀\u0301"), max_size=12)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_TEXT = st.one_of(
    _LETTERS.map(_escaped),
    _LETTERS.map(lambda text: "".join(f"&#{ord(character)};" for character in text)),
    _LETTERS.map(lambda text: f"<![CDATA[{text.replace(']]>', '')}]]>"),
    st.sampled_from(["<!-- x -->", '<break time="1s"/>', '<mark name="m"/>', '<sub alias="b">a &lt; c</sub>']),
)
_INLINE = st.recursive(
    st.lists(_TEXT, max_size=4).map("".join),
    lambda inner: st.tuples(
        st.sampled_from(
            [
                ('<prosody rate="110%">', "</prosody>"),
                ('<prosody volume="-1dB">', "</prosody>"),
                ('<voice name="Anna">', "</voice>"),
                ('<lang xml:lang="tr">', "</lang>"),
            ]
        ),
        inner,
        inner,
    ).map(lambda made: f"{made[1]}{made[0][0]}{made[1]}{made[0][1]}{made[2]}"),
    max_leaves=4,
)


@given(st.lists(st.tuples(st.sampled_from(["p", "s", ""]), _INLINE), max_size=4))
def test_all_text_is_in_runs_at_its_place(parts: list[tuple[str, str]]) -> None:
    body = "".join(f"<{name}>{inner}</{name}>" if name else inner for name, inner in parts)
    document = f"<speak>{body}</speak>"
    found = parse(body)
    root = ElementTree.fromstring(document)  # noqa: S314 - our own text
    whole = "".join(root.itertext())
    # Another parser finds the same text; white space apart, which is spaces here, and left out where it is alone.
    assert "".join("".join(run.text for run in found.runs).split()) == "".join(whole.split())
    places = [place for run in found.runs for place in zip(run.starts, run.ends, strict=True)]
    assert all(start < end for start, end in places)
    assert all(before[1] <= after[0] for before, after in pairwise(places))
    for run in found.runs:
        for character, start, end in zip(run.text, run.starts, run.ends, strict=True):
            source = document[start:end]
            if len(source) > 1:
                assert source[0] == "&"
                assert source[-1] == ";"
            else:
                assert character == (" " if source in "\t\r\n" else source)
    assert len(found.written()) == len(document)


def test_a_million_characters() -> None:
    """Whatever they are made of; what needs longer than the rest of the tests would be quadratic."""
    for piece in ("\n", "&amp;", "ə", '<break strength="none"/>a', 'a <sub alias="b">c</sub> ', "<s>a &lt; b</s>"):
        count = min(1_000_000 // len(piece), MOST_ELEMENTS - 1)
        found = parse(piece * count)
        assert sum(len(run.text) for run in found.runs) in (0, count, 4 * count, 5 * count)


# --- Refusals -------------------------------------------------------------------------------------------------------


def test_a_refusal_names_line_column_and_element() -> None:
    assert refusal('<speak>\nə &amp;\n  <audio src="x"/></speak>') == (
        "text: SSML line 3, column 3: <audio> is not supported. Use: speak, p, s, break, prosody, sub, say-as, phoneme,"
        " lang, voice, mark."
    )


@pytest.mark.parametrize(
    ("body", "naming"),
    [
        ("<emphasis>a</emphasis>", "<emphasis> is not supported"),
        ('<break duration="1s"/>', "<break>: duration is not supported. Use: time, strength"),
        ('<prosody pitch="high">a</prosody>', "<prosody>: pitch is not supported. Use: rate, volume"),
        ('<s onclick="1">a</s>', "<s>: onclick"),
        ('<break time="11s"/>', "<break>: time is such as 500ms or 1.5s, up to 10s"),
        ('<break time="1"/>', "<break>: time"),
        ('<break time="-1s"/>', "<break>: time"),
        ('<break strength="huge"/>', "strength is one of none, x-weak"),
        ("<break>a</break>", ""),
        ("<break><break/></break>", "<break> is empty"),
        ("<prosody>a</prosody>", "rate or volume is required"),
        ('<prosody rate="quick">a</prosody>', "rate is one of x-slow"),
        ('<prosody rate="3">a</prosody>', "rate gives 3 times the usual speed; 0.5 to 2"),
        ('<prosody rate="0%">a</prosody>', "0.5 to 2"),
        ('<prosody rate="-90%">a</prosody>', "0.5 to 2"),
        ('<prosody volume="20">a</prosody>', "volume is one of silent"),
        ('<prosody volume="+9dB">a</prosody>', "volume gives +9dB; -40dB to +6dB"),
        ('<prosody volume="loud">a<prosody volume="x-loud">b</prosody></prosody>', "volume gives +9dB"),
        ("<sub>a</sub>", "an alias of at most 200 characters is required"),
        (f'<sub alias="{"a" * 201}">a</sub>', "at most 200"),
        ('<sub alias="a"> </sub>', "<sub>: the text that it is about is missing"),
        ('<sub alias="a"><break/></sub>', "<break>: <sub> holds a text only"),
        ('<phoneme ph="a" alphabet="x-sampa">a</phoneme>', "alphabet is ipa"),
        ("<phoneme>a</phoneme>", "ph of at most 100"),
        ('<phoneme ph="a漢b">a</phoneme>', "ph holds 漢, which no voice can say"),
        ('<phoneme ph="ˈ">a</phoneme>', "no sound"),
        ('<phoneme ph="a"/>', "the text that it is about is missing"),
        ('<phoneme ph="a">…</phoneme>', "a word of at most 100"),
        ("<say-as>a</say-as>", "interpret-as is one of characters, spell-out"),
        ('<say-as interpret-as="fraction">1/2</say-as>', "interpret-as is one of"),
        ('<say-as interpret-as="cardinal" format="x">1</say-as>', "cardinal has no format"),
        ('<say-as interpret-as="cardinal">1.5</say-as>', "a whole number of up to 15 digits"),
        ('<say-as interpret-as="cardinal">٣</say-as>', "a whole number"),
        ('<say-as interpret-as="ordinal">-1</say-as>', "an ordinal is"),
        ('<say-as interpret-as="digits">12a</say-as>', "digits are"),
        (f'<say-as interpret-as="digits">{"1" * 41}</say-as>', "up to 40"),
        ('<say-as interpret-as="characters">a😀</say-as>', "characters are"),
        ('<say-as interpret-as="characters">--</say-as>', "characters are"),
        ('<say-as interpret-as="date">28.05.1918</say-as>', "this date needs a format, one of dmy, mdy, ymd"),
        ('<say-as interpret-as="date" format="dm">28.05</say-as>', "the format of a date is one of dmy"),
        ('<say-as interpret-as="date" format="dmy">31.02.2026</say-as>', "the calendar has no such date"),
        ('<say-as interpret-as="date" format="dmy">28.05.18</say-as>', "the calendar"),
        ('<say-as interpret-as="date" format="dmy">yesterday</say-as>', "a date is"),
        ('<say-as interpret-as="date" format="dmy">20260101</say-as>', "written as ymd"),
        ('<say-as interpret-as="time">25:00</say-as>', "a time is"),
        ('<say-as interpret-as="time">13:00 pm</say-as>', "a time is"),
        ('<say-as interpret-as="time" format="hms12">2:30</say-as>', "a time is"),
        ('<say-as interpret-as="time" format="hms24">2:30 pm</say-as>', "a time is"),
        ('<say-as interpret-as="time" format="ms">2:30</say-as>', "hms12 or hms24"),
        ('<say-as interpret-as="currency">1,250 XYZ</say-as>', "a currency is"),
        ('<say-as interpret-as="currency">$1,250</say-as>', "a currency is"),
        ('<lang xml:lang="en">a</lang>', "xml:lang is one of az, tr, ru, not 'en'"),
        ("<lang>a</lang>", "<lang>: xml:lang is one of"),
        ('<voice name="Nobody">a</voice>', "<voice>: there is no voice Nobody"),
        ("<voice>a</voice>", "<voice>: a name of one line is required"),
        ('<voice name="a&#10;b">a</voice>', "a name of one line"),
        ('<voice gender="male">a</voice>', "<voice>: gender is not supported. Use: name"),
        ("<mark/>", "<mark>: a name"),
        ("<p><p>a</p></p>", "<p> is not allowed in <p>"),
        ("<s><p>a</p></s>", "<p> is not allowed in <s>"),
        ('<s><prosody rate="fast"><s>a</s></prosody></s>', "<s> is not allowed in <s>"),
        ("<speak>a</speak>", "<speak> is around all others"),
        ("<ssml:p>a</ssml:p>", "<ssml:p> is not supported"),
        ("a & b", "not well-formed"),
        ("<p>a</s>", "mismatched tag"),
        ("a &nbsp; b", "undefined entity"),
        ("a &#0; b", "invalid character number"),
        ("a \x01 b", "not well-formed"),
        ('<break time="1s" time="2s"/>', "duplicate attribute"),
        ("<?php a ?>", "the processing instruction php is not allowed"),
    ],
)
def test_refusals(body: str, naming: str) -> None:
    assert naming in refusal(f"<speak>{body}</speak>")


@pytest.mark.parametrize(
    ("document", "naming"),
    [
        ("salam", "syntax error"),
        ("", "no element found"),
        ("<p>a</p>", "<speak> is around all others"),
        ("<speak>a", "no element found"),
        ("<speak>a</speak>b", "junk after document element"),
        ('<speak version="2.0">a</speak>', "version is 1.0 or 1.1"),
        ('<speak xmlns="urn:x">a</speak>', "xmlns is http://www.w3.org/2001/10/synthesis"),
        ('<speak xml:lang="en-US">a</speak>', "<speak>: xml:lang is one of az, tr, ru, not 'en-US'"),
        ('<!DOCTYPE speak SYSTEM "http://127.0.0.1/speak.dtd"><speak>a</speak>', "a document type is not allowed"),
        ('<!DOCTYPE speak [<!ENTITY a "b">]><speak>&a;</speak>', "a document type is not allowed"),
        ('<!DOCTYPE speak [<!ENTITY a SYSTEM "file:///etc/passwd">]><speak>&a;</speak>', "a document type"),
        ('<!DOCTYPE speak [<!ENTITY % p SYSTEM "file:///x"> %p;]><speak>a</speak>', "a document type is not allowed"),
    ],
)
def test_refused_documents(document: str, naming: str) -> None:
    assert naming in refusal(document)


def test_a_billion_laughs() -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    assert "document type" in refusal(f'<!DOCTYPE s [<!ENTITY l0 "ha">{entities}]><speak>&l9;</speak>')


def test_bounds() -> None:
    deep = '<prosody rate="medium">' * DEEPEST
    assert f"nested more than {DEEPEST} deep" in refusal(f"<speak>{deep}")
    assert f"more than {MOST_ELEMENTS} elements" in refusal(f"<speak>{'<s/>' * MOST_ELEMENTS}</speak>")
    assert "alias of at most" in refusal(f'<speak><sub alias="{"a" * 1_000_000}">a</sub></speak>')
    assert "is not supported" in refusal(f"<speak><{'a' * 100_000}/></speak>")
    assert len(refusal(f'<speak><p {"a" * 100_000}="b"/></speak>')) < 300
    assert "at most 60s in one place" in refusal("<speak>a" + '<break time="10s"/>.' * 7 + "</speak>")
    many = 'a<break time="10s"/>' * (LONGEST_RESTS_MS // 10_000)
    assert len(runs(many)) == 360
    assert "60 minutes in all" in refusal(f"<speak>{many}a<break/></speak>")


def test_a_document_is_read_again_when_its_voices_are_gone() -> None:
    document = '<speak><voice name="Gone">bir</voice> iki</speak>'
    assert ssml.reread(document, 1.0).written().replace(NO_TEXT, "") == "bir iki"
