"""The Coqui engine against ``Synthesizer.tts`` of the library: same checkpoint, texts and threads, in one process.

``python -m benchmarks.coqui [--threads 2] [--sentences 200] [--rounds 3] [--folder FOLDER --language xx --text FILE]``

It needs the environment that ``make test-coqui`` makes. Without --folder it speaks English with Piper's weights.
The two take turns; figures are medians. Peak memory is that of a process for each, which loads and speaks the same.
"""

import argparse
import json
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

WHO = ("engine", "library")
_OPENERS = ("", "Yes, ", "In the end, ", "As everybody in the town had expected, ", "Before the rain came, ")
_SHORT = ("Good morning.", "Thank you very much.", "I do not think so.", "Are you sure about that?", "Come in!")

Speak = Callable[[Sequence[str]], float]
"""Speaks texts one by one or together, as the contender does; the seconds of speech."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--sentences", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="a VITS folder: config.json, model.pth")
    parser.add_argument("--language", default="en")
    parser.add_argument("--text", type=Path, help="one sentence a line")
    parser.add_argument("--output", type=Path, help="the figures as JSON")
    parser.add_argument("--only", choices=WHO, help=argparse.SUPPRESS)  # the process whose memory is measured
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or _english(Path(temporary) / "english")
        texts = _texts(options)
        if options.only:
            _speak(options.only, folder, options)(texts)
            print(json.dumps(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
            return
        figures = _compare({who: _speak(who, folder, options) for who in WHO}, texts, options)
        figures["peak_mb"] = {who: _peak(who, folder, options) for who in WHO}
    _print(figures, options)
    if options.output:
        options.output.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def _english(folder: Path) -> Path:
    from benchmarks import english
    from tools import piper_to_coqui

    piper_to_coqui.convert(english.voice(), folder)
    return folder


def _texts(options: argparse.Namespace) -> list[str]:
    """Sentences of very different lengths, in a mixed order that is always the same."""
    chance = random.Random(1)
    if options.text:
        lines = [line.strip() for line in options.text.read_text(encoding="utf-8").splitlines() if line.strip()]
        return [lines[number % len(lines)] for number in range(options.sentences)]
    from benchmarks import english

    phonemes = english.Phonemes()
    texts = []
    for _ in range(options.sentences):
        whole = chance.choice(_OPENERS) + chance.choice(english.SENTENCES)
        texts.append(phonemes.of(chance.choice(_SHORT) if chance.random() < 0.3 else whole))
    return texts


def _speak(who: str, folder: Path, options: argparse.Namespace) -> Speak:
    return (_engine if who == "engine" else _library)(folder, options)


def _engine(folder: Path, options: argparse.Namespace) -> Speak:
    from models.catalogue import Voice
    from models.engines.coqui.engine import Coqui
    from models.engines.loader import EngineOptions, load
    from tests.coqui import makers

    home = Path(tempfile.mkdtemp(prefix="voicen-bench-"))
    makers.pack(home, "measured", "vits", lambda target: _link(folder, target))
    engine = load("coqui", EngineOptions(home, None, options.threads, device="cpu", voices_dir=home))
    assert isinstance(engine, Coqui)
    voice = Voice(1, "Measured", options.language, "female", "MIT", engines={"coqui": {"model": "measured"}})
    return lambda texts: sum(pcm.duration for pcm in engine.speak_batch(texts, voice))


def _link(folder: Path, target: Path) -> None:
    for file in folder.iterdir():
        (target / file.name).symlink_to(file.resolve())


def _library(folder: Path, options: argparse.Namespace) -> Speak:
    import torch
    from TTS.utils.synthesizer import PAD_SILENCE_SAMPLES, Synthesizer

    torch.set_num_threads(options.threads)
    checkpoint = next(path for name in ("model.pth", "best_model.pth") if (path := folder / name).is_file())
    synthesizer = Synthesizer(tts_checkpoint=checkpoint, tts_config_path=folder / "config.json")

    def speak(texts: Sequence[str]) -> float:
        seconds = 0.0
        for text in texts:
            samples = len(synthesizer.tts(text, split_sentences=False)) - PAD_SILENCE_SAMPLES
            seconds += samples / synthesizer.output_sample_rate
        return seconds

    return speak


def _compare(
    contenders: dict[str, Speak], texts: list[str], options: argparse.Namespace
) -> dict[str, dict[str, object]]:
    """Seconds for one sentence, and seconds of speech in one second of work for all of them."""
    one = sorted(texts, key=len)[len(texts) // 2]
    for speak in contenders.values():
        speak([one])
    latency: dict[str, list[float]] = {who: [] for who in contenders}
    for _ in range(5 * options.rounds):
        for who, speak in contenders.items():
            latency[who].append(_timed(speak, [one])[0])
    speed: dict[str, list[float]] = {who: [] for who in contenders}
    for _ in range(options.rounds):
        for who, speak in contenders.items():
            took, seconds = _timed(speak, texts)
            speed[who].append(seconds / took)
            print(f"  {who}: {seconds:.0f} s of speech in {took:.1f} s", file=sys.stderr)
    return {
        "one_sentence_s": {who: statistics.median(values) for who, values in latency.items()},
        "speed": {who: statistics.median(values) for who, values in speed.items()},
    }


def _timed(speak: Speak, texts: list[str]) -> tuple[float, float]:
    began = time.perf_counter()
    seconds = speak(texts)
    return time.perf_counter() - began, seconds


def _peak(who: str, folder: Path, options: argparse.Namespace) -> float:
    command = [sys.executable, "-m", "benchmarks.coqui", "--only", who, "--folder", str(folder)]
    command += ["--threads", str(options.threads), "--sentences", str(min(options.sentences, 40))]
    command += ["--language", options.language] + (["--text", str(options.text)] if options.text else [])
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout.splitlines()[-1])


def _print(figures: dict[str, dict[str, object]], options: argparse.Namespace) -> None:
    print(f"{platform.processor() or platform.machine()}, {options.threads} threads, {options.sentences} sentences")
    for name, values in figures.items():
        ours, theirs = (float(str(values[who])) for who in WHO)
        print(f"{name}: engine {ours:.3f}, library {theirs:.3f}, engine / library {ours / theirs:.2f}")


if __name__ == "__main__":
    main()
