"""Turkish words of telephone numbers."""

from workers.pipeline.normalise.turkic.phones import PhoneWords

PHONES = PhoneWords(
    star="yıldız",
    hash="kare",
    extension="dahili",
    extensions="dah|ext",
    announced="tel|gsm|cep|faks|fax|whatsapp|çağrı merkezi|müşteri hattı|destek hattı|iletişim numara|numaram",
)
