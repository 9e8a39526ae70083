"""The words by which Russian full stops are told apart, beyond those that razdel knows."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STARTERS = _words(
    "Он Она Оно Они Его Её Ее Ему Ей Это Этот Эта Эти Этого Этому Тот Та Те Там Тут Здесь Туда Сюда Потом Затем Но А И"
    " Я Ты Мы Вы Меня Мне Нас Нам Вас Вам Так Такой Как Какой Когда Если Поэтому После Через Вскоре Теперь Тогда Сейчас"
    " Сегодня Завтра Вчера Что Чтобы Кто Где Куда Почему Зачем Сколько Все Всё Весь Наш Наша Ваш Мой Моя Его Не Ни"
    " Да Нет Уже Ещё Еще В Во На По С Со К Ко У О Об За Из От До При Для Без Над Под Перед Между Однако Впрочем"
    " Например Кроме Кстати Конечно Может Можно Нужно Надо Пусть Пока Лишь Только Даже Хотя Также Тоже Вот Вдруг Снова"
    " Опять Наконец Раньше Позже Сначала Днём Днем Утром Вечером Ночью Летом Зимой Весной Осенью Итак Значит Словом"
    " Иногда Многие Другие"
)
"""Words in capitals that begin sentences and are no names."""

TITLES = _words(
    "доц инж ген полк подп лейт кап преп асс ассист архиеп архим митр прот прп канд асп деп мл проф акад зам зав"
    " респ пгт дер наб туп бул бульв мкр м ал вл дм евг ив мих серг конст вас вяч григ"
)
"""Abbreviations before a name, which never end a sentence."""

LABELS = _words(
    "табл рис доб янв фев февр мар апр июн июл авг сен сент окт ноя нояб дек илл схем прил разд вып кн кол мкр под тел"
    " факс упр инд оп род сер ном ауд каб уч гл стр с п ст ч т см д кв корп оф эт пом"
)
"""Abbreviations that go on before a number."""

ORDINARY = _words("пол кит ум рис нем ком лит откр")
"""Abbreviations that are words of their own too: before a capital letter they are those."""

MEASURES = _words("г гг р руб коп ч мин сек с см м мм км т кг л га а д чел экз шт стр")
"""What ends a sentence between a number and a capital letter, though some stand before names elsewhere."""

CENTURY_PARTS = _words("г гг пол четв нач кон сер втор перв посл")
"""What goes on before the Roman numeral of a century."""

SCALES = _words("дол долл тыс млн млрд трлн")
"""What goes on before a country or a currency in capitals."""

PAIRS = frozenset({("т", "ч"), ("т", "о"), ("с", "х"), ("ж", "д"), ("т", "е"), ("т", "к"), ("т", "н"), ("и", "о")})
"""Abbreviations of two letters that never end a sentence: "в т. ч."."""
