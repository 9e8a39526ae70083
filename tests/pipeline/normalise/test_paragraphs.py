import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.pipeline.normalise.paragraphs import HARD_LIMIT, SOFT_LIMIT, Kind, Paragraph, paragraphs

LONG = "bu sətir kənara çatdığı üçün bölünmüş bir sətirdir"

P, H, I, L, C = Kind.PARAGRAPH, Kind.HEADING, Kind.ITEM, Kind.LINE, Kind.CUT  # noqa: E741 -- a table of them is below


def texts(text: str) -> list[str]:
    return [piece.text for piece in paragraphs(text)]


def kinds(text: str) -> list[tuple[str, Kind]]:
    return [(piece.text.strip(), piece.kind) for piece in paragraphs(text)]


@given(st.text(alphabet="aБB1 .-—:,\n\r\f\u2028\t", max_size=60), st.integers(1, 1_000))
def test_pieces_are_the_text_and_bounded(text: str, times: int) -> None:
    whole = text * times
    pieces = list(paragraphs(whole))
    assert "".join(piece.text for piece in pieces) == whole
    assert all(0 < len(piece.text) <= HARD_LIMIT for piece in pieces)
    assert all(whole.startswith(piece.text, piece.start) for piece in pieces)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("Bir.", ["Bir."]),
        ("Bir.\nİki.", ["Bir.\n", "İki."]),
        ("Bir.\r\n\r\n  İki.\r\n", ["Bir.\r\n\r\n  ", "İki.\r\n"]),
        ("\n\nBir", ["\n\n", "Bir"]),
        ("Bir\u2029İki", ["Bir\u2029", "İki"]),
        ("başlıq\n\nmətn", ["başlıq\n\n", "mətn"]),  # an empty line parts, whatever follows
    ],
)
def test_cut_after_line_breaks(text: str, pieces: list[str]) -> None:
    assert texts(text) == pieces


PAGE_AZ = (
    "Payızın son günləri idi. Küçələrdə adam az görünürdü, külək\n"
    "Xəzərdən əsir, quru yarpaqları səkilərə səpələyirdi. Qoca\n"
    "Murad kişi dükanını bağlayıb evə tərəf yollandı. Saat artıq\n"
    "10-u keçmişdi, amma o tələsmirdi. Qonşusu Əhməd onu görən\n"
    "kimi dayandı."
)
PAGE_RU = (
    "    Стояла поздняя осень. Улицы опустели, и только ветер гонял\n"
    "по мостовой сухие листья. Старый сторож запер ворота и пошёл\n"
    "домой. Дорога была длинной.\n"
    "    Дома его ждали. Жена накрыла на стол, дети уже спали, а за\n"
    "Окой догорал закат. Он снял шапку и сел у печки, ничего не\n"
    "говоря."
)


@pytest.mark.parametrize(
    "text",
    [
        f"{LONG}\n{LONG}\ncümlə",
        f"{LONG}\r\ncümlə",
        f"{LONG},\nAydın gəldi.",
        PAGE_AZ,
        "Bu kom-\npüter yenidir.",
        "Şirkət 2019-\ncu ildə qurulub.",
        "O, univer\xad\nsitetdə dərs deyir.",
        "Bu, uzun\nbir cümlədir\nvə burada bitir.",
        "Sabah hava\r\nyağmurlu olacaq.",
        "Qatarda cəmi\n15 nəfər vardı.",
        "Он приехал из\n21-го района.",
        "«Куда ты?»\n— спросила она.",
        "— Куда ты?\n— спросила она.",
        "- birinci maddə uzundur və bu sətrə sığmadığı üçün davam edir\n  növbəti sətirdə",
    ],
)
def test_wrapped_lines_are_one_piece(text: str) -> None:
    assert texts(text) == [text]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        (f"{LONG}\nCümlə", 2),
        (f"{LONG}\nalma\narmud", 2),  # the first is joined as ever, the second is an item
        ("alma\narmud\nheyva", 3),
        ("Rusiya prezidenti bu gün səfərə çıxıb və axşam qayıdacaq\nGörüş axşam baş tutacaq.", 2),
        (PAGE_RU, 2),  # indented
        ("Mən səni sevirəm, ey vətən, ey doğma torpağım mənim\nSənsən mənim hər sevincim, sənsən bəzəyim mənim\n"
         "Dağların başı dumanlı, düzlərin gül-çiçək dolu\nQoynunda böyüyüb hər kəs, sənsən diləyim mənim", 4),
        ("1. Süd\n2. Çörək\n3. Duz", 3),
        ("Alınacaq şeylər bunlardır, heç birini unutma, xahiş edirəm:\n- süd\n- çörək", 3),
    ],
)  # fmt: skip
def test_other_line_breaks_part(text: str, pieces: int) -> None:
    assert len(texts(text)) == pieces


