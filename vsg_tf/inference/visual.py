"""Visual features for inference: from the video itself, or from files that others made of it."""

import os
from pathlib import Path

import numpy as np

from vsg_tf.config import Config
from vsg_tf.errors import InputError
from vsg_tf.frontends.sources import extract_clip
from vsg_tf.video.clip import Clip


def video_features(
    config: Config,
    video: str | os.PathLike | None,
    feature_files: list[str] | None = None,
) -> np.ndarray:
    """Features `[feature_frames, feature_width]` float32 as the model was trained on.

    Args:
        config: of the model.
        video: the clip; not looked at where there are feature files.
        feature_files: one of each kind that the model's front end reads.

    Raises:
        InputError: a file cannot be used, or the kind of input does not fit the model.
    """
    visual = config.video.visual
    if not feature_files:
        with Clip.open(video) as clip:
            return extract_clip(visual, clip, config.timebase)
    kinds = visual.feature_files
    if not kinds:
        raise InputError(
            f"The model {config.name!r} computes its features from the video itself; "
            "leave out --features."
        )
    if len(feature_files) != len(kinds):
        raise InputError(
            f"The model {config.name!r} reads features from {len(kinds)} files; pass --features "
            f"{len(kinds)} times, in this order: {', '.join(kinds)}."
        )
    return visual.read_files([Path(path) for path in feature_files], config.timebase)
