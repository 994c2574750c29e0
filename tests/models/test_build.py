"""Building part by part makes the same variables as calling the whole."""

import re
from pathlib import Path

import pytest
from keras import ops

from vsg_tf.config import load_config
from vsg_tf.models.build import build_generator
from vsg_tf.models.generator import Generator

CONFIGS = Path(__file__).parents[2] / "configs"
SMALL = ["model.temporal.conv_layers=1", "model.acoustic.units=1", "model.decoder.blocks=1"]


def _variables(model) -> list:
    # Keras counts up the names of layers inside of others, over all models.
    return [(re.sub(r"_\d+", "", v.path), tuple(v.shape), v.trainable) for v in model.variables]


@pytest.mark.parametrize("name", ["debug.yaml", "paper.yaml"])
def test_every_variable_exists_under_its_name(name):
    config = load_config(CONFIGS / name, SMALL)
    built = build_generator(config)
    names = _variables(built)
    called = Generator(config, name="generator")
    mel = ops.zeros((1, 8, config.audio.n_mels))
    example = {
        "features": ops.zeros((1, 2, config.video.feature_width)),
        "reference_mel": mel,
        "background_mel": mel,
        "events": ops.zeros((1, 1, 3)),
    }
    called(example)
    assert names == _variables(called)
    built(example)
    assert names == _variables(built)
