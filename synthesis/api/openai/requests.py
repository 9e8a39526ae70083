"""The body of POST audio/speech, checked field by field. Fields that are not known are left aside."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from models.catalogue import Voice
from synthesis.api.openai.answers import MODELS, is_model
from synthesis.api.openai.errors import InvalidRequest, UnknownModel
from synthesis.domain import language, text
from synthesis.domain.errors import InvalidInput
from synthesis.domain.text import one_line
from synthesis.services import voice_names
from synthesis.services.voices import catalogue
from synthesis.speaking import FASTEST, SLOWEST
from synthesis.transcode import StreamFormat


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """What is to be said, how, and in which form it is to be sent. `sample_rate` in Hz, None as the format has it."""

    text: str
    voice: Voice
    format: StreamFormat
    speed: float
    sample_rate: int | None
    as_events: bool
    whole: bool


def speech(data: Mapping[str, Any]) -> SpeechRequest:
    """Raises InvalidRequest, UnknownModel, UnknownVoiceName."""
    data = _of_jambonz(data) if "text" in data and "input" not in data else data
    _check_model(data)
    form = _choice(data, "response_format", tuple(StreamFormat), StreamFormat.MP3)
    as_events = _choice(data, "stream_format", ("audio", "sse"), "audio") == "sse"
    return SpeechRequest(
        text=_input(data),
        voice=_voice(data),
        format=StreamFormat(form),
        speed=_number(data, "speed", SLOWEST, FASTEST, 1.0),
        sample_rate=_sample_rate(data, StreamFormat(form)),
        as_events=as_events,
        whole=not _boolean(data, "stream", default=True) and not as_events,
    )


def _of_jambonz(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same request in the words of jambonz' speech vendors: `{language, voice, type, text}`."""
    if data.get("type", "text") != "text":
        raise InvalidRequest("type: Only text is spoken here.", "type")
    return {**data, "input": data["text"], "lang": data.get("language")}


def _check_model(data: Mapping[str, Any]) -> None:
    model = _string(data, "model")
    if model and not is_model(model):
        raise UnknownModel(f"Unknown model {one_line(model)!r}. Models: {', '.join(MODELS)}.")


def _input(data: Mapping[str, Any]) -> str:
    if not (sent := _string(data, "input")):
        raise InvalidRequest("input: A text is required.", "input")
    try:
        return text.check(sent, settings.MAX_CHARACTERS)
    except InvalidInput as error:
        raise InvalidRequest(error.message.replace("text: ", "input: ", 1), "input") from error


def _voice(data: Mapping[str, Any]) -> Voice:
    wanted = data.get("voice")
    if isinstance(wanted, Mapping):  # a voice of one's own, in OpenAI's words
        wanted = wanted.get("id")
    if isinstance(wanted, int) and not isinstance(wanted, bool):
        wanted = str(wanted)
    if wanted is not None and not isinstance(wanted, str):
        raise InvalidRequest('voice: A name, or {"id": "…"}, is required.', "voice")
    return voice_names.find(wanted or "", _language(data))


def _language(data: Mapping[str, Any]) -> str | None:
    """Of `lang`, which OpenAI's API does not have; None: that of the voice."""
    if not (tag := _string(data, "lang")):
        return None
    known = catalogue().languages()
    code = language.primary(tag)
    if code not in known:
        raise InvalidRequest(f"lang: Unknown language. Use one of: {', '.join(known)}.", "lang")
    return code


def _sample_rate(data: Mapping[str, Any], form: StreamFormat) -> int | None:
    rate = data.get("sample_rate")
    if rate is not None and (not isinstance(rate, int) or rate not in form.sample_rates):
        known = ", ".join(map(str, form.sample_rates))
        raise InvalidRequest(f"sample_rate: One of {known} for {form}.", "sample_rate")
    return rate


def _string(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if value is not None and not isinstance(value, str):
        raise InvalidRequest(f"{name}: A string is required.", name)
    return value or ""


def _choice(data: Mapping[str, Any], name: str, known: tuple[str, ...], default: str) -> str:
    value = _string(data, name) or default
    if value not in known:
        raise InvalidRequest(f"{name}: One of {', '.join(known)}.", name)
    return value


def _number(data: Mapping[str, Any], name: str, lowest: float, highest: float, default: float) -> float:
    value = data.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float) or not lowest <= value <= highest:
        raise InvalidRequest(f"{name}: A number from {lowest:g} to {highest:g}.", name)
    return float(value)


def _boolean(data: Mapping[str, Any], name: str, *, default: bool) -> bool:
    value = data.get(name)
    if value is not None and not isinstance(value, bool):
        raise InvalidRequest(f"{name}: true or false.", name)
    return default if value is None else value
