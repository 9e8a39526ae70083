"""Which vowel of a Russian word carries the stress: by rule where there is one, else by espeak-ng."""

import ctypes
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path

VOWELS = "аеёиоуыэюя"

# Words that lean on their neighbour and are spoken without a stress of their own.
UNSTRESSED = frozenset(
    "в с к и на не за под над от до по из без о об а но у во со ни для при бы ли же".split()  # noqa: SIM905 - a text is easier to read than forty quoted words
)

# Forms that espeak-ng stresses wrongly, "+" before the stressed vowel.
_CORRECTIONS = (
    # Found by comparing it with silero-stress on forty sentences, where the other source was judged right. города:
    # espeak-ng says горо́да, which is no form of the word (the plural would be города́).
    *("г+орода", "п+аспорта", "сад+у", "вод+ы"),
    # Found by reading its stress for some 1 300 forms of frequent words. Homographs are left alone (замок, стоит)
    # unless the other reading is rare (жи́ла, мо́ю, соро́ка).
    *("пот+ом", "п+еред", "с+орок", "сорок+а", "мо+я", "мо+ю", "моем+у", "сторон+ы", "д+октора"),
    *("душ+а", "жил+а", "спал+а", "пойм+у", "включ+ат", "занят+а", "принят+а", "велик+а"),
)

_IPA_VOWELS = frozenset("aeiouyɑɐəɛɪɨɔɵʉʊʌæɯᵻ")
_LONGEST_PATH = 120  # espeak-ng appends file names of its own
_PRIMARY, _SECONDARY = "ˈ", "ˌ"


class StressUnavailable(RuntimeError):
    """The library that knows the stress could not be started; the text is one line that says why."""


@lru_cache(maxsize=50_000)
def stressed_vowel(word: str) -> int | None:
    """The stressed vowel's place, from 0, among the vowels of a lower-case word; None if it has no stress."""
    vowels = [letter for letter in word if letter in VOWELS]
    if not vowels or word in UNSTRESSED:
        return None
    if "ё" in vowels:
        return len(vowels) - 1 - vowels[::-1].index("ё")
    if len(vowels) == 1:
        return 0
    if word in _corrected():
        return _corrected()[word]
    place = _place_in_ipa(_espeak().ipa(word))
    return place if place is None else min(place, len(vowels) - 1)


@cache
def _corrected() -> dict[str, int]:
    return {word.replace("+", ""): sum(letter in VOWELS for letter in word.partition("+")[0]) for word in _CORRECTIONS}


def _place_in_ipa(ipa: str) -> int | None:
    """How many vowels precede the stress mark; a few words (можем) carry only a secondary one."""
    for mark in (_PRIMARY, _SECONDARY):
        before, found, _ = ipa.rpartition(mark)
        if found:
            return sum(symbol in _IPA_VOWELS for symbol in before)
    return None


class _Espeak:
    """espeak-ng's Russian front end through its C interface. Locked: the library's state is global."""

    _SYNCHRONOUS = 2
    _DO_NOT_EXIT = 0x8000  # without it a missing data folder ends the process
    _UTF8 = 1
    _IPA = 2

    def __init__(self) -> None:
        """Load the library; StressUnavailable when that fails."""
        try:
            import espeakng_loader  # here, because only Russian needs it

            data = espeakng_loader.get_data_path()
            self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        except (ImportError, OSError, RuntimeError) as error:
            raise StressUnavailable(f"espeak-ng cannot be loaded, reinstall espeakng-loader: {error}") from error
        self._to_phonemes = self._library.espeak_TextToPhonemes
        self._to_phonemes.restype = ctypes.c_char_p
        self._to_phonemes.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
        self._lock = threading.Lock()
        with _short_path(Path(data)) as path:
            if not self._starts(path):
                raise StressUnavailable(f"espeak-ng does not start with its data in {data}")

    def _starts(self, data: Path) -> bool:
        rate = self._library.espeak_Initialize(self._SYNCHRONOUS, 0, bytes(data), self._DO_NOT_EXIT)
        return bool(rate > 0 and self._library.espeak_SetVoiceByName(b"ru") == 0)

    def ipa(self, word: str) -> str:
        """The word in IPA; several pieces are joined when espeak-ng sees several clauses."""
        pieces = []
        text = ctypes.c_char_p(word.encode())
        with self._lock:
            while text.value:
                pieces.append((self._to_phonemes(ctypes.byref(text), self._UTF8, self._IPA) or b"").decode())
        return "".join(pieces)


@contextmanager
def _short_path(data: Path) -> Iterator[Path]:
    """The folder under a name that espeak-ng can keep: its buffer cuts paths at 160 bytes.

    Only needed while it starts, for then it reads all that one language takes.
    """
    if len(bytes(data)) <= _LONGEST_PATH:
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="espeak-") as folder:
        link = Path(folder) / data.name
        link.symlink_to(data, target_is_directory=True)
        yield link


_starting = threading.Lock()


def _espeak() -> _Espeak:
    with _starting:  # functools.cache alone would let two threads initialise the library's global state at once
        return _started_espeak()


@cache
def _started_espeak() -> _Espeak:
    return _Espeak()
