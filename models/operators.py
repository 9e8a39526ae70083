"""Voices that operators make in the admin, beside those of the files.

Standard library only, because the web process imports this module.
"""

from collections.abc import Iterable, Mapping

from models.catalogue import Catalogue, Voice, voice_from
from models.engines.coqui import settings as coqui
from models.engines.errors import EngineError


def voice(entry: Mapping[str, object]) -> Voice:
    """The voice of an entry, which has the keys of a ``[[voice]]`` table. ValueError names the key that is wrong."""
    return voice_from(dict(entry), f"operator's voice {entry.get('id')}")


def check(entry: Mapping[str, object], base: Catalogue) -> None:
    """ValueError says what is wrong with an entry that is to stand beside the voices of `base`."""
    made = voice(entry)
    base.extended([made])
    if "coqui" in made.engines:
        try:
            coqui.of(made)
        except EngineError as error:
            raise ValueError(str(error)) from error
    style = made.engines.get("kokoro", {}).get("style")
    styles = sorted({other.engines["kokoro"]["style"] for other in base if "kokoro" in other.engines})
    if style is not None and style not in styles:
        raise ValueError(f"voice {made.id}: engines.kokoro.style: {style!r} is not one of {', '.join(styles)}")


def with_operators(base: Catalogue, entries: Iterable[Mapping[str, object]]) -> tuple[Catalogue, tuple[str, ...]]:
    """`base` with the entries' voices behind its own, and why any of them was left out.

    An entry that was right when it was made may clash with a later voice of the files: that must not stop a service,
    and the files win.
    """
    extended, left_out = base, []
    for entry in entries:
        try:
            extended = extended.extended([voice(entry)])
        except ValueError as error:
            left_out.append(str(error))
    return extended, tuple(left_out)
