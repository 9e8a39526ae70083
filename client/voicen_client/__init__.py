"""A client of Voicen text-to-speech servers: `Client(url, key).say("Salam", "Aytac", "salam.mp3")`."""

from voicen_client.client import Client
from voicen_client.errors import (
    Failed,
    NotFound,
    Refused,
    Unauthorized,
    Unreachable,
    Unsupported,
    VoicenError,
)
from voicen_client.records import Job, Options, Voice

__all__ = [
    "Client",
    "Failed",
    "Job",
    "NotFound",
    "Options",
    "Refused",
    "Unauthorized",
    "Unreachable",
    "Unsupported",
    "Voice",
    "VoicenError",
]
