from collections.abc import Callable, Iterator
from itertools import count, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.engines.base import ChunkLimits
from workers.pipeline.chunking import Chunk, Rest, Utterance, split, utterances
from workers.pipeline.normalise.paragraphs import Kind

LIMITS = ChunkLimits(target=40, maximum=60)


def measured(text: str) -> int:
    """As the engines measure: white space at the edges is free, a missing final mark is added."""
    text = text.strip()
    return len(text) + (not text.endswith((".", "!", "?", "…")))


def written(sentences: list[Utterance]) -> str:
    return "".join(sentence.text + sentence.rest.separator for sentence in sentences)


def chunks_of(
    sentences: list[Utterance],
    limits: ChunkLimits = LIMITS,
    measure: Callable[[str], int] = measured,
    language: str = "az",
    *,
    early: bool = False,
) -> list[Chunk]:
    return list(split(sentences, limits, measure, language, early=early))


def paragraph(*sentences: str, kind: Kind = Kind.PARAGRAPH) -> list[Utterance]:
    return list(utterances(sentences, kind))


def texts_of(*sentences: str, limits: ChunkLimits = LIMITS, language: str = "az") -> list[str]:
    return [chunk.text for chunk in chunks_of(paragraph(*sentences), limits, language=language)]


words = ["a", "əb,", "iki", "yüz", "z.", "в", "доме", "və", "b-a'z", "ki —", "k" * 100, "{a|b}"]
spoken_of = st.lists(st.sampled_from(words), min_size=1, max_size=30).map(" ".join) | st.sampled_from([".", "…", "—"])
sentences_of = st.lists(st.builds(Utterance, spoken_of, st.sampled_from(Rest)), max_size=12)
limits_of = st.integers(8, 60).flatmap(lambda target: st.integers(target, 90).map(lambda top: ChunkLimits(target, top)))


@given(sentences=sentences_of, limits=limits_of, language=st.sampled_from(["az", "tr", "ru"]), early=st.booleans())
def test_everything_is_spoken_once_in_order_within_the_maximum(
    sentences: list[Utterance], limits: ChunkLimits, language: str, *, early: bool
) -> None:
    chunks = chunks_of(sentences, limits, language=language, early=early)
    with_letters = [sentence for sentence in sentences if any(map(str.isalpha, sentence.text))]
    assert "".join(chunk.text for chunk in chunks) == written(with_letters)
    assert [chunk.index for chunk in chunks] == list(range(len(chunks)))
    for chunk in chunks:
        assert any(map(str.isalpha, chunk.text))
        assert measured(chunk.text) <= limits.maximum
        assert "\n" not in chunk.text[:-1]
        assert not chunk.text[0].isspace()


def superadditive(text: str) -> int:
    """More for the whole than for its parts: the sum of the sentences promises too much."""
    return measured(text) + len(text) ** 2 // 20


@given(words=st.lists(st.sampled_from(["hə.", "a.", "bəli,", "yox"]), max_size=60), early=st.booleans())
def test_a_measure_that_does_not_add_up_still_keeps_the_maximum(words: list[str], *, early: bool) -> None:
    sentences = paragraph(*words, " ".join(words))
    chunks = chunks_of(sentences, measure=superadditive, early=early)
    assert "".join(chunk.text for chunk in chunks) == written(sentences)
    assert all(superadditive(chunk.text) <= LIMITS.maximum for chunk in chunks)


def test_whole_sentences_are_packed_up_to_the_target() -> None:
    assert texts_of("bir iki üç dörd.", "beş altı yeddi səkkiz.", "doqquz on.") == [
        "bir iki üç dörd. beş altı yeddi səkkiz. ",
        "doqquz on.\n",
    ]


def test_a_few_syllables_are_not_left_alone() -> None:
    assert texts_of("bir iki üç dörd.", "beş altı yeddi səkkiz.", "hə.") == [
        "bir iki üç dörd. beş altı yeddi səkkiz. hə.\n"
    ]


def test_not_even_then_above_the_maximum() -> None:
    limits = ChunkLimits(target=40, maximum=41)
    texts = texts_of("bir iki üç dörd.", "beş altı yeddi səkkiz.", "hə.", limits=limits)
    assert texts == ["bir iki üç dörd. beş altı yeddi səkkiz. ", "hə.\n"]


@pytest.mark.parametrize("kind", [Kind.HEADING, Kind.ITEM, Kind.LINE, Kind.PARAGRAPH])
def test_what_a_line_break_parts_is_never_packed(kind: Kind) -> None:
    sentences = [*paragraph("başlıq", kind=kind), *paragraph("mətn.")]
    assert [chunk.text for chunk in chunks_of(sentences)] == ["başlıq\n", "mətn.\n"]


