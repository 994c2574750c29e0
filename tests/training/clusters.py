"""Prepared data and processes for tests of training on several workers.

Run as a program it is `vsg train` with plain gradient descent: Adam makes a whole step of whatever
is left of a gradient that should be zero, so that no two ways to add up a batch agree.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.training_cases import tiny_config
from vsg_tf.config import Config, config_to_yaml
from vsg_tf.data.records import Example, clip_frames
from vsg_tf.data.shards import open_output, write_shards

REPOSITORY = Path(__file__).parents[2]


def plain_config(**settings) -> Config:
    """The tiny network with nothing random in its steps, for any number of workers."""
    return tiny_config(
        data__clip_seconds=0.56,
        data__own_reference=1.0,
        data__feature_augmentation=False,
        crop_seconds=0.56,
        model__resampling={"on_input": False, "in_units": False},
        model__temporal__lstm_layers=0,
        model__decoder__dropout=0.0,
        model__events={"enabled": True, "jitter": 0.0, "strength_noise": 0.0, "drop": 0.0},
        model__discriminators__windows=[48],
        **settings,
    )


class NoiseBuilder:
    """Example n is random numbers of seed n."""

    def __init__(self, config: Config):
        self.config = config

    def __call__(self, number: int) -> list[Example]:
        rng = np.random.default_rng(number)
        frames, ratio = clip_frames(self.config), self.config.video.mel_per_feature
        width, bands = self.config.video.feature_width, self.config.audio.n_mels
        return [
            Example(
                identity=f"noise{number}",
                source=f"noise{number}",
                category="noise",
                features=rng.normal(size=(frames, width)).astype(np.float32),
                mel=rng.uniform(size=(frames * ratio, bands)).astype(np.float32),
                envelope=rng.uniform(size=frames).astype(np.float32),
                events=np.array([[0.1, 0.9, 0.1], [0.3, 0.5, 0.2]], np.float32),
            )
        ]


def prepare_noise(folder: Path, config: Config, count: int) -> None:
    """`count` training examples and two for validation."""
    manifest = open_output(folder, config, "noise", {"count": count}, False)
    splits = {"train": list(range(count)), "valid": [count, count + 1]}
    write_shards(folder, manifest, splits, NoiseBuilder(config), workers=1)


def write_config(path: Path, config: Config) -> Path:
    """`config` as a file."""
    path.write_text(config_to_yaml(config), encoding="utf-8")
    return path


def free_addresses(count: int) -> str:
    """Addresses of this machine that nobody listens at, as `--workers` takes them."""
    doors = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    names = ",".join(f"127.0.0.1:{door.getsockname()[1]}" for door in doors)
    for door in doors:
        door.close()
    return names


def start(*arguments: object) -> subprocess.Popen:
    """`vsg train` with plain gradient descent in a process of its own."""
    command = [sys.executable, "-m", "tests.training.clusters", *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def wait_until(condition: Callable[[], bool], seconds: float = 400.0) -> None:
    """Return when `condition()` holds.

    Raises:
        TimeoutError: it does not hold in time.
    """
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)


def _main() -> None:
    import keras

    from vsg_tf import train
    from vsg_tf.command import run
    from vsg_tf.training import assembly

    assembly.build_optimizers = lambda training: (
        keras.optimizers.SGD(training.learning_rate),
        keras.optimizers.SGD(training.learning_rate),
    )
    run(train.app)


if __name__ == "__main__":
    _main()
