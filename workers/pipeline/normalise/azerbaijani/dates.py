"""Azerbaijani words of dates and times."""

from workers.pipeline.normalise.turkic.dates import DateWords
from workers.pipeline.normalise.turkic.times import TimeWords

DATES = DateWords(
    months=(
        "yanvar", "fevral", "mart", "aprel", "may", "iyun", "iyul", "avqust", "sentyabr", "oktyabr", "noyabr", "dekabr",
    ),
    short={
        "yan": 1, "yanv": 1, "fev": 2, "fevr": 2, "mar": 3, "apr": 4, "iyn": 6, "iyl": 7, "avq": 8, "sen": 9, "sent": 9,
        "okt": 10, "noy": 11, "dek": 12,
    },
    dated="tarix",
    dating=r"tarix(?:i|də)?",
    yearly="tədris|dərs il|mövsüm|maliyyə|akademik",
    owning=(
        "(?:yanvar|fevral|mart|aprel|may|iyun|iyul|avqust|sentyabr|oktyabr|noyabr|dekabr|ay)"
        "(?:[ıiuü]n| ayının|ının)"
    ),
)  # fmt: skip

TIMES = TimeWords(
    hour="saat",
    leaving="reys|qatar|bərə|təyyarə|avtobus|seans|xəbər",
    hours_follow="saat|arası|qədər|dək",
    day=(
        "yanvar|fevral|mart|aprel|may|iyun|iyul|avqust|sentyabr|oktyabr|noyabr|dekabr|bazar|çərşənbə|cümə|şənbə"
        "|bu gün|bugün|sabah|dünən|axşam|gecə|günorta|səhər|oyun|matç|film|konsert|iclas|görüş|seans|başlanğıc|açılış"
    ),
)