def test_the_margin_of_a_page_is_known_in_its_short_paragraphs() -> None:
    short = "Səhəri gün onlar yenə həmin küçədə rastlaşdılar, Murad kişi\nƏhmədi çaya dəvət etdi."
    assert texts(f"{PAGE_AZ}\n\n{short}") == [f"{PAGE_AZ}\n\n", short]
    assert len(texts(short)) == 2


def test_a_number_at_the_edge_of_a_page_is_no_item() -> None:
    page = (
        "Binanın girişində böyük bir lövhə asılmışdı. Liftə minib saat\n"
        "10. mərtəbəyə qalxdıq və uzun dəhlizlə getdik. Dəhlizin sonunda\n"
        "bir qapı vardı və onun üstündə heç bir yazı görünmürdü. Biz\n"
        "gözlədik."
    )
    assert texts(page) == [page]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bir.\n\nİki.", [P, P]),
        ("Birinci fəsil\n\nYağış yağırdı.", [H, P]),
        ("Fəsil 3\nYağış yağırdı.", [H, P]),
        ("Bölüm II\nYağmur yağıyordu.", [H, P]),
        ("4. Bölüm\nYağmur yağıyordu.", [H, P]),
        ("Глава 5\nСтояла осень.", [H, P]),
        ("Глава пятая. Осень\nСтояла осень.", [H, P]),
        ("Глава пятая была скучной.\nСтояла осень.", [L, P]),
        ("# Giriş\nMətn.", [H, P]),
        ("ПОГОДА НА ЗАВТРА\nОжидается дождь.", [H, P]),
        ("ПОГОДА НА ЗАВТРА\n\nОжидается дождь.", [H, P]),
        ("Sabahın havası\n\nYağış gözlənilir.", [H, P]),
        ("2.1. Общие положения\n\nСтороны договорились.", [H, P]),
        ("1. Alma\n\n2. Armud\n\n3. Heyva", [I, I, I]),
        ("Sabahın havası\n" + "Yağış gözlənilir. " * 6, [H, P]),
        ("salam\n\nnecəsən", [P, P]),
        ("1. Alma\n2. Armud\n3. Heyva", [I, I, I]),
        ("1) Qapını açın.\n2) İçəri keçin.", [I, I]),
        ("a) doğru\nb) yanlış", [I, I]),
        ("• Süd\n• Çörək", [I, I]),
        ("Lazım olanlar:\n- ərizə\n- şəkil", [L, I, I]),
        ("Что взять:\n— паспорт;\n— билет.", [L, I, I]),
        ("— Geldin mi?\n— Geldim.\n— Kapıyı kapat.", [L, L, P]),
        ("Qapını bağla.\nİşığı söndür.", [L, P]),
        ("Gecə düşdü,\nYatdı şəhər.\n\nSəhər oldu.", [L, P, P]),
        ("Bu sətir altmış simvoldan uzundur, ona görə də misra deyil, abzasdır.\nBu da.", [P, P]),
        ("Hamıya salam", [P]),
    ],
)
def test_kinds(text: str, expected: list[Kind]) -> None:
    assert [kind for _, kind in kinds(text)] == expected


@pytest.mark.parametrize("word", ["sözlər", "1 250 ", "Cümlə. "])
def test_an_endless_line_is_cut_where_it_hurts_least(word: str) -> None:
    text = (word + "və ") * 4_000
    pieces = list(paragraphs(text))
    for piece in pieces[:-1]:
        assert piece.kind is Kind.CUT
        assert SOFT_LIMIT < len(piece.text) <= HARD_LIMIT
        if "." in word:
            assert piece.text.endswith(". ")
        else:
            assert re.search(r"(?:və |[lr0] və |sözlərvə |250 {1,2})$", piece.text)
            assert not re.search(r"\b1 $", piece.text)


def test_a_word_without_end_is_cut_hard_and_not_before_a_space() -> None:
    text = "a" * HARD_LIMIT + " b"
    first, second = texts(text)
    assert second[0] == "a"
    assert first + second == text


def test_a_block_longer_than_the_limit_is_not_cut_at_it() -> None:
    """Lines beyond the limit are looked at anew, from the line that could not be seen whole."""
    text = "".join(f"Sətir {number} burada bitir.\n" for number in range(2_000))
    pieces = list(paragraphs(text))
    assert len(pieces) == 2_000
    assert {piece.kind for piece in pieces[:-1]} == {Kind.LINE}
    assert all(piece.text.startswith("Sətir") for piece in pieces)


def test_streams() -> None:
    text = "Bir sətir.\n" * 1_000_000
    assert next(paragraphs(text)) == Paragraph(0, "Bir sətir.\n", Kind.LINE)


@pytest.mark.parametrize("unit", ["a\n", "\n", " ", "- ", "- a\n", "a-\nb", "1. ", "A" * 50 + "\n", "a, b\n", "\n "])
def test_a_hostile_text_takes_linear_time(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    assert sum(len(piece.text) for piece in paragraphs(text)) == len(text)
