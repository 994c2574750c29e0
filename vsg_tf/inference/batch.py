"""Many results at once: from folders, or from a CSV list."""

import csv
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vsg_tf.containers import AUDIO_SUFFIXES, VIDEO_SUFFIXES
from vsg_tf.errors import InputError
from vsg_tf.inference import sound_files
from vsg_tf.inference.job import Job
from vsg_tf.timing.guide import GuideOptions
from vsg_tf.timing.lists import LIST_SUFFIXES
from vsg_tf.timing.sources import TimingRequest, guide_request
from vsg_tf.video.muxing import SUFFIXES, storable_suffix

COLUMNS = ("video", "reference", "output", "events_in", "guide", "events_out", "wav")


def _visible_files(folder: Path, suffixes: Sequence[str]) -> list[Path]:
    files = (path for path in folder.iterdir() if path.suffix.lower() in suffixes)
    return sorted(path for path in files if path.is_file() and not path.name.startswith("."))


def _output_name(video: Path, folder: Path) -> Path:
    """The video's own name, so that no two of a folder collide, in a container that can hold it."""
    suffix = storable_suffix(video)
    return folder / (video.name if suffix == video.suffix.lower() else f"{video.name}{suffix}")


@dataclass(frozen=True)
class Plan:
    """What a command is to make.

    Args:
        jobs: at least one.
        is_batch: whether outputs lie in a folder, and files of a job in folders, too.
    """

    jobs: list[Job]
    is_batch: bool

    def timed(
        self,
        events_in: Path | None,
        guide: str | None,
        guide_options: GuideOptions | None = None,
    ) -> "Plan":
        """The same jobs with their timing from lists or guides, each a file or, in a batch, a
        folder with files of the clips' names.

        Raises:
            InputError: both are given in a list of pairs and here.
        """
        if events_in is None and guide is None:
            return self
        if any(job.timing.source != "picture" for job in self.jobs):
            raise InputError("The list names timings; leave out --events-in and --guide.")
        if events_in is not None:
            request, suffixes = TimingRequest("list", events_in), LIST_SUFFIXES
        else:
            request, suffixes = (
                guide_request(guide, options=guide_options),
                sorted(AUDIO_SUFFIXES | VIDEO_SUFFIXES),
            )
        if request.file is None or not request.file.is_dir():
            return replace(self, jobs=[replace(job, timing=request) for job in self.jobs])
        if not self.is_batch:
            raise InputError(f"{request.file} is a folder; name a file for a single clip.")
        found = {path.stem: path for path in _visible_files(request.file, suffixes)}

        def own(job: Job) -> TimingRequest:
            stem = job.video.stem
            return replace(request, file=found.get(stem, request.file / f"{stem}{suffixes[0]}"))

        return replace(self, jobs=[replace(job, timing=own(job)) for job in self.jobs])

    def listened(self, wav: Path | None, events_out: Path | None) -> "Plan":
        """The same jobs that also write their sound and their events: files, or in a batch folders
        in which files are named as the results.

        Raises:
            InputError: a folder is named for one clip, or a file for a batch.
        """
        if not self.is_batch:
            job = replace(self.jobs[0], wav=wav, events_out=events_out)
            return replace(self, jobs=[job])
        for option, folder in (("--wav", wav), ("--events-out", events_out)):
            if folder is not None and (folder.is_file() or folder.suffix):
                raise InputError(f"{option} takes a folder in a batch; {folder} names a file.")

        def place(folder: Path | None, job: Job, suffix: str, own: Path | None) -> Path | None:
            return own if folder is None else folder / f"{job.output.stem}{suffix}"

        jobs = [
            replace(
                job,
                wav=place(wav, job, ".wav", job.wav),
                events_out=place(events_out, job, ".csv", job.events_out),
            )
            for job in self.jobs
        ]
        return replace(self, jobs=jobs)

    def handed_over(self, folder: Path | None, wanted: bool) -> "Plan":
        """The same jobs that also write what an editor takes along.

        Args:
            folder: for one result; in a batch folders of the results' names lie in it. None: beside
                each result.
            wanted: whether anything is handed over where no folder is named.
        """
        if folder is None and not wanted:
            return self

        def place(job: Job) -> Path:
            if folder is None:
                return job.output.with_name(f"{job.output.stem}-hand-over")
            return folder / job.output.stem if self.is_batch else folder

        return replace(self, jobs=[replace(job, hand_over=place(job)) for job in self.jobs])

    def measured(self, seconds: float | None, features: Sequence[str] | None) -> "Plan":
        """The same jobs with a length and feature files, which belong to one clip.

        Raises:
            InputError: they are given for a batch.
        """
        if self.is_batch and (seconds is not None or features):
            raise InputError("--seconds and --features are for one result, not for a batch.")
        if self.is_batch:
            return self
        job = replace(self.jobs[0], seconds=seconds, feature_files=tuple(features or ()))
        return replace(self, jobs=[job])


