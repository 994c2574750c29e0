"""Visual features for inference: from the video itself, or from REGNET feature files."""

import os
from pathlib import Path

import numpy as np

from vsg_tf.config import Config
from vsg_tf.errors import InputError
from vsg_tf.frontends.motion.extraction import MotionFrontEnd
from vsg_tf.frontends.regnet.files import load_regnet_features, to_grid


def video_features(
    config: Config,
    video: str | os.PathLike | None,
    feature_files: list[str] | None = None,
) -> np.ndarray:
    """Features `[feature_frames, feature_width]` float32 as the model was trained on.

    Args:
        config: of the model.
        video: the clip; needed by models on the built-in motion front end.
        feature_files: the RGB and the flow file; needed by models on REGNET features.

    Raises:
        InputError: a file cannot be used, or the kind of input does not fit the model.
    """
    if config.video.front_end == "motion":
        if feature_files:
            raise InputError(
                f"The model {config.name!r} computes its features from the video itself; "
                "leave out --features."
            )
        return MotionFrontEnd(config.timebase).extract(video)
    if not feature_files or len(feature_files) != 2:
        raise InputError(
            f"The model {config.name!r} reads REGNET features; pass --features twice, "
            "first the RGB file, then the flow file."
        )
    features = load_regnet_features(Path(feature_files[0]), Path(feature_files[1]))
    return to_grid(features, config.timebase)
