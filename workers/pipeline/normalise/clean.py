"""Folds what looks different but reads the same: composed letters, spaces, quotes, dashes, foreign digits.

What comes out holds the characters that the rules know: one code for each letter, ASCII digits, `'` for every
apostrophe, `-` for hyphens and minus, `—` for dashes, single spaces, no quotation marks.
"""

import re
import unicodedata
from collections.abc import Iterator

from workers.pipeline.normalise.draft import Draft, Edit, Rule, substitution
from workers.pipeline.normalise.homoglyphs import homoglyphs
from workers.pipeline.normalise.inches import inches

# A text of these needs no look at its single characters: most texts do not.
_UNUSUAL = re.compile(r"[^ !-~\nÇçƏəĞğİıÖöŞşÜüА-яЁё—…№°₼₺₽€]")

# Only a letter and its first marks are composed, piece by piece: Unicode's canonical ordering takes quadratic
# time in a run of marks, and a run of thousands is an attack or a decoration.
_LETTER_AND_MARKS = re.compile(
    r"[^\W\d_][\u0300-\u036f\u0483-\u0487\u0653-\u0655\u093c\u1ab0-\u1aff\u1dc0-\u1dff\u3099\u309a]{1,4}"
)
_COMPOSE = substitution(_LETTER_AND_MARKS, lambda found: unicodedata.normalize("NFC", found[0]))

# Controls and formatting characters; a soft hyphen at the end of a line takes the line break with it.
_INVISIBLE = re.compile(
    r"\u00ad[ \t]{0,9}\r?\n[ \t]{0,9}"
    r"|[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u180b-\u180e\u200b-\u200f"
    r"\u202a-\u202e\u2060-\u206f\u20d0-\u20e3\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0001-\U000e01ef]+"
)
_DROP_INVISIBLE = substitution(_INVISIBLE, lambda found: "")

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾", "0123456789+-()")
_RAISED = re.compile(r"(?P<word>[^\W\d_⁰-⁹ⁿ²³¹]++|)(?P<mark>[.,!?;:\"'»”)]{0,3})(?P<raised>[⁰¹²³⁴-⁹⁺⁻⁽⁾]++)")
# Ligatures, squared units, degree signs, fractions, Roman and circled numerals: written by Unicode's own table.
_COMPATIBLE = re.compile(
    r"[\ufb00-\ufb06\u3371-\u33df\u2103\u2109]|[\u2080-\u2089]+|[\u2150-\u218b\u2460-\u24ff\u2776-\u2793]"
)

_SAME_READING = {
    **dict.fromkeys("’‘ʼʻ‛`´＇ʹ", "'"),
    **dict.fromkeys("‐‑﹣－−⁃", "-"),
    **dict.fromkeys("‒", "–"),
    **dict.fromkeys("―⸺⸻﹘", "—"),
    **dict.fromkeys("“”„‟«»‹›〈〉《》「」『』‚＂〝〞", '"'),
    **dict.fromkeys("{（⁅【〔", "("),
    **dict.fromkeys("}）⁆】〕", ")"),
    **dict.fromkeys("，、،﹐", ","),
    **dict.fromkeys("。．｡", "."),
    **dict.fromkeys("！‼", "!"),
    **dict.fromkeys("？؟⁇\u037e", "?"),
    **dict.fromkeys("：∶", ":"),
    **dict.fromkeys("；؛", ";"),
    **dict.fromkeys("％٪", "%"),
    **dict.fromkeys("⁄∕", "/"),
    **dict.fromkeys("˚º", "°"),
    **dict.fromkeys("•‣◦▪·∙●○■□►▶➤", "•"),
    "¿": " ", "¡": " ", "⋯": "…", "ǝ": "ə", "Ǝ": "Ə", "µ": "μ",
}  # fmt: skip


# Stands for letters that Python cannot name (Tangut): pymorphy3 asks for the name and fails, and so does whatever calls
# it. The guard drops the sign and counts it.
_UNKNOWN_LETTER = "\ufffd"


