"""The Django admin: keys, jobs, the lexicon, voices, the state of the system. No page shows a text."""

from synthesis.admin import jobs, keys, lexicon, own_voices

__all__ = ["jobs", "keys", "lexicon", "own_voices"]
