"""A tiny untrained model, a clip and a reference, built once."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.media_writing import hits
from tests.vocoder_cases import networks_of
from vsg_tf.config import Config, load_config
from vsg_tf.inference.synthesizer import Synthesizer
from vsg_tf.inference.voice import Voice

CONFIGS = Path(__file__).parents[2] / "configs"


def tiny_paper_config() -> Config:
    """The paper's structure with small widths: no events, REGNET features."""
    return load_config(
        CONFIGS / "paper.yaml",
        [
            "name=tiny-paper",
            "model.temporal.conv_layers=2",
            "model.temporal.filters=16",
            "model.temporal.lstm_layers=1",
            "model.temporal.lstm_units=8",
            "model.acoustic.filters=32",
            "model.acoustic.units=2",
            "model.acoustic.lstm_layers=1",
            "model.acoustic.lstm_units=8",
            "model.background.lstm_layers=1",
            "model.background.lstm_units=8",
            "model.decoder.upsampling_filters=16",
            "model.decoder.hidden=16",
            "model.decoder.blocks=1",
            "model.decoder.conv_filters=16",
            "audio.griffin_lim_iterations=8",
        ],
    )


@pytest.fixture(scope="session")
def debug_synthesizer() -> Synthesizer:
    return Synthesizer(networks_of(load_config(CONFIGS / "debug.yaml")))


@pytest.fixture(scope="session")
def paper_synthesizer() -> Synthesizer:
    return Synthesizer(networks_of(tiny_paper_config()))


@pytest.fixture(scope="session")
def reference_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("reference") / "hits.wav"
    soundfile.write(path, hits(), 22050)
    return path


@pytest.fixture(scope="session")
def reference(debug_synthesizer, reference_file) -> Voice:
    return debug_synthesizer.voice(reference_file)


@pytest.fixture(scope="session")
def features(debug_synthesizer) -> np.ndarray:
    """Features of 20 s in which something happens now and then, `[431, 282]`."""
    rng = np.random.default_rng(3)
    width = debug_synthesizer.config.video.feature_width
    return rng.normal(size=(431, width)).astype(np.float32)
