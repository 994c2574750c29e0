"""What a run begins with."""

import numpy as np
import pytest

from tests.training_cases import tiny_config
from vsg_tf.errors import ConfigError, InputError
from vsg_tf.model_files import save_model_dir
from vsg_tf.models.build import build_generator
from vsg_tf.training.assembly import start_from


def test_fine_tuning_begins_with_the_weights_of_a_model(gan, tmp_path):
    config = tiny_config()
    trained = build_generator(config)
    save_model_dir(tmp_path / "model", trained, config, "card")
    assert not np.array_equal(gan.generator.weights[0], trained.weights[0])
    start_from(gan, tiny_config(learning_rate=1e-4, steps=3), tmp_path / "model")
    for target in (gan.generator, gan.averaged):
        for weight, wanted in zip(target.weights, trained.weights, strict=True):
            np.testing.assert_array_equal(weight, wanted)
    other = tiny_config(audio__f_max=7000.0)
    with pytest.raises(ConfigError, match=r"another audio\.f_max; leave out --config"):
        start_from(gan, other, tmp_path / "model")
    with pytest.raises(InputError, match="not a model folder"):
        start_from(gan, config, tmp_path)
