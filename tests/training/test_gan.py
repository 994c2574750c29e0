"""The adversarial step: what learns, when, and what stops it."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.training_cases import tiny_batch, tiny_config, tiny_gan
from vsg_tf.training.optimizers import adversarial_weight
from vsg_tf.training.variables import read_variable


def _values(variables):
    return {variable.path: read_variable(variable).copy() for variable in variables}


def _unchanged(before, variables):
    return [v.path for v in variables if np.array_equal(before[v.path], read_variable(v))]


def test_every_weight_learns(gan):
    config = gan.config
    variables = [
        *gan.generator.trainable_variables,
        *gan.mel_discriminator.trainable_variables,
        *gan.alignment_discriminator.trainable_variables,
    ]
    before = _values(variables)
    for seed in range(2):
        terms = gan.train_step(tiny_batch(config, seed))
    assert _unchanged(before, variables) == []
    assert {name for name, term in terms.items() if not np.isfinite(float(term))} == set()
    judges = float(terms["mel_discriminator"]) + float(terms["alignment_discriminator"])
    assert judges == pytest.approx(float(terms["discriminator"]), rel=1e-5)
    assert float(terms["finite"]) == 1.0


def test_without_events_the_temporal_code_learns():
    config = tiny_config(model__events__enabled=False, loss__events=0.0, ema=0.0)
    gan = tiny_gan(config)
    before = _values(gan.generator.trainable_variables)
    for seed in range(2):
        terms = gan.train_step(tiny_batch(config, seed))
    assert _unchanged(before, gan.generator.trainable_variables) == []
    assert "events" not in terms
    assert gan.shipped is gan.generator


@pytest.mark.parametrize("kept", ["mel_enabled", "alignment_enabled", None])
def test_discriminators_can_be_left_out(kept):
    switches = {
        f"model__discriminators__{name}": name == kept
        for name in ("mel_enabled", "alignment_enabled")
    }
    config = tiny_config(ema=0.0, loss__adversarial=0.1 if kept else 0.0, **switches)
    gan = tiny_gan(config)
    assert gan.adversarial_from(0) == (kept is not None)
    if kept is None:
        gan.reconstruction_step(tiny_batch(config))
    else:
        gan.train_step(tiny_batch(config))


def test_no_adversarial_weight_builds_no_discriminator():
    gan = tiny_gan(tiny_config(loss__adversarial=0.0, ema=0.0))
    assert gan.mel_discriminator is None and gan.alignment_discriminator is None
    assert not gan.adversarial_from(10**6)
    assert gan.learning_rates() == {"learning_rate": pytest.approx(1e-2)}


def test_adversarial_weight_starts_and_grows():
    weights = [float(adversarial_weight(step, 3, 4)) for step in range(9)]
    assert weights == [0, 0, 0, 0.25, 0.5, 0.75, 1, 1, 1]
    assert float(adversarial_weight(0, 0, 0)) == 1.0


def test_adversarial_weight_follows_the_iterations_inside_one_trace():
    tf.config.run_functions_eagerly(False)

    @tf.function
    def weight(step):
        return adversarial_weight(step, 2, 0)

    steps = tf.Variable(0, dtype=tf.int64)
    seen = []
    for _ in range(4):
        seen.append(float(weight(steps)))
        steps.assign_add(1)
    assert seen == [0, 0, 1, 1]
    assert weight.experimental_get_tracing_count() == 1


def test_before_the_adversarial_phase_discriminators_rest():
    config = tiny_config(adversarial_start=1, ema=0.0)
    gan = tiny_gan(config)
    assert not gan.adversarial_from(0) and gan.adversarial_from(1)
    assert set(gan.learning_rates()) == {"learning_rate", "discriminator_learning_rate"}
    opponents = gan.mel_discriminator.trainable_variables
    before = _values(opponents)
    terms = gan.reconstruction_step(tiny_batch(config))
    assert len(_unchanged(before, opponents)) == len(opponents)
    assert "discriminator" not in terms
    terms = gan.train_step(tiny_batch(config))
    assert _unchanged(before, opponents) == []
    assert float(terms["adversarial_weight"]) == 1.0


def test_average_starts_at_the_weights_and_follows_them(gan):
    config = gan.config
    start = [read_variable(v).copy() for v in gan.generator.weights]
    averaged = [read_variable(v) for v in gan.averaged.weights]
    assert all(np.array_equal(a, b) for a, b in zip(start, averaged, strict=True))
    gan.reconstruction_step(tiny_batch(config))
    decay = 2.0 / 11.0  # after one update: (1 + 1) / (10 + 1) is below 0.9
    rows = zip(start, gan.generator.weights, gan.averaged.weights, strict=True)
    for old, new, average in rows:
        wanted = decay * old + (1 - decay) * read_variable(new)
        np.testing.assert_allclose(read_variable(average), wanted, rtol=1e-4, atol=1e-6)


def test_a_gradient_that_is_not_finite_is_flagged_and_not_applied(gan):
    config = gan.config
    batch = tiny_batch(config)
    batch["mel"] *= float("nan")
    terms = gan.train_step(batch)
    assert float(terms["finite"]) == 0.0
    for variables in gan.checkpoint_roles().values():
        assert all(np.isfinite(read_variable(v)).all() for v in variables)


def test_clipping_limits_the_whole_gradient():
    config = tiny_config(clip_norm=1e-3, ema=0.0, loss__adversarial=0.0, learning_rate=1.0)
    gan = tiny_gan(config)
    gan.compile(keras.optimizers.SGD(1.0))
    before = _values(gan.generator.trainable_variables)
    terms = gan.reconstruction_step(tiny_batch(config))
    moved = [read_variable(v) - before[v.path] for v in gan.generator.trainable_variables]
    length = np.sqrt(sum(float(np.sum(np.square(m, dtype=np.float64))) for m in moved))
    assert float(terms["gradient_norm"]) > 1e-2
    assert length == pytest.approx(1e-3, rel=1e-2)


def test_validation_is_repeatable_and_scores_each_example(gan):
    config = gan.config
    first, mels = gan.validate(tiny_batch(config, 1, size=3))
    again, _ = gan.validate(tiny_batch(config, 1, size=3))
    assert {name: score.shape for name, score in first.items()} == dict.fromkeys(first, (3,))
    assert {"mel_l1", "loud_l1", "mel_mse", "envelope_r", "follows_reference"} <= set(first)
    for name, score in first.items():
        np.testing.assert_array_equal(score, again[name])
    assert not np.array_equal(mels["swapped"], mels["reconstruction"])
    np.testing.assert_array_equal(
        mels["reference"][0], tiny_batch(config, 1, 3)["reference_mel"][1]
    )


def test_mixed_precision_trains_float32_weights():
    config = tiny_config(mixed_precision=True, ema=0.0)
    gan = tiny_gan(config)
    terms = gan.train_step(tiny_batch(config))
    assert float(terms["finite"]) == 1.0
    assert {str(v.dtype) for v in gan.generator.trainable_variables} == {"float32"}
