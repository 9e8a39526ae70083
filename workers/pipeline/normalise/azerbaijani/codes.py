"""Azerbaijani words around codes."""

from workers.pipeline.normalise.azerbaijani.letters import NAMES
from workers.pipeline.normalise.turkic.codes import NO_SERIES, CodeWords

CODES = CodeWords(
    letters=NAMES,
    slash="kəsr",
    colon="iki nöqtə",
    # The codes of countries, towns and posts are said as numbers.
    short_code=(
        r"(?<!ölkə )(?<!şəhər )(?<!ərazi )(?<!telefon )(?<!poçt )(?<!indeks )kod(?!eks|la|er|ing)"
        r"|şifrə|parol|pin[- ]?kod|pin(?!\w)|otp(?!\w)|cvv2?|cvc2?"
    ),
    keyed=(
        "müştəri|abonent|sifariş|hesab|müqavilə|qaimə|bağlama|izləmə|qeydiyyat|vəsiqə|şəxsiyyət|ərizə|müraciət"
        "|sənəd|seriya|polis|bilet|çek|qəbz|iş nömrə|kart|istifadəçi|sayğac"
    ),
    keyed_no="nömrə|kod|№|No",
    card_end="sonu|son (?:dörd|4|üç|3) rəqəm(?:i|ləri):?",
    ending_in="ilə (?:bitən|qurtaran)|rəqəmləri ilə (?:bitən|qurtaran)",
    numbered="saylı|nömrəli|№-li|say-lı|madd",
    plate=rf"[0-9]{{2}}[ -]?{NO_SERIES}[A-Z]{{2}}[ -]?[0-9]{{3}}",
)
