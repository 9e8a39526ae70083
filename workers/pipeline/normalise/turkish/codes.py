"""Turkish words around codes."""

from workers.pipeline.normalise.turkic.codes import NO_SERIES, CodeWords
from workers.pipeline.normalise.turkish.letters import NAMES

CODES = CodeWords(
    letters=NAMES,
    slash="bölü",
    colon="iki nokta",
    # The codes of countries, regions and posts are said as numbers.
    short_code=(
        r"(?<!ülke )(?<!alan )(?<!bölge )(?<!telefon )(?<!şehir )(?<!posta )kod(?!la|ek|e?r)"
        r"|şifre|parola|pin(?!\w)|otp(?!\w)|cvv2?|cvc2?"
    ),
    keyed=(
        "müşteri|abone|sipariş|hesap|sözleşme|takip|poliçe|dosya|kayıt|başvuru|kargo|fatura|tesisat|kimlik|vergi"
        "|sicil|seri|kart|üye|referans|rezervasyon|bilet|ruhsat|barkod|kullanıcı|sayaç|işlem"
    ),
    keyed_no="numara|kod|№|[Nn]o",
    card_end="sonu|son (?:dört|4|üç|3) (?:hanesi|rakamı):?",
    ending_in="(?:ile|rakamlarıyla) biten",
    numbered="sayılı|numaralı|madde|no'lu|nolu|[Ee]sas|[Kk]arar",
    plate=(
        rf"(?:0[1-9]|[1-7][0-9]|8[01])[ -]?{NO_SERIES}"
        "(?:[A-Z][ -]?[0-9]{4,5}|[A-Z]{2}[ -]?[0-9]{3,4}|[A-Z]{3}[ -]?[0-9]{2,3})"
    ),
)
