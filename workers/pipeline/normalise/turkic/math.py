"""Signs of arithmetic next to numbers: "2+2=4", "3×4", "x²", "10^6", "≥ 5", "~50"."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workers.pipeline.normalise.draft import Edit, Rule, substitution
from workers.pipeline.normalise.turkic.grammar import Grammar
from workers.pipeline.normalise.turkic.numerals import NUMBER, SUFFIX

# One letter, or a product of some: the "kx" of "y = kx", the "mc" of "mc²"; no two letters of a word.
_PRODUCT = "[ab]?[bcdfghj-np-tv-zπ]{1,2}"
_LETTER = rf"(?<![^\W\d])(?:[^\W\d](?![^\W²³])|{_PRODUCT}(?![^\W²³])|[a-zπ]{{2,3}}(?=[²³]))"
_TERM = rf"{NUMBER}(?:{_PRODUCT}(?![^\W²³]))?|[a-z]\([a-z]\)(?!\w)|{_LETTER}"
_OPERAND = rf"(?:[-−]?(?:√ ?)?(?:{_TERM})[²³]?|\([^()]{{1,60}}\)[²³]?)"
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
# Cleaning makes one dot of all that look like it.
_SAME_SIGN = str.maketrans("—•", "-·")
_RELATION = "[=≠≈≤≥<>]"


@dataclass(frozen=True)
class MathWords:
    """The names of the signs."""

    operators: Mapping[str, str]
    """Of what stands between two terms of an equation or a product."""
    prefixes: Mapping[str, str]
    """Of what stands before a number and compares: "≥ 5"."""
    powers: Mapping[str, str]
    """Of "²", "³", "^" and "√"."""
    letters: Mapping[str, str]
    """Names of the small letters in formulas, π among them."""
    times: str
    """What "x" straight after a number is: "5x"."""


def equations(words: MathWords) -> Rule:
    """The signs of an equation, of a sum and of a product; the numbers are left for the rules of numbers.

    Without "=" or the like a hyphen, a colon and a slash between numbers are no arithmetic.
    """
    chain = re.compile(rf"(?<![\w.,+×÷*^=-]){_OPERAND}(?:(?: ?[-−—+×÷*·•^/=≠≈≤≥<>] ?| : |:){_OPERAND}){{1,20}}")
    sign = re.compile(r"(?<=[\w)²³ ])(?P<apart> ?)(?P<sign>[-−—+×÷*·•^:/=≠≈≤≥<>]) ?(?=[\w(√−-])")
    # The letters of the formula, and those of a function: f(x). A power's own letters are read with it.
    variable = re.compile(
        r"(?P<before>(?<=[0-9])|(?<![^\W_]))(?P<letters>[a-zπ]{1,3})(?:\((?P<of>[a-z])\))?(?![^\W_]|\()"
    )
    coefficient = re.compile(r"(?<=[0-9])(?=[a-zπ])")
    surely = re.compile(rf"{_RELATION}|[0-9²³)] ?[+×÷*·•^] ?(?:[-−]?[0-9(√]|\w[²³])")

    def rule(text: str) -> Iterator[Edit]:
        if not surely.search(text):
            return
        for found in chain.finditer(text):
            if surely.search(found[0]):
                equation = re.search(_RELATION, found[0]) is not None
                variables = variable.finditer(text, *found.span()) if equation else ()
                spelled = (Edit(*place.span(), _spelled(place)) for place in variables)
                apart = (Edit(*place.span(), " ") for place in coefficient.finditer(text, *found.span()))
                yield from sorted([*_signs(found, equation=equation), *(spelled if equation else apart)])

    def _spelled(place: re.Match[str]) -> str:
        said = [words.letters[letter] for letter in place["letters"] + (place["of"] or "")]
        touching = place.string[place.start() - 1 : place.start()].isdecimal()
        return (" " if touching else "") + " ".join(said)

    def _signs(found: re.Match[str], *, equation: bool) -> Iterator[Edit]:
        for place in sign.finditer(found.string, found.start() + 1, found.end()):
            if equation or place["sign"] in "+×÷*·•^":
                name = words.operators[place["sign"].translate(_SAME_SIGN)]
                yield Edit(*place.span(), f" {name} ")

    return rule


def products(words: MathWords) -> Rule:
    """ "3x4", "210×297×10", "5x": the letter x between numbers, and straight after one."""
    pattern = re.compile(r"(?<=[0-9])(?P<sign> ?[xх×*] ?(?=[0-9])|x(?![\w'-]))", re.IGNORECASE)

    def read(found: re.Match[str]) -> str:
        last = not found.string[found.end() : found.end() + 1].isdecimal()
        return f" {words.times}" if last else f" {words.operators['×']} "

    return substitution(pattern, read)


def comparisons(words: MathWords) -> Rule:
    """ "≥ 5", "~50", "> 100": a sign before a number that compares it to nothing written."""
    signs = "|".join(map(re.escape, sorted(words.prefixes, key=len, reverse=True)))
    pattern = re.compile(rf"(?P<sign>{signs}) ?(?=[-+−±%$€₼₺]? ?[0-9])")

    def read(found: re.Match[str]) -> str:
        before = "" if found.start() == 0 or found.string[found.start() - 1] in " ([" else " "
        return f"{before}{words.prefixes[found['sign']]} "

    return substitution(pattern, read)


def powers(words: MathWords, grammar: Grammar) -> Rule:
    """ "x²", "10³", "10⁻⁶", "√16": what units of area have left over."""
    base = r"(?P<base>(?<![^\W\d_])[a-zπ]{1,3}+)?"
    pattern = re.compile(
        rf"{base}(?<=[\w)])(?P<power>[²³])(?![{_SUPERSCRIPTS}]){SUFFIX}|√ ?(?=[\w(])|(?<=[0-9])[{_SUPERSCRIPTS}]{{1,4}}"
    )

    def read(found: re.Match[str]) -> str:
        if found["power"]:
            base = [words.letters[letter] for letter in found["base"] or ""]
            said = " ".join([*base, words.powers[found["power"]]])
            said = grammar.inflect(said, found["suffix"] or "")
            touching = not base or found.string[found.start() - 1 : found.start()].isdecimal()
            return set_off(said, found) if touching else set_off(said, found).lstrip()
        if found[0][0] != "√":
            return set_off(f"{words.operators['^']} {unicodedata.normalize('NFKC', found[0])}", found)
        return f"{words.powers['√']} "

    return substitution(pattern, read)


def set_off(name: str, found: re.Match[str]) -> str:
    """`name` after a space, and with one after it where a word follows."""
    return f" {name} " if found.string[found.end() : found.end() + 1].isalnum() else f" {name}"
