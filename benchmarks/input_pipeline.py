"""Speed of the input pipeline, alone and beside a model's forward pass.

    python benchmarks/input_pipeline.py DATA --config configs/default.yaml [--batches 100]

Prints batches per second. The pipeline is no bottleneck while the first number is well above the
steps per second of training.
"""

import time
from pathlib import Path
from typing import Annotated

import typer

from vsg_tf.config.loading import load_config
from vsg_tf.data.dataset import make_dataset


def _rate(dataset, batches: int, consume=None) -> float:
    iterator = iter(dataset)
    first = next(iterator)
    if consume:
        consume(first)  # tracing and warming up are not counted
    start, count = time.perf_counter(), 0
    for batch in iterator:
        if consume:
            consume(batch)
        count += 1
        if count == batches:
            break
    return count / (time.perf_counter() - start)


def main(
    data: Annotated[Path, typer.Argument(help="Folder written by vsg prepare.")],
    config: Annotated[Path, typer.Option(help="Its configuration.")],
    split: str = "train",
    batches: Annotated[int, typer.Option(help="Batches to time; the data is repeated.")] = 100,
    settings: Annotated[list[str] | None, typer.Option("--set", help="section.key=value")] = None,
) -> None:
    """Time the input pipeline."""
    import tensorflow as tf

    from vsg_tf.models.generator import Generator

    loaded = load_config(config, settings or ())
    dataset = make_dataset(
        data, split, loaded, batch_size=loaded.training.batch_size, epoch=0
    ).repeat()
    print(f"pipeline alone        {_rate(dataset, batches):8.1f} batches/s")
    generator = Generator(loaded)

    @tf.function
    def forward(batch):
        return generator(
            {
                "features": batch["features"],
                "reference_mel": batch["reference_mel"],
                "background_mel": batch["mel"],
                "events": batch["events"],
            }
        )

    few = min(batches, 30)
    batch = next(iter(dataset))
    forward(batch)
    start = time.perf_counter()
    for _ in range(few):
        forward(batch)
    print(f"forward pass alone    {few / (time.perf_counter() - start):8.1f} batches/s")
    print(f"pipeline and forward  {_rate(dataset, few, forward):8.1f} batches/s")


if __name__ == "__main__":
    typer.run(main)
