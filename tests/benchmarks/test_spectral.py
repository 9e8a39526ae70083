"""What the comparison with a network of floats rests on."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from benchmarks.spectral import distance, floating


def noise(seconds: float = 1.0) -> np.typing.NDArray[np.float32]:
    return np.random.default_rng(1).normal(0, 0.1, round(24_000 * seconds)).astype(np.float32)


def test_the_same_sound_is_no_distance() -> None:
    assert distance(noise(), noise()) == (0.0, float("inf"))


def test_twice_as_loud_is_six_decibels() -> None:
    found = distance(2 * noise(), noise())
    assert found.spectral == pytest.approx(6.02, abs=0.01)
    assert found.snr == pytest.approx(0.0, abs=0.01)


def test_a_tenth_of_the_level_beside_it() -> None:
    other = np.random.default_rng(2).normal(0, 0.01, 24_000).astype(np.float32)
    assert distance(noise() + other, noise()).snr == pytest.approx(20.0, abs=0.2)


def test_sounds_of_two_lengths_are_not_compared() -> None:
    with pytest.raises(ValueError, match="samples"):
        distance(noise(), noise(0.5))


def test_a_quantised_product_becomes_that_of_its_weights(tmp_path: Path) -> None:
    """What is left of the error is that of the weights: the input is not rounded any more."""
    weight = np.random.default_rng(3).normal(size=(16, 8)).astype(np.float32)
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"], name="product")],
        "one product",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [4, 16])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [4, 8])],
        [numpy_helper.from_array(weight, "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    onnx.save(model, tmp_path / "floats.onnx")
    quantize_dynamic(tmp_path / "floats.onnx", tmp_path / "integers.onnx", weight_type=QuantType.QInt8)
    quantised = onnx.load(tmp_path / "integers.onnx")
    x = np.random.default_rng(4).normal(size=(4, 16)).astype(np.float32)

    def product(network: onnx.ModelProto) -> np.typing.NDArray[np.float32]:
        session = onnxruntime.InferenceSession(network.SerializeToString(), providers=["CPUExecutionProvider"])
        (found,) = session.run(["y"], {"x": x})
        return np.asarray(found)

    values = {tensor.name: numpy_helper.to_array(tensor) for tensor in quantised.graph.initializer}
    real = (values["w_quantized"].astype(np.float32) - values["w_zero_point"]) * values["w_scale"]
    assert np.abs(product(floating(quantised)) - x @ real).max() < 1e-4
    assert np.abs(product(quantised) - x @ real).max() > 1e-3
    assert np.abs(product(floating(quantised, ("elsewhere",))) - product(quantised)).max() == 0
