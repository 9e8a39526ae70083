"""How long a text is for Coqui models. Needs no torch, so a worker can split a text for a host that has it."""

from models.catalogue import Voice
from models.engines.base import ChunkLimits


class CoquiRuler:
    """Limits are in characters."""

    # XTTS cuts Russian off beyond some 180 characters, and VITS begins to mumble in long sentences.
    limits = ChunkLimits(target=120, maximum=180)

    def measure(self, text: str, voice: Voice) -> int:
        """Characters, or 0 when there is no letter or digit among them."""
        return len(text) if any(character.isalnum() for character in text) else 0
