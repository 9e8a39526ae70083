"""What the rules need to know of a language to say its numbers and to join suffixes to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from workers.pipeline.normalise.turkic.suffixes import Harmony

CARDINAL_LIMIT = 10**15


@dataclass(frozen=True)
class Grammar:
    """Numbers and suffixes of one language."""

    language: str
    """"az" or "tr"."""
    cardinal: Callable[[int], str]
    """25: "iyirmi beş"; for 0 ≤ number < `CARDINAL_LIMIT`."""
    harmony: Harmony
    minus: str
    plus: str
    plus_minus: str
    comma: str
    point: str
    """The full stop between numbers that are no decimal: versions, addresses."""
    between: str
    """What is said between the two ends of a range, "" for nothing."""
    scales: Mapping[str, str]
    """Written scale words and their abbreviations, without a full stop, and what is said for them."""
    tenths: Mapping[int, str]
    """Number of decimals: what a fraction of so many is counted in ("onda"). Empty: fractions follow the comma."""
    whole: str
    """What parts the whole from a fraction: "iki tam dörddə üç"."""
    half: str = ""
    """What 1/2 after a whole number is, when it has a word of its own."""

    def ordinal(self, number: int) -> str:
        """25: "iyirmi beşinci"."""
        return self.harmony.ordinal(self.cardinal(number))

    def digits(self, written: str) -> str:
        """ "012": "sıfır bir iki"; what is no digit is passed over."""
        return " ".join(self.cardinal(int(digit)) for digit in written if digit.isdecimal())

    def integer(self, written: str, longest: int = 9) -> str:
        """Plain digits as a cardinal; with a leading zero, or when there are more than `longest`, digit by digit."""
        if len(written) > longest or (len(written) > 1 and written[0] == "0"):
            return self.digits(written)
        return self.cardinal(int(written))

    def decimal(self, whole: str, fraction: str) -> str:
        """ "3", "14": az "üç tam yüzdə on dörd", tr "üç virgül on dört"; a long fraction digit by digit."""
        words = self.integer(whole, longest=15)
        if len(fraction) in self.tenths and fraction.strip("0"):
            return f"{words} {self.whole} {self.tenths[len(fraction)]} {self.cardinal(int(fraction))}"
        return f"{words} {self.comma} {self.fraction(fraction)}"

    def fraction(self, written: str) -> str:
        """What follows the decimal comma: every leading zero, then a cardinal; digit by digit when it is long."""
        rest = written.lstrip("0")
        if not rest or len(written) > 3:
            return self.digits(written)
        return f"{self.digits(written[: -len(rest)])} {self.cardinal(int(rest))}".lstrip()

    def inflect(self, words: str, suffix: str) -> str:
        """`words` with a suffix as it was written after digits, a sign or an abbreviation, fitted to the last word.

        "altı", "a": "altıya"; "dörd", "-ün" comes without its hyphen; "beş", "ci": the ordinal "beşinci".
        """
        return self.harmony.join(words, suffix) if suffix else words
