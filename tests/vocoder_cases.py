"""A tiny vocoder and recordings for tests of its training."""

import functools
import json
from pathlib import Path

import keras
import numpy as np
import soundfile

from vsg_tf.config import Config, parse_config
from vsg_tf.inference.runtimes.keras_networks import KerasNetworks
from vsg_tf.model_files import save_model_dir
from vsg_tf.model_folder import copy_vocoder
from vsg_tf.models.build import build_generator, build_vocoder
from vsg_tf.models.vocoder import Vocoder

RATE = 22050


def tiny_vocoder_config(**training) -> Config:
    """A vocoder of all parts, each as small as it can be."""
    return parse_config(tiny_vocoder_values(**training))


def tiny_vocoder_values(**training) -> dict:
    """The same as plain values."""
    return {
        "name": "tiny",
        "audio": {"n_mels": 16, "n_fft": 256, "hop_length": 64, "f_min": 0.0, "f_max": None},
        "model": {
            "kind": "vocoder",
            "filters": 8,
            "hidden": 16,
            "blocks": 1,
            "projections": 2,
            "inference_projections": 3,
            "periods": [2],
            "resolutions": [64],
            "discriminator_filters": 2,
        },
        "loss": {
            "mel": 10.0,
            "mel_kind": "l1",
            "stft": 1.0,
            "magnitude": 1.0,
            "adversarial": 0.1,
            "feature_matching": 0.2,
        },
        "training": {
            "steps": 4,
            "batch_size": 2,
            "crop_seconds": 0.2,
            "learning_rate": 1e-3,
            "log_every": 1,
            "validate_every": 2,
            "checkpoint_every": 2,
            "adversarial_start": 2,
            "ema": 0.9,
            "seed": 3,
            **training,
        },
        "data": {"clip_seconds": 0.5},
    }


@functools.cache
def _small_vocoder(audio: str) -> Vocoder:
    values = tiny_vocoder_values()
    values["audio"] = json.loads(audio)
    keras.utils.set_random_seed(1)
    return build_vocoder(parse_config(values))


def vocoder_beside(config: Config) -> Vocoder | None:
    """An untrained vocoder for a tiny model, always the same; None for one without events, so that
    there are tests of both."""
    if not config.model.events.enabled:
        return None
    return _small_vocoder(config.audio.model_dump_json())


def networks_of(config: Config) -> KerasNetworks:
    """An untrained model and its vocoder, always the same."""
    keras.utils.set_random_seed(0)
    return KerasNetworks(config, build_generator(config), lambda: vocoder_beside(config))


def write_model(folder: Path, networks: KerasNetworks) -> Path:
    """The folder of an untrained model, with its vocoder's files where it has one."""
    save_model_dir(folder, networks.generator, networks.config, "# A tiny model\n")
    vocoder = vocoder_beside(networks.config)
    if vocoder is not None:
        add_vocoder(folder, vocoder)
    return folder


def add_vocoder(folder: Path, vocoder: Vocoder) -> None:
    """Put a vocoder's files into a generator's folder."""
    own = folder.with_name(f"{folder.name}-vocoder")
    save_model_dir(own, vocoder, vocoder.config, "# A tiny vocoder\n")
    copy_vocoder(own, folder)


def write_recordings(folder: Path, count: int = 8) -> Path:
    """Decaying tones `thing<letter>_1.wav`, each a family of its own, and one that is silent."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    times = np.arange(round(0.8 * RATE)) / RATE
    for number in range(count):
        tone = np.sin(2 * np.pi * rng.uniform(200, 4000) * times) * np.exp(-5 * times)
        sound = 0.1 * (tone + 0.1 * rng.normal(size=len(times)))
        soundfile.write(folder / f"thing{chr(97 + number)}_1.wav", sound, RATE)
    soundfile.write(folder / "silent_1.wav", np.zeros(RATE), RATE)
    return folder
