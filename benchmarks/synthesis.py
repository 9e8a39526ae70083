"""How fast Kokoro speaks here, beside kokoro-onnx with the same weights, phonemes and threads.

    python -m venv benchmarks/.venv-kokoro && benchmarks/.venv-kokoro/bin/pip install kokoro-onnx==0.6.1
    .venv/bin/python -m benchmarks.synthesis --peer benchmarks/.venv-kokoro/bin/python

Two processes are kept, one of each; they speak the same sentences in turn (A B A B), one at a time. The table has the
median of the ratios of neighbours, which a busy machine disturbs least, and their spread; it is written to
benchmarks/results/ with the machine's description.
"""

import argparse
import contextlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SENTENCES = {
    "short": [(325643, "Salam, necəsiniz?"), (325646, "Hoş geldiniz."), (325645, "Добрый день!")],
    "long": [
        (325643, "Bu gün hava çox gözəldir, gəlin parkda gəzək və sonra dostlarımızla birlikdə çay içək."),
        (325646, "Annem akşam yemeği için mercimek çorbası pişirdi, babam da fırından taze ekmek aldı."),
        (325645, "Президент принял иностранных гостей во дворце и рассказал им об истории страны."),
    ],
}


def main() -> None:
    arguments = read_arguments()
    if arguments.role:
        serve(arguments)
        return
    sys.path.insert(0, str(ROOT))
    from models.weights import kokoro_model

    with tempfile.TemporaryDirectory() as scratch:
        data = arguments.data_dir or Path(scratch)
        jobs = prepare(data, kokoro_model(data))
        said = f"Rounds: {arguments.rounds}, of the sentences of each length the first {arguments.limit}."
        lines = [*machine(), "", f"{said} The text is made phonemes beforehand.", "", *header()]
        for threads in arguments.threads:
            for length in SENTENCES:
                some = [job for job in jobs if job["length"] == length][: arguments.limit]
                lines.append(compare(arguments, data, some, threads, length))
                print(lines[-1], flush=True)
    text = "\n".join(lines) + "\n"
    print(text)
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(text, encoding="utf-8")


def prepare(data: Path, model: Path) -> list[dict[str, Any]]:
    """What both are given, written to files that the peer reads."""
    import numpy as np

    from models.catalogue import catalogue
    from models.engines.kokoro import styles
    from models.engines.voice_settings import settings_for
    from models.phonemes import phonemes

    # kokoro-onnx takes row n - 1 of the style for n phonemes where we take row n.
    rolled: dict[str, Any] = {name: np.roll(rows, -1, axis=0)[:, None] for name, rows in styles().items()}
    np.savez(data / "peer-voices.npz", **rolled)
    jobs = []
    for length, sentences in SENTENCES.items():
        for voice_id, text in sentences:
            voice = catalogue().get(voice_id)
            style = str(settings_for(voice, "kokoro")["style"])
            jobs.append({"length": length, "phonemes": phonemes(text, voice.language), "style": style})
    (data / "peer-model.txt").write_text(str(model))
    return jobs


def compare(arguments: argparse.Namespace, data: Path, jobs: list[dict[str, Any]], threads: int, length: str) -> str:
    """A row of the table."""
    with (
        speaker(sys.executable, "ours", data, threads, arguments.runtime) as ours,
        speaker(arguments.peer, "peer", data, threads, "") as peer,
    ):
        for job in jobs:
            ours(job), peer(job)
        pairs = []
        for _ in range(arguments.rounds):
            one, other = ([who(job) for job in jobs] for who in (ours, peer))
            pairs.append((total(one), total(other)))
    wall = [other["wall"] / one["wall"] for one, other in pairs]
    processor = [other["cpu"] / one["cpu"] for one, other in pairs]
    one, other = ([pair[side] for pair in pairs] for side in (0, 1))
    return (
        f"| {threads} | {length} | {one[0]['audio']:.1f} | {speed(one, 'wall'):.2f} | {speed(other, 'wall'):.2f}"
        f" | **{statistics.median(wall):.2f}** ({min(wall):.2f}–{max(wall):.2f})"
        f" | {speed(one, 'cpu'):.2f} | {speed(other, 'cpu'):.2f}"
        f" | **{statistics.median(processor):.2f}** ({min(processor):.2f}–{max(processor):.2f})"
        f" | {one[-1]['peak']:.0f} | {other[-1]['peak']:.0f} |"
    )


