"""One small network shared by all picture cells."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="vsg_tf")
class CellAttention(keras.layers.Layer):
    """Motion features of picture cells, pooled so that it does not matter where things move.

    Beyond the paper. Every cell goes through the same two convolutions over time; two attention
    heads and a maximum pool over the cells; a convolution of the whole picture's values joins.

    Args:
        filters: channels of the shared convolutions.
        cells: picture cells.
        channels: values per cell; cell c's channel j is feature `c * channels + j`.
        global_channels: values of the whole picture, behind those of the cells.
        kernel: kernel size in frames.

    Call arguments:
        features: `[B, T, cells * channels + global_channels]`.

    Returns:
        `[B, T, 4 * filters]`.
    """

    def __init__(
        self,
        filters: int,
        cells: int,
        channels: int,
        global_channels: int,
        kernel: int = 5,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.filters = filters
        self.cells = cells
        self.channels = channels
        self.global_channels = global_channels
        self.kernel = kernel
        policy = self.dtype_policy

        def shared(name):
            # A (time, 1) kernel visits all cells in place, without a copy per cell.
            return keras.layers.Conv2D(
                filters, (kernel, 1), padding="same", activation="relu", dtype=policy, name=name
            )

        self.conv_1 = shared("conv_1")
        self.conv_2 = shared("conv_2")
        # A bias would shift all cells alike, which softmax ignores.
        self.scores = keras.layers.Dense(2, use_bias=False, dtype=policy, name="scores")
        self.global_conv = keras.layers.Conv1D(
            filters, kernel, padding="same", activation="relu", dtype=policy, name="global_conv"
        )

    def build(self, input_shape):
        batch, length = input_shape[:2]
        hidden = (batch, length, self.cells, self.filters)
        self.conv_1.build((batch, length, self.cells, self.channels))
        self.conv_2.build(hidden)
        self.scores.build(hidden)
        self.global_conv.build((batch, length, self.global_channels))
        self.built = True

    def call(self, features):
        batch, length = ops.shape(features)[0], ops.shape(features)[1]
        split = self.cells * self.channels
        cells = ops.reshape(features[..., :split], (batch, length, self.cells, self.channels))
        cells = self.conv_1(cells)
        cells = cells + self.conv_2(cells)
        weights = ops.softmax(self.scores(cells), axis=2)
        attended = ops.einsum("btkc,btkh->bthc", cells, weights)
        attended = ops.reshape(attended, (batch, length, 2 * self.filters))
        strongest = ops.max(cells, axis=2)
        whole = self.global_conv(features[..., split:])
        return ops.concatenate([attended, strongest, whole], axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], 4 * self.filters)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "cells": self.cells,
            "channels": self.channels,
            "global_channels": self.global_channels,
            "kernel": self.kernel,
        }