class _Plain(dict[int, str]):
    """The plain character for each character, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        plain = self[code] = _plain_character(chr(code))
        return plain


def _plain_character(character: str) -> str:
    if character in _SAME_READING:
        return _SAME_READING[character]
    if character.isspace() and character not in "\n\r\x0b\x0c\x85\u2028\u2029":
        return " "
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if "\uff01" <= character <= "\uff9f" or "\U0001d400" <= character <= "\U0001d7ff":  # full width, styled letters
        folded = unicodedata.normalize("NFKC", character)
        return folded if len(folded) == 1 else character
    if character.isalpha() and not unicodedata.name(character, ""):
        return _UNKNOWN_LETTER
    return character


_PLAIN = _Plain()


def clean(draft: Draft, language: str) -> None:
    """Write the draft in plain characters and single spaces; line breaks become spaces."""
    if '"' in draft.text:
        draft.apply(inches)
    if _UNUSUAL.search(draft.text):
        draft.apply(_COMPOSE)
        draft.apply(_DROP_INVISIBLE)
        draft.apply(_RAISED_DIGITS)
        draft.apply(_COMPATIBLE_CHARACTERS)
        draft.translate(_PLAIN)
    elif "{" in draft.text or "}" in draft.text or "`" in draft.text:
        draft.translate(_PLAIN)
    draft.apply(_HOMOGLYPHS[language])
    for signs, rule in _STEPS:
        for sign in signs:
            if sign in draft.text:
                draft.apply(rule)
                break
    if language == "ru" and "+" in draft.text:
        draft.apply(_PLUS_STRESS)


_HOMOGLYPHS = {language: homoglyphs(language) for language in ("az", "tr", "ru")}


def _read_raised(found: re.Match[str]) -> str | None:
    """A raised digit is a unit's power, a power, or the number of a footnote, which nobody reads out."""
    word, mark, raised = found["word"], found["mark"], found["raised"]
    before = found.string[found.start() - 1 : found.start()]
    if not mark and (len(word) <= 2 if word else before.isdecimal() or before == ")"):
        if raised in ("²", "³"):
            return None
        return f"{word}^{raised.translate(_SUPERSCRIPTS)}"
    if word or mark:
        return word + mark
    return f" {raised.translate(_SUPERSCRIPTS)} "


_RAISED_DIGITS = substitution(_RAISED, _read_raised)


def _read_compatible(found: re.Match[str]) -> str:
    folded = unicodedata.normalize("NFKC", found[0]).replace("⁄", "/")
    if not folded.isascii() or "\u3371" <= found[0] <= "\u33df":
        return folded.replace("2", "²").replace("3", "³")  # ㎡ is m²; ½ with a slash is ASCII
    before = found.string[: found.start()][-1:]
    if found[0][0] >= "\u2150" and (before.isalnum() or "\u2460" <= found[0] <= "\u2793"):
        return f" {folded} "
    return folded


_COMPATIBLE_CHARACTERS = substitution(_COMPATIBLE, _read_compatible)

_FOOTNOTE = re.compile(r"(?:\[(?:\d{1,3}(?: ?[,;—–-] ?\d{1,3}){0,9}|[a-zа-я]|\*{1,3})\]){1,9}+")
_LONGEST_WORD = 60


def _without_footnotes(text: str) -> Iterator[Edit]:
    """The edit takes in the word before, which so stands for the mark: nobody misses it."""
    done = 0
    for found in _FOOTNOTE.finditer(text):
        start = max(done, found.start() - _LONGEST_WORD)
        before = text[start : found.start()].rstrip(" ")
        start += max(before.rfind(" "), before.rfind("\n")) + 1
        word = text[start : found.start()].rstrip(" ")
        if any(map(str.isalnum, word)):
            done = found.end()
            yield Edit(start, done, word + _gap(text, done))


def _gap(text: str, place: int) -> str:
    return " " if text[place : place + 1].isalnum() else ""


_STARS = substitution(re.compile(r"(?<=[^\W\d_])\*{1,3}(?![\w*])|(?<![\w*])\*{1,3}(?=[^\W\d_])"), lambda found: "")

# A mouth that is a letter needs a space on both sides; one that is a bracket may follow its word.
_EMOTICON = re.compile(
    r"(?<!\S)(?:[:;=8xX]['’]?-?[DPpOo3]|<3|[:;=]'?[-^o]?[*/\\|])(?!\S)|(?<![:;=(])[:;=]'?[-^o]?[)(]{1,9}(?!\w)"
)


def _read_emoticon(found: re.Match[str]) -> str | None:
    attached = found.string[found.start() - 1 : found.start()].strip() if found.start() else ""
    if attached and "(" in found.string[: found.start()]:
        return None  # "(bax:)": the bracket closes a remark
    return " "


_EMOTICONS = substitution(_EMOTICON, _read_emoticon)

_QUOTE = re.compile(r'"')


