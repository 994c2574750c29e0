"""Every layer, set up small, for the harness."""

import numpy as np

from tests.layer_harness import Case
from vsg_tf import layers


def sequence(length: int, channels: int, batch: int = 2, seed: int = 0) -> np.ndarray:
    """Normal noise `[batch, length, channels]`."""
    shape = (batch, length, channels)
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def mel(length: int, bands: int = 6, batch: int = 2, seed: int = 0) -> np.ndarray:
    """Levels in 0..1 `[batch, length, bands]`."""
    shape = (batch, length, bands)
    return np.random.default_rng(seed).uniform(size=shape).astype("float32")


def events(length: int) -> np.ndarray:
    """`length` events of which the last row is unused, `[2, length, 3]`."""
    times = np.linspace(0.1, 0.5, length)
    rows = np.stack([times, np.linspace(0.4, 1, length), np.full(length, 0.2)], axis=-1)
    rows[-1] = 0
    return np.stack([rows, rows * [1.1, 0.9, 1]]).astype("float32")


RESAMPLING = {"min_segment": 2, "max_segment": 4, "seed": 3}

LAYER_CASES = {
    "random_resampling": Case(
        lambda: layers.RandomResampling(**RESAMPLING),
        lambda n: sequence(n, 4),
        takes_training=True,
    ),
    "energy_masking": Case(layers.EnergyMasking, mel),
    "loudest_frames": Case(lambda: layers.LoudestFrames(0.4), mel),
    "sgau": Case(
        lambda: layers.SGAU(
            4, norm_groups=2, resampling=layers.RandomResampling(**RESAMPLING), name="unit"
        ),
        lambda n: [sequence(n, 3), sequence(n, 5, seed=1)],
        takes_training=True,
    ),
    "fft_block": Case(
        lambda: layers.FFTBlock(8, 2, 9, 6, 0.1),
        lambda n: sequence(n, 8),
        takes_training=True,
        idle=("attention/key/bias",),  # softmax ignores what shifts all keys
    ),
    "fft_block_cross": Case(
        lambda: layers.FFTBlock(8, 2, 9, 6, 0.1, cross_attention=True),
        lambda n: [sequence(n, 8), sequence(n + 4, 5)],
        takes_training=True,
        idle=("attention/key/bias", "cross/key/bias"),
    ),
    "sinusoidal_positions": Case(layers.SinusoidalPositions, lambda n: sequence(n, 5)),
    "time_resizing": Case(
        layers.TimeResizing, lambda n: sequence(n, 3), arguments=lambda n: {"length": 2 * n - 1}
    ),
    "attention_pooling": Case(
        lambda: layers.AttentionPooling(5, heads=3), lambda n: sequence(n, 4)
    ),
    "cell_attention": Case(
        lambda: layers.CellAttention(4, cells=3, channels=5, global_channels=2),
        lambda n: sequence(n, 17),
    ),
    "copy_head": Case(
        lambda: layers.CopyHead(6, key_size=3),
        lambda n: [sequence(n, 4), sequence(n + 3, 5), mel(n + 3)],
        half_output="float32",
    ),
    "copy_head_of_runs": Case(
        lambda: layers.CopyHead(6, key_size=3, continuity=2),
        lambda n: [sequence(n, 4), sequence(n + 3, 5), mel(n + 3)],
        half_output="float32",
    ),
    "event_rendering": Case(
        lambda: layers.EventRendering(0.05, 0.01, 0.04, 0.01, 0.1, 0.05, seed=1),
        events,
        arguments=lambda n: {"frames": 3 * n},
        takes_training=True,
    ),
    "convnext_block": Case(
        lambda: layers.ConvNeXtBlock(6, kernel=3, scale=0.5), lambda n: sequence(n, 4)
    ),
    "inverse_stft": Case(
        lambda: layers.InverseSTFT(16, 6),
        lambda n: [sequence(n, 9), sequence(n, 9, seed=1)],
        half_output="float32",
    ),
    "inverse_stft_by_matrices": Case(
        lambda: layers.InverseSTFT(16, 4, matrices=True),
        lambda n: [sequence(n, 9), sequence(n, 9, seed=1)],
        half_output="float32",
    ),
    "stft": Case(
        lambda: layers.STFT(16, 4),
        lambda n: sequence(4 * n, 1)[..., 0],
        half_output="float32",
        flat=True,
    ),
    "random_window": Case(
        lambda: layers.RandomWindow(7, seed=1), lambda n: sequence(n, 3), takes_training=True
    ),
}
