"""Small prepared corpora for tests, without any synthetic scene."""

from pathlib import Path

import numpy as np

from vsg_tf.config.loading import parse_config
from vsg_tf.config.schema import Config
from vsg_tf.data.manifest import Manifest
from vsg_tf.data.records import Example, clip_frames
from vsg_tf.data.shards import open_output, write_shards
from vsg_tf.errors import InputError


def tiny_config(**training) -> Config:
    """Two-second clips, one-second crops, every second reference another arrangement."""
    return parse_config(
        {
            "name": "tiny",
            "audio": {"n_mels": 8},
            "model": {"discriminators": {"windows": [32, 64]}},
            "video": {"front_end": "motion"},
            "training": {"crop_seconds": 1.0, "batch_size": 4, "seed": 5, **training},
            "data": {"clip_seconds": 2.0, "own_reference": 0.5, "max_events": 6},
        }
    )


class NumberBuilder:
    """Example n has features and mels that tell n and the frame; item 3 and 13 fail."""

    def __init__(self, config: Config):
        self.config = config

    def __call__(self, number: int) -> list[Example]:
        if number == 3:
            raise InputError("Three is silent.")
        if number == 13:
            raise ValueError("decoder trouble")
        frames, ratio = clip_frames(self.config), self.config.video.mel_per_feature
        place = np.arange(frames, dtype=np.float32)
        features = np.full((frames, 282), number, np.float32)
        features[:, 1] = place
        mel = np.repeat(place / 64, ratio)[:, None] * np.ones(8, np.float32)
        return [
            Example(
                identity=f"n{number}",
                source=f"s{number}",
                category="number",
                features=features,
                mel=mel,
                envelope=place / 64,
                events=np.array([[0.3, 0.9, 0.1], [1.3, 1.0, 0.2]], np.float32),
                reference_mel=1 - mel,
                truth={"number": number},
            )
        ]


def prepare_numbers(folder: Path, config: Config, count=20, workers=1, **settings) -> Manifest:
    """Examples 0 .. count-1 as split `train`, one more as `valid`."""
    manifest = open_output(folder, config, "numbers", {"count": count, **settings}, False)
    splits = {"train": list(range(count)), "valid": [count]}
    return write_shards(folder, manifest, splits, NumberBuilder(config), workers=workers)
