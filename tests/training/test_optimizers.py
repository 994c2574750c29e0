"""Schedules and which optimizer they drive."""

import keras
import pytest

from vsg_tf.config import TrainingConfig
from vsg_tf.training.optimizers import WarmUpSchedule, build_optimizers


def test_warm_up_then_constant():
    rate = WarmUpSchedule(0.1, warmup_steps=4)
    assert [float(rate(step)) for step in (0, 1, 3, 4, 1000)] == pytest.approx(
        [0.025, 0.05, 0.1, 0.1, 0.1]
    )


def test_warm_up_then_cosine_to_zero():
    rate = WarmUpSchedule(0.1, warmup_steps=2, decay_steps=8)
    assert [float(rate(step)) for step in (1, 2, 6, 10, 99)] == pytest.approx(
        [0.1, 0.1, 0.05, 0, 0], abs=1e-7
    )


def test_schedule_round_trip():
    rate = WarmUpSchedule(0.1, 2, 8)
    again = keras.optimizers.schedules.deserialize(keras.optimizers.schedules.serialize(rate))
    assert again.get_config() == rate.get_config()


def test_rates_betas_and_decay_come_from_the_configuration():
    config = TrainingConfig(
        learning_rate=1e-3, discriminator_learning_rate=2e-3, beta_1=0.7, weight_decay=0.01
    )
    generator, discriminator = build_optimizers(config)
    assert float(generator.learning_rate) == pytest.approx(1e-3)
    assert float(discriminator.learning_rate) == pytest.approx(2e-3)
    assert generator.weight_decay == 0.01 and discriminator.weight_decay is None
    assert generator.beta_1 == discriminator.beta_1 == 0.7


def test_discriminators_cosine_spans_their_own_phase():
    config = TrainingConfig(
        steps=100, schedule="cosine", adversarial_start=60, discriminator_learning_rate=1.0
    )
    _, discriminator = build_optimizers(config)
    assert float(discriminator._learning_rate(20)) == pytest.approx(0.5)
    assert float(discriminator._learning_rate(40)) == pytest.approx(0.0)


def test_offsets_and_scales_do_not_decay():
    dense = keras.layers.Dense(2)
    dense.build((None, 3))
    optimizer, _ = build_optimizers(TrainingConfig(weight_decay=0.1))
    optimizer.build(dense.trainable_variables)
    assert optimizer._use_weight_decay(dense.kernel)
    assert not optimizer._use_weight_decay(dense.bias)
