"""The Beam transform that makes shards; imported where Beam is installed."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.options.pipeline_options import PipelineOptions

from vsg_tf.data.shard_notes import read_notes, write_note
from vsg_tf.data.shards import build_shard


class BuildShard(beam.DoFn):
    """Makes one shard of (name, split, items) and notes it; gives its name.

    Args:
        builder: item to examples.
        folder: where shards go.
        settings_hash: of the manifest.
    """

    def __init__(self, builder: Any, folder: Path, settings_hash: str):
        self._builder = builder
        self._folder = folder
        self._settings_hash = settings_hash
        self._examples = Metrics.counter("vsg_tf", "examples")
        self._failures = Metrics.counter("vsg_tf", "failures")

    def setup(self) -> None:
        """Each worker has one core."""
        import cv2

        cv2.setNumThreads(1)

    def process(self, task: tuple[str, str, list[Any]]) -> Iterator[str]:
        """A runner may give a task twice; the second time nothing is left to do."""
        name, split, items = task
        if name not in read_notes(self._folder, self._settings_hash):
            result = build_shard(self._builder, self._folder, name, split, items)
            write_note(self._folder, self._settings_hash, result)
            self._examples.inc(result[0].count)
            self._failures.inc(len(result[1]))
        yield name


def run_pipeline(
    flags: list[str],
    builder: Any,
    folder: Path,
    settings_hash: str,
    tasks: list[tuple[str, str, list[Any]]],
) -> None:
    """Run to the end; whatever goes wrong is raised as Beam raises it."""
    logging.getLogger().setLevel(logging.CRITICAL)
    options = PipelineOptions(flags)
    with beam.Pipeline(options=options) as pipeline:
        _ = (
            pipeline
            | "shards" >> beam.Create(tasks)
            | "deal out" >> beam.Reshuffle()
            | "build" >> beam.ParDo(BuildShard(builder, folder, settings_hash))
        )
