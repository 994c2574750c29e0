"""Requests to an exported converter of sounds, and how far its answers are from the Python path."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
import tensorflow as tf

from vsg_tf.audio.mel import LogMel
from vsg_tf.config import Config
from vsg_tf.export.differences import largest_difference, relative_difference
from vsg_tf.export.example_signals import example_reference
from vsg_tf.inference.options import RenderOptions
from vsg_tf.inference.renderers.names import RendererName
from vsg_tf.inference.synthesizer import Synthesizer


def conversion_requests(
    config: Config, functions: dict[str, Callable], seconds: float
) -> dict[str, dict[str, np.ndarray]]:
    """Inputs of one request for each signature, a batch of one.

    Args:
        config: of the model.
        functions: the signatures by name.
        seconds: length of the sound to convert.
    """
    reference = example_reference(config)
    # Another recording than the reference: reversed, it swells where that one decays.
    sound = np.resize(reference[::-1], round(seconds * config.audio.sample_rate))
    mel = LogMel(config.audio)(sound)[None]
    timbre = functions["encode_reference"](reference=tf.constant(reference[None]))["timbre"]
    return {
        "serving_default": {"sound": sound[None], "reference": reference[None]},
        "encode_reference": {"reference": reference[None]},
        "convert": {"mel": mel, "timbre": timbre.numpy()},
        "waveform": {"mel": mel},
    }


def measure_conversion(
    synthesizer: Synthesizer,
    renderer: RendererName,
    functions: dict[str, Callable],
    scratch: Path,
    seconds: float,
) -> dict[str, float]:
    """As `saved_model_parity.measure_parity`, for a sound of so many seconds."""
    config = synthesizer.config
    requests = conversion_requests(config, functions, seconds)
    answers = {
        name: functions[name](**{key: tf.constant(value) for key, value in request.items()})
        for name, request in requests.items()
    }
    path = scratch / "reference.wav"
    request = requests["serving_default"]
    soundfile.write(path, request["reference"][0], config.audio.sample_rate, subtype="FLOAT")
    voice = synthesizer.voice(path)
    own = synthesizer.networks.encode_reference(voice.clean)
    mel = requests["convert"]["mel"][0]
    frames = len(mel)
    mel = np.pad(mel, [(0, -frames % config.video.mel_per_feature), (0, 0)])
    drive = mel.reshape(-1, config.drive_width)
    timing = synthesizer.timing_of(drive)
    rendering = synthesizer.render(timing, voice, RenderOptions(renderer=renderer))
    waveform = rendering.waveform()[: request["sound"].shape[1]]
    converted = synthesizer.mel(timing, voice)[:frames]
    return {
        "timbre": largest_difference(answers["encode_reference"]["timbre"], own["timbre"]),
        "mel": largest_difference(answers["convert"]["mel"][0], converted),
        "waveform (relative)": relative_difference(
            answers["serving_default"]["waveform"][0].numpy(), waveform
        ),
    }
