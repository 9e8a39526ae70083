import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.pipeline.normalise.draft import Draft, Edit, Span, rewriting, substitution


def originals(draft: Draft, text: str, offset: int = 0) -> list[tuple[str, str]]:
    """Spoken stretches beside what they stand for."""
    return [
        (draft.text[span.spoken_start : span.spoken_end], text[span.start - offset : span.end - offset])
        for span in draft.spans()
    ]


def test_untouched_words_stand_for_themselves() -> None:
    draft = Draft("iki söz")
    assert originals(draft, "iki söz") == [("iki", "iki"), ("söz", "söz")]
    assert list(draft.spans())[1] == Span(4, 7, 4, 7)


def test_what_is_read_stands_for_the_whole_of_what_was_written() -> None:
    text = "cəmi 5 kq-dır"
    draft = Draft(text)
    draft.apply(substitution(re.compile(r"5 kq-dır"), lambda _: "beş kiloqramdır"))
    assert draft.text == "cəmi beş kiloqramdır"
    assert originals(draft, text) == [("cəmi", "cəmi"), ("beş", "5 kq-dır"), ("kiloqramdır", "5 kq-dır")]


def test_edits_of_edits_lead_back_to_the_original() -> None:
    text = "½ kq"
    draft = Draft(text)
    draft.apply(substitution(re.compile("½"), lambda _: "1/2"))
    draft.apply(substitution(re.compile("1/2 kq"), lambda _: "yarım kiloqram"))
    assert originals(draft, text) == [("yarım", "½ kq"), ("kiloqram", "½ kq")]
    assert draft.dropped() == []


def test_places_count_from_the_offset() -> None:
    draft = Draft("a 1", offset=100)
    draft.apply(substitution(re.compile("1"), lambda _: "bir"))
    assert originals(draft, "a 1", offset=100) == [("a", "a"), ("bir", "1")]
    assert draft.origin(0, len(draft.text)) == (100, 103)


def test_what_nothing_stands_for_is_dropped() -> None:
    draft = Draft("a ☃ b, 7")
    draft.apply(substitution(re.compile("[☃7,]"), lambda _: ""))
    assert draft.dropped() == [2, 7]  # a comma is no loss


def test_a_translation_keeps_the_places() -> None:
    draft = Draft("İŞIQ")
    draft.translate(dict(zip(map(ord, "İŞIQ"), "işıq", strict=True)))
    assert originals(draft, "İŞIQ") == [("işıq", "İŞIQ")]
    with pytest.raises(ValueError, match="number of characters"):
        draft.translate({ord("i"): "ii"})


def test_edits_must_be_in_order() -> None:
    draft = Draft("abc")
    with pytest.raises(ValueError, match="overlap"):
        draft.apply(lambda _: [Edit(1, 2, "x"), Edit(0, 1, "y")])


def test_a_part_knows_where_it_comes_from() -> None:
    draft = Draft("bir 2 üç")
    draft.apply(substitution(re.compile("2"), lambda _: "iki"))
    part = draft.part(4, 7)
    assert part.text == "iki"
    assert list(part.spans()) == [Span(0, 3, 4, 5)]


def test_only_the_words_that_a_library_changed_are_its_edits() -> None:
    text = "в 21 веке было 2 дома"
    draft = Draft(text)
    draft.apply(rewriting(lambda text: text.replace("21", "двадцать первом").replace("2 ", "два ")))
    assert draft.text == "в двадцать первом веке было два дома"
    assert ("веке", "веке") in originals(draft, text)
    assert ("двадцать", "21") in originals(draft, text)


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 4), st.text(max_size=5))))
def test_every_span_lies_in_the_original_and_covers_the_words(text: str, changes: list[tuple[int, int, str]]) -> None:
    draft = Draft(text)
    for place, length, replacement in changes:
        start = min(place, len(draft.text))
        end = min(start + length, len(draft.text))
        edit = Edit(start, end, replacement)
        draft.apply(lambda _, edit=edit: [edit])  # type: ignore[misc]
    spans = list(draft.spans())
    assert all(0 <= span.start <= span.end <= len(text) for span in spans)
    spoken = re.sub(r"[\s.,!?;:…—]", "", draft.text)
    assert "".join(draft.text[span.spoken_start : span.spoken_end] for span in spans) == spoken
