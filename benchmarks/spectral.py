"""How far Kokoro's runtimes are from the unquantised network: ``.venv/bin/python -m benchmarks.spectral``.

The weights file holds int8 weights, and no others exist here. Its integer products are made products of floats again,
with the weights that the integers stand for: what rounds the activations is gone, what rounded the weights once stays.
Two graphs come of it: one with floats throughout, one that has them in the vocoder's residual blocks alone, which are
what `winograd` computes, and integers before and after them.

Each runtime speaks the same phonemes as these graphs do. Durations are rounded to frames, so that the whole graph
would now and then speak a sound a frame longer: it is given those that the runtimes take, and how many it would have
chosen otherwise is told. Pitch is left alone; a slightly other one moves the phase of every harmonic, so that against
the whole graph waveforms cannot be compared, only spectra. Against the other one both can.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from benchmarks.synthesis import machine
from models.audio import Samples
from models.catalogue import Voice, catalogue
from models.engines import kokoro_networks as networks
from models.engines.kokoro import styles, vocabulary
from models.engines.voice_settings import settings_for
from models.phonemes import phonemes
from models.weights import kokoro_model
from workers.pipeline.normalise import normalise

ROOT = Path(__file__).resolve().parents[1]
SENTENCES = json.loads((ROOT / "benchmarks" / "intelligibility" / "sentences.json").read_text(encoding="utf-8"))
COLUMNS = [(which, name) for which in ("whole", "blocks") for name in ("winograd", "onnxruntime")]
RATE = 24_000
_DURATIONS = "/encoder/Round_output_0"
_ONE = "float.one"
_BLOCKS = tuple(
    f"{generator}{block}"
    for generator in ("/decoder/decoder/generator/", "decoder.decoder.generator.")
    for block in ("noise_res.", "resblocks.")
)
_WINDOW, _HOP, _BANDS = 1024, 256, 80
_FLOOR_DB = -80.0  # below the loudest band of the sentence: nobody hears it, and a logarithm would make much of it


class Inputs(NamedTuple):
    """What the network is given: token ids [1, n] and a style [1, 256]."""

    tokens: NDArray[np.int64]
    style: Samples


class Distance(NamedTuple):
    """Of two sounds of the same length: decibels between their log-mel spectra, and of signal to difference."""

    spectral: float
    snr: float


def main() -> None:
    options = read_arguments()
    with tempfile.TemporaryDirectory() as scratch:
        data = options.data_dir or Path(scratch)
        text = "\n".join(report(kokoro_model(data), data, Path(scratch), options)) + "\n"
    print(text)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(text, encoding="utf-8")


def report(model: Path, data: Path, scratch: Path, options: argparse.Namespace) -> Iterator[str]:
    """The lines of the table."""
    speak = Graphs(model, data, scratch, options.threads)
    rows: dict[str, dict[tuple[str, str], list[Distance]]] = {}
    symbols = others = 0
    for voice in voices(options.voices):
        row = rows.setdefault(f"{voice.id} {voice.name} ({voice.language})", {})
        for text in SENTENCES[voice.language][: options.sentences]:
            given = inputs(text, voice)
            sounds, durations = speak.runtimes(given)
            references, otherwise = speak.references(given, durations)
            symbols, others = symbols + durations.size, others + otherwise
            for which, name in COLUMNS:
                row.setdefault((which, name), []).append(distance(sounds[name], references[which]))
        print(f"{voice.name} …", file=sys.stderr, flush=True)
    yield from machine()
    yield ""
    said = f"of {symbols} durations, which are the same here, the whole graph would have chosen {others} otherwise"
    yield f"{options.sentences} sentences a voice, medians; {said}."
    yield ""
    yield "| voice | " + " | ".join(f"{name} to the {which} in floats" for which, name in COLUMNS) + " |"
    yield "|---" * (len(COLUMNS) + 1) + "|"
    for voice_name, row in rows.items():
        yield f"| {voice_name} | " + " | ".join(told_of(row[column], column[0]) for column in COLUMNS) + " |"
    every = {column: [each for row in rows.values() for each in row[column]] for column in COLUMNS}
    yield "| all | " + " | ".join(f"**{told_of(every[column], column[0])}**" for column in COLUMNS) + " |"


class Graphs:
    """The runtimes, and what they are compared with."""

    def __init__(self, model: Path, data: Path, scratch: Path, threads: int) -> None:
        network = onnx.load(model)
        graphs = {
            "integers": telling_durations(network),
            "durations": telling_durations(floating(network)),
            "whole": floating(network, durations_given=True),
            "blocks": floating(network, _BLOCKS),
        }
        self._sessions: dict[str, onnxruntime.InferenceSession] = {}
        for name, graph in graphs.items():
            onnx.save(graph, scratch / f"{name}.onnx")
            self._sessions[name] = networks.open_session(scratch / f"{name}.onnx", threads)
        self._winograd = networks.load(model, data, threads, "winograd")

    def runtimes(self, given: Inputs) -> tuple[dict[str, Samples], Samples]:
        """What they speak, and the frames of each symbol, which are the same."""
        sound, durations = self._run("integers", given, ["audio", _DURATIONS])
        return {
            "onnxruntime": sound.reshape(-1),
            "winograd": self._winograd.run(given.tokens, given.style),
        }, durations

    def references(self, given: Inputs, durations: Samples) -> tuple[dict[str, Samples], int]:
        """What the graphs in floats speak, and of how many symbols the whole one would have another duration."""
        (chosen,) = self._run("durations", given, [_DURATIONS])
        (whole,) = self._run("whole", given, ["audio"], {_DURATIONS: durations})
        (blocks,) = self._run("blocks", given, ["audio"])
        return {"whole": whole.reshape(-1), "blocks": blocks.reshape(-1)}, int((chosen != durations).sum())

    def _run(
        self, name: str, given: Inputs, outputs: list[str], more: dict[str, Samples] | None = None
    ) -> list[Samples]:
        session, only = self._sessions[name], onnxruntime.RunOptions()
        only.only_execute_path_to_fetches = True
        values = {"tokens": given.tokens, "style": given.style, "speed": np.ones(1, dtype=np.float32), **(more or {})}
        wanted = {each.name for each in session.get_inputs()}
        found: list[Samples] = session.run(outputs, {key: values[key] for key in wanted}, only)
        return found


def told_of(found: list[Distance], which: str) -> str:
    spectral = f"{statistics.median(each.spectral for each in found):.2f} dB"
    snr = statistics.median(each.snr for each in found)
    return spectral if which == "whole" else f"{spectral}, SNR {snr:.1f} dB"


def voices(wanted: list[int] | None) -> list[Voice]:
    return [voice for voice in catalogue() if "kokoro" in voice.engines and (not wanted or voice.id in wanted)]


def inputs(text: str, voice: Voice) -> Inputs:
    """As the engine makes them."""
    spoken = " ".join(sentence.spoken for sentence in normalise(text, voice.language).sentences)
    known = vocabulary()
    ids = [known[symbol] for symbol in phonemes(spoken, voice.language)]
    style = styles()[str(settings_for(voice, "kokoro")["style"])][len(ids)]
    return Inputs(np.array([[0, *ids, 0]], dtype=np.int64), style[np.newaxis])


# --- The graphs -----------------------------------------------------------------------------------------------------


def floating(
    network: onnx.ModelProto, where: tuple[str, ...] = ("",), *, durations_given: bool = False
) -> onnx.ModelProto:
    """The network with products of floats in the nodes whose names start so; ValueError when one is not understood.

    A product of integers is (x / scale - zero) · (w - zero), summed, with a bias that was divided by both scales, and
    all of it is multiplied by both scales afterwards. So x takes the place of the first factor, with a scale of one.
    """
    result = onnx.ModelProto()
    result.CopyFrom(network)
    graph = result.graph
    if durations_given:
        kept = [node for node in graph.node if _DURATIONS not in node.output]
        del graph.node[:]
        graph.node.extend(kept)
        graph.input.append(helper.make_tensor_value_info(_DURATIONS, TensorProto.FLOAT, [1, "sequence_length"]))
    products = _Floats(graph)
    for node in graph.node:
        if not node.name.startswith(where):
            continue
        if node.op_type in {"ConvInteger", "MatMulInteger"}:
            products.multiply(node)
        elif node.op_type == "DynamicQuantizeLSTM":
            products.remember(node)
    for node in graph.node:
        if node.name.startswith(where):
            products.without_scale(node)
    graph.initializer.extend(products.made.values())
    del graph.value_info[:]  # of the integers
    return result


class _Floats:
    """Makes nodes of a graph work with floats; `made` are the values that they need."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        self._makers = {output: node for node in graph.node for output in node.output}
        self._values = {tensor.name: tensor for tensor in graph.initializer}
        self._scales: set[str] = set()
        self.made = {_ONE: numpy_helper.from_array(np.ones((), dtype=np.float32), _ONE)}

    def multiply(self, node: onnx.NodeProto) -> None:
        quantised = self._makers[node.input[0]]
        if quantised.op_type != "DynamicQuantizeLinear":
            raise ValueError(f"{node.name}: its input is no quantised one")
        self._scales.add(quantised.output[1])
        known = self._value(node.input[1]) - self._value(node.input[3])
        node.input[:] = [quantised.input[0], self._keep(node.input[1], known)]
        node.op_type = node.op_type.removesuffix("Integer")

    def remember(self, node: onnx.NodeProto) -> None:
        """Its matrices stand the other way round than those of the standard operator."""
        names = list(node.input)
        for place, scale, zero in ((1, 8, 9), (2, 10, 11)):
            zeros, factors = (self._value(names[at]).reshape(-1, 1, 1) for at in (zero, scale))
            real = (self._value(names[place]) - zeros) * factors
            names[place] = self._keep(names[place], real.transpose(0, 2, 1))
        node.input[:] = names[:8]
        node.op_type, node.domain = "LSTM", ""

    def without_scale(self, node: onnx.NodeProto) -> None:
        """What a product or a bias was divided by is one by now, and nothing is rounded to whole numbers."""
        if node.op_type == "Mul":
            node.input[:] = [_ONE if name in self._scales else name for name in node.input]
        elif node.op_type == "Floor" and node.name.endswith(".bias_quant_rounded"):
            node.op_type = "Identity"
        elif node.op_type == "Cast" and node.name.endswith(".bias_quantized_node"):
            node.attribute[0].i = TensorProto.FLOAT

    def _value(self, name: str) -> NDArray[np.float32]:
        return numpy_helper.to_array(self._values[name]).astype(np.float32)

    def _keep(self, name: str, value: NDArray[np.float32]) -> str:
        """A name of its own: nodes elsewhere may need the integers."""
        new = f"{name}.float"
        self.made[new] = numpy_helper.from_array(np.ascontiguousarray(value, dtype=np.float32), new)
        return new


