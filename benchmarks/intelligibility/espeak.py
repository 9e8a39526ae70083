"""espeak-ng on the same sentences, as they are written: what a user would otherwise have had."""

import ctypes
import io
import wave

import espeakng_loader

_RETRIEVAL = 1  # AUDIO_OUTPUT_RETRIEVAL: samples come to a callback, in the caller's thread
_UTF8 = 1
_END_PAUSE = 0x1000
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class Espeak:
    """One voice a language; `voice_id` only says which row of the table it is."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        self._rate = self._library.espeak_Initialize(_RETRIEVAL, 0, espeakng_loader.get_data_path().encode(), 0)
        if self._rate <= 0:
            raise SystemExit("espeak-ng does not start")
        self._frames = bytearray()
        self._callback = _CALLBACK(self._collect)  # kept: the library holds only its address
        self._library.espeak_SetSynthCallback(self._callback)

    def speak(self, text: str, language: str, voice_id: int) -> bytes:
        """A wav file's bytes."""
        self._library.espeak_SetVoiceByName(language.encode())
        self._frames.clear()
        data = text.encode() + b"\0"
        flags = _UTF8 | _END_PAUSE
        if self._library.espeak_Synth(data, ctypes.c_size_t(len(data)), 0, 0, 0, flags, None, None) != 0:
            raise SystemExit("espeak-ng could not speak a sentence")
        self._library.espeak_Synchronize()
        target = io.BytesIO()
        with wave.open(target, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(self._rate)
            file.writeframes(bytes(self._frames))
        return target.getvalue()

    def _collect(self, samples: "ctypes._Pointer[ctypes.c_short]", count: int, _events: int) -> int:
        if samples and count:
            self._frames += ctypes.string_at(samples, count * 2)
        return 0
