"""How soon a text is heard and ready, by its length: the whole service with the Kokoro voices, cold and warm.

``.venv/bin/python -m benchmarks.latency [--repeats 3]``. Cold is the first job of a service that has just said that it
serves. First audio is that of the streamed mp3, ready that of a job of the v1 API; in turn.
"""

import argparse
import statistics

from benchmarks.service import GREETING, text_of, timed
from benchmarks.streaming import first_audio
from tests.live.service import running


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    texts = [GREETING, text_of(50), text_of(300)]
    with running("kokoro", VOICEN_SPEECH_CACHE_MB="0") as service:
        print(
            f"{len(texts[1])} characters, cold: first audio {first_audio(service, texts[1], 'mp3')[0]:.2f} s",
            flush=True,
        )
        for text in texts:
            heard, ready = [], []
            for _ in range(options.repeats):
                heard.append(first_audio(service, text, "mp3")[0])
                ready.append(timed(service, text))
            print(f"{len(text)} characters, warm: first audio {spread(heard)}, ready {spread(ready)}", flush=True)


def spread(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.2f} s ({min(seconds):.2f}-{max(seconds):.2f})"


if __name__ == "__main__":
    main()
