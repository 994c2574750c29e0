"""Measured motion as features: compressed, and normalised over the clip."""

import numpy as np

from vsg_tf.frontends.motion.layout import (
    CELL_CHANNELS,
    CELL_QUANTITIES,
    CELLS,
    FEATURE_WIDTH,
    GLOBAL_QUANTITIES,
    REPEATED,
)

# Below these values the logarithm that compresses each quantity is nearly linear.
_CELL_SCALES = np.array(
    [0.02, 0.01, 0.05, 0.02, 0.02, 0.05, 0.02, 0.02, 0.05, 0.03, 0.02, 0.2, 0.05, 0.05], np.float32
)
_GLOBAL_SCALES = np.array([0.02, 0.02, 0.02, 0.02, 0.2, 0.01, 0.05, 0.1, 0.05, 0.5], np.float32)
SCALES = np.concatenate([np.tile(_CELL_SCALES, CELLS), _GLOBAL_SCALES])
# Added to standard deviations, so that noise in a still clip is not blown up.
CLIP_FLOOR, CELL_FLOOR, GLOBAL_FLOOR = 0.05, 0.15, 0.1


def normalise(blocks: list[np.ndarray]) -> np.ndarray:
    """Log-compress quantities and normalise them over the clip.

    Args:
        blocks: consecutive `[some frames, 234]` float32; used up, so that a long clip is held once.

    Returns:
        `[all frames, 282]` float32.
    """
    count = sum(len(block) for block in blocks)
    for block in blocks:
        block[:] = np.sign(block) * np.log1p(np.abs(block) / SCALES)
    mean = sum(block.sum(0, dtype=np.float64) for block in blocks) / count
    variance = sum(np.square(block - mean).sum(0) for block in blocks) / count
    cell_mean, cell_variance = (
        values[: -len(GLOBAL_QUANTITIES)].reshape(CELLS, -1) for values in (mean, variance)
    )
    luma = CELL_QUANTITIES.index("luma")
    luma_mean = cell_mean[:, luma].copy()
    cell_mean[:, luma] = 0
    clip_mean = cell_mean.mean(0)
    clip_deviation = np.sqrt((cell_variance + np.square(cell_mean - clip_mean)).mean(0))
    cell_mean, cell_deviation = cell_mean[:, REPEATED], np.sqrt(cell_variance[:, REPEATED])
    whole_mean, whole_deviation = (
        values[-len(GLOBAL_QUANTITIES) :] for values in (mean, np.sqrt(variance))
    )
    result = np.empty((count, FEATURE_WIDTH), np.float32)
    done = 0
    while blocks:
        block = blocks.pop(0)
        rows = result[done : done + len(block)]
        done += len(block)
        cells = block[:, : -len(GLOBAL_QUANTITIES)].reshape(len(block), CELLS, -1)
        cells[:, :, luma] -= luma_mean
        channels = rows[:, : CELLS * CELL_CHANNELS].reshape(len(block), CELLS, -1)
        common, own = np.split(channels, [len(CELL_QUANTITIES)], axis=2)
        common[:] = (cells - clip_mean) / (clip_deviation + CLIP_FLOOR)
        own[:] = (cells[:, :, REPEATED] - cell_mean) / (cell_deviation + CELL_FLOOR)
        rows[:, CELLS * CELL_CHANNELS :] = (block[:, -len(GLOBAL_QUANTITIES) :] - whole_mean) / (
            whole_deviation + GLOBAL_FLOOR
        )
    return result