def test_a_cut_paragraph_is_packed_with_its_rest() -> None:
    sentences = [*paragraph("bir iki.", kind=Kind.CUT), *paragraph("üç.")]
    assert [chunk.text for chunk in chunks_of(sentences)] == ["bir iki. üç.\n"]


def test_a_sentence_between_target_and_maximum_stays_whole() -> None:
    sentence = "bir iki üç dörd beş, altı yeddi səkkiz doqquz on on."
    assert LIMITS.target < measured(sentence) <= LIMITS.maximum
    assert texts_of(sentence) == [sentence + "\n"]


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("az", ["alma armud heyva nar üzüm gilas,", "şaftalı ərik gavalı əncir — xurma qarpız."]),
        ("az", ["bu gün hava gözəl olduğu üçün dənizə getdik", "və axşama qədər orada qalıb üzdük."]),
        ("az", ["dünən axşam saat səkkizdə gəlib bazarda ona", "iyirmi min yeddi yüz əlli üç manat verdim."]),
        ("tr", ["dün akşam üzeri bize uğradı", "ama evde kimseyi bulamadığı için geri döndü."]),
        ("tr", ["şirketin bu yılki toplam kârı tam olarak", "iki yüz elli üç milyon lira oldu dediler."]),
        ("ru", ["мы долго гуляли по старому городу", "и вернулись домой только поздно вечером."]),
        ("ru", ["старый сторож медленно вышел из дома", "в тёмный сад посмотреть на упавшее дерево."]),
        ("ru", ["в прошлом году завод выпустил свыше", "двадцати пяти тысяч трёхсот автомобилей."]),
    ],
)
def test_over_long_sentences_are_cut_where_it_is_heard_least(language: str, parts: list[str]) -> None:
    texts = texts_of(" ".join(parts), language=language)
    assert [text.strip() for text in texts] == parts


def test_words_without_any_hint_are_cut_in_even_parts() -> None:
    parts = texts_of("söz " * 20 + "söz.")
    assert len(parts) == 2
    assert max(map(measured, parts)) - min(map(measured, parts)) <= len("söz ")


def test_then_inside_a_word_never_before_a_stress_mark() -> None:
    parts = texts_of("а\u0301" * 100, language="ru")
    assert all(part.startswith("а") for part in parts)


def test_a_word_with_its_pronunciation_is_never_cut() -> None:
    word = "{nyu_york|nˈuː_jˈɔːk}"
    text = " ".join([word] * 9)
    assert all(part.strip(" \n").replace(word, "").strip() == "" for part in texts_of(text))
    endless = "ab" * 40 + word + "ab" * 40
    assert word in "|||".join(texts_of(endless))


@pytest.mark.parametrize("text", ["a", "{a|" + "b" * 80 + "}"])
def test_what_cannot_be_cut_below_the_maximum_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="one letter"):
        chunks_of(paragraph(text), measure=lambda text: 61)


@pytest.mark.parametrize("rest", [rest for rest in Rest if rest is not Rest.WORD])
def test_the_pause_is_the_rest_after_what_was_said_last(rest: Rest) -> None:
    text = "bir iki üç dörd beş altı yeddi səkkiz on"
    first, last = chunks_of([Utterance(text, rest), Utterance(text, Rest.PARAGRAPH)])
    assert first.pause_ms == rest.value
    assert last.pause_ms == 0


@pytest.mark.parametrize(("mark", "rest"), [("?", Rest.SENTENCE), (",", Rest.CLAUSE), ("", Rest.WORD)])
def test_the_pause_inside_a_sentence_is_that_of_its_mark(mark: str, rest: Rest) -> None:
    half = "alma armud heyva nar üzüm gilas ərik on"
    first, _ = chunks_of(paragraph(f"{half}{mark} {half}."))
    assert first.pause_ms == rest.value
    assert paragraph(half + mark, kind=Kind.CUT) == [Utterance(half + mark, rest)]


def test_the_sentences_of_a_paragraph_and_its_kind_tell_the_rests() -> None:
    assert paragraph("", "bir.", "", "iki", "", kind=Kind.ITEM) == [
        Utterance("bir.", Rest.SENTENCE),
        Utterance("iki", Rest.ITEM),
    ]
    assert paragraph("", "") == []
    assert [rest.value for rest in Rest] == sorted(rest.value for rest in Rest)


@pytest.mark.parametrize("texts", [[], [""], ["...", "—"]])
def test_nothing_to_speak_is_no_chunk(texts: list[str]) -> None:
    assert chunks_of(paragraph(*texts)) == []


def test_streams_and_measures_each_sentence_once_and_each_chunk_once() -> None:
    asked = 0

    def counting(text: str) -> int:
        nonlocal asked
        asked += 1
        return measured(text)

    endless = (Utterance(f"bu {'a' * (number % 7)} cümlədir.", Rest.SENTENCE) for number in count())
    taken = list(islice(split(endless, LIMITS, counting, "az"), 100))
    sentences = sum(chunk.text.count(".") for chunk in taken)
    assert asked <= sentences + len(taken) + 10


