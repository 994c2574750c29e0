"""Requests as clients send them: a server warms up with them, an export is judged by them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import tensorflow as tf

from vsg_tf.config import Config
from vsg_tf.export.conversion_requests import conversion_requests
from vsg_tf.export.example_signals import example_features, example_pictures, example_reference
from vsg_tf.serving.protocol import PredictionLog
from vsg_tf.serving.tensors import encode

WARM_UP_FILE = Path("assets.extra") / "tf_serving_warmup_requests"
_WARM_UP_SECONDS = 2.0
_BACKGROUND = 0.25


def example_requests(
    config: Config, functions: dict[str, Callable], seconds: float
) -> dict[str, dict[str, np.ndarray]]:
    """Inputs of one request for each signature, a batch of one.

    Args:
        config: of the model.
        functions: the signatures by name.
        seconds: length of the clips.
    """
    frames = config.timebase.feature_frames_for(seconds)
    background = np.array([_BACKGROUND], np.float32)
    reference = {"reference": example_reference(config)[None]}
    features = {"features": example_features(config, frames)[None]}
    code = _answer(functions["encode_reference"], reference)
    network_code = {name: code[name] for name in code if name not in ("reference_mel", "ring_s")}
    generate = {**features, **code, "background": background}
    count = np.array([frames], np.int32)
    requests = {
        "serving_default": {**features, **reference, "background": background},
        "encode_reference": reference,
        "generate": generate,
        "network_encode_reference": {"mel": code["reference_mel"]},
        "network_waveform": {"mel": code["reference_mel"], "seed": np.zeros(1, np.int32)},
    }
    if "network_vocoder" in functions:
        requests["network_vocoder"] = {"mel": code["reference_mel"]}
    drive = features["features"]
    if "generate_from_events" in functions:
        drive = np.array([[[0.5, 1.0, 0.4], [1.2, 0.5, 0.4]]], np.float32)
        played = {"events": drive, "frames": count, "background": background}
        requests["generate_from_events"] = {**played, **code}
        requests["network_event_logits"] = features
    noise = np.resize(
        code["reference_mel"][0], (config.timebase.mel_frames(frames), code["mel"].shape[2])
    )
    requests["network_decode"] = {
        **network_code,
        "drive": drive,
        "background": (_BACKGROUND * noise)[None],
        "frames": count,
    }
    if "from_bytes" in functions:
        requests["from_bytes"] = _bytes_request(config, seconds, background)
    return requests


def write_warm_up(folder: Path, config: Config, functions: dict[str, Callable]) -> None:
    """Write the requests that TensorFlow Serving sends to a version before it serves it."""
    path = folder / WARM_UP_FILE
    path.parent.mkdir(exist_ok=True)
    make = conversion_requests if config.model.kind == "speechsplit" else example_requests
    requests = make(config, functions, _WARM_UP_SECONDS)
    with tf.io.TFRecordWriter(str(path)) as writer:
        for signature, inputs in sorted(requests.items()):
            log = PredictionLog()
            request = log.predict_log.request
            request.model_spec.name = config.name
            request.model_spec.signature_name = signature
            for name, value in inputs.items():
                request.inputs[name].CopyFrom(encode(value))
            writer.write(log.SerializeToString(deterministic=True))


def _bytes_request(config: Config, seconds: float, background: np.ndarray) -> dict:
    pictures, times = example_pictures(seconds, config.video.visual.pictures)
    layers = pictures[..., None] if pictures.ndim == 3 else pictures
    wav = tf.audio.encode_wav(example_reference(config)[:, None], config.audio.sample_rate)
    return {
        "reference_wav": np.array([wav.numpy()], object),
        "frames": np.array([[tf.io.encode_png(picture).numpy() for picture in layers]], object),
        "frame_times": times[None].astype(np.float32),
        "background": background,
    }


def _answer(function: Callable, inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    outputs = function(**{name: tf.constant(value) for name, value in inputs.items()})
    return {name: value.numpy() for name, value in outputs.items()}
