"""Readings that the neighbours decide, and ё in running text."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import models
from models.phonemes import phonemes, stress
from models.phonemes.russian_homographs import features, homographs, marked
from models.phonemes.stress import VOWELS, accent, context_weights, homograph_lines
from models.phonemes.text import STRESS_MARK


def said(text: str, word: str) -> str:
    """The word as the text has it read, "+" before its stressed vowel; the only word of that spelling in the text."""
    pattern = re.compile(f"[а-яё+{STRESS_MARK}]+")
    found = [match for match in pattern.findall(marked(text)) if bare(match) == word]
    assert len(found) == 1, marked(text)
    reading = found[0]
    if STRESS_MARK in reading:
        before, after = reading.split(STRESS_MARK)
        return f"{before[:-1]}+{before[-1]}{after}"
    meant = accent(reading)
    place = [at for at, letter in enumerate(meant.word) if letter in VOWELS][meant.place or 0]
    return f"{meant.word[:place]}+{meant.word[place:]}"


def bare(word: str) -> str:
    return word.replace(STRESS_MARK, "").replace("+", "").replace("ё", "е")


CONTEXTS = """
на двери висит замок: зам+ок
замок на двери: зам+ок
дверь закрыта на замок: зам+ок
билет стоит сто рублей: ст+оит
сколько стоит эта книга: ст+оит
это стоит дорого: ст+оит
стоит ли туда ехать: ст+оит
не стоит волноваться: ст+оит
стоит обратить внимание: ст+оит
он стоит у окна: сто+ит
дом стоит на горе: сто+ит
они стоят молча: сто+ят
билеты стоят дорого: ст+оят
большая часть населения: б+ольшая
большую часть года: б+ольшую
большая комната: больш+ая
дорога в город: дор+ога
мне очень дорога: дорог+а
два часа ночи: час+а
около часа дня: ч+аса
через три часа: час+а
полтора часа: час+а
в три часа дня: час+а
уехал из города: г+орода
жители города: г+орода
новые города: город+а
все города страны: город+а
два города: г+орода
города россии: город+а
нет воды: вод+ы
стакан воды: вод+ы
мыть руки: р+уки
у левой руки: рук+и
руки вверх: р+уки
дом на берегу: берег+у
живёт в лесу: лес+у
работать в саду: сад+у
гулять по саду: с+аду
в прошлом году: год+у
лежит на полу: пол+у
на углу улицы: угл+у
в этом ряду: ряд+у
на каждом шагу: шаг+у
на краю света: кра+ю
идём к бою: б+ою
играет орган: +орган
пропасть без вести: проп+асть
глубокая пропасть: пр+опасть
вы любите чай: л+юбите
вы ходите в школу: х+одите
вы платите картой: пл+атите
платите картой: плат+ите
посмотрите направо: посмотр+ите
он уже пришёл: уж+е
потом мы ушли: пот+ом
в моём доме: мо+ём
мы моем посуду: м+оем
о чём ты думаешь: ч+ём
в чём суть: ч+ём
чем больше: ч+ем
с самого начала: нач+ала
она начала работу: начал+а
начало фильма: нач+ало
шесть часов вечера: в+ечера
двадцать первого числа: числ+а
чётные числа: ч+исла
два номера: н+омера
номера телефонов: номер+а
права человека: прав+а
я дома: д+ома
дома никого: д+ома
высокие дома: дом+а
стены дома: д+ома
слова песни: слов+а
без единого слова: сл+ова
в чём суть дела: д+ела
дела идут хорошо: дел+а
текст письма: письм+а
письма друзей: п+исьма
смотрит из окна: окн+а
два окна: окн+а
окна выходят во двор: +окна
с другой стороны: сторон+ы
четыре стороны: сторон+ы
после войны: войн+ы
столица страны: стран+ы
страны европы: стр+аны
берег моря: м+оря
моря и океаны: мор+я
из леса: л+еса
леса и поля: лес+а
две сестры: сестр+ы
его сёстры: с+ёстры
звёзды на небе: зв+ёзды
свет звезды: звезд+ы
нет жены: жен+ы
выставленные счета: счет+а
плачу за билет: плач+у
я плачу от горя: пл+ачу
рост цены: цен+ы
цены выросли: ц+ены
мастера спорта: м+астера
степень доктора наук: д+октора
паспорта выданы: паспорт+а
номер поезда: п+оезда
поезда опаздывают: поезд+а
белого цвета: цв+ета
холод в груди: груд+и
ехать на борту: борт+у
с борта самолёта: б+орта
злые духи: д+ухи
последние вести: в+ести
вести машину: вест+и
мука высшего сорта: мук+а
муки совести: м+уки
мешок из муки: мук+и
упрямый осел: ос+ёл
голубое небо: н+ебо
"""


@pytest.mark.parametrize("line", [line for line in CONTEXTS.splitlines() if line])
def test_the_neighbours_decide(line: str) -> None:
    text, _, reading = line.partition(": ")
    assert said(text.replace("ё", "е"), bare(reading)) == reading


EVERYTHING = """
всё равно|всё ещё|всё же|всё это знают|всё хорошо|всё в порядке|всё время|всё, что было|не всё ли равно|это всё
вот и всё|я знаю всё|всё больше|он всё понял|она всё купила|всё чаще|всё было готово|всё сильнее|всё новое|всё тот же
все пришли|все люди|все они|мы все знаем|все дети знают|все, кто пришёл|все вы|все эти дни|все дела|все новые дома
все города|все правила|все предложения|все знают|все три|все средства
"""


@pytest.mark.parametrize("text", EVERYTHING.replace("\n", "|").strip("|").split("|"))
def test_all_and_everything(text: str) -> None:
    assert marked(text.replace("ё", "е")).replace(STRESS_MARK, "") == text


@pytest.mark.parametrize("text", ["все", "все на месте", "почти все", "не все", "и все мы"])
def test_where_the_neighbours_do_not_tell_nothing_is_put(text: str) -> None:
    assert marked(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("обо всем", "обо всём"),
        ("во всем мире", "во всём мире"),
        ("рад всем вам", "рад всем вам"),
        ("не о чем говорить", "не о чем говорить"),
        ("идет снег", "идёт снег"),
        ("еще ее самолет", "ещё её самолёт"),
        ("елка, елка. елка!", "ёлка, ёлка. ёлка!"),
    ],
)
def test_yo_in_running_text(text: str, expected: str) -> None:
    assert marked(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        f"все{STRESS_MARK} хорошо",
        f"за{STRESS_MARK}мок на двери",
        "з+амок на двери",
        "+елка",
        "вс+е равно",
        f"е{STRESS_MARK}лка",
        "у бел+ого дома + и",
    ],
)
def test_a_marked_word_is_never_changed(text: str) -> None:
    words = [word for word in text.split() if "+" in word or STRESS_MARK in word]
    assert all(word in marked(text).split() for word in words)


def test_yo_that_is_written_stays() -> None:
    text = "всё ещё всё, что всё равно ёлка осёл нёбо"
    assert marked(text) == text


def test_a_mark_is_only_put_where_the_reading_is_not_the_usual_one() -> None:
    assert STRESS_MARK not in marked("он уже сидит у окна в саду дома")
    assert STRESS_MARK in marked("высокие дома")


def test_punctuation_parts_neighbours() -> None:
    assert said("два. часа", "часа") == said("часа", "часа")
    assert said("стоит, сто", "стоит") == said("стоит", "стоит")


def test_the_phonemes_follow() -> None:
    assert phonemes("стакан воды", "ru").endswith("vʌdˈɨ.")
    assert phonemes("воды текут", "ru").startswith("vˈodɨ")
    assert phonemes("все хорошо", "ru") == phonemes("всё хорошо", "ru")
    assert phonemes("еще", "ru") == phonemes("ещё", "ru")
    assert phonemes("з+амок", "ru") != phonemes("зам+ок", "ru")


@given(st.text(alphabet="абвеёжиклмностуыья +,.!?—\u0301", max_size=80) | st.text(max_size=40))
def test_no_text_is_an_obstacle_and_only_marks_and_yo_are_added(text: str) -> None:
    result = marked(text)
    assert result.replace(STRESS_MARK, "").replace("ё", "е") == text.replace(STRESS_MARK, "").replace("ё", "е")
    assert result.count(STRESS_MARK) >= text.count(STRESS_MARK)


@given(st.lists(st.sampled_from(sorted(homographs())), max_size=8))
def test_homographs_in_any_company(words: list[str]) -> None:
    read = marked(" ".join(words)).split()
    assert [bare(word) for word in read] == words
    for word, reading in zip(words, read, strict=True):
        homograph = homographs()[word]
        assert reading.replace(STRESS_MARK, "") in {
            homograph.usual.replace("+", ""),
            homograph.rare.replace("+", ""),
        }


def test_every_line_of_the_list_can_be_read() -> None:
    lines = homograph_lines()
    words = [bare(line.split()[0].partition(":")[0]) for line in lines]
    assert words == sorted(set(words))
    for line in lines:
        readings = line.split()
        assert len(readings) in (1, 2)
        assert len({bare(reading.partition(":")[0]) for reading in readings}) == 1
        assert len({reading.partition(":")[0] for reading in readings}) == len(readings)
        assert sum(":" in reading for reading in readings) <= 1
        assert all(re.fullmatch("[а-яё]*[+][аеёиоуыэюя][а-яё]*(:gen|:loc)?", reading) for reading in readings)


def test_the_weights_belong_to_words_of_the_list() -> None:
    groups = {homograph.group for homograph in homographs().values()}
    for name in context_weights():
        of, _, neighbour = name.partition(" ")
        assert neighbour[0] in "pnqm"
        assert (of.startswith(":") and of[1:] in groups) or of in homographs()


def test_the_archive_holds_plain_arrays() -> None:
    with np.load(Path(models.__file__).parent / "data" / "russian_stress.npz", allow_pickle=False) as archive:
        assert archive["vectors"].dtype == np.int8
        assert len(archive["context_weights"]) == len(context_weights())
        assert not any(archive[name].dtype.hasobject for name in archive.files)


def test_features_name_both_sides() -> None:
    from models.phonemes.russian_homographs import Neighbours

    names = list(features("дома", "gen", Neighbours("высокие", "города", "эти", "россии")))
    assert "дома pвысокие" in names
    assert ":gen nгорода" in names
    assert "дома mроссии" in names
    assert list(features("дома", "gen", Neighbours())) == []


def test_the_data_of_stress_is_the_one_that_the_code_expects() -> None:
    assert stress._network()._vectors.shape == (stress._network()._codes.size, 16)
    assert np.all(np.diff(stress._network()._codes) > 0)
