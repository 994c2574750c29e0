"""What is read and what is written for one result, and whether that can be."""

import os
from dataclasses import dataclass
from pathlib import Path

from vsg_tf.atomic import check_outputs
from vsg_tf.containers import check_input
from vsg_tf.errors import InputError
from vsg_tf.inference import sound_files
from vsg_tf.inference.delivery import AS_MADE, Delivery
from vsg_tf.timing.sources import PICTURE, TimingRequest
from vsg_tf.video import muxing

LONGEST_S = 24 * 3600.0


@dataclass(frozen=True)
class Job:
    """What is read and what is written for one result.

    Args:
        references: recordings with the wanted timbre; several are pooled.
        output: the result: a video, or the sound alone as .wav or .flac.
        video: the clip; None where the timing needs none and the output is a sound.
        timing: where the timing comes from.
        seconds: length of the result where there is no video; None: that of the guide.
        wav: also write the sound alone.
        events_out: also write the events that were played.
        hand_over: also write a folder of what an editor takes along.
        feature_files: for models on REGNET features: the RGB and the flow file.
    """

    references: tuple[Path, ...]
    output: Path
    video: Path | None = None
    timing: TimingRequest = PICTURE
    seconds: float | None = None
    wav: Path | None = None
    events_out: Path | None = None
    hand_over: Path | None = None
    feature_files: tuple[str, ...] = ()

    @property
    def inputs(self) -> list[Path]:
        """Every file that is read."""
        video = [] if self.video is None else [self.video]
        return [*video, *self.references, *self.timing.files, *map(Path, self.feature_files)]

    @property
    def outputs(self) -> list[Path]:
        """Every file that is written."""
        return [path for path in (self.output, self.wav, self.events_out) if path is not None]


def check_job(job: Job, overwrite: bool = False, delivery: Delivery = AS_MADE) -> None:
    """Find out in no time what would make a job fail for its paths.

    Args:
        job: the job.
        overwrite: replace outputs that exist.
        delivery: in which form it is written.

    Raises:
        InputError: an input is missing, an output cannot be written, or they do not go together.
    """
    if not sound_files.is_sound(job.output):
        muxing.check_suffix(job.output, also=sound_files.SUFFIXES)
        if job.video is None:
            raise InputError(
                f"A video {job.output} needs a clip: give --video, or end the output in .wav to "
                "write the sound alone."
            )
    if job.wav is not None:
        sound_files.check_suffix(job.wav)
    if job.video is None:
        _check_without_video(job)
    elif job.seconds is not None:
        raise InputError("--seconds is for a sound without a video; leave out one of the two.")
    check_outputs(job.outputs, job.inputs, overwrite)
    _check_delivery(job, overwrite, delivery)
    for path in job.inputs:
        check_input(path)


def _check_delivery(job: Job, overwrite: bool, delivery: Delivery) -> None:
    flac = [path for path in (job.output, job.wav) if path and path.suffix.lower() == ".flac"]
    if flac and delivery.bit_depth == 32:
        raise InputError(
            f"FLAC holds no floating point: end {flac[0]} in .wav, or choose --bit-depth 24."
        )
    if job.hand_over is None:
        return
    delivery.check_folder(job.hand_over, overwrite)
    place = Path(os.path.realpath(job.hand_over))
    for path in (*job.outputs, *job.inputs):
        if Path(os.path.realpath(path)).is_relative_to(place):
            raise InputError(
                f"{path} lies in {job.hand_over}, which --hand-over replaces; name another folder."
            )


def _check_without_video(job: Job) -> None:
    if job.feature_files:
        return
    if job.timing.needs_clip:
        raise InputError(
            "Without a video the timing must come from elsewhere: give --events-in LIST with "
            "--seconds, or --guide FILE."
        )
    if job.seconds is not None and not 0 < job.seconds <= LONGEST_S:
        raise InputError(f"--seconds must be above 0 and at most {LONGEST_S:g}.")
    if job.seconds is None and not job.timing.knows_length:
        raise InputError("A list without a video needs the length of the sound: give --seconds.")
