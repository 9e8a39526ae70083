"""One test for every rule; stress is marked in the text wherever the dictionary is not what is tested."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.phonemes import phonemes, russian
from models.phonemes.stress import VOWELS


def sounds(text: str) -> str:
    return phonemes(text, "ru").removesuffix(".")


def same(pairs: dict[str, str]) -> None:
    assert {text: sounds(text) for text in pairs} == pairs


def test_vowels_under_stress() -> None:
    same({f"т{vowel}": f"tˈ{sound}" for vowel, sound in zip("аоэуы", "aoɛuɨ", strict=True)})
    same({f"т{vowel}": f"tʲˈ{sound}" for vowel, sound in zip("яёеюи", "aoɛui", strict=True)})


def test_vowels_right_before_the_stress() -> None:
    same({"садо́к": "sʌdˈok", "води́ть": "vʌdʲˈitʲ", "река́": "rʲɪkˈa", "пята́к": "pʲɪtˈak", "поэ́т": "pʌˈɛt"})
    same({"луна́": "lunˈa", "люби́ть": "lʲubʲˈitʲ", "пила́": "pʲilˈa", "сыры́": "sɨrˈɨ"})


def test_vowels_at_the_start_of_a_word() -> None:
    same({"огоро́д": "ʌɡʌrˈot", "автома́т": "ʌftʌmˈat", "этажи́": "ɪtʌʒˈɨ", "языки́": "jɪzɨkʲˈi", "ехида́": "jɪxʲidˈa"})


def test_vowels_further_from_the_stress() -> None:
    same({"голова́": "ɡalʌvˈa", "парохо́д": "parʌxˈot", "бе́рег": "bʲˈɛrʲɪk", "па́мятник": "pˈamʲɪtnʲik"})
    same({"о́коло": "ˈokala", "ка́пля": "kˈaplʲa", "вре́мя": "vrʲˈɛmʲa", "мо́ре": "mˈorʲɪ"})


def test_hard_sibilants_harden_what_follows() -> None:
    same({"жи́ть": "ʒˈɨtʲ", "маши́на": "mʌʃˈɨna", "ци́рк": "ʦˈɨrk", "же́ст": "ʒˈɛst"})
    same({"жена́": "ʒɨnˈa", "ше́лест": "ʃˈɛlʲɪst", "цена́": "ʦɨnˈa", "на́ше": "nˈaʃɨ"})


def test_j_at_the_start_after_vowels_and_after_signs() -> None:
    same({"ель": "jˈɛlʲ", "ёж": "jˈoʃ", "юг": "jˈuk", "я́ма": "jˈama"})
    same({"моя́": "mʌjˈa", "пое́хать": "pʌjˈɛxatʲ", "его́": "jɪvˈo"})
    same({"объе́кт": "ʌbjˈɛkt", "семья́": "sʲɪmʲjˈa", "чьи": "ʧjˈi", "бульо́н": "bulʲjˈon", "статью́": "stʌtʲjˈu"})


def test_consonants() -> None:
    same(
        {
            f"{letter}а́": f"{sound}ˈa"
            for letter, sound in zip("бвгджзйклмнпрстфхцчш", "bvɡdʒzjklmnprstfxʦʧʃ", strict=True)
        }
    )
    same({"ща": "ɕːˈa"})


def test_soft_consonants_are_marked() -> None:
    same({"нет": "nʲˈɛt", "нёс": "nʲˈos", "ни́ть": "nʲˈitʲ", "нюх": "nʲˈux", "ня́ня": "nʲˈanʲa", "конь": "kˈonʲ"})


def test_sibilants_are_never_marked_soft() -> None:
    same(
        {
            f"{letter}и": f"{sound}ˈ{'ɨ' if letter in 'шжц' else 'i'}"
            for letter, sound in zip("шжцч", "ʃʒʦʧ", strict=True)
        }
    )
    same({"ночь": "nˈoʧ", "вещь": "vʲˈɛɕː", "щи": "ɕːˈi", "мышь": "mˈɨʃ"})


def test_ch_of_what_is_sh() -> None:
    same({"что": "ʃtˈo", "что́бы": "ʃtˈobɨ", "ничто́": "nʲiʃtˈo", "почто́вый": "pʌʧtˈovɨj", "не́что": "nʲˈɛʧta"})


def test_g_of_the_genitive_is_v() -> None:
    same({"но́вого": "nˈovava", "си́него": "sʲˈinʲɪva", "того́": "tʌvˈo", "его́": "jɪvˈo", "бо́льшегося": "bˈolʲʃɨvasʲa"})
    same({"мно́го": "mnˈoɡa", "немно́го": "nʲɪmnˈoɡa", "стро́го": "strˈoɡa", "до́рого": "dˈoraɡa", "дорого́го": "darʌɡˈova"})


def test_today_has_a_v() -> None:
    same({"сего́дня": "sʲɪvˈodnʲa", "сего́дняшний": "sʲɪvˈodnʲɪʃnʲij"})


def test_silent_consonants() -> None:
    same({"чу́вство": "ʧˈustva", "здра́вствуй": "zdrˈastvuj", "нра́вственный": "nrˈafstvʲɪnnɨj"})
    same({"по́здно": "pˈozna", "пра́здник": "prˈaznʲik", "бе́здна": "bʲˈɛzdna"})
    same({"ле́стница": "lʲˈɛsnʲiʦa", "со́лнце": "sˈonʦɨ", "се́рдце": "sʲˈɛrʦɨ"})


def test_clusters_that_are_spelled_otherwise() -> None:
    same({"мя́гкий": "mʲˈaxkʲij", "ле́гче": "lʲˈɛxʧɪ"})
    same({"сча́стье": "ɕːˈastʲjɪ", "заказчи́к": "zakʌɕːˈik", "отца́": "ʌʦˈa"})
    same({"боя́ться": "bʌjˈaʦa", "бои́тся": "bʌˈiʦa", "коне́чно": "kʌnʲˈɛʃna"})


def test_final_consonants_lose_their_voice() -> None:
    same({"хлеб": "xlʲˈɛp", "лев": "lʲˈɛf", "друг": "drˈuk", "сад": "sˈat", "нож": "nˈoʃ", "раз": "rˈas"})
    same({"любо́вь": "lʲubˈofʲ", "поезд": "pˈojɪst", "трезв": "trʲˈɛsf"})


def test_consonants_take_the_voice_of_the_next() -> None:
    same(
        {"во́дка": "vˈotka", "вто́рник": "ftˈornʲik", "сде́лать": "zdʲˈɛlatʲ", "про́сьба": "prˈozʲba", "вокза́л": "vʌɡzˈal"}
    )
    same({"взгляд": "vzɡlʲˈat", "всхо́ды": "fsxˈodɨ"})


def test_v_gives_no_voice() -> None:
    same({"свет": "svʲˈɛt", "твой": "tvˈoj", "ква́с": "kvˈas"})


def test_vowels_and_sonorants_give_no_voice() -> None:
    same({"косма́": "kʌsmˈa", "слон": "slˈon", "класс": "klˈass"})


def test_prepositions_take_the_voice_of_the_next_word() -> None:
    same({"в са́д": "fsˈat", "в до́м": "vdˈom", "с до́мом": "zdˈomam", "с са́дом": "ssˈadam", "к дру́гу": "ɡdrˈuɡu"})
    same({"из ще́ли": "isɕːˈɛlʲi", "с ча́ем": "sʧˈajɪm"})
    same({"в во́ду": "vvˈodu", "с ва́ми": "svˈamʲi", "в окно́": "vʌknˈo", "с мо́ря": "smˈorʲa"})
    same({"без те́бя": "bʲɪstʲˈɛbʲa", "из до́ма": "izdˈoma", "об э́том": "ʌbˈɛtam", "из-под сто́ла": "ispatstˈola"})


def test_prepositions_are_spoken_as_one_with_the_next_word() -> None:
    same({"в до́м и с до́мом": "vdˈom i zdˈomam", "от во́ды": "ʌtvˈodɨ"})
    same({"че́рез до́м": "ʧˈɛrʲɪz dˈom", "пе́ред са́дом": "pʲˈɛrʲɪt sˈadam"})


def test_a_preposition_leans_on_nothing_across_a_mark() -> None:
    same({"в, до́м": "f, dˈom", "под — до́м": "pat — dˈom", "в": "f"})


def test_unstressed_function_words_carry_no_mark() -> None:
    assert "ˈ" not in sounds("не на за под над от до по из о об а но у во со ни для при бы ли же и к")
    same({"для": "dlʲa", "не": "nʲɪ", "о": "ʌ", "же": "ʒɨ"})


def test_every_other_word_with_a_vowel_has_exactly_one_stress() -> None:
    text = "Учёные изучают уровень воды в Каспийском море, чтобы понять его изменения."
    marks = [word.count("ˈ") for word in sounds(text).split()]
    assert marks == [1] * 10  # "в" is part of the word after it


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("за́мок", "zˈamak"),
        ("замо́к", "zʌmˈok"),
        ("з+амок", "zˈamak"),
        ("зам+ок", "zʌmˈok"),
        ("ЗАМО́К", "zʌmˈok"),
        ("на́ дом", "nˈa dˈom"),  # over the list of unstressed words
        ("трёхэта́жный", "trʲoxɪtˈaʒnɨj"),  # over ё
        ("саду́ са́ду", "sʌdˈu sˈadu"),  # over the corrections
        ("во́доворо́т", "vadavʌrˈot"),  # of two the last
    ],
)
def test_a_mark_in_the_text_wins(text: str, expected: str) -> None:
    assert sounds(text) == expected


def test_a_mark_on_no_vowel_is_ignored() -> None:
    assert sounds("до+м") == sounds("дом\u0301") == sounds("+дом") == sounds("дом")


def test_the_dictionary_stresses_the_rest() -> None:
    same({"молоко": "malʌkˈo", "экономика": "ɪkʌnˈomʲika"})


def test_letters_of_neighbouring_alphabets_are_read() -> None:
    assert sounds("Київ") == "kʲˈijif"
    assert sounds("ґанок") == sounds("ганок")


def test_compounds_with_a_hyphen_are_two_words() -> None:
    assert sounds("что-то") == "ʃtˈo tˈo"


word = st.text("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", min_size=1, max_size=12)


@given(word)
def test_respelling_never_changes_the_number_of_vowels(text: str) -> None:
    """The place of the stress is counted in vowels of the spelling."""
    respelled = russian._respelled(text)
    assert len(re.findall(f"[{VOWELS}]", respelled)) == len(re.findall(f"[{VOWELS}]", text))


@given(word, st.data())
def test_the_marked_vowel_is_the_one_that_is_stressed(text: str, data: st.DataObject) -> None:
    places = [place for place, letter in enumerate(text) if letter in VOWELS]
    if not places:
        return
    chosen = data.draw(st.sampled_from(places))
    symbols = sounds(f"{text[: chosen + 1]}\u0301{text[chosen + 1 :]}")
    assert symbols.count("ˈ") == 1
    vowels_before = re.findall("[aoɛɪʌiɨu]", symbols.partition("ˈ")[0])
    assert len(vowels_before) == places.index(chosen)
