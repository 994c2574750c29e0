"""Prints how many parameters each part has: `python -m vsg_tf.summary --config FILE`."""

import argparse
import math
import sys

import keras

from vsg_tf.config import Config, load_config
from vsg_tf.errors import VsgError
from vsg_tf.model_kinds import build_discriminators, build_generator


def parameter_counts(config: Config) -> dict[str, int]:
    """Trainable parameters by module, in the order of the data flow."""
    generator = build_generator(config)
    parts = [
        *(part for part in generator.layers if _is_part(part)),
        generator,
        *(opponent for opponent in build_discriminators(config) if opponent is not None),
    ]
    return {
        part.name: sum(math.prod(weight.shape) for weight in part.trainable_weights)
        for part in parts
    }


def _is_part(layer: keras.layers.Layer) -> bool:
    return isinstance(layer, keras.Model) or layer.name == "event_head"


def _table(counts: dict[str, int]) -> str:
    width = max(len(name) for name in counts)
    return "\n".join(f"{name:<{width}}  {count:>12,}" for name, count in counts.items())


def main(arguments: list[str] | None = None) -> int:
    """Command line entry; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", default="configs/paper.yaml", help="configuration file")
    options = parser.parse_args(arguments)
    try:
        config = load_config(options.config)
    except VsgError as error:
        print(error, file=sys.stderr)
        return 2
    print(_table(parameter_counts(config)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
