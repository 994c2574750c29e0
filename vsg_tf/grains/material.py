"""A reference recording made ready for copying from it."""

from dataclasses import dataclass

import numpy as np

from vsg_tf.audio.reading import Sound
from vsg_tf.grains.cleaning import clean_waveform
from vsg_tf.grains.levels import mel_level
from vsg_tf.grains.segments import Segment, are_separate, attacks, find_segments
from vsg_tf.timebase import TimeBase


@dataclass(frozen=True)
class Material:
    """What is known of a recording that is copied from.

    Args:
        sound: the recording at its own rate and with its own channels; single sounds without the
            background between them.
        timebase: of `mel`.
        mel: of the sound, `[mel_frames, n_mels]` in 0..1.
        level: of `mel`, `[mel_frames]` dB.
        attacks: s, of everything that begins in it.
        segments: its single sounds.
        separate: whether they stand apart from each other.
    """

    sound: Sound
    timebase: TimeBase
    mel: np.ndarray
    level: np.ndarray
    attacks: np.ndarray
    segments: list[Segment]
    separate: bool


def prepare_material(
    recorded: Sound, mel: np.ndarray, clean_mel: np.ndarray, timebase: TimeBase
) -> Material:
    """Analyse a recording.

    Args:
        recorded: the recording.
        mel: of it, on the grid of `timebase`, `[mel_frames, n_mels]`.
        clean_mel: the same without its background.
        timebase: of the model.
    """
    separate = are_separate(recorded.waveform, recorded.sample_rate)
    sound = recorded
    if separate:
        cleaned = clean_waveform(recorded.waveform, recorded.sample_rate)
        sound, mel = Sound(cleaned, recorded.sample_rate), clean_mel
    mono = sound.mono(timebase.sample_rate)
    times = attacks(mono, timebase)
    segments = find_segments(mono, times, timebase.sample_rate)
    return Material(sound, timebase, mel, mel_level(mel), times, segments, separate)
