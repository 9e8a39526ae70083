"""The rules of a lexicon entry, and the files that entries come in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.pronunciations import Entry
from synthesis.domain import lexicon as files
from synthesis.domain.errors import InvalidInput
from synthesis.domain.lexicon import records
from synthesis.domain.lexicon.records import Record, identity, problems

GOOGLE = Record("az", Entry("Google", "qugl"))
BAKU = Record("az", Entry("Bakı", ipa="bɑˈkɯ"), "paytaxt")
HEADER = "grapheme,language,alias,ipa,whole_word,match_case,note\n"


def read(text: str, language: str | None = None) -> files.Collected:
    return files.read(text.encode(), language)


# --- Entries --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "record",
    [
        GOOGLE,
        BAKU,
        Record("ru", Entry("замок", "з+амок")),
        Record("ru", Entry("замок", "за\u0301мок")),
        Record("tr", Entry("№", "numara")),
        Record("tr", Entry("&", "ve")),
        Record("tr", Entry("C++", "si artı artı", whole_word=False, match_case=True)),
        Record("az", Entry("x" * 100, "y" * 200), "z" * 200),
    ],
)
def test_a_right_entry(record: Record) -> None:
    assert list(problems(record)) == []


@pytest.mark.parametrize(
    ("record", "field", "message"),
    [
        (Record("en", Entry("a", "b")), "language", "az, tr, ru"),
        (Record("az", Entry("", "b")), "grapheme", "missing"),
        (Record("az", Entry(" ", "b")), "grapheme", "missing"),
        (Record("az", Entry("…", "b")), "grapheme", "neither"),
        (Record("az", Entry("№", ipa="b")), "grapheme", "neither"),
        (Record("az", Entry("x" * 101, "b")), "grapheme", "100"),
        (Record("az", Entry("a\nb", "b")), "grapheme", "Line breaks"),
        (Record("az", Entry("a\0", "b")), "grapheme", "control"),
        (Record("az", Entry("a", "b\ud800")), "alias", "control"),
        (Record("az", Entry("a")), "alias", "either"),
        (Record("az", Entry("a", "b", "c")), "alias", "not both"),
        (Record("az", Entry("a", "…")), "alias", "Nothing"),
        (Record("az", Entry("a", "b" * 201)), "alias", "200"),
        (Record("az", Entry("a", ipa="a" * 101)), "ipa", "100"),
        (Record("az", Entry("a", ipa="aʘ\u0483")), "ipa", "“ʘ” U+0483"),
        (Record("az", Entry("a", ipa="ˈ")), "ipa", "Nothing"),
        (Record("az", Entry("a", "b"), "x" * 201), "note", "200"),
    ],
)
def test_a_wrong_entry(record: Record, field: str, message: str) -> None:
    found = list(problems(record))
    assert [name for name, _ in found] == [field]
    assert message in found[0][1]


def test_which_entries_are_for_the_same_words() -> None:
    def entry(grapheme: str, language: str = "az", *, match_case: bool = False) -> records.Identity:
        return identity(Record(language, Entry(grapheme, "x", match_case=match_case)))

    assert entry("GOOGLE") == entry("google") == entry(" Google ")
    assert entry("New  York") == entry("new york")
    assert entry("Cafe\u0301") == entry("Caf\u00e9")
    assert entry("ISI") != entry("isi")
    assert entry("ISI", "ru") == entry("isi", "ru")
    assert entry("a") != entry("a", "tr")
    assert entry("IT", match_case=True) != entry("it", match_case=True)
    assert entry("it", match_case=True) != entry("it")


# --- CSV ------------------------------------------------------------------------------------------------------------


def test_csv() -> None:
    found = read(HEADER + "Google,az,qugl,,,,\nBakı,AZ,,bɑˈkɯ,yes,no,paytaxt\n")
    assert found.errors == []
    assert found.records == [GOOGLE, BAKU]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffgrapheme,language,alias\nGoogle,az,qugl\n",
        "grapheme;language;alias;;\r\nGoogle;az;qugl;;\r\n;;;;\r\n",
        "grapheme\tlanguage\talias\rGoogle\taz\tqugl",
        "\n\nalias,grapheme,LANGUAGE\n qugl , Google ,az-AZ\n\n",
        'grapheme,language,alias\n"Google","az","qugl"\n',
        "grapheme,language,alias,whole_word,match_case\nGoogle,az,qugl,DOĞRU,YANLIŞ\n",
        "grapheme,language,alias,whole_word,match_case\nGoogle,az,qugl,ИСТИНА,ЛОЖЬ\n",
        "grapheme,language,alias,whole_word,match_case\nGoogle,az,qugl,1,0\n",
    ],
)
def test_csv_as_spreadsheets_write_it(text: str) -> None:
    found = read(text)
    assert found.errors == []
    assert found.records == [GOOGLE]


def test_the_language_of_entries_that_name_none() -> None:
    assert read("grapheme,alias\nGoogle,qugl\n", "az").records == [GOOGLE]
    assert read("grapheme,alias,language\nGoogle,qugl,\n", "az").records == [GOOGLE]
    assert read("grapheme,alias,language\nGoogle,qugl,tr\n", "az").records[0].language == "tr"
    assert "language" in read("grapheme,alias\nGoogle,qugl\n").errors[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Google,az,qugl,,maybe,,\n", "Line 2: whole_word: Must be yes or no"),
        ("Google,az,qugl,,,2,\n", "Line 2: match_case: Must be yes or no"),
        ("Google,az,qugl,,,,,more\n", "Line 2: Has more values"),
        ("Google,az,qugl,x,,,\n", "Line 2: alias: "),
        ("Google,en,qugl,,,,\n", "Line 2: language: "),
        ('"Goo\ngle",az,qugl,,,,\n', "Line 3: grapheme: "),
        ("Google,az,qugl,,,,\nGOOGLE,az,x,,,,\n", "Line 3: grapheme: The same word stands in line 2."),
        (",az,qugl\n", "Line 2: grapheme: "),
        ("Google\n", "Line 2: language: "),
    ],
)
def test_csv_mistakes_have_their_line(text: str, message: str) -> None:
    assert read(HEADER + text).errors[0].startswith(message)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\n\n", "empty"),
        (b"Google,qugl\n", "Unknown: google, qugl"),
        (b"grapheme,language\n", "alias or ipa"),
        (b"alias,ipa\n", "grapheme"),
        (b"grapheme,alias,alias\n", "twice"),
        ("grapheme,alias\nşık,x\n".encode("cp1254"), "Line 2 is not UTF-8"),
        ("grapheme,alias".encode("utf-16"), "not UTF-8"),
        (b'grapheme,alias\n"a', "Line 2 is not CSV"),
        (b"grapheme,alias\n" + b"a" * 200_000, "Line 2 is not CSV"),
        (b"x" * (files.MAX_BYTES + 1), "5 MB"),
        (b"grapheme,language,alias\n" + b"".join(b"a%d,az,b\n" % n for n in range(50_001)), "50000 entries"),
    ],
)
def test_csv_that_cannot_be_read(content: bytes, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        files.read(content, "az")


def test_not_too_many_mistakes() -> None:
    errors = read(HEADER + "x\n" * 1000).errors
    assert len(errors) == 51
    assert "more" in errors[-1]


plain = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs")), min_size=1, max_size=20)
entries = st.builds(Entry, plain.map("a{}".format), plain.map("b{}".format), st.just(""), st.booleans(), st.booleans())


@given(st.lists(st.builds(Record, st.sampled_from(files.LANGUAGES), entries, plain), max_size=5, unique_by=identity))
def test_csv_there_and_back(written: list[Record]) -> None:
    for mark in ("", "\ufeff"):
        found = read(mark + files.table.write(written))
        assert (found.records, found.errors) == (written, [])


# --- PLS ------------------------------------------------------------------------------------------------------------

PLS = """<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="{alphabet}" xml:lang="{lang}">
  <meta name="x" content="y"/>
  {lexemes}
