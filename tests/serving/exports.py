"""A small SavedModel with every kind of signature, and the questions that show what it answers."""

from pathlib import Path

import numpy as np
import tensorflow as tf

from vsg_tf.serving.loaded_model import WARM_UP
from vsg_tf.serving.protocol import PredictionLog
from vsg_tf.serving.tensors import encode

SIGNATURES = {"serving_default", "describe", "join", "read_wav", "slow", "from_bytes"}


class Arithmetic(tf.Module):
    """`scale * x + version`, some strings, a WAV reader and something slow."""

    def __init__(self, version: int):
        super().__init__()
        self.version = tf.Variable(float(version))

    @tf.function(
        input_signature=[
            tf.TensorSpec([None, None, 3], tf.float32, "x"),
            tf.TensorSpec([None], tf.float32, "scale"),
        ]
    )
    def linear(self, x, scale):
        return {"y": x * scale[:, None, None] + self.version, "total": tf.reduce_sum(x, [1, 2])}

    @tf.function(input_signature=[])
    def describe(self):
        return {"text": tf.constant("adds and multiplies")}

    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.string, "words")])
    def join(self, words):
        return {"text": tf.strings.reduce_join(words, axis=1)}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, "wav")])
    def read_wav(self, wav):
        read = tf.map_fn(
            lambda item: tf.audio.decode_wav(item, desired_channels=1).audio[:, 0],
            wav,
            fn_output_signature=tf.TensorSpec([None], tf.float32),
        )
        return {"waveform": read}

    @tf.function(
        input_signature=[
            tf.TensorSpec([None], tf.float32, "seconds"),
            tf.TensorSpec([None], tf.float32, "x"),
        ]
    )
    def slow(self, seconds, x):
        end = tf.timestamp() + tf.cast(tf.reduce_max(seconds), tf.float64)
        turns = tf.constant(0.0)
        while tf.timestamp() < end:
            turns += tf.reduce_sum(tf.random.stateless_uniform([1000], [1, 2]))
        return {"y": x + 0 * turns, "batch": tf.fill(tf.shape(x), tf.shape(x)[0])}

    @tf.function(
        input_signature=[
            tf.TensorSpec([None], tf.string, "reference_wav"),
            tf.TensorSpec([None, None], tf.string, "frames"),
            tf.TensorSpec([None, None], tf.float32, "frame_times"),
            tf.TensorSpec([None], tf.float32, "background"),
        ]
    )
    def from_bytes(self, reference_wav, frames, frame_times, background):
        """What it was given, in one string."""
        size = tf.shape(tf.io.decode_image(frames[0, 0]))
        said = [
            tf.strings.as_string(tf.shape(frames)[1:2]),
            tf.strings.as_string(size[0]),
            tf.strings.as_string(size[1]),
            tf.strings.as_string(frame_times[:, -1], precision=3),
            tf.strings.as_string(background, precision=2),
            reference_wav,
        ]
        return {"wav": tf.strings.join(said, " ")}


def write_export(base: Path, version: int, warm_up: dict | None = None) -> Path:
    """One version as TensorFlow Serving expects it, moved into place when it is whole."""
    module = Arithmetic(version)
    scratch = base.parent / f"{base.name}-{version}"
    tf.saved_model.save(
        module,
        str(scratch),
        signatures={
            "serving_default": module.linear,
            "describe": module.describe,
            "join": module.join,
            "read_wav": module.read_wav,
            "slow": module.slow,
            "from_bytes": module.from_bytes,
        },
    )
    if warm_up is not None:
        log = PredictionLog()
        request = log.predict_log.request
        request.model_spec.name = "default"
        for name, value in warm_up.items():
            request.inputs[name].CopyFrom(encode(value))
        (scratch / WARM_UP).parent.mkdir(exist_ok=True)
        with tf.io.TFRecordWriter(str(scratch / WARM_UP)) as writer:
            writer.write(log.SerializeToString())
    base.mkdir(exist_ok=True)
    return scratch.rename(base / str(version))


def question(seed: int, batch: int = 1, length: int = 5) -> dict[str, np.ndarray]:
    """Inputs of `serving_default`."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(batch, length, 3)).astype(np.float32)
    return {"x": x, "scale": rng.normal(size=batch).astype(np.float32)}


def check_answer(inputs: dict, outputs: dict, version: int = 1) -> None:
    """The answer belongs to the question."""
    y = inputs["x"] * inputs["scale"][:, None, None] + version
    np.testing.assert_allclose(outputs["y"], y, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(outputs["total"], inputs["x"].sum((1, 2)), rtol=1e-4, atol=1e-4)
