"""A reference recording made ready once, for all clips that it is heard in."""

import hashlib
import os
from collections.abc import Callable, Hashable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from vsg_tf.audio.background import suppress_background
from vsg_tf.audio.mel import LogMel
from vsg_tf.audio.onsets import envelope_from_audio, events_from_audio
from vsg_tf.audio.reading import Sound, load_reference
from vsg_tf.config import Config
from vsg_tf.errors import InputError
from vsg_tf.events import ENVELOPE_RANGE_DB, STRENGTH_RANGE_DB, EventTrack
from vsg_tf.inference.voice_cache import cached
from vsg_tf.timing.picture import DECIMALS, LONGEST, SHORTEST
from vsg_tf.timing.timing import Timing

# Training examples peak between 0.25 and 1; every reference is brought to the middle.
PEAK = 0.6
LOWEST_RATE, HIGHEST_RATE = 22050, 48000  # of copies of the recording
SHORTEST_MEL = 32  # frames; shorter references are repeated
STRONG = 0.5  # strength from which an event of the reference counts
FALL = STRENGTH_RANGE_DB / ENVELOPE_RANGE_DB  # of the envelope's scale
NO_DECAY = 0.4  # s an event lasts where neither it nor the reference says how long

T = TypeVar("T")


class Voice:
    """The timbre that is wanted: one recording, or several takes of one thing.

    What a renderer or a network needs of it is made when it is first asked for, and kept.

    Args:
        sounds: the recordings, at least one, none of them silent.
        config: of the model.
        sample_rate: that is wanted; None: the highest of the recordings.

    Attributes:
        sounds: the recordings at one rate within 22,050 to 48,000 Hz and with one number of
            channels, all amplified alike so that the loudest peaks at 0.6.
        sample_rate: of them.
        channels: of them, 1 or 2.
    """

    def __init__(self, sounds: Sequence[Sound], config: Config, sample_rate: int | None = None):
        self.config = config
        peak = max(float(np.abs(s.mono(config.audio.sample_rate)).max()) for s in sounds)
        scale = np.float32(PEAK / peak)
        rate = sample_rate or max(sound.sample_rate for sound in sounds)
        rate = min(max(rate, LOWEST_RATE), HIGHEST_RATE)
        self.channels = max(s.waveform.shape[1] for s in sounds)
        self.sample_rate = rate
        self.sounds = tuple(self._alike(sound, scale) for sound in sounds)
        self._recorded = [s.mono(config.audio.sample_rate) * scale for s in sounds]
        self._prepared: dict[Hashable, Any] = {}

    @classmethod
    def open(
        cls,
        paths: str | os.PathLike | Sequence[str | os.PathLike],
        config: Config,
        span: tuple[float, float] | None = None,
        sample_rate: int | None = None,
    ) -> "Voice":
        """Read one recording, or several that are pooled.

        Args:
            paths: any audio files, or videos with sound.
            config: of the model.
            span: s between which they are used; None: all of them.
            sample_rate: that is wanted; None: their own.

        Raises:
            InputError: a file cannot be used: missing, damaged, silent, too short, no sound.
        """
        if isinstance(paths, (str, os.PathLike)):
            paths = [paths]
        if not paths:
            raise InputError("Name at least one reference recording.")
        sounds = [load_reference(Path(path), span=span) for path in paths]
        return cls(sounds, config, sample_rate)

    def prepared(
        self,
        name: Hashable,
        make: Callable[[], T],
        *,
        pack: Callable[[T], dict[str, np.ndarray]] | None = None,
        unpack: Callable[[dict[str, np.ndarray]], T] | None = None,
    ) -> T:
        """What `make` makes of this voice: made once, and kept under `name`.

        Args:
            name: unique among those who ask; for what is kept on disk a string that changes
                with the way it is made.
            make: makes it.
            pack, unpack: to arrays and back; with both, what took long to make is kept on disk
                for the next process, see `voice_cache`.
        """
        if name not in self._prepared:
            if pack is None or unpack is None:
                self._prepared[name] = make()
            else:
                self._prepared[name] = cached(f"{self.digest}-{name}", make, pack, unpack)
        return self._prepared[name]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the recordings and of what was made of their rate and level."""
        content = hashlib.sha256(f"{self.sample_rate} {self.channels}".encode())
        for sound in self.sounds:
            content.update(f" {len(sound.waveform)} ".encode())
            content.update(np.ascontiguousarray(sound.waveform))
        return content.hexdigest()

    @cached_property
    def mel(self) -> np.ndarray:
        """Mel of the recordings one after another, `[mel_frames, n_mels]` in 0..1, 32 at least."""
        log_mel = LogMel(self.config.audio)
        mel = np.concatenate([log_mel(waveform) for waveform in self._recorded])
        if len(mel) < SHORTEST_MEL:
            mel = np.tile(mel, (-(-SHORTEST_MEL // len(mel)), 1))
        return mel

    @cached_property
    def clean(self) -> np.ndarray:
        """`mel` without its background, the same shape; this is what the networks encode."""
        return suppress_background(self.mel)

    @cached_property
    def decay_s(self) -> float | None:
        """Median time in s that stronger events take to fall by 30 dB; None without events."""
        return decay_seconds(self._recorded, self.config)

    def lengthened(self, timing: Timing) -> EventTrack:
        """The events of a timing, each with a duration that networks can be given."""
        return lengthened(timing.events, self.decay_s, timing.estimated)

    def _alike(self, sound: Sound, scale: np.float32) -> Sound:
        sound = sound.within(self.sample_rate, self.sample_rate)
        waveform = sound.waveform * scale
        if waveform.shape[1] < self.channels:
            waveform = np.repeat(waveform, self.channels, axis=1)
        return Sound(waveform, self.sample_rate)


def decay_seconds(waveforms: Sequence[np.ndarray], config: Config) -> float | None:
    """Median time in s that stronger events take to fall by 30 dB, whatever follows them.

    Args:
        waveforms: `[samples]` each, at the model's sample rate.
        config: of the model.

    Returns:
        None where there is no event.
    """
    timebase = config.timebase
    durations = []
    for waveform in waveforms:
        times, strengths, _ = events_from_audio(waveform, timebase)
        count = timebase.feature_frames_for(len(waveform) / timebase.sample_rate)
        envelope = envelope_from_audio(waveform, timebase, count)
        for time in times[strengths >= STRONG]:
            start = min(count - 1, max(0, round(timebase.feature_position_at(time))))
            loudest = start + int(np.argmax(envelope[start : start + 3]))
            quiet = np.nonzero(envelope[loudest:] < envelope[loudest] - FALL)[0]
            stop = loudest + quiet[0] if len(quiet) else count
            durations.append((stop - start) / timebase.feature_rate)
    return float(np.median(durations)) if durations else None


def lengthened(track: EventTrack, decay_s: float | None, estimated: bool) -> EventTrack:
    """Give every event a duration that networks can be given.

    Args:
        track: events whose durations may be NaN.
        decay_s: seconds that the reference's events sound; None where that is not known.
        estimated: whether the durations are guesses from the picture. How long a thing sounds
            after it was struck cannot be seen: of such durations only the ratio between them is
            kept, from a half to two, and a bell rings where a click does not.
    """
    if len(track) == 0:
        return track
    durations = track.durations
    if estimated and decay_s is not None:
        ratio = np.clip(durations / np.nanmedian(durations), 0.5, 2.0)
        durations = np.round(np.clip(decay_s * ratio, SHORTEST, LONGEST), DECIMALS)
    own = NO_DECAY if decay_s is None else decay_s
    return track.replaced(durations=np.where(np.isnan(durations), own, durations))


def background_mel(mel: np.ndarray, amount: float, frames: int) -> np.ndarray:
    """What the background encoder is given: silence (0) up to the reference's background (1).

    Args:
        mel: reference mel `[frames, n_mels]`.
        amount: 0..1; scales the level in decibels.
        frames: length wanted.

    Returns:
        `[frames, n_mels]` float32, the reference repeated; energy masking leaves its background.
    """
    repeated = np.resize(mel, (frames, mel.shape[1])) if amount > 0 else np.zeros((frames, 1))
    return np.broadcast_to(repeated * amount, (frames, mel.shape[1])).astype(np.float32)