</lexicon>"""


def pls(lexemes: str, alphabet: str = "ipa", lang: str = "az-AZ") -> files.Collected:
    return read(PLS.format(alphabet=alphabet, lang=lang, lexemes=lexemes))


def test_pls() -> None:
    found = pls(
        """
        <lexeme><grapheme>Google</grapheme><alias>qugl</alias><example>Google-da</example></lexeme>
        <lexeme role="x"><grapheme>Bakı</grapheme><grapheme> Baku </grapheme><phoneme>bɑˈkɯ</phoneme></lexeme>
        <lexeme><grapheme>a</grapheme><alias>b</alias><phoneme prefer="true">c</phoneme></lexeme>
        <lexeme><grapheme>d</grapheme><phoneme>e</phoneme><phoneme>f</phoneme><alias>g</alias></lexeme>
        """
    )
    assert found.errors == []
    assert found.records == [
        GOOGLE,
        Record("az", Entry("Bakı", ipa="bɑˈkɯ")),
        Record("az", Entry("Baku", ipa="bɑˈkɯ")),
        Record("az", Entry("a", ipa="c")),
        Record("az", Entry("d", ipa="e")),
    ]


def test_the_language_of_pls() -> None:
    lexeme = "<lexeme><grapheme>Google</grapheme><alias>qugl</alias></lexeme>"
    assert pls(lexeme, lang="TR").records[0].language == "tr"
    assert "language" in pls(lexeme, lang="en-US").errors[0]
    without = PLS.replace(' xml:lang="{lang}"', "").format(alphabet="ipa", lexemes=lexeme)
    assert read(without, "ru").records[0].language == "ru"


@pytest.mark.parametrize(
    ("lexeme", "message"),
    [
        (
            "<grapheme>a</grapheme><phoneme alphabet='x-sampa'>a</phoneme>",
            "Lexeme 1 (a): phoneme: The alphabet 'x-sampa'",
        ),
        ("<grapheme>a</grapheme>", "Lexeme 1 (a): Needs"),
        ("<alias>a</alias>", "Lexeme 1: Needs"),
        ("<grapheme> </grapheme><alias>a</alias>", "Lexeme 1: Needs"),
        ("<grapheme>a</grapheme><phoneme>ʘ</phoneme>", "Lexeme 1 (a): ipa: Cannot be spoken: “ʘ”"),
    ],
)
def test_pls_mistakes_name_their_lexeme(lexeme: str, message: str) -> None:
    assert pls(f"<lexeme>{lexeme}</lexeme>").errors[0].startswith(message)


def test_another_alphabet() -> None:
    phoneme = "<lexeme><grapheme>a</grapheme><phoneme>a</phoneme></lexeme>"
    alias = "<lexeme><grapheme>a</grapheme><alias>b</alias></lexeme>"
    assert "only IPA" in pls(phoneme, alphabet="x-sampa").errors[0]
    assert pls(alias, alphabet="x-sampa").errors == []
    assert pls(phoneme.replace("<phoneme>", "<phoneme alphabet='ipa'>"), alphabet="x-sampa").errors == []


BOMB = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<lexicon/>", "Not a PLS"),
        ("<a xmlns='http://www.w3.org/2005/01/pronunciation-lexicon'/>", "Not a PLS"),
        ("<lexicon", "Line 1 is not well-formed"),
        ("<a>\n<b></a>", "Line 2 is not well-formed"),
        ("<?xml version='1.0' encoding='klingon'?><a/>", "well-formed|encoding"),
        (f'<!DOCTYPE a [<!ENTITY e0 "x">{BOMB}]><a>&e9;</a>', "not allowed"),
        ("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "not allowed"),
        ("<!DOCTYPE a SYSTEM 'http://example.com/a.dtd'><a/>", "not allowed"),
    ],
)
def test_pls_that_cannot_be_read(text: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        read(text, "az")


def test_nested_elements_take_no_time() -> None:
    """No assertion on the time: with work for each level of a nest it would not come to an end."""
    with pytest.raises(InvalidInput):
        read("<a>" * 300_000 + "</a>" * 300_000)
    pls("<lexeme>" * 50_000 + "</lexeme>" * 50_000)


def test_pls_there_and_back() -> None:
    written = [GOOGLE, Record("az", Entry("Bakı & <o>", ipa="bɑˈkɯ")), Record("az", Entry("]]>", "a"))]
    text = files.pls.write(written, "az")
    assert text.startswith("<?xml")
    assert 'xml:lang="az"' in text
    found = read(text)
    assert (found.records, found.errors) == (written, [])
