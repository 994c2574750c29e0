"""The one set of checks that every layer and every model goes through."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np

if keras.backend.backend() == "tensorflow":  # the JAX runner shares this module
    import tensorflow as tf


@dataclass(frozen=True)
class Case:
    """A layer or model under test.

    Args:
        make: constructs it.
        inputs: a length in frames -> the inputs as NumPy arrays; time is each one's axis 1.
        arguments: a length -> further call arguments.
        half_output: dtype of the outputs under mixed precision.
        takes_training: whether `call` has a `training` argument.
        flat: whether the inputs are `[B, samples]`, so that time is their last axis.
        idle: substrings of the paths of weights that no gradient can reach, by design.
    """

    make: Callable[[], keras.layers.Layer]
    inputs: Callable[[int], Any]
    arguments: Callable[[int], dict] = field(default=lambda length: {})
    half_output: str = "bfloat16"
    takes_training: bool = False
    flat: bool = False
    idle: tuple[str, ...] = ()


class Holder(keras.Model):
    """Lends `save_weights` and `load_weights` to any layer; is never called."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer
        self.built = True


def to_config_text(layer) -> str:
    """What is needed to construct the layer again, as JSON."""
    return json.dumps(keras.saving.serialize_keras_object(layer))


def from_config_text(text: str):
    """The layer that `to_config_text` described, with fresh weights."""
    return keras.saving.deserialize_keras_object(json.loads(text))


def outputs_of(case: Case, layer, length: int) -> list[np.ndarray]:
    """Inference outputs in a flat list."""
    outputs = layer(case.inputs(length), **case.arguments(length))
    return [keras.ops.convert_to_numpy(x) for x in keras.tree.flatten(outputs)]


def assert_equal(expected, actual, tolerance):
    """Outputs agree; sums round with their largest terms, so those above 1 set the scale."""
    assert len(expected) == len(actual)
    for a, b in zip(expected, actual, strict=True):
        scale = max(1.0, float(np.abs(np.asarray(a, np.float32)).max(initial=0)))
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance * scale)


def check_round_trip(case: Case, folder):
    """Configuration and weights carry over everything that inference depends on."""
    holder = Holder(case.make())
    expected = outputs_of(case, holder.layer, 6)
    path = folder / "case.weights.h5"
    if holder.weights:
        holder.save_weights(path)
    text = to_config_text(holder.layer)
    copy = Holder(from_config_text(text))
    assert to_config_text(copy.layer) == text
    before = outputs_of(case, copy.layer, 6)
    if holder.trainable_weights:
        changed = any(not np.allclose(a, b) for a, b in zip(expected, before, strict=True))
        assert changed, "fresh weights gave equal outputs: loading them would prove nothing"
        copy.load_weights(path)
    assert_equal(expected, outputs_of(case, copy.layer, 6), 0)


def check_dynamic_time(case: Case):
    """One traced graph with free batch and time serves every length, odd ones too."""
    layer = case.make()

    def free(x):
        last = (None,) if case.flat else x.shape[-1:]
        return tf.TensorSpec((None,) * (x.ndim - 1) + last, x.dtype)

    lengths = (6, 9)
    signature = keras.tree.map_structure(free, case.inputs(lengths[0]))
    names = list(case.arguments(lengths[0]))
    outputs_of(case, layer, lengths[0])

    @tf.function(input_signature=[signature] + [tf.TensorSpec((), tf.int32)] * len(names))
    def traced(inputs, *values):
        return layer(inputs, **dict(zip(names, values, strict=True)))

    for length in lengths:
        result = traced(
            keras.tree.map_structure(tf.constant, case.inputs(length)),
            *(tf.constant(value) for value in case.arguments(length).values()),
        )
        result = [x.numpy() for x in keras.tree.flatten(result)]
        assert_equal(outputs_of(case, layer, length), result, 2e-5)


def check_gradients(case: Case):
    """Training reaches every trainable weight."""
    layer = case.make()
    arguments = {**case.arguments(7), **({"training": True} if case.takes_training else {})}
    with tf.GradientTape() as tape:
        outputs = keras.tree.flatten(layer(case.inputs(7), **arguments))
        # A random direction: the sum of a normalised output would have no gradient.
        random = np.random.default_rng(5)
        total = sum(
            tf.reduce_sum(tf.cast(x, tf.float32) * random.normal(size=x.shape).astype("float32"))
            for x in outputs
        )
    variables = layer.trainable_variables
    gradients = tape.gradient(total, [variable.value for variable in variables])
    for variable, gradient in zip(variables, gradients, strict=True):
        if any(part in variable.path for part in case.idle):
            continue
        assert gradient is not None, f"no gradient reaches {variable.path}"
        assert np.any(np.abs(gradient) > 1e-7), f"the gradient of {variable.path} is zero"
        assert np.all(np.isfinite(gradient)), f"the gradient of {variable.path} is not finite"


def check_mixed_precision(case: Case):
    """Half precision runs, keeps float32 weights, and gives the promised output dtype."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        layer = case.make()
        outputs = keras.tree.flatten(layer(case.inputs(6), **case.arguments(6)))
    finally:
        keras.config.set_dtype_policy(before)
    assert {keras.backend.standardize_dtype(x.dtype) for x in outputs} == {case.half_output}
    assert all(
        keras.backend.standardize_dtype(w.dtype) == "float32" for w in layer.trainable_weights
    )
    assert all(np.all(np.isfinite(tf.cast(x, tf.float32))) for x in outputs)


def check_layer(case: Case, folder):
    """All of the above."""
    check_round_trip(case, folder)
    check_dynamic_time(case)
    check_gradients(case)
    check_mixed_precision(case)
