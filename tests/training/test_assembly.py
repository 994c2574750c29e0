"""What a run begins with."""

import numpy as np
import pytest

from tests.training_cases import tiny_config
from tests.vocoder_cases import add_vocoder, vocoder_beside
from vsg_tf.errors import ConfigError, InputError
from vsg_tf.model_files import load_fitting_vocoder, save_model_dir
from vsg_tf.model_folder import has_vocoder
from vsg_tf.models.build import build_generator
from vsg_tf.training.assembly import start_from
from vsg_tf.training.run_folder import RunFolder


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
        start_from(gan, config, tmp_path / "nowhere")


def test_a_fine_tuned_model_keeps_the_vocoder_it_came_with(gan, tmp_path):
    config = tiny_config()
    start = tmp_path / "start"
    save_model_dir(start, gan.generator, config, "card")
    run = RunFolder(tmp_path / "run")
    run.keep_vocoder(start)
    save_model_dir(run.model, gan.generator, config, "card", run.vocoder)
    assert not has_vocoder(run.model), "it came with none"
    add_vocoder(start, vocoder_beside(config))
    run.keep_vocoder(start)
    for _ in range(2):  # each of the models that a run writes
        save_model_dir(run.model, gan.generator, config, "card", run.vocoder)
    for name in ("vocoder.yaml", "vocoder.weights.h5"):
        assert (run.model / name).read_bytes() == (start / name).read_bytes()
    assert load_fitting_vocoder(run.model, config).config.model.kind == "vocoder"
