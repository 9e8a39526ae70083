"""Stress and ё of single words."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.phonemes import stress
from models.phonemes.russian_homographs import homographs
from models.phonemes.stress import UNSTRESSED, VOWELS, Accent, StressUnavailable, accent, parsed, stressed_vowel

SURE = """
рук+а рук+е рук+ой рук+ам рук+ами вод+а в+оду вод+е вод+ой голов+а г+олову голов+е голов+ой голов+ам ног+а н+огу ног+е
г+ород г+орода г+ороду г+ородом город+ов город+ам город+ами дом+ов дом+ам дом+ами дом+ах д+ома гор+а г+ору гор+ам
стен+а ст+ену стен+е стран+а стран+у сторон+а ст+орону сторон+е земл+я з+емлю земл+е душ+а д+ушу душ+ой зим+а з+иму
цен+а ц+ену цен+ой рек+а доск+а щек+а сестр+а сестр+у жен+а жен+у семь+я семь+ёй сад+у п+аспорта д+октора молок+о
п+онял понял+а п+оняли п+оняло н+ачали начал+ась начал+ись позвон+ит позвон+ишь позвон+ят звон+ит звон+ят включ+ит
включ+ишь включ+ат взял+а вз+яли вз+яло брал+а бр+али бр+ало был+а б+ыли б+ыло дал+а отдал+а поднял+ась поднял+а
умерл+а +умерли пр+инял принял+а пр+иняли занял+а з+аняли ждал+а жд+али звал+а гнал+а рвал+а собрал+а собр+али
назвал+а назв+али создал+а продал+а посл+ала кр+ала полож+ил клад+ёт спал+а пойм+у м+ожет м+ожем м+огут мог+у хот+еть
х+очет хот+им балов+ать бал+уют облегч+ить углуб+ить упрост+ить усугуб+ить премиров+ать формиров+ать пломбиров+ать
брон+ировать регистр+ировать план+ирует организов+ать исп+ользовать финанс+ировать анализ+ировать реаг+ировать
рекомендов+ать тр+ебовать пл+атит пл+атят куп+ить к+упит люб+ить л+юбит смотр+еть см+отрит говор+ит говор+ят леж+ит
беж+ит д+ышит держ+ать д+ержит п+ишет п+ишут ид+ти прийт+и прид+ут найт+и н+айдено включен+о москв+а бак+у каз+ань
новосиб+ирск екатеринб+ург сам+ара ур+ал сиб+ирь камч+атка владивост+ок магад+ан як+утск ирк+утск красно+ярск росс+ия
росс+ии укра+ина кит+ай яп+ония азербайдж+ан т+урция герм+ания фр+анция ит+алия исп+ания ам+ерика стамб+ул анкар+а
л+ондон пар+иж берл+ин к+иев ташк+ент бишк+ек душанб+е ерев+ан тбил+иси петр+ов с+идоров п+ушкин досто+евский ч+ехов
г+оголь маяк+овский л+ермонтов тург+енев кузнец+ов смирн+ов поп+ов сокол+ов мих+айлов н+овиков мор+озов алекс+еев
л+ебедев ег+оров п+авлов козл+ов степ+анов никол+аев орл+ов андр+еев од+иннадцать двен+адцать трин+адцать
чет+ырнадцать пятн+адцать восемн+адцать дв+адцать тр+идцать пятьдес+ят шестьдес+ят с+емьдесят в+осемьдесят девян+осто
девян+оста дв+ести тр+иста чет+ыреста пятьс+от восемьс+от двадцат+и тридцат+и пят+идесяти восьм+идесяти пять+юдесятью
двухс+от пятис+от двумст+ам трёмст+ам пятист+ам двумяст+ами втор+ой тр+етий шест+ой седьм+ой восьм+ой дев+ятый
двадц+атый сороков+ой пятидес+ятый девян+остый с+отый т+ысяча т+ысячи т+ысячам т+ысячу милли+он милли+онов милли+ард
одног+о одном+у двум+я трем+я четырьм+я восьм+и сем+и с+орок сорок+а январ+я феврал+я м+арта апр+еля и+юня и+юля
+августа сентябр+я октябр+я ноябр+я декабр+я янв+арь сент+ябрь понед+ельник вт+орник сред+а четв+ерг п+ятница субб+ота
воскрес+енье рубл+ей рубл+я рубл+ями коп+еек коп+ейка д+олларов д+оллара тенг+е проц+ента сег+одня з+автра вчер+а
послез+автра т+оже т+акже всегд+а никогд+а когд+а отк+уда почем+у пот+ом совс+ем +очень м+ожно н+ужно нельз+я хорош+о
б+ыстро легк+о д+олго давн+о далек+о сл+ева внов+ь наз+ад догов+ор догов+ора догов+оры догов+оров катал+ог катал+огов
кварт+ал т+орты т+ортов б+анты ш+арфы ср+едства обесп+ечение нам+ерение ход+атайство крас+ивее нефтепров+од
мусоропров+од щав+ель щавел+я сл+ивовый к+ухонный опт+овый там+ожня стол+яр цеп+очка интерн+ет телеф+он +адрес пар+оль
л+огин с+ервер с+ервис монит+ор программ+ист к+офе пальт+о метр+о такс+и каф+е шосс+е интервь+ю презид+ент
прав+ительство госуд+арство мин+истр экон+омика зак+он вр+емя вр+емени времен+а +имя имен+а челов+ек люд+ей л+юдям
дет+ей д+етям дет+ьми друзь+я друз+ей бр+атья отц+а сыновь+я больн+ица шк+ола университ+ет н+овости новост+ей д+очери
+утром в+ечером весн+ой л+етом молод+ой больш+ой м+аленький р+усский англ+ийский тур+ецкий азербайдж+анский аэроп+орты
бухг+алтеров докум+ент дос+уг жалюз+и некрол+ог парт+ер портф+ель т+уфля цем+ент эксп+ерт сверл+ит танц+овщица
констр+укторы инжен+еры депоз+ит страх+овка тар+ифы опер+атор опер+атора абон+ента доб+авочный ожид+айте остав+айтесь
нажм+ите введ+ите набер+ите м+едленнее быстр+ее уд+обнее интер+еснее серь+ёзно +авто сл+ожен соверш+енный соверш+енно
"""
# Ordinary words, so that a mark of the table that slipped does not pass as a rule of the language.
TABLE = sorted({word for word in SURE.split() if re.fullmatch("[а-яё]*[+][аеёиоуыэюя][а-яё]*", word)})

YO = """
еще:ещё ее:её нее:неё мое:моё твое:твоё свое:своё идет:идёт пойдет:пойдёт придет:придёт дает:даёт берет:берёт
живет:живёт елка:ёлка самолет:самолёт ребенок:ребёнок зеленый:зелёный черный:чёрный желтый:жёлтый твердо:твёрдо
четыре:четыре четырех:четырёх трех:трёх тетя:тётя пчелка:пчёлка полет:полёт расчет:расчёт отчет:отчёт учет:учёт
объем:объём прием:приём вперед:вперёд причем:причём вдвоем:вдвоём актер:актёр шофер:шофёр режиссер:режиссёр лед:лёд
мед:мёд счет:счёт пришел:пришёл нашел:нашёл пошел:пошёл ушел:ушёл ведет:ведёт несет:несёт начнет:начнёт поймет:поймёт
орел:орёл козел:козёл петр:пётр семен:семён королев:королев детский:детский серьезно:серьёзно береза:берёза
надежный:надёжный определенный:определённый трехлетний:трёхлетний четырехкомнатный:четырёхкомнатный
"""
NOT_YO = ("все", "небо", "узнает", "детей", "место", "время", "девять", "тебе", "себе", "совершенно", "отец", "хлеб")


def place(word: str) -> int:
    """The stressed vowel of a word that is written with "+" before it."""
    return sum(letter in VOWELS for letter in word.partition("+")[0])


def test_the_table_is_long_enough() -> None:
    assert len(TABLE) > 400


@pytest.mark.parametrize("word", TABLE)
def test_words_anybody_is_sure_of(word: str) -> None:
    assert stressed_vowel(word.replace("+", "").replace("ё", "е")) == place(word)


@pytest.mark.parametrize("pair", YO.split())
def test_yo_is_restored(pair: str) -> None:
    plain, _, meant = pair.partition(":")
    assert accent(plain).word == meant


@pytest.mark.parametrize("word", NOT_YO)
def test_yo_is_not_put_where_it_is_not_certain(word: str) -> None:
    assert accent(word).word == word


@pytest.mark.parametrize("word", stress._CORRECTIONS)
def test_a_correction_is_needed_and_wins(word: str) -> None:
    plain = word.replace("+", "").replace("ё", "е")
    assert accent(plain) == parsed(word)
    listed = {line.replace("+", "").replace("ё", "е"): line for line in stress._network().exceptions}
    theirs = parsed(listed[plain]) if plain in listed else stress._network().accent(plain)
    assert theirs != parsed(word), "silero-stress is right by itself now"


def test_corrections_mark_one_vowel_each() -> None:
    for word in stress._CORRECTIONS:
        assert word.count("+") == 1
        assert word.partition("+")[2][0] in VOWELS
    assert len(set(stress._CORRECTIONS)) == len(stress._CORRECTIONS)


@pytest.mark.parametrize(("word", "number"), [("её", 1), ("ёлка", 0), ("самолёт", 2), ("всё", 0), ("щёлкнуть", 0)])
def test_yo_is_stressed(word: str, number: int) -> None:
    assert stressed_vowel(word) == number


@pytest.mark.parametrize(
    "word", ["трёхэт+ажный", "четырёхк+омнатный", "трёхл+етний", "трёхс+от", "четырёхс+от", "трёхзв+ёздный"]
)
def test_after_tryokh_the_second_part_is_stressed(word: str) -> None:
    assert stressed_vowel(word.replace("+", "")) == place(word)
    assert accent(word.replace("+", "").replace("ё", "е")) == parsed(word)


def test_tryokh_alone_is_stressed() -> None:
    assert (stressed_vowel("трёх"), stressed_vowel("четырёх")) == (0, 2)


@pytest.mark.parametrize("word", sorted(UNSTRESSED))
def test_function_words_are_not_stressed(word: str) -> None:
    assert stressed_vowel(word) is None


def test_content_words_and_pronouns_are_stressed() -> None:
    assert not UNSTRESSED & {"он", "мы", "что", "как", "там", "вот", "где", "через"}


@pytest.mark.parametrize("word", ["дом", "я", "ты", "взгляд"])
def test_a_word_of_one_syllable_is_stressed(word: str) -> None:
    assert stressed_vowel(word) == 0


@pytest.mark.parametrize("word", ["", "гм", "ьъ", "abc", "12"])
def test_without_a_vowel_there_is_no_stress(word: str) -> None:
    assert accent(word) == Accent(word, None)


# Invented; the endings leave little doubt.
@pytest.mark.parametrize("word", ["глок+ирование", "бармагл+от", "шмякир+ующий", "флибуст+ация", "кракоз+ябрами"])
def test_unknown_words_get_a_plausible_stress(word: str) -> None:
    assert stressed_vowel(word.replace("+", "")) == place(word)


def test_words_with_more_vowels_than_the_network_counts() -> None:
    assert accent("восьмидесятипятитысячного") == parsed("восьмидесятипятит+ысячного")


@given(st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюя", max_size=60) | st.text(max_size=20))
def test_any_word_has_its_place_among_its_vowels(word: str) -> None:
    meant = accent(word)
    assert meant.word.replace("ё", "е") == word.replace("ё", "е")
    vowels = sum(letter in VOWELS for letter in word)
    assert meant.place is None or 0 <= meant.place < vowels
    assert (meant.place is None) == (vowels == 0 or word in UNSTRESSED)


@pytest.mark.parametrize("word", ["о" * 300, "абвгд" * 100, "щщщаы"])
def test_long_nonsense_is_no_obstacle(word: str) -> None:
    assert stressed_vowel(word) is not None


def test_a_homograph_alone_has_its_usual_reading() -> None:
    for word, homograph in homographs().items():
        assert accent(word) == parsed(homograph.usual)


def test_threads_get_the_answers_that_one_thread_gets() -> None:
    words = [f"{start}{word}" for start in ("пере", "вы", "за", "о") for word in ("говорить", "делать", "писание")] * 20
    expected = [accent.__wrapped__(word) for word in words]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(accent.__wrapped__, words)) == expected


def test_nothing_is_read_before_the_first_word() -> None:
    script = (
        "import models.phonemes.russian, models.phonemes.stress as s;"
        "print(s._network.cache_info().currsize, s._listed.cache_info().currsize)"
    )
    root = str(Path(stress.__file__).parents[2])
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=root)
    assert done.stdout.split() == ["0", "0"], done.stderr


@pytest.mark.parametrize("content", [None, b"", b"no archive", b"PK\x03\x04"])
def test_data_that_cannot_be_read_is_a_clear_error(
    content: bytes | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "russian_stress.npz").write_bytes(content)
    monkeypatch.setattr(stress, "_DATA", tmp_path)
    for read in (stress._network, stress.context_weights, stress.homograph_lines):
        with pytest.raises(StressUnavailable, match="cannot be read"):
            read.__wrapped__()


def test_an_archive_that_lacks_arrays_is_a_clear_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    np.savez(tmp_path / "russian_stress.npz", scale=np.zeros(2))
    monkeypatch.setattr(stress, "_DATA", tmp_path)
    with pytest.raises(StressUnavailable, match="cannot be read"):
        stress._network.__wrapped__()
