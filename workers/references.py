"""Recordings of the voices for engines that imitate one: a person sounds alike whichever engine speaks.

The text is fixed, and the engine gives the same samples for it each time, so the same file comes out again.
"""

import os
import wave
from pathlib import Path
from typing import IO

from models.catalogue import Voice
from models.engines.base import Engine
from workers.pipeline import render
from workers.pipeline.joining import SAMPLE_WIDTH

SHORTEST = 10.0
"""Seconds; converters and XTTS want about so much, and a sentence more does no harm."""
LONGEST = 15.0

_SENTENCES = {
    "az": (
        "Səhər tezdən dənizin üzərində yüngül bir duman vardı.",
        "Qoca balıqçı qayığını yavaş-yavaş sahilə tərəf çəkirdi.",
        "Uzaqdan gələn gəminin işıqları artıq görünmürdü.",
        "Bu şəhərdə hər kəs bir-birini çoxdan tanıyır.",
        "Axşam isə bağda uşaqların gülüşü eşidilirdi.",
        "Görəsən, sabah hava necə olacaq?",
        "Ən gözəl nağıllar həmişə belə başlayır.",
    ),
    "tr": (
        "Sabahın erken saatlerinde denizin üzerinde hafif bir sis vardı.",
        "Yaşlı balıkçı kayığını yavaş yavaş kıyıya doğru çekiyordu.",
        "Uzaktan gelen geminin ışıkları artık görünmüyordu.",
        "Bu şehirde herkes birbirini çoktan tanıyor.",
        "Akşam olunca bahçede çocukların gülüşü duyuluyordu.",
        "Acaba yarın hava nasıl olacak?",
        "En güzel masallar hep böyle başlar.",
    ),
    "ru": (
        "Рано утром над морем стоял лёгкий туман.",
        "Старый рыбак медленно тянул свою лодку к берегу.",
        "Огни далёкого корабля уже не были видны.",
        "В этом городе все давно знают друг друга.",
        "А вечером в саду слышался детский смех.",
        "Интересно, какая завтра будет погода?",
        "Самые красивые сказки всегда начинаются так.",
        "Где-то за холмом громко залаяла собака.",
    ),
}


def sentences(language: str) -> tuple[str, ...]:
    """What is spoken in a reference of this language, in order, until it is long enough."""
    return _SENTENCES[language]


def write(voice: Voice, engine: Engine, path: Path) -> float:
    """Speak a recording of 10 to 15 s to `path`, a wav of 16 bits at the engine's rate; its seconds.

    The file appears under its name when it is whole. Raises EngineError, OSError, and ValueError when the sentences
    are too short for this voice.
    """
    frames = bytearray()
    for sentence in sentences(voice.language):
        for chunk in render.chunks(sentence, voice, engine):
            frames += render.speak_chunk(chunk, voice, engine)
        length = seconds(frames, engine.sample_rate)
        if length >= SHORTEST:
            break
    if not SHORTEST <= length <= LONGEST:
        raise ValueError(f"the recording of voice {voice.id} ({voice.name}) takes {length:.1f} s, not 10 to 15")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        write_wave(file, bytes(frames), engine.sample_rate)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return length


def write_wave(file: IO[bytes], frames: bytes, sample_rate: int) -> None:
    """A mono wav of 16 bits."""
    with wave.open(file, "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(SAMPLE_WIDTH)
        target.setframerate(sample_rate)
        target.writeframes(frames)


def seconds(frames: bytes | bytearray, sample_rate: int) -> float:
    """How long mono frames of 16 bits are."""
    return len(frames) / SAMPLE_WIDTH / sample_rate
