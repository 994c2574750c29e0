"""One clip and one reference into files: what every line of a batch does."""

import contextlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vsg_tf.atomic import atomic_path, scratch_folder
from vsg_tf.errors import VsgError
from vsg_tf.events import EventTrack
from vsg_tf.inference import sound_files
from vsg_tf.inference.delivery import AS_MADE, Delivery
from vsg_tf.inference.job import Job, check_job
from vsg_tf.inference.options import DEFAULTS, RenderOptions, check_range
from vsg_tf.inference.raw_sound import RawSound, stored
from vsg_tf.inference.synthesizer import Synthesizer
from vsg_tf.inference.voice import Voice
from vsg_tf.inference.watching import Cancel, Progress
from vsg_tf.timing.lists import write_timing
from vsg_tf.timing.sources import Scene, find_timing
from vsg_tf.timing.timing import Timing
from vsg_tf.video.clip import Clip

KEPT_VOICES = 4  # references of a batch that are held ready


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
                from vsg_tf.inference.handing_over import MadeLayer, handed_over

                made = MadeLayer(job.references[0].stem, rendering, raw)
                guide = _guide(job, clip)
                taken = handed_over(
                    job.hand_over, [made], gain_db, clip, guide, delivery, settings.overwrite
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


def attempt_job(
    synthesizer: Synthesizer,
    voices: Voices,
    job: Job,
    settings: JobSettings = JobSettings(),
    progress: Progress | None = None,
) -> tuple[str | None, tuple[str, ...]]:
    """`run_job` for batches: whatever is wrong with one job, the others go on.

    Returns:
        What was wrong, None where the outputs are written; and sentences for the user.
    """
    try:
        return None, run_job(synthesizer, voices, job, settings, progress).notes
    except Exception as error:
        return str(error) if isinstance(error, VsgError) else repr(error), ()


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


def _guide(job: Job, clip: Clip | None):
    """The guide that was played to, or else the clip's own sound, if it has one."""
    from vsg_tf.inference.handing_over import GuideSound

    options = job.timing.options if job.timing.source == "guide" else None
    offset = 0.0 if options is None else options.offset_ms / 1000
    track = None if options is None else options.track
    if job.timing.source == "guide" and job.timing.file is not None:
        return GuideSound(job.timing.file, track or 1, offset)
    if clip is None or not clip.tracks:
        return None
    return GuideSound(clip.path, track or clip.sounding_track, offset)
