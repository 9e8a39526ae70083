"""The Django admin: keys, jobs, limits, usage, the audit log, the lexicon, voices, webhooks, the system.

No page shows a text.
"""

from synthesis.admin import accounts, jobs, keys, lexicon, own_voices, voice_names, webhooks

__all__ = ["accounts", "jobs", "keys", "lexicon", "own_voices", "voice_names", "webhooks"]
