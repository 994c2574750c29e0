"""One clip and one reference into files: what every line of a batch does."""

import contextlib
import os
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vsg_tf.atomic import atomic_path, check_outputs, scratch_folder
from vsg_tf.containers import check_input
from vsg_tf.errors import InputError
from vsg_tf.events import EventTrack
from vsg_tf.inference import sound_files
from vsg_tf.inference.delivery import AS_MADE, Delivery, GuideSound, handed_over
from vsg_tf.inference.options import DEFAULTS, RenderOptions, check_range
from vsg_tf.inference.raw_sound import RawSound, stored
from vsg_tf.inference.synthesizer import Synthesizer
from vsg_tf.inference.voice import Voice
from vsg_tf.inference.watching import Cancel, Progress
from vsg_tf.timing.lists import write_timing
from vsg_tf.timing.sources import PICTURE, Scene, TimingRequest, find_timing
from vsg_tf.timing.timing import Timing
from vsg_tf.video import muxing
from vsg_tf.video.clip import Clip

KEPT_VOICES = 4  # references of a batch that are held ready
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


@dataclass(frozen=True)
class JobSettings:
    """What is the same for every job of a batch.

    Args:
        options: of the rendering.
        overwrite: replace outputs that exist.
        keep_original_db: mixes the clip's own sound under the new one at this gain in dB, -60 to
            20; None leaves it out.
        offset_s: moves every event and the level curve later by so much.
        reference_range: s between which the references are used; None: all of them.
        delivery: in which form results are written.

    Raises:
        InputError: a value is out of its range.
    """

    options: RenderOptions = DEFAULTS
    overwrite: bool = False
    keep_original_db: float | None = None
    offset_s: float = 0.0
    reference_range: tuple[float, float] | None = None
    delivery: Delivery = AS_MADE

    def __post_init__(self):
        if self.keep_original_db is not None:
            name = "The gain of the clip's own sound (--keep-original-audio)"
            check_range(name, self.keep_original_db, -60, 20, " dB")
        check_range("The offset", self.offset_s * 1000, -60_000, 60_000, " ms")


class Voices:
    """The references of a batch, each made ready once as long as it is among the last few.

    Args:
        synthesizer: whose voices they are.
        span: s between which they are used; None: all of them.
        sample_rate: at which they are played; None: their own.
    """

    def __init__(
        self,
        synthesizer: Synthesizer,
        span: tuple[float, float] | None = None,
        sample_rate: int | None = None,
    ):
        self._synthesizer, self._options = synthesizer, (span, sample_rate)
        self._held: OrderedDict[tuple[Path, ...], Voice] = OrderedDict()

    def get(self, references: Sequence[Path]) -> Voice:
        """The voice of these recordings.

        Raises:
            InputError: as `Synthesizer.voice`.
        """
        key = tuple(references)
        if key not in self._held:
            self._held[key] = self._synthesizer.voice(key, *self._options)
        self._held.move_to_end(key)
        while len(self._held) > KEPT_VOICES:
            self._held.popitem(last=False)
        return self._held[key]


def voices_of(synthesizer: Synthesizer, settings: JobSettings) -> Voices:
    """The references of jobs with these settings."""
    return Voices(synthesizer, settings.reference_range, settings.delivery.sample_rate)


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


@dataclass(frozen=True)
class Result:
    """What a job wrote.

    Args:
        events: what was played; None for models without events.
        notes: sentences for the user.
    """

    events: EventTrack | None
    notes: tuple[str, ...] = ()


def run_job(
    synthesizer: Synthesizer,
    voices: Voices,
    job: Job,
    settings: JobSettings = JobSettings(),
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Result:
    """Make one result.

    Args:
        synthesizer: the model.
        voices: of this synthesizer; shared by the jobs of a batch.
        job: what is read and written.
        settings: see `JobSettings`.
        progress, cancel: see `watching`.

    Raises:
        InputError: an input cannot be used or an output cannot be written; nothing is left behind.
        Cancelled: `cancel` said so; nothing is left behind.
    """
    check_job(job, settings.overwrite, settings.delivery)
    if job.events_out is not None:
        synthesizer.require_events("write an event list")
    voice = voices.get(job.references)
    with contextlib.ExitStack() as stack:
        clip = None if job.video is None else stack.enter_context(Clip.open(job.video))
        timing = _timing(synthesizer, job, clip, progress, cancel)
        if settings.offset_s:
            timing = timing.moved(settings.offset_s)
        delivery, options = settings.delivery, settings.options
        form = delivery.sound_format(clip)
        rendering = synthesizer.render(timing, voice, options, progress, cancel)
        rendering = rendering.at_rate(delivery.sample_rate)
        notes = [*rendering.timing.notes]
        with contextlib.ExitStack() as files:
            measured = options.loudness is not None
            raw = files.enter_context(stored(rendering, job.output, measured))
            gain_db = raw.gain_to(options.gain_db, options.loudness)
            written, said = _write_sounds(raw, gain_db, form(rendering), job, settings, files)
            notes += said
            if job.hand_over is not None:
                taken = handed_over(
                    job.hand_over,
                    raw,
                    rendering,
                    gain_db,
                    clip,
                    job.references[0].stem,
                    _guide(job, clip),
                    delivery,
                    settings.overwrite,
                )
                notes += files.enter_context(taken)
            if job.events_out is not None:
                listing = files.enter_context(atomic_path(job.events_out, settings.overwrite))
                write_timing(listing, rendering.timing)
            if not sound_files.is_sound(job.output):
                # The video comes last: the other outputs appear only if it could be written.
                notes += clip.mux(
                    written,
                    job.output,
                    overwrite=settings.overwrite,
                    keep_original_db=settings.keep_original_db,
                )
    return Result(rendering.timing.events if synthesizer.uses_events else None, tuple(notes))


def _timing(synthesizer: Synthesizer, job: Job, clip, progress, cancel) -> Timing:
    def picture() -> Timing:
        return synthesizer.picture(clip, job.feature_files, progress, cancel)

    return find_timing(job.timing, Scene(clip, job.seconds, picture))


def _write_sounds(
    raw: RawSound,
    gain_db: float,
    form: sound_files.SoundFormat,
    job: Job,
    settings: JobSettings,
    files: contextlib.ExitStack,
) -> tuple[Path, tuple[str, ...]]:
    """Write the sound where it is wanted, each file whole; one of the files, and what to say."""
    targets = [path for path in (job.output, job.wav) if path and sound_files.is_sound(path)]
    if targets:
        written = [files.enter_context(atomic_path(p, settings.overwrite)) for p in targets]
    else:
        written = [files.enter_context(scratch_folder(job.output)) / "sound.wav"]
    return written[0], sound_files.write_raw(written, raw, gain_db, form)


def _guide(job: Job, clip: Clip | None) -> GuideSound | None:
    """The guide that was played to, or else the clip's own sound, if it has one."""
    options = job.timing.options if job.timing.source == "guide" else None
    offset = 0.0 if options is None else options.offset_ms / 1000
    track = None if options is None else options.track
    if job.timing.source == "guide" and job.timing.file is not None:
        return GuideSound(job.timing.file, track or 1, offset)
    if clip is None or not clip.tracks:
        return None
    return GuideSound(clip.path, track or clip.sounding_track, offset)
