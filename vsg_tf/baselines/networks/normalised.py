"""Convolutions as REGNET has them."""

import keras

STDDEV = 0.02  # of the initial weights of every convolution and projection


def initial_weights() -> keras.initializers.Initializer:
    """Normal noise, as in REGNET's published code."""
    return keras.initializers.RandomNormal(stddev=STDDEV)


def batch_norm(name: str, scale: float = 1.0) -> keras.layers.Layer:
    """Batch normalisation with the constants of the original's framework.

    Args:
        scale: of the output before training.
    """
    return keras.layers.BatchNormalization(
        momentum=0.9,
        epsilon=1e-5,
        gamma_initializer=keras.initializers.Constant(scale),
        name=name,
    )


def convolution(filters: int, kernel: int, name: str, **options) -> keras.layers.Layer:
    """A convolution that keeps the length.

    Where a normalisation follows, pass `use_bias=False`: it would take the offset out again.
    """
    return keras.layers.Conv1D(
        filters,
        kernel,
        padding="same",
        kernel_initializer=initial_weights(),
        name=name,
        **options,
    )


def upsampling(filters: int, name: str, **options) -> keras.layers.Layer:
    """A transposed convolution of kernel 4 that doubles the length."""
    return keras.layers.Conv1DTranspose(
        filters,
        4,
        2,
        padding="same",
        kernel_initializer=initial_weights(),
        name=name,
        **options,
    )
