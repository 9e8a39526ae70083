"""The Coqui engine against ``Synthesizer.tts`` of the library: same checkpoint, texts and threads, in one process.

``python -m benchmarks.coqui [--threads 2] [--sentences 200] [--turns 5] [--folder FOLDER --language xx --text FILE]``
``… --state FILE --seconds 300`` does a part of it; the same command again does the next part.

It needs the environment that ``make test-coqui`` makes. Without --folder it speaks English with Piper's weights.
The two take turns with a share of the sentences each; figures are medians, ratios (engine / library, with quartiles)
those of one turn: by the clock on the wall, and by processor time where others use the machine too. Peak memory is
that of processes of their own, which load the voice and speak the longest sentences.
"""

import argparse
import json
import math
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

WHO = ("engine", "library")
_TURNS_WITH_MEMORY = 3
_LONGEST = 12
_OPENERS = ("", "Yes, ", "In the end, ", "As everybody in the town had expected, ", "Before the rain came, ")
_SHORT = ("Good morning.", "Thank you very much.", "I do not think so.", "Are you sure about that?", "Come in!")

Speak = Callable[[Sequence[str]], float]
"""Speaks texts one by one or together, as the contender does; the seconds of speech."""
Figures = dict[str, dict[str, float]]
Turns = dict[str, list[dict[str, list[float]]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--sentences", type=int, default=200)
    parser.add_argument("--turns", type=int, default=5, help="how often each speaks; the sentences are dealt to them")
    parser.add_argument("--folder", type=Path, help="a VITS folder: config.json, model.pth")
    parser.add_argument("--language", default="en")
    parser.add_argument("--text", type=Path, help="one sentence a line")
    parser.add_argument("--output", type=Path, help="the figures as JSON")
    parser.add_argument("--state", type=Path, help="a file that keeps each turn: the same command goes on with it")
    parser.add_argument("--seconds", type=float, help="begin no turn after so many; --state keeps those that ended")
    parser.add_argument("--only", choices=WHO, help=argparse.SUPPRESS)  # the process whose memory is measured
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or _english(Path(temporary) / "english")
        options.scratch = temporary
        texts = _texts(options)
        if options.only:
            _speak(options.only, folder, options)(sorted(texts, key=len)[-_LONGEST:])
            print(_most_resident_mb())
            return
        figures = _measure(folder, texts, options)
    if figures is None:
        print(f"not at the end; the same command goes on with {options.state}")
        return
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
    """As the service speaks: from a pack, which is a folder of links here."""
    from models.catalogue import Voice
    from models.engines.coqui.engine import Coqui
    from models.engines.loader import EngineOptions, load
    from models.packs import manifest
    from models.packs.library import sha256

    home = Path(tempfile.mkdtemp(dir=options.scratch))
    (pack := home / "measured").mkdir()
    files = []
    for file in folder.iterdir():
        (pack / file.name).symlink_to(file.resolve())
        files.append(manifest.PackFile(file.name, file.stat().st_size, sha256(file)))
    stated = manifest.Manifest("measured", "measured", "vits", (), "MIT", "a folder", tuple(files))
    (pack / manifest.MANIFEST).write_bytes(manifest.to_toml(stated))
    engine = load("coqui", EngineOptions(home, None, options.threads, device="cpu", voices_dir=home))
    assert isinstance(engine, Coqui)
    voice = Voice(1, "Measured", options.language, "female", "MIT", engines={"coqui": {"model": "measured"}})
    return lambda texts: sum(pcm.duration for pcm in engine.speak_batch(texts, [voice] * len(texts)))


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


def _measure(folder: Path, texts: list[str], options: argparse.Namespace) -> Figures | None:
    """All figures; None when the time is over before they are there, with what there is in the file of --state.

    The two speak one sentence in turn, then a share of all the sentences in turn, so that what else the host does
    meets both; then they show their memory in turn.
    """
    end = time.monotonic() + (options.seconds or math.inf)
    done: Turns = {"one": [], "share": [], "peak": []}
    if options.state and options.state.is_file():
        done = json.loads(options.state.read_text(encoding="utf-8"))
    contenders = _Contenders(folder, texts, options)
    counts = {"one": options.turns, "share": options.turns, "peak": _TURNS_WITH_MEMORY}
    left = [(kind, number) for kind, count in counts.items() for number in range(len(done[kind]), count)]
    for kind, number in left:
        if time.monotonic() > end:
            return None
        done[kind].append(contenders.turn(kind, number))
        print(f"  {kind} {number + 1} of {counts[kind]}: {done[kind][-1]}", file=sys.stderr, flush=True)
        if options.state:
            options.state.write_text(json.dumps(done), encoding="utf-8")
    return {
        "one_sentence_s": _medians(done["one"], lambda took, cpu, speech: took),
        "one_sentence_cpu_s": _medians(done["one"], lambda took, cpu, speech: cpu),
        "speech_a_second": _medians(done["share"], lambda took, cpu, speech: speech / took),
        "speech_a_cpu_second": _medians(done["share"], lambda took, cpu, speech: speech / cpu),
        "peak_mb": _medians(done["peak"], lambda peak: peak),
    }


class _Contenders:
    """Both, loaded when they are first to speak."""

    def __init__(self, folder: Path, texts: list[str], options: argparse.Namespace) -> None:
        self._folder, self._texts, self._options = folder, texts, options
        self._one = sorted(texts, key=len)[len(texts) // 2]
        self._loaded: dict[str, Speak] = {}

    def turn(self, kind: str, number: int) -> dict[str, list[float]]:
        if kind == "peak":
            return {who: [_peak(who, self._folder, self._options)] for who in WHO}
        if not self._loaded:
            self._loaded = {who: _speak(who, self._folder, self._options) for who in WHO}
            for speak in self._loaded.values():
                speak([self._one])
        share = [self._one] if kind == "one" else self._texts[number :: self._options.turns]
        return {who: _timed(self._loaded[who], share) for who in WHO}


def _medians(turns: list[dict[str, list[float]]], figure: Callable[..., float]) -> dict[str, float]:
    """The median of each, and of the ratio of one to the other in each turn, with the ratio's quartiles."""
    each = {who: [figure(*turn[who]) for turn in turns] for who in WHO}
    ratios = sorted(ours / theirs for ours, theirs in zip(*(each[who] for who in WHO), strict=True))
    low, middle, high = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3
    return {**{who: statistics.median(each[who]) for who in WHO}, "ratio": middle, "low": low, "high": high}


def _timed(speak: Speak, texts: Sequence[str]) -> list[float]:
    """Seconds by the clock on the wall, seconds of all processors, and seconds of speech."""
    began, busy = time.perf_counter(), time.process_time()
    seconds = speak(texts)
    return [time.perf_counter() - began, time.process_time() - busy, seconds]


def _peak(who: str, folder: Path, options: argparse.Namespace) -> float:
    command = [sys.executable, "-m", "benchmarks.coqui", "--only", who, "--folder", str(folder)]
    command += ["--threads", str(options.threads), "--sentences", str(options.sentences)]
    command += ["--language", options.language] + (["--text", str(options.text)] if options.text else [])
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout.splitlines()[-1])


def _most_resident_mb() -> float:
    """What getrusage tells of a process begins with what its parent had."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024


def _print(figures: Figures, options: argparse.Namespace) -> None:
    print(f"{platform.processor() or platform.machine()}, {options.threads} threads, {options.sentences} sentences")
    for name, values in figures.items():
        ours, theirs, ratio, low, high = (values[key] for key in (*WHO, "ratio", "low", "high"))
        print(f"{name}: engine {ours:.3f}, library {theirs:.3f}, engine / library {ratio:.2f} ({low:.2f}-{high:.2f})")


if __name__ == "__main__":
    main()