def plan_jobs(
    video: Path | None,
    references: Sequence[Path],
    output: Path,
    pairs: Path | None = None,
    each_reference: bool = False,
) -> Plan:
    """What is to be made of the paths that a command was given.

    Args:
        video: a clip, a folder of clips, or None.
        references: files, or one folder in a batch.
        output: a file, or a folder for a batch.
        pairs: a list instead of video and references.
        each_reference: one result for each reference.

    Raises:
        InputError: they do not go together.
    """
    if pairs is not None:
        jobs = listed_jobs(pairs, output)
    elif video is not None and video.is_dir():
        jobs = folder_jobs(video, references, output)
    elif each_reference:
        name = "sound.wav" if video is None else _output_name(video, output).name
        jobs = [Job(tuple(references), output / name, video)]
    else:
        return Plan([Job(tuple(references), output, video)], is_batch=False)
    if output.is_file() or output.suffix.lower() in (*SUFFIXES, *sound_files.SUFFIXES):
        raise InputError(f"Several results go into a folder; --output {output} names a file.")
    if each_reference:
        if pairs is not None or any(reference.is_dir() for reference in references):
            raise InputError("--each-reference needs --reference files, not a list or a folder.")
        jobs = _for_each_reference(jobs, references)
    return Plan(jobs, is_batch=True)


def folder_jobs(videos: Path, references: Sequence[Path], output: Path) -> list[Job]:
    """Every video of a folder with the same references, or with the one of the same name.

    Args:
        videos: folder of video files.
        references: files for all of them, or one folder that holds `<video name>.<audio suffix>`.
        output: folder for the results.

    Raises:
        InputError: there is no video in the folder. A reference that is missing is left for the
            job's own error.
    """
    files = _visible_files(videos, VIDEO_SUFFIXES)
    if not files:
        raise InputError(f"The folder {videos} holds no video files; name a folder that does.")
    folder = references[0]
    if not folder.is_dir():
        return [Job(tuple(references), _output_name(video, output), video) for video in files]
    if len(references) > 1:
        raise InputError("Give one folder of references, or reference files, but not both.")
    sounds = {path.stem: path for path in _visible_files(folder, AUDIO_SUFFIXES | VIDEO_SUFFIXES)}
    return [
        Job(
            (sounds.get(video.stem, folder / f"{video.stem}.wav"),),
            _output_name(video, output),
            video,
        )
        for video in files
    ]


def _for_each_reference(jobs: Sequence[Job], references: Sequence[Path]) -> list[Job]:
    """Every job once for each reference; outputs carry the reference's name.

    Raises:
        InputError: two references have one name.
    """
    stems = [reference.stem for reference in references]
    if len(set(stems)) < len(stems):
        raise InputError("Two references have one name; rename one, since results carry it.")
    return [
        replace(
            job,
            references=(reference,),
            output=job.output.with_name(f"{job.output.stem}-{reference.stem}{job.output.suffix}"),
        )
        for job in jobs
        for reference in references
    ]


def listed_jobs(path: str | os.PathLike, output: Path) -> list[Job]:
    """Jobs from a CSV file with the columns video, reference and, if wanted, the other `COLUMNS`.

    Inputs are taken from the folder of the CSV file, outputs from the output folder. Separators
    may be commas or semicolons.

    Args:
        path: the list.
        output: folder for the results.

    Raises:
        InputError: the file cannot be read, lacks a column, holds no row, or two rows write one
            output.
    """
    path = Path(path)
    rows = _read_rows(path)
    jobs, lines = [], {}
    for number, row in rows:
        if not row.get("video") or not row.get("reference"):
            raise InputError(
                f"{path} line {number} lacks a video or a reference; its first line must be "
                f"{','.join(COLUMNS[:2])}; the columns {', '.join(COLUMNS[2:])} may follow."
            )
        if row.get("events_in") and row.get("guide"):
            raise InputError(f"{path} line {number} names both events_in and guide; keep one.")
        video = path.parent / row["video"]
        target = output / row["output"] if row.get("output") else _output_name(video, output)
        job = Job((path.parent / row["reference"],), target, video)
        if row.get("events_in"):
            job = replace(job, timing=TimingRequest("list", path.parent / row["events_in"]))
        if row.get("guide"):
            job = replace(job, timing=guide_request(row["guide"], path.parent))
        for column in ("events_out", "wav"):
            if row.get(column):
                job = replace(job, **{column: output / row[column]})
        other = lines.setdefault(os.path.realpath(target), number)
        if other != number:
            raise InputError(f"{path} lines {other} and {number} both write {target}.")
        jobs.append(job)
    return jobs


def _read_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        # Names of files may be any bytes.
        text = path.read_text(encoding="utf-8-sig", errors="surrogateescape")
        header = text.lstrip().partition("\n")[0]
        separator = ";" if ";" in header and "," not in header else ","
        reader = csv.DictReader(
            text.splitlines(), delimiter=separator, skipinitialspace=True, restkey="more"
        )
        reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
        rows = [(reader.line_num, row) for row in reader if any(row.values())]
    except FileNotFoundError as error:
        raise InputError(f"There is no list of pairs {path}.") from error
    except (OSError, csv.Error, ValueError) as error:
        raise InputError(f"Cannot read {path}; it must be a CSV file.") from error
    if not rows:
        raise InputError(f"{path} lists no pairs; give it the columns video,reference and rows.")
    unknown = [name for name in reader.fieldnames if name not in COLUMNS]
    if unknown:
        raise InputError(
            f"{path} has the unknown column {unknown[0]!r}; the columns are {', '.join(COLUMNS)}."
        )
    cleaned = []
    for number, row in rows:
        if "more" in row or any("\0" in (value or "") for value in row.values()):
            raise InputError(f"{path} line {number} cannot be read; quote names with separators.")
        cleaned.append((number, {name: (value or "").strip() for name, value in row.items()}))
    return cleaned
