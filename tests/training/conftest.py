"""Training tests run eagerly: tracing a step takes longer than the few steps they make."""

import pytest
import tensorflow as tf

from tests.training_cases import tiny_config, tiny_gan
from vsg_tf.training.variables import collect_arrays, restore_arrays


@pytest.fixture(autouse=True)
def eager():
    """Run `tf.function`s eagerly during a test."""
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture(scope="session")
def built():
    """Building takes seconds: one set of models for all tests, and its first state."""
    gan = tiny_gan(tiny_config())
    return gan, collect_arrays(gan.checkpoint_roles())


@pytest.fixture
def gan(built):
    """Models of `tiny_config()` as if just built."""
    models, start = built
    restore_arrays(models.checkpoint_roles(), start, "the first state")
    return models
