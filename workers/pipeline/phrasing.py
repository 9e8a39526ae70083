"""Where a sentence that is too long for the engine can be cut with the least harm to how it is heard."""

from dataclasses import dataclass

AFTER_SENTENCE = 0.0
AFTER_CLAUSE = 0.05
BEFORE_CONJUNCTION = 0.35
BETWEEN_WORDS = 1.0
INSIDE_PHRASE = 2.0
"""What the cuts cost. A part half as long as it should be costs a quarter, one half longer costs one."""


@dataclass(frozen=True, slots=True)
class _Words:
    numbers: frozenset[str]
    """What a number goes on after, and its unit: "iki yüz | əlli" is wrong."""
    leaning_on: frozenset[str]
    """Words said in one breath with the next: prepositions, particles, determiners."""
    leaning_back: frozenset[str]
    """Words said in one breath with the one before: postpositions, particles."""
    conjunctions: frozenset[str]


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_RUSSIAN_STEMS = (
    "пят шест сем девят десят одиннадцат двенадцат тринадцат четырнадцат пятнадцат шестнадцат семнадцат"
    " восемнадцат девятнадцат двадцат тридцат"
)

_WORDS = {
    "az": _Words(
        numbers=_set(
            "sıfır bir iki üç dörd beş altı yeddi səkkiz doqquz on iyirmi otuz qırx əlli altmış yetmiş səksən doxsan"
            " yüz min milyon milyard trilyon tam vergül onda yüzdə mində mənfi üstəgəl"
        ),
        leaning_on=_set("o bu hər heç ən çox daha bir nə necə yox əgər yalnız bütün həmin ilk və ya amma lakin çünki"),
        leaning_back=_set(
            "da də ilə isə üçün qədər kimi görə sonra əvvəl ki idi imiş ikən deyil tərəfindən haqqında mı mi mu mü"
            " barədə olaraq edib edir etdi oldu olur olan olub"
        ),
        conjunctions=_set("və amma lakin ancaq çünki yaxud yoxsa həmçinin halbuki əgər nəinki habelə"),
    ),
    "tr": _Words(
        numbers=_set(
            "sıfır bir iki üç dört beş altı yedi sekiz dokuz on yirmi otuz kırk elli altmış yetmiş seksen doksan"
            " yüz bin milyon milyar trilyon virgül yüzde binde onda eksi artı buçuk"
        ),
        leaning_on=_set("o bu şu her hiç en çok daha bir ne nasıl tüm bütün aynı ilk ve veya ama fakat çünkü"),
        leaning_back=_set(
            "da de ta te ile ise için kadar gibi göre sonra önce ki idi imiş iken değil tarafından hakkında mı mi mu mü"
            " olarak etti eder ediyor oldu olur olan olup"
        ),
        conjunctions=_set("ve ama fakat ancak lakin çünkü veya yahut yoksa ayrıca oysa eğer hem"),
    ),
    "ru": _Words(
        numbers=_set(
            "ноль нуля один одного одна одной одну одно одним двое трое два двух двум двумя две три трёх трех трём трем"
            " тремя четыре четырёх четырех четырём четырьмя восемь восьми восемью сорок сорока девяносто девяноста сто"
            " ста двести двухсот триста трёхсот трехсот четыреста четырёхсот пятьсот пятисот шестьсот шестисот семьсот"
            " семисот восемьсот восьмисот девятьсот девятисот пятьдесят пятидесяти шестьдесят шестидесяти семьдесят"
            " семидесяти восемьдесят восьмидесяти тысяча тысячи тысяч тысячу миллион миллиона миллионов миллиард"
            " миллиарда миллиардов целая целых целой минус плюс номер"
        )
        | frozenset(stem + ending for stem in _RUSSIAN_STEMS.split() for ending in ("ь", "и", "ью")),
        leaning_on=_set(
            "в во к ко с со на по за из от до у о об обо про под над при без для не ни и а но да или же как что чтобы"
            " если перед между через около после кроме вместо из-за из-под самый очень это этот эта эти тот та те"
            " эс эм эн эр эль эф бэ вэ гэ дэ пэ тэ"
        ),
        leaning_back=_set("же ли ль бы б ж то нибудь лишь"),
        conjunctions=_set(
            "и а но или либо что чтобы который которая которое которые которого которой которых которым когда если"
            " потому поэтому хотя где куда откуда чем пока однако зато"
        ),
    ),
}


def cost(before: str, after: str, language: str) -> float:
    """What it costs to cut between the words `before` and `after`: the less, the better the place."""
    if before[-1:] in (".", "!", "?", "…"):
        return AFTER_SENTENCE
    if before[-1:] in (",", ";", ":", "—"):
        return AFTER_CLAUSE
    left, right, words = _plain(before), _plain(after), _WORDS[language]
    if len(left) == 1 or left in words.leaning_on or left in words.numbers or right in words.leaning_back:
        return INSIDE_PHRASE
    return BEFORE_CONJUNCTION if right in words.conjunctions else BETWEEN_WORDS


def _plain(word: str) -> str:
    """The word itself, of "{word|ipa}" and without stress marks."""
    return word.strip("{}.,!?;:—…").partition("|")[0].replace("\u0301", "")
