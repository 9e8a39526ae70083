"""Addresses of the net: web pages, e-mails, @names, #words and names of files."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from workers.pipeline.normalise.draft import Edit, Rule, substitution
from workers.pipeline.normalise.inline import sparing


@dataclass(frozen=True)
class LinkWords:
    """What is said for the parts of an address."""

    point: str
    at: str
    www: str
    hashtag: str
    signs: Mapping[str, str]
    """Other signs of an address and their names: "/", "-", "_", "?" …"""
    letters: Mapping[str, str]
    """Names of the Latin letters, for short parts without a vowel."""
    known: Mapping[str, str]
    """Parts that are not said as they are written: "tr", "pdf"."""
    word: Callable[[str], str]
    """How a part, letters only, is written in the language's small letters."""


# A domain of two letters that is a word of one of the languages ("at", "it") would make an address of a forgotten
# space after a full stop.
_TOP = (
    "com|net|org|edu|gov|info|biz|mil|online|site|shop|store|club|xyz|blog|media|news|museum|tech|cloud|space|website"
    "|app|dev|pro|az|tr|ru|su|рф|kz|uz|ge|ua|by|ir|uk|de|fr|es|nl|pl|eu|ca|cn|jp|kr|ch|cz|gr|ro|bg|io|ai|tv|cc|ly|gl"
    "|azerbaijan|istanbul|москва|рус|дети|онлайн|сайт|COM|NET|ORG|AZ|TR|RU|РФ"
)
_FILE_TYPES = (
    "pdf|docx?|xlsx?|pptx?|txt|csv|json|xml|html?|php|js|css|py|jpe?g|png|gif|svg|bmp|webp|mp3|mp4|wav|ogg|flac|avi|mkv"
    "|mov|zip|rar|7z|gz|exe|apk|epub|fb2|odt|rtf|sql|ya?ml|ini|dll"
)
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?+"
_LINK = re.compile(
    # An e-mail.
    rf"(?:(?<![\w@.+-])(?P<mail>[\w.+-]{{1,64}}+@(?:{_LABEL}\.){{1,6}}[^\W\d_]{{2,24}}+)"
    # A page, by its beginning or by its top domain; a path's last sign is not a mark of the sentence.
    rf"|(?<![\w@.-])(?P<page>(?:(?:(?:[Hh][Tt][Tt][Pp][Ss]?|[Ff][Tt][Pp])://|[Ww]{{3}}\.)(?:{_LABEL}\.){{0,6}}[^\W_]{{1,63}}+"
    rf"|(?:{_LABEL}\.){{1,6}}(?:(?:{_TOP})(?!\w)|(?:me|it|at|us|co|be|ms|gg|to)(?=/\w)))"
    r"(?::[0-9]{2,5}(?![0-9]))?(?:/[^\s<>()\[\]{}|'—]{0,500}(?<![.,!?;:…])|))"
    rf"|(?<![\w@./-])(?P<file>\w[\w-]{{0,63}}+\.(?:{_FILE_TYPES}|{_FILE_TYPES.upper()})(?!\w))"
    r"|(?<![\w@.+-])(?P<handle>@[^\W_][\w.]{0,40}(?<!\.))"
    r"|(?<![\w#&])#(?P<hashtag>(?=[\d_]*[^\W\d_])\w{1,80}+(?!-[0-9])))"
    r"(?:['-](?P<suffix>[^\W\d_]{1,12}))?(?![\w@])"
)
# Without one of these there is no address; most sentences have none.
_GATE = re.compile(r"[@#.:](?:(?<=[@#])|(?<=\.)\w|(?<=:)//)")
_SCHEME = re.compile(r"\w{3,5}://")

_PARTS = re.compile(r"[0-9]+|[^\W\d_]+|[\W_]")
_HUMP = re.compile(r"(?<=[a-zа-яёçəğıöşü])(?=[A-ZА-ЯЁÇƏĞİÖŞÜ])|_+|(?<=[^\W\d])(?=[0-9])|(?<=[0-9])(?=[^\W\d])")
_VOWEL = re.compile(r"[aeıioöuüəyâîûаеёиоуыэюя]", re.IGNORECASE)
_LONGEST_SPELLED = 5


def links(words: LinkWords, read_digits: Callable[[str], str], join: Callable[[str, str], str]) -> Rule:
    """The rule for all of them.

    `read_digits` says the digits inside an address; `join` joins a suffix ("mail.az-da") to the words before it.
    """

    def read(found: re.Match[str]) -> str:
        if found["hashtag"]:
            parts = [part for part in _HUMP.split(found["hashtag"]) if part]
            spoken = " ".join([words.hashtag, *(_read_part(part, words, read_digits) for part in parts)])
        else:
            address = found["mail"] or found["page"] or found["file"] or found["handle"]
            spoken = _read_address(address, words, read_digits)
        return join(spoken, found["suffix"]) if found["suffix"] else spoken

    every_link = sparing(substitution(_LINK, read))

    def rule(text: str) -> Iterable[Edit]:
        return every_link(text) if _GATE.search(text) else ()

    return rule


def _read_address(address: str, words: LinkWords, read_digits: Callable[[str], str]) -> str:
    plain = unquote(_SCHEME.sub("", address, count=1)).rstrip("/")
    plain = plain.lower() if plain.isascii() else plain  # "MAIL.AZ": no address has an ı
    return " ".join(spoken for part in _PARTS.findall(plain) if (spoken := _read_part(part, words, read_digits)))


def _read_part(part: str, words: LinkWords, read_digits: Callable[[str], str]) -> str:
    if part.isdecimal():
        return read_digits(part)
    if not part.isalpha():
        return {".": words.point, "@": words.at}.get(part) or words.signs.get(part, "")
    small = words.word(part)
    plain = part.lower()
    if plain == "www":
        return words.www
    if plain in words.known:
        return words.known[plain]
    if len(part) <= _LONGEST_SPELLED and not _VOWEL.search(part):
        return " ".join(words.letters.get(letter, letter) for letter in plain)
    return small
