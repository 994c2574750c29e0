"""Stacks of bidirectional LSTMs, which all three encoders have."""

import keras


def recurrent_stack(
    layers: int, units: int, final_states: bool = False, name: str = "lstm"
) -> list[keras.layers.Layer]:
    """Bidirectional LSTMs [R: the paper does not say whether they look back].

    Args:
        layers: how many.
        units: hidden size of each direction.
        final_states: whether the last layer gives its two final states `[B, 2 * units]` instead of
            a sequence `[B, T, 2 * units]`.
        name: of the layers, which are counted.
    """
    return [
        keras.layers.Bidirectional(
            keras.layers.LSTM(units, return_sequences=not (final_states and i == layers - 1)),
            name=f"{name}_{i}",
        )
        for i in range(layers)
    ]
