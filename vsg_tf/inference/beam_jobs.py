"""The jobs of a batch on an Apache Beam runner: on one machine or on many.

A job leaves a note of how it ended in a folder that all workers see; whoever waits reads them.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vsg_tf.atomic import atomic_path
from vsg_tf.data.beam import BeamRunner, watched
from vsg_tf.inference.job import Job
from vsg_tf.inference.jobs import JobSettings
from vsg_tf.inference.runtimes.names import Runtime


@dataclass(frozen=True)
class Ending:
    """How a job ended.

    Args:
        number: of the job, from 0.
        error: one sentence, None where its outputs are written.
        notes: sentences for the user.
    """

    number: int
    error: str | None
    notes: tuple[str, ...] = ()


def write_ending(folder: Path, ending: Ending) -> None:
    """Leave the note of a job."""
    values = {"error": ending.error, "notes": ending.notes}
    with atomic_path(folder / f"{ending.number}.json", overwrite=True) as temporary:
        temporary.write_text(json.dumps(values), encoding="utf-8")


def read_ending(folder: Path, number: int) -> Ending | None:
    """The note of a job, None while there is none."""
    try:
        values = json.loads((folder / f"{number}.json").read_text(encoding="utf-8"))
    except OSError:
        return None
    return Ending(number, values["error"], tuple(values["notes"]))


def jobs_on_beam(
    runner: BeamRunner,
    model: Path,
    runtime: Runtime,
    jobs: Sequence[Job],
    settings: JobSettings,
) -> Iterator[Ending]:
    """Run jobs, and tell how each ended as soon as it did; each worker loads the model once.

    Args:
        runner: where.
        model: folder, the same place for all workers, as are all files of the jobs.
        runtime: of the model.
        jobs: of a batch; one that fails does not end the others.
        settings: of all of them.

    Raises:
        MissingExtraError: Beam is not installed.
        InputError: an option or the runner cannot be used, or a worker or the whole job died.
    """
    place = jobs[0].output.absolute().parent
    place.mkdir(parents=True, exist_ok=True)
    notes = Path(tempfile.mkdtemp(dir=place, prefix=".vsg-beam-"))
    waiting = set(range(len(jobs)))
    pipeline = "vsg_tf.inference.beam_pipeline:run_pipeline"
    arguments = (model, runtime, list(enumerate(jobs)), settings, notes)
    try:
        for _ in watched(runner, pipeline, *arguments, finished=lambda: not waiting):
            for number in sorted(waiting):
                ending = read_ending(notes, number)
                if ending is not None:
                    waiting.remove(number)
                    yield ending
    finally:
        shutil.rmtree(notes, ignore_errors=True)
