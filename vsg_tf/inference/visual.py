"""Visual features for inference: from a clip's pictures, or from files that others made of them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vsg_tf.config import Config
from vsg_tf.errors import InputError
from vsg_tf.frontends.memory import remembered
from vsg_tf.frontends.sources import clip_source
from vsg_tf.inference.watching import Cancel, Progress, watched
from vsg_tf.video.clip import Clip


def clip_features(
    config: Config,
    clip: Clip | None,
    feature_files: Sequence[str] | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> np.ndarray:
    """Features `[feature_frames, feature_width]` float32 as the model was trained on.

    Those of a slow front end are remembered for the clips seen last.

    Args:
        config: of the model.
        clip: not looked at where there are feature files.
        feature_files: one of each kind that the model's front end reads.
        progress, cancel: see `watching`.

    Raises:
        InputError: a file cannot be used, or the kind of input does not fit the model.
        Cancelled: `cancel` said so.
    """
    visual = config.video.visual
    if not feature_files:
        if clip is None:
            raise InputError(f"The model {config.name!r} needs a video; give one.")

        def seen(frames):
            return watched(
                frames, lambda frame: frame[0] / clip.duration_s, "picture", progress, cancel
            )

        def made():
            return visual.extract(clip_source(clip, seen), config.timebase, clip.duration_s)

        return remembered(visual, clip, config.timebase, made) if visual.slow else made()
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
