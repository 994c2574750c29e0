"""A synthesised waveform into files: a WAV, and the video with its new sound."""

import contextlib
import itertools
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from vsg_tf.atomic import atomic_path, check_outputs, scratch_folder
from vsg_tf.audio.levels import PEAK_CEILING_DB, apply_gain, peak_db
from vsg_tf.containers import check_input
from vsg_tf.errors import InputError
from vsg_tf.events import EventTrack, write_events
from vsg_tf.inference.renderers.names import DEFAULT_RENDERER, RendererName
from vsg_tf.inference.synthesizer import Synthesizer
from vsg_tf.video.clip import Clip
from vsg_tf.video.muxing import check_suffix

BLOCK = 1 << 16  # samples


@dataclass(frozen=True)
class RenderOptions:
    """How one pair is rendered; the flags of `vsg generate`.

    Args:
        background: 0 (none) to 1 (as in the reference).
        gain_db: added to the level, before the peak is limited.
        seed: of everything that is drawn at random.
        keep_original_db: mixes the clip's own sound under the new one at this gain; None: not.
        overwrite: replace outputs that exist.
        renderer: how the waveform is made.
    """

    background: float = 0.0
    gain_db: float = 0.0
    seed: int = 0
    keep_original_db: float | None = None
    overwrite: bool = False
    renderer: RendererName = DEFAULT_RENDERER


def write_wav(
    path: Path, pieces: Iterable[np.ndarray], sample_rate: int, gain_db: float, samples: int | None
) -> None:
    """Write consecutive pieces as 16-bit WAV whose peak stays below full scale.

    The pieces first go to a float file, because the peak is known only at the end.

    Args:
        path: written in place; the caller makes it atomic.
        pieces: `[some samples, channels]` float arrays, at least one.
        sample_rate: Hz.
        gain_db: gain before limiting.
        samples: exact length; None keeps all.

    Raises:
        InputError: it cannot be written, for example because the disk is full.
    """
    try:
        _write_wav(path, pieces, sample_rate, gain_db, samples)
    except (soundfile.LibsndfileError, AssertionError) as error:  # soundfile asserts full writes
        raise InputError(f"Cannot write sound in {path.parent}; is the disk full?") from error


def _write_wav(path, pieces, sample_rate, gain_db, samples) -> None:
    peak, left = peak_db(np.zeros(0)), samples
    pieces = iter(pieces)
    first = next(pieces)
    shape = {"samplerate": sample_rate, "channels": first.shape[1], "format": "WAV"}
    with scratch_folder(path) as folder:
        raw = folder / "float.wav"
        with soundfile.SoundFile(raw, "w", subtype="FLOAT", **shape) as file:
            for piece in itertools.chain([first], pieces):
                kept = piece if left is None else piece[:left]
                left = None if left is None else left - len(kept)
                peak = max(peak, peak_db(kept))
                file.write(kept)
            if left:
                file.write(np.zeros((left, first.shape[1]), np.float32))
        gain_db = min(gain_db, PEAK_CEILING_DB - peak)
        with (
            soundfile.SoundFile(raw) as source,
            soundfile.SoundFile(path, "w", subtype="PCM_16", **shape) as target,
        ):
            for block in source.blocks(BLOCK, dtype="float32", always_2d=True):
                target.write(apply_gain(block, gain_db))


def check_pair(
    video: str | os.PathLike,
    reference: str | os.PathLike,
    output: str | os.PathLike,
    *,
    wav: str | os.PathLike | None = None,
    feature_files: list[str] | None = None,
    events_out: str | os.PathLike | None = None,
    overwrite: bool = False,
) -> None:
    """Find out in no time what would make `render_pair` fail for its paths; arguments as there.

    Raises:
        InputError: an input is missing, or an output cannot be written.
    """
    check_suffix(output)
    if wav is not None and Path(wav).suffix.lower() != ".wav":
        raise InputError(f"The sound is written as WAV; end the name {wav} in .wav.")
    inputs = [video, reference, *(feature_files or [])]
    outputs = [path for path in (output, wav, events_out) if path is not None]
    check_outputs(outputs, inputs, overwrite)
    for path in inputs:
        check_input(path)


def render_pair(
    synthesizer: Synthesizer,
    video: str | os.PathLike,
    reference: str | os.PathLike,
    output: str | os.PathLike,
    *,
    wav: str | os.PathLike | None = None,
    feature_files: list[str] | None = None,
    events_in: EventTrack | None = None,
    events_out: str | os.PathLike | None = None,
    options: RenderOptions = RenderOptions(),
) -> EventTrack | None:
    """One video and one reference into one video with sound.

    Args:
        synthesizer: the model.
        video: clip to be given a sound.
        reference: recording with the wanted timbre.
        output: video to write.
        wav: also write the sound alone.
        feature_files: see `Synthesizer.features`.
        events_in: event list to play instead of the detected one.
        events_out: CSV file to write the event list to.
        options: see `RenderOptions`.

    Returns:
        The event list that was played; None for models without events.

    Raises:
        InputError: an input cannot be used or an output cannot be written; nothing is left behind.
    """
    check_pair(
        video,
        reference,
        output,
        wav=wav,
        feature_files=feature_files,
        events_out=events_out,
        overwrite=options.overwrite,
    )
    if events_out is not None:
        synthesizer.require_events("write an event list")
    features = synthesizer.features(video, feature_files)
    sound_wanted = synthesizer.read_reference(reference)
    events = events_in
    if synthesizer.hears_events and events is None:
        events = synthesizer.plan_events(features, sound_wanted)
    pieces = synthesizer.stream(
        features,
        sound_wanted,
        events=events,
        background=options.background,
        seed=options.seed,
        renderer=options.renderer,
    )
    rate = synthesizer.output_rate(sound_wanted, options.renderer)
    with contextlib.ExitStack() as stack:
        clip = stack.enter_context(Clip.open(video))
        if wav is None:
            sound = stack.enter_context(scratch_folder(output)) / "sound.wav"
        else:
            sound = stack.enter_context(atomic_path(wav, options.overwrite))
        samples = round(clip.duration_s * rate)
        write_wav(sound, pieces, rate, options.gain_db, samples)
        if events_out is not None:
            listing = stack.enter_context(atomic_path(events_out, options.overwrite))
            write_events(listing, events, overwrite=True)
        # The video comes last: the other outputs appear only if it could be written.
        clip.mux(
            sound,
            output,
            overwrite=options.overwrite,
            keep_original_db=options.keep_original_db,
        )
    return events
