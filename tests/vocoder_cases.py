"""A tiny vocoder and recordings for tests of its training."""

from pathlib import Path

import numpy as np
import soundfile

from vsg_tf.config import Config, parse_config

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
            "projections": 1,
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
            "validate_every": 4,
            "checkpoint_every": 2,
            "adversarial_start": 2,
            "ema": 0.9,
            "seed": 3,
            **training,
        },
        "data": {"clip_seconds": 0.5},
    }


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