def _read_quote(found: re.Match[str]) -> str:
    """Nothing; but in `"BMT"nin` what parts the suffix."""
    before, after = found.string[: found.start()][-1:], found.string[found.end() : found.end() + 1]
    if not (before.isalnum() and after.isalnum()):
        return ""
    if not after.islower():
        return " "
    return "" if before.islower() else "'"


_QUOTES = substitution(_QUOTE, _read_quote)

# What an apostrophe may stand between; the suffix of "(TÜİK)'in" goes into the bracket, to its word.
_APOSTROPHE = re.compile(
    r"\)'(?P<suffix>[^\W\d_]{1,9})(?![\w'])|(?<![\w%‰°€$₼₺₽£²³+.…#*&])'{1,9}|(?<=[.…])'(?![^\W\d_])|'{1,9}(?!\w)"
)


def _read_apostrophe(found: re.Match[str]) -> str | None:
    if found["suffix"]:
        return f"'{found['suffix']})"
    return ""


_APOSTROPHES = substitution(_APOSTROPHE, _read_apostrophe)

_CAPITAL_AFTER_STOP = substitution(
    re.compile(r"(?<=[.…])'(?=[^\W\d_])"),
    lambda found: " " if found.string[found.end()].isupper() else None,
)

_DASH = re.compile(
    r"(?P<joining>(?<=[\w%°)])–(?=\w))"
    r"|(?P<minus>(?<![^\s(\[…])(?<!\d )–(?=\d))"
    r"|(?P<spaced>(?<=\S) - (?=\S)|(?<!\S)-(?=[ \n]))"
    r"|–|-{2,}"
)


def _read_dash(found: re.Match[str]) -> str | None:
    if found["joining"] or found["minus"]:
        return "-"
    if found["spaced"]:
        if len(found[0]) == 1:
            return "—"
        digits = found.string[found.start() - 1].isdecimal() and found.string[found.end()].isdecimal()
        return None if digits else " — "
    return "—"


_DASHES = substitution(_DASH, _read_dash)

# "kom-\npüter" is one word; these Russian ones keep their hyphen.
_BROKEN_WORD = re.compile(r"(?<=[^\W_])-[ \t]{0,9}[\n\r\x0b\x0c\x85\u2028\u2029]\s{0,99}(?P<rest>[^\W\d_]++)")
_KEEPS_HYPHEN = frozenset({"то", "нибудь", "либо", "таки", "ка", "за", "под"})


def _read_broken_word(found: re.Match[str]) -> str | None:
    if not found["rest"][0].islower() or found.string[found.start() - 1].isdecimal():
        return f"-{found['rest']}"
    return f"-{found['rest']}" if found["rest"] in _KEEPS_HYPHEN else found["rest"]


_BROKEN_WORDS = substitution(_BROKEN_WORD, _read_broken_word)
_SPACES = substitution(re.compile(r"\s{2,}+|[^\S ]"), lambda found: " ")

_REPEATED = re.compile(r"\.{2,}+|\.(?: \.){2,9}|…[.…]++|!{2,}+|\?{2,}+|,{2,}+|;{2,}+|:{2,}+|—{2,}+")
_SINGLE_MARKS = substitution(_REPEATED, lambda found: "…" if found[0][0] in ".…" else found[0][0])

# "з+амок": a plus before the vowel is the other common way to write the stress in Russian texts.
_PLUS_STRESS = substitution(
    re.compile(
        r"(?<![\d+])(?:(?<=[а-яёА-ЯЁ])|(?<![^\s(—-]))\+([аеиоуыэюяАЕИОУЫЭЮЯ])(?=[а-яёА-ЯЁ])|(?<=[а-яёА-ЯЁ])\+([аеиоуыэюя])(?!\w)"
    ),
    lambda found: f"{found[1] or found[2]}\u0301",
)

_STEPS: tuple[tuple[tuple[str, ...], Rule], ...] = (
    # The signs without which a step has nothing to do, and the step.
    (("[",), _without_footnotes),
    ((":", ";", "=", "<", "8", "x", "X"), _EMOTICONS),
    (("*",), _STARS),
    (('"',), _QUOTES),
    (("'",), _APOSTROPHES),
    (("'",), _CAPITAL_AFTER_STOP),
    (("-\n", "- \n", "-\r"), _BROKEN_WORDS),
    (("  ", "\n", "\r", "\t", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"), _SPACES),
    (("–", "--", " - ", "- "), _DASHES),
    (("..", "…", ". .", "!!", "??", ",,", ";;", "::", "——"), _SINGLE_MARKS),
)
