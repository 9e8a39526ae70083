"""An engine with no weights: a hum as long as its text.

It lets everything around an engine be tested end to end within milliseconds, and gives an operator a way to
try an installation before any voice is there.
"""

import numpy as np

from models.audio import Pcm
from models.catalogue import Voice
from models.engines.base import ChunkLimits, EngineError, settings_for
from models.pronunciations import without_marks

_SECONDS_PER_CHARACTER = 0.06
# Real engines surround speech with silence; what trims it needs something to trim here too.
_EDGE_SECONDS = 0.2
_AMPLITUDE = 0.14  # a sine's RMS is its amplitude / √2: -20 dBFS
_FADE_SECONDS = 0.01


class Tone:
    """The same text in the same voice gives the same samples, on every machine."""

    name = "tone"
    sample_rate = 24_000
    limits = ChunkLimits(target=160, maximum=300)

    def measure(self, text: str, voice: Voice) -> int:
        """Characters, or 0 when there is no letter or digit among them."""
        spoken = without_marks(text)
        return len(spoken) if any(character.isalnum() for character in spoken) else 0

    def version(self, voice: Voice) -> str:
        """Nothing but code."""
        return ""

    def speak(self, text: str, voice: Voice) -> Pcm:
        """60 ms of the voice's pitch a character (at speed 1), with 0.2 s of silence at both ends."""
        hertz = self._pitch(voice)
        length = self.measure(text, voice)
        if length == 0:
            raise EngineError("nothing in the text can be spoken", code="nothing_to_speak", permanent=True)
        if length > self.limits.maximum:
            raise EngineError(
                f"{length} characters are more than {self.limits.maximum}",
                code="text_too_long",
                permanent=True,
            )
        edge = np.zeros(round(_EDGE_SECONDS * self.sample_rate), dtype=np.float32)
        return Pcm(np.concatenate([edge, self._hum(length / voice.speed, hertz), edge]), self.sample_rate)

    def close(self) -> None:
        """Nothing is held."""

    def _pitch(self, voice: Voice) -> float:
        hertz = settings_for(voice, self.name).get("hertz")
        if not isinstance(hertz, int | float) or not 0 < hertz < self.sample_rate / 2:
            raise EngineError(
                f"voice {voice.id}: engines.tone.hertz is {hertz!r}",
                code="voice_not_supported",
                permanent=True,
            )
        return float(hertz)

    def _hum(self, length: float, hertz: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        count = round(length * _SECONDS_PER_CHARACTER * self.sample_rate)
        wave = _AMPLITUDE * np.sin(2 * np.pi * hertz * np.arange(count) / self.sample_rate)
        ramp = np.minimum(1, np.arange(count) / (_FADE_SECONDS * self.sample_rate))
        return (wave * ramp * ramp[::-1]).astype(np.float32)
