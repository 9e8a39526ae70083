import logging
import os

from django.apps import AppConfig

from voicen_server import env

logger = logging.getLogger("voicen.configuration")


class VoicenServerConfig(AppConfig):
    name = "voicen_server"

    def ready(self) -> None:
        warn_of_unknown_variables()


def warn_of_unknown_variables() -> None:
    """One line for each variable of our prefix that nothing reads: a misspelt one would silently have no effect.

    It is dropped then: the processes that this one starts would all say the same again.
    """
    for name, near in env.unknown().items():
        hint = f"did you mean {near}?" if near else "docs/configuration.md lists every variable."
        logger.warning("%s is set, but nothing reads it: %s", name, hint)
        del os.environ[name]