def telling_durations(network: onnx.ModelProto) -> onnx.ModelProto:
    """The network with the frames of each symbol as a second output."""
    result = onnx.ModelProto()
    result.CopyFrom(network)
    result.graph.output.append(helper.make_tensor_value_info(_DURATIONS, TensorProto.FLOAT, None))
    return result


# --- Distances ------------------------------------------------------------------------------------------------------


def distance(sound: Samples, reference: Samples) -> Distance:
    """ValueError when one is longer."""
    if sound.shape != reference.shape:
        raise ValueError(f"{sound.size} and {reference.size} samples")
    one, other = log_mel(sound), log_mel(reference)
    floor = max(one.max(), other.max()) + _FLOOR_DB
    apart = np.maximum(one, floor) - np.maximum(other, floor)
    spectral = float(np.sqrt((apart**2).mean(axis=1)).mean())
    noise = float(((sound - reference).astype(np.float64) ** 2).sum())
    signal = float((reference.astype(np.float64) ** 2).sum())
    return Distance(spectral, 10 * np.log10(signal / noise) if noise else float("inf"))


def log_mel(sound: Samples) -> NDArray[np.float64]:
    """Decibels in each of 80 bands [frames, bands], 43 ms every 11."""
    frames = np.lib.stride_tricks.sliding_window_view(sound.astype(np.float64), _WINDOW)[::_HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(_WINDOW), axis=1)) ** 2
    levels: NDArray[np.float64] = 10 * np.log10(power @ _filters().T + 1e-12)
    return levels


def _filters() -> NDArray[np.float64]:
    """Triangles of equal width in mel, up to half the rate."""
    top = 2595 * np.log10(1 + RATE / 2 / 700)
    edges = 700 * (10 ** (np.linspace(0, top, _BANDS + 2) / 2595) - 1)
    frequencies = np.fft.rfftfreq(_WINDOW, 1 / RATE)
    lower, middle, upper = (edges[start : start + _BANDS, np.newaxis] for start in range(3))
    rising, falling = (frequencies - lower) / (middle - lower), (upper - frequencies) / (upper - middle)
    triangles: NDArray[np.float64] = np.clip(np.minimum(rising, falling), 0, None)
    return triangles


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=int, default=2, help="of each voice (default: %(default)s)")
    parser.add_argument("--voices", type=int, nargs="*", help="ids (default: all that Kokoro speaks)")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--data-dir", type=Path, help="where the weights and what is made of them are kept")
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks" / "results" / "spectral.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
