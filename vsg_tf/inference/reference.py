"""A reference recording made ready for the acoustic encoder."""

import os
from dataclasses import dataclass

import numpy as np

from vsg_tf.audio.background import suppress_background
from vsg_tf.audio.mel import LogMel
from vsg_tf.audio.onsets import envelope_from_audio, events_from_audio
from vsg_tf.audio.reading import Sound, load_reference
from vsg_tf.config import Config
from vsg_tf.events import ENVELOPE_RANGE_DB, STRENGTH_RANGE_DB, EventTrack
from vsg_tf.timing.picture import DECIMALS, LONGEST, SHORTEST

# Training examples peak between 0.25 and 1; every reference is brought to the middle.
PEAK = 0.6
LOWEST_RATE, HIGHEST_RATE = 22050, 48000  # of copies of the recording
SHORTEST_MEL = 32  # frames; shorter references are repeated
STRONG = 0.5  # strength from which an event of the reference counts
FALL = STRENGTH_RANGE_DB / ENVELOPE_RANGE_DB  # of the envelope's scale


@dataclass(frozen=True)
class Reference:
    """What inference needs to know of a reference recording.

    Args:
        mel: `[mel_frames, n_mels]` float32 in 0..1 at a standard level, at least 32 frames.
        clean: the same without its background; this is what is copied from.
        ring_s: seconds that its stronger events sound; None where it has no event.
        sound: the recording at its own sample rate, within 22,050 to 48,000 Hz, and with its own
            channels, at the level of `mel`.
    """

    mel: np.ndarray
    clean: np.ndarray
    ring_s: float | None
    sound: Sound

    def fit_durations(self, track: EventTrack) -> EventTrack:
        """Let events sound as long as those of the reference: a bell rings, a click does not.

        How long a thing sounds after it was struck cannot be seen. What the picture tells of it,
        the ratio between the durations of its events, is kept between a half and two.
        """
        if self.ring_s is None or len(track) == 0:
            return track
        ratio = np.clip(track.durations / np.median(track.durations), 0.5, 2.0)
        durations = np.clip(self.ring_s * ratio, SHORTEST, LONGEST)
        return EventTrack(track.times, track.strengths, np.round(durations, DECIMALS))


def read_reference(path: str | os.PathLike, config: Config) -> Reference:
    """Read a reference recording.

    Args:
        path: any audio file, or a video with sound; only its first minute is used.
        config: of the model.

    Raises:
        InputError: the file cannot be used: missing, damaged, silent, too short, no sound.
    """
    sound = load_reference(path)
    waveform = sound.mono(config.audio.sample_rate)
    scale = PEAK / np.abs(waveform).max()
    waveform = waveform * scale
    mel = LogMel(config.audio)(waveform)
    if len(mel) < SHORTEST_MEL:
        mel = np.tile(mel, (-(-SHORTEST_MEL // len(mel)), 1))
    sound = sound.within(LOWEST_RATE, HIGHEST_RATE)
    sound = Sound(sound.waveform * scale, sound.sample_rate)
    return Reference(mel, suppress_background(mel), _ring(waveform, config), sound)


def _ring(waveform: np.ndarray, config: Config) -> float | None:
    """Median time in s that stronger events take to fall by 30 dB, whatever follows them."""
    timebase = config.timebase
    times, strengths, _ = events_from_audio(waveform, timebase)
    count = timebase.feature_frames_for(len(waveform) / timebase.sample_rate)
    envelope = envelope_from_audio(waveform, timebase, count)
    durations = []
    for time in times[strengths >= STRONG]:
        start = min(count - 1, max(0, round(timebase.feature_position_at(time))))
        loudest = start + int(np.argmax(envelope[start : start + 3]))
        quiet = np.nonzero(envelope[loudest:] < envelope[loudest] - FALL)[0]
        stop = loudest + quiet[0] if len(quiet) else count
        durations.append((stop - start) / timebase.feature_rate)
    return float(np.median(durations)) if durations else None


def background_mel(mel: np.ndarray, amount: float, frames: int) -> np.ndarray:
    """What the background encoder hears: silence (0) up to the reference's own background (1).

    Args:
        mel: reference mel `[frames, n_mels]`.
        amount: 0..1; scales the level in decibels.
        frames: length wanted.

    Returns:
        `[frames, n_mels]` float32, the reference repeated; energy masking leaves its background.
    """
    repeated = np.resize(mel, (frames, mel.shape[1])) if amount > 0 else np.zeros((frames, 1))
    return np.broadcast_to(repeated * amount, (frames, mel.shape[1])).astype(np.float32)
