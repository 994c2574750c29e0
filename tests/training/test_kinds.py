"""The other kinds of model go through the same step, checkpoints and validation."""

import numpy as np
import pytest
from keras import ops

from tests.baselines.cases import REGNET, SPEECHSPLIT, small_config
from tests.training_cases import tiny_batch, tiny_gan
from vsg_tf.training.objectives import build_objective
from vsg_tf.training.variables import collect_arrays, read_variable, restore_arrays

TRAINING = {"steps": 4, "batch_size": 2, "ema": 0.9, "seed": 3, "learning_rate": 1e-2}


def _config(model):
    return small_config(model, training=TRAINING)


@pytest.fixture(scope="module", params=["regnet", "speechsplit"])
def gan(request):
    return tiny_gan(_config({"regnet": REGNET, "speechsplit": SPEECHSPLIT}[request.param]))


def _step(gan, seed):
    adversarial = gan.adversarial_from(0)
    step = gan.train_step if adversarial else gan.reconstruction_step
    return {name: float(term) for name, term in step(tiny_batch(gan.config, seed)).items()}


def test_every_weight_learns_and_a_restored_run_gives_the_same_numbers(gan):
    judge = gan.alignment_discriminator
    assert (judge is not None) == (gan.config.model.kind == "regnet")
    variables = [*gan.generator.trainable_variables, *(judge.trainable_variables if judge else ())]
    before = [read_variable(variable).copy() for variable in variables]
    _step(gan, 0)
    halfway = collect_arrays(gan.checkpoint_roles())
    first = _step(gan, 1)
    end = collect_arrays(gan.checkpoint_roles())
    unmoved = [
        variable.path
        for variable, old in zip(variables, before, strict=True)
        if np.array_equal(old, read_variable(variable))
    ]
    assert unmoved == [] and first["finite"] == 1.0
    assert all(np.isfinite(value) for value in first.values())
    restore_arrays(gan.checkpoint_roles(), halfway, "the test")
    assert _step(gan, 1) == first
    again = collect_arrays(gan.checkpoint_roles())
    assert [name for name in end if end[name].tobytes() != again[name].tobytes()] == []


def test_validation_scores_each_example(gan):
    batch = tiny_batch(gan.config, 1, size=3)
    scores, mels = gan.validate(batch)
    assert {"mel_l1", "mel_mse", "loud_l1", "follows_reference"} == set(scores)
    assert {score.shape for score in scores.values()} == {(3,)}
    hears_reference = gan.config.model.kind == "speechsplit"
    assert np.array_equal(mels["swapped"], mels["reconstruction"]) != hears_reference
    again, _ = gan.validate(batch)
    np.testing.assert_array_equal(scores["mel_l1"], again["mel_l1"])


def test_regnet_is_told_the_sound_in_training_alone():
    objective = build_objective(_config(REGNET))
    batch = tiny_batch(_config(REGNET))
    assert np.array_equal(objective.inputs(batch, training=True)["background_mel"], batch["mel"])
    assert not np.any(objective.inputs(batch, training=False)["background_mel"])


def test_regnet_pays_for_both_outputs():
    objective = build_objective(_config(REGNET))
    batch = {"mel": ops.zeros((1, 4, 2))}
    outputs = {"mel": ops.ones((1, 4, 2)), "decoder_mel": 2 * ops.ones((1, 4, 2))}
    assert float(objective.terms(None, batch, outputs)["mel"]) == 5.0