@pytest.mark.parametrize("unit", ["a ", "a", "a, ", "bir ", "— a", "{a|b} "])
def test_a_hostile_sentence_takes_linear_time(unit: str) -> None:
    text = (unit * (30_000 // len(unit))).strip()
    assert "".join(texts_of(text)) == text + "\n"


# --- For somebody who listens meanwhile ----------------------------------------------------------------------------

# A first chunk of some 36, a second one of twice that, and then as usual.
WIDE = ChunkLimits(target=120, maximum=240)


def early_texts(*sentences: str, limits: ChunkLimits = WIDE, language: str = "az") -> list[str]:
    return [chunk.text for chunk in chunks_of(paragraph(*sentences), limits, language=language, early=True)]


def test_the_first_chunks_grow() -> None:
    sentences = [
        f"bu {number} kiçik bir cümlədir ki var." for number in ("bir", "iki", "üç", "dörd", "beş", "altı")
    ] * 3
    sizes = [measured(text) for text in early_texts(*sentences)]
    assert sizes[0] <= 40
    assert sizes[0] < sizes[1] <= 80
    assert sizes[1] < sizes[2] <= WIDE.target
    usual = [measured(text) for text in texts_of(*sentences, limits=WIDE)]
    assert usual[0] > 80
    assert max(sizes) <= max(usual)


def test_a_first_sentence_that_is_short_is_a_chunk_of_its_own() -> None:
    first, *_ = early_texts("dünən axşam bizə qonaq gəldi.", "bu gün isə evdə oturub kitab oxuyuruq və çay içirik.")
    assert first == "dünən axşam bizə qonaq gəldi. "


def test_a_greeting_is_not_left_alone_for_it() -> None:
    assert early_texts("salam.", "necəsən?", "mən yaxşı.") == ["salam. necəsən? mən yaxşı.\n"]


@pytest.mark.parametrize(
    ("language", "sentence", "head"),
    [
        (
            "az",
            "bu gün hava çox gözəldir, gəlin parkda gəzək və sonra birlikdə çay içək.",
            "bu gün hava çox gözəldir, ",
        ),
        (
            "tr",
            "dün akşam üzeri bize uğradı ama evde kimseyi bulamadığı için geri döndü.",
            "dün akşam üzeri bize uğradı ",
        ),
        (
            "ru",
            "мы долго гуляли по старому городу — и вернулись домой только к вечеру.",
            "мы долго гуляли по старому городу — ",
        ),
    ],
)
def test_a_long_first_sentence_is_cut_where_a_clause_ends(language: str, sentence: str, head: str) -> None:
    assert early_texts(sentence, language=language) == [head, sentence.removeprefix(head) + "\n"]


def test_a_sentence_without_such_a_place_stays_whole() -> None:
    sentence = "həmin gözəl köhnə böyük şəhərin ən məşhur muzeyində yeni bir sərgi açılıb."
    assert early_texts(sentence) == [sentence + "\n"]


def test_a_sentence_of_255_characters_begins_with_a_clause() -> None:
    clause = "biz dünən axşam onlara getdik, "
    sentence = (clause * 9)[:253] + " ol."
    first, second, *_ = early_texts(sentence)
    assert first == clause
    assert second == clause * 2
    assert texts_of(sentence, limits=WIDE)[0].startswith(clause * 3)


def test_the_rest_after_the_first_chunk_is_that_of_its_last_mark() -> None:
    chunks = chunks_of(paragraph("bu gün hava çox gözəldir, gəlin parkda gəzək və sonra çay içək."), WIDE, early=True)
    assert [chunk.pause_ms for chunk in chunks] == [Rest.CLAUSE.value, 0]
    chunks = chunks_of(
        paragraph("bu gün hava çox gözəldir.", "gəlin parkda gəzək və sonra çay içək."), WIDE, early=True
    )
    assert [chunk.pause_ms for chunk in chunks] == [Rest.SENTENCE.value, 0]


def test_what_a_line_break_parts_is_not_packed_early_either() -> None:
    sentences = [*paragraph("başlıq", kind=Kind.HEADING), *paragraph("mətn."), *paragraph("yeni abzas.")]
    assert [chunk.text for chunk in chunks_of(sentences, WIDE, early=True)] == ["başlıq\n", "mətn.\n", "yeni abzas.\n"]


def test_it_reads_no_further_than_the_chunk_it_gives() -> None:
    """The first chunks of a book are there before the book is read."""
    taken = 0

    def endless() -> Iterator[Utterance]:
        nonlocal taken
        for number in count():
            taken += 1
            yield Utterance(f"bu, {number} nömrəli cümlədir.", Rest.SENTENCE)

    first = next(split(endless(), WIDE, measured, "az", early=True))
    assert first.text.startswith("bu, 0 ")
    assert taken < 8
