"""What a text may hold, and how the bytes of a text file become one."""

import re
import unicodedata

from charset_normalizer import from_bytes

from synthesis.domain.errors import InvalidInput

NOTHING_TO_SYNTHESIZE = "Text has nothing to synthesize."

# Signs that are read as words in every language the service speaks.
_SPOKEN_SIGNS = frozenset("%‰&@+=№§°€$£₼₺₽₾#")

_SURROGATE = re.compile("[\ud800-\udfff]")

_BYTE_ORDER_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),  # before utf-16-le, whose mark it begins with
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)

# 8-bit code pages in use for a language. None for Azerbaijani: no legacy code page has ə, so a guess would be wrong.
_CODE_PAGES = {"tr": ["cp1254"], "ru": ["cp1251", "koi8_r", "cp866"], "az": []}

# What people upload by mistake, by first bytes. These would decode as an 8-bit code page.
_SIGNATURES = {
    b"%PDF-": "a PDF document",
    b"PK\x03\x04": "a ZIP, DOCX or EPUB file",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"{\\rtf": "an RTF document",
    b"ID3\x02": "an mp3",
    b"ID3\x03": "an mp3",
    b"ID3\x04": "an mp3",
    b"OggS\x00": "an Ogg file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x1f\x8b": "a gzip archive",
    b"\x7fELF": "a program",
}


def check(text: str, max_characters: int) -> str:
    """The text without a leading BOM, if it may become a job. Raises InvalidInput."""
    text = text.removeprefix("\ufeff")
    if len(text) > max_characters:
        raise InvalidInput(f"text: Longer than {max_characters} characters.")
    if "\0" in text:
        raise InvalidInput("text: Null characters are not allowed.")
    if _SURROGATE.search(text):
        raise InvalidInput("text: Not valid Unicode (lone surrogate).")
    if not speakable(text):
        raise InvalidInput(NOTHING_TO_SYNTHESIZE)
    return text


def speakable(text: str) -> bool:
    """Whether anything in the text can be said: a letter, a number, or a sign that is read as a word."""
    return any(char in _SPOKEN_SIGNS or unicodedata.category(char)[0] in "LN" for char in text)


def decode(content: bytes, language: str) -> str:
    """The text of an uploaded file: by BOM, else strict UTF-8, else the language's code pages. Raises InvalidInput."""
    if not content:
        raise InvalidInput("file: The file is empty.")
    for signature, kind in _SIGNATURES.items():
        if content.startswith(signature):
            raise InvalidInput(f"file: This is {kind}; only plain text files (.txt) are accepted.")
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _decode(content[len(mark) :], encoding)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_legacy(content, language)


def _decode(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidInput(f"file: Not valid {encoding.upper()} text; save it as UTF-8.") from error


def _decode_legacy(content: bytes, language: str) -> str:
    pages = _CODE_PAGES.get(language, [])
    # Control characters never stand in a text of these code pages: such a file is no text at all.
    if not pages or any(byte < 0x20 and byte not in b"\t\n\v\f\r\x1a" for byte in content):
        raise InvalidInput("file: Not valid UTF-8 text; save it as UTF-8. Only plain text files (.txt) are accepted.")
    if len(pages) == 1:
        return _decode(content, pages[0])
    best = from_bytes(content, cp_isolation=pages).best()
    if best is None:
        raise InvalidInput("file: Not readable as text; save it as UTF-8. Only plain text files (.txt) are accepted.")
    return _decode(content, best.encoding)


def one_line(value: str, longest: int = 60) -> str:
    """What a client has sent, short and printable enough to be quoted in an error."""
    printable = "".join(char if char.isprintable() else " " for char in value[: longest + 1])
    return printable if len(value) <= longest else f"{printable[:longest]}…"
