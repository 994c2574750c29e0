"""Names under which a checkpoint keeps its arrays."""

from pathlib import Path

import keras
import pytest

from vsg_tf.config import load_config
from vsg_tf.models.build import build_discriminators, build_generator
from vsg_tf.training.variables import collect_arrays

CONFIGS = Path(__file__).parents[2] / "configs"
SMALL = [
    "model.temporal.conv_layers=1",
    "model.temporal.filters=16",
    "model.temporal.lstm_units=8",
    "model.acoustic.units=1",
    "model.acoustic.filters=32",
    "model.decoder.blocks=1",
    "model.decoder.hidden=32",
    "model.decoder.upsampling_filters=32",
    "model.discriminators.conv_filters=16",
    "model.discriminators.upsampling_filters=16",
]


@pytest.mark.parametrize("name", ["debug", "default", "paper"])
def test_names_do_not_depend_on_what_was_built_before(name):
    """A run is resumed in another process, where Keras counts from the start."""
    config = load_config(CONFIGS / f"{name}.yaml", SMALL)

    def names():
        generator = build_generator(config)
        mel, alignment = build_discriminators(config)
        optimizer = keras.optimizers.Adam()
        optimizer.build(generator.trainable_variables)
        parts = {"generator": generator, "mel": mel, "alignment": alignment, "optimizer": optimizer}
        return list(collect_arrays({role: part.variables for role, part in parts.items()}))

    assert names() == names()
