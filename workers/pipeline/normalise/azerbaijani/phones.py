"""Azerbaijani words of telephone numbers."""

from workers.pipeline.normalise.turkic.phones import PhoneWords

PHONES = PhoneWords(
    star="ulduz",
    hash="diyez",
    extension="daxili",
    extensions="dax|ext",
    announced="tel|mob|faks|telefaks|zəng|whatsapp|vatsap|qaynar xətt|çağrı mərkəzi|əlaqə nömrə|əlaqə telefon",
)