def header() -> list[str]:
    return [
        "| threads | sentences | s of audio | ours, audio s/s | kokoro-onnx | ratio (spread)"
        " | ours, audio s/processor s | kokoro-onnx | ratio (spread) | ours, peak MB | kokoro-onnx |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]


def total(spoken: list[dict[str, float]]) -> dict[str, float]:
    sums = {key: sum(answer[key] for answer in spoken) for key in ("wall", "cpu", "audio")}
    return sums | {"peak": spoken[-1]["peak"]}


def speed(rounds: list[dict[str, float]], clock: str) -> float:
    """Audio seconds in a second of the clock: the median of the rounds."""
    return statistics.median(each["audio"] / each[clock] for each in rounds)


def machine() -> list[str]:
    information = Path("/proc/cpuinfo").read_text().split("\n\n", 1)[0]
    fields = dict(line.split(":", 1) for line in information.splitlines() if ":" in line)
    values = {key.strip(): value.strip() for key, value in fields.items()}
    wanted = ("avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_int8")
    flags = [flag for flag in wanted if flag in values.get("flags", "").split()]
    return [
        f"Machine: {values.get('model name')} (family {values.get('cpu family')}, model {values.get('model')}),"
        f" {os.cpu_count()} cores, {' '.join(flags)}; {platform.system()} {platform.release()},"
        f" Python {platform.python_version()}; load average at the start {os.getloadavg()[0]:.1f}.",
        f"Date: {time.strftime('%Y-%m-%d %H:%M', time.gmtime())} UTC.",
    ]


@contextlib.contextmanager
def speaker(python: str, role: str, data: Path, threads: int, runtime: str) -> Iterator[Any]:
    """A function that has a process speak one job and returns its figures."""
    command = [python, str(Path(__file__)), "--role", role, "--data-dir", str(data), "--threads", str(threads)]
    command += ["--runtime", runtime] if runtime else []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        asked, answers = process.stdin, process.stdout
        assert asked
        assert answers

        def speak(job: dict[str, Any]) -> dict[str, float]:
            print(json.dumps(job), file=asked, flush=True)
            answer: dict[str, float] = json.loads(answers.readline())
            return answer

        yield speak
        asked.close()


def serve(arguments: argparse.Namespace) -> None:
    """Speak what comes in on standard input."""
    import resource

    speak = (ours if arguments.role == "ours" else peer)(arguments.data_dir, arguments.threads[0], arguments.runtime)
    for line in sys.stdin:
        job = json.loads(line)
        wall, cpu = time.perf_counter(), time.process_time()
        samples = speak(job["phonemes"], job["style"])
        answer = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "audio": samples / 24_000}
        answer["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(answer), flush=True)


def ours(data: Path, threads: int, runtime: str) -> Any:
    """Our network, given what the engine gives it."""
    sys.path.insert(0, str(ROOT))
    import numpy as np

    from models.engines import kokoro_networks
    from models.engines.kokoro import styles, vocabulary

    network = kokoro_networks.load(Path((data / "peer-model.txt").read_text()), data, threads, runtime)
    ids, rows = vocabulary(), styles()

    def speak(phonemes: str, style: str) -> int:
        tokens = np.array([[0, *(ids[symbol] for symbol in phonemes), 0]], dtype=np.int64)
        return len(network.run(tokens, rows[style][len(phonemes)][np.newaxis]))

    return speak


def peer(data: Path, threads: int, runtime: str) -> Any:
    """kokoro-onnx, with as many threads."""
    import onnxruntime
    from kokoro_onnx import Kokoro  # type: ignore[import-not-found]

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    model = (data / "peer-model.txt").read_text()
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    kokoro = Kokoro.from_session(session, str(data / "peer-voices.npz"))

    def speak(phonemes: str, style: str) -> int:
        samples, _ = kokoro.create(phonemes, voice=style, is_phonemes=True, trim=False)
        return len(samples)

    return speak


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", help="the Python of an environment with kokoro-onnx")
    parser.add_argument("--threads", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--limit", type=int, default=3, help="sentences of a length (default: all %(default)s)")
    parser.add_argument("--runtime", default="auto")
    parser.add_argument("--data-dir", type=Path, help="where the weights and what is made of them are kept")
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks" / "results" / "synthesis.md")
    parser.add_argument("--role", choices=("ours", "peer"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if not (arguments.peer or arguments.role):
        parser.error("--peer is needed")
    return arguments


if __name__ == "__main__":
    main()
