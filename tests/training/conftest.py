"""Training tests run eagerly: tracing a step takes longer than the few steps they make."""

import pytest
import tensorflow as tf


@pytest.fixture(autouse=True)
def eager():
    """Run `tf.function`s eagerly during a test."""
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)
