"""Speak sentences, let a recogniser write them down, count the errors. See README.md."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))  # the checkout, for models.catalogue and --direct

from recogniser import Recogniser  # noqa: E402
from scoring import character_error_rate, score  # noqa: E402

from models.catalogue import Voice, catalogue  # noqa: E402

# Mean CER on sixteen unseen sentences when the pronunciation rules were chosen (raw audio, no mp3).
HELD_OUT = {
    325640: 0.244,
    325641: 0.283,
    325642: 0.233,
    325643: 0.193,
    325648: 0.261,
    325647: 0.049,
    325646: 0.050,
    325644: 0.093,
    325645: 0.093,
}


class Speaker(Protocol):
    """What turns a sentence into the bytes of an audio file."""

    def speak(self, text: str, language: str, voice_id: int) -> bytes: ...


def main() -> None:
    arguments = read_arguments()
    sentences = json.loads(arguments.sentences.read_text(encoding="utf-8"))
    speaker = choose_speaker(arguments)
    recogniser = Recogniser(arguments.cache, arguments.threads)
    print("voice                CER ± s.e.      held-out  clips")
    results = []
    voices = chosen_voices(arguments.voices)
    if arguments.espeak:
        voices = list({voice.language: voice for voice in reversed(voices)}.values())
    for voice in voices:
        texts = sentences[voice.language][: arguments.limit]
        result = judge(voice, list(clips(voice, texts, speaker, recogniser)))
        if arguments.espeak:
            result |= {"name": "espeak-ng", "held_out": None}
        results.append(result)
        print(row(result), flush=True)
        # After every voice, so that an interrupted run keeps what it has.
        arguments.output.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def clips(voice: Voice, texts: list[str], speaker: Speaker, recogniser: Recogniser) -> Iterator[dict[str, Any]]:
    """What was heard of each sentence, and how wrong that is."""
    for text in texts:
        heard = recogniser.hear(speaker.speak(text, voice.language, voice.id), voice.language)
        yield {"said": text, "heard": heard, "cer": round(character_error_rate(text, heard, voice.language), 4)}


def judge(voice: Voice, heard: list[dict[str, Any]]) -> dict[str, Any]:
    """A voice's line of the result."""
    total = score([clip["cer"] for clip in heard])
    return {
        "voice": voice.id,
        "name": voice.name,
        "language": voice.language,
        "cer": round(total.mean, 4),
        "standard_error": round(total.standard_error, 4),
        "held_out": HELD_OUT.get(voice.id),
        "clips": heard,
    }


def row(result: dict[str, Any]) -> str:
    label = f"{result['language']} {result['voice']} {result['name']}"
    published = "–" if result["held_out"] is None else f"{result['held_out']:.3f}"
    spread = f"{result['cer']:.3f} ± {result['standard_error']:.3f}"
    return f"{label:<20} {spread:<15} {published:<9} {len(result['clips'])}"


def chosen_voices(ids: list[int]) -> list[Voice]:
    return [catalogue().get(voice_id) for voice_id in ids] if ids else list(catalogue())


def choose_speaker(arguments: argparse.Namespace) -> Speaker:
    if arguments.direct:
        from direct import Direct

        return Direct(arguments.data_dir, arguments.threads, arguments.runtime)
    if arguments.espeak:
        from espeak import Espeak

        return Espeak()
    from service import Service

    return Service(arguments.url, arguments.key)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--url", help="a running service, e.g. http://localhost:8000")
    source.add_argument("--direct", action="store_true", help="speak in this process, without a service")
    source.add_argument("--espeak", action="store_true", help="espeak-ng instead, one voice a language, to compare")
    parser.add_argument("--key", help="API key for --url")
    parser.add_argument("--voices", type=int, nargs="*", default=[], metavar="ID", help="default: all")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N sentences of a language")
    parser.add_argument("--sentences", type=Path, default=HERE / "sentences.json")
    parser.add_argument("--output", type=Path, default=Path("intelligibility.json"))
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "voicen-intelligibility")
    parser.add_argument("--data-dir", type=Path, help="--direct: where the assembled weights are kept")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runtime", default="auto", help="--direct: VOICEN_KOKORO_RUNTIME")
    arguments = parser.parse_args()
    if arguments.url and not arguments.key:
        parser.error("--url needs --key")
    return arguments


if __name__ == "__main__":
    main()
