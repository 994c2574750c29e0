"""The Beam transform that renders; imported where Beam is installed."""

import logging
from collections.abc import Iterator
from pathlib import Path

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from vsg_tf.inference.beam_jobs import Ending, read_ending, write_ending
from vsg_tf.inference.job import Job
from vsg_tf.inference.jobs import JobSettings, attempt_job, voices_of
from vsg_tf.inference.runtimes.names import Runtime
from vsg_tf.inference.synthesizer import Synthesizer


class Render(beam.DoFn):
    """Runs one job of (number, job), with the model that its worker has loaded, and notes its end.

    Args:
        model: folder.
        runtime: of the model.
        settings: of all jobs.
        notes: folder for the notes.
    """

    def __init__(self, model: Path, runtime: Runtime, settings: JobSettings, notes: Path):
        self._model = model
        self._runtime = runtime
        self._settings = settings
        self._notes = notes

    def setup(self) -> None:
        """Load the model."""
        self._synthesizer = Synthesizer.load(self._model, runtime=self._runtime)
        self._voices = voices_of(self._synthesizer, self._settings)

    def process(self, task: tuple[int, Job]) -> Iterator[int]:
        """A runner may give a job twice; the second time nothing is left to do."""
        number, job = task
        if read_ending(self._notes, number) is None:
            error, notes = attempt_job(self._synthesizer, self._voices, job, self._settings)
            write_ending(self._notes, Ending(number, error, notes))
        yield number


def run_pipeline(
    flags: list[str],
    model: Path,
    runtime: Runtime,
    tasks: list[tuple[int, Job]],
    settings: JobSettings,
    notes: Path,
) -> None:
    """Run to the end; whatever goes wrong is raised as Beam raises it."""
    logging.getLogger().setLevel(logging.CRITICAL)
    with beam.Pipeline(options=PipelineOptions(flags)) as pipeline:
        _ = (
            pipeline
            | "jobs" >> beam.Create(tasks)
            | "deal out" >> beam.Reshuffle()
            | "render" >> beam.ParDo(Render(model, runtime, settings, notes))
        )
