"""Timing and voice through the networks: the mel of a clip, chunk by chunk."""

from collections.abc import Iterator

import numpy as np

from vsg_tf.audio.mel import RANGE_DB, mel_level
from vsg_tf.config import Config
from vsg_tf.errors import InputError
from vsg_tf.events import EventTrack
from vsg_tf.inference.chunking import Chunk, join_chunks, plan_chunks
from vsg_tf.inference.runtimes.networks import Networks
from vsg_tf.inference.voice import Voice, background_mel
from vsg_tf.timebase import TimeBase
from vsg_tf.timing.timing import LevelCurve, Timing

OVERLAP_SECONDS = 1.5  # shared by neighbouring chunks of the decoder
SOUNDING_MARGIN = 0.5  # s around a chunk in which an event still counts as sounding
MOST_UP_DB, MOST_DOWN_DB = 12.0, 60.0  # by which a decoded level is moved to follow a curve
SILENT_DB = -70.0  # decoded frames this far below the loudest are not brought up


def decoder_chunk(config: Config) -> tuple[int, int]:
    """Feature frames that the decoder is given at once, and how many neighbours share."""
    size = config.timebase.feature_frames_for(config.data.clip_seconds)
    return size, min(config.timebase.feature_frames_for(OVERLAP_SECONDS), (size - 1) // 3)


def decode_mel(
    networks: Networks, timing: Timing, voice: Voice, background: float = 0.0, follow: float = 0.0
) -> Iterator[np.ndarray]:
    """Consecutive pieces of the mel of a clip.

    Args:
        networks: of the model.
        timing: what sounds when; for models without events its features.
        voice: the timbre.
        background: 0 (none) to 1 (as in the reference).
        follow: how far the level follows the timing's curve, 0 to 1.

    Yields:
        `[some mel frames, n_mels]` in 0..1; they cover the clip in whole feature frames.

    Raises:
        InputError: the model needs features and the timing has none.
    """
    config, timebase = networks.config, networks.config.timebase
    code = voice.prepared(("code", networks), lambda: networks.encode_reference(voice.clean))
    by_events = config.model.events.enabled
    if by_events:
        total = timebase.feature_frames_for(timing.duration_s)
        track = voice.lengthened(timing)
    elif timing.features is None:
        raise InputError(
            f"The model {config.name!r} has no event list: its timing comes from a video alone."
        )
    else:
        total = len(timing.features)

    def chunks():
        for chunk in plan_chunks(total, *decoder_chunk(config)):
            noise = background_mel(voice.mel, background, timebase.mel_frames(len(chunk)))
            if by_events:
                drive = events_in_chunk(track, chunk, timebase)
            else:
                drive = timing.features[chunk.start : chunk.stop]
            values = networks.decode(drive, code, noise, len(chunk))
            yield chunk.scaled(timebase.mel_per_feature), values

    mel = join_chunks(chunks())
    if timing.level is None or follow == 0:
        return mel
    return _following(mel, timing.level, follow, mel_level(voice.clean).max(), timebase)


def events_in_chunk(events: EventTrack, chunk: Chunk, timebase: TimeBase) -> np.ndarray:
    """Events that sound in a chunk, `[events, 3]`, times from the chunk's first frame.

    Where there is none, one unused row of zeros.
    """
    start = chunk.start / timebase.feature_rate
    stop = chunk.stop / timebase.feature_rate
    rows = events.to_array()
    ends = rows[:, 0] + rows[:, 2]
    sounding = (ends > start - SOUNDING_MARGIN) & (rows[:, 0] < stop + SOUNDING_MARGIN)
    rows = rows[sounding] - np.array([start, 0, 0], np.float32)
    return rows if len(rows) else np.zeros((1, 3), np.float32)


def _following(mel, level: LevelCurve, follow: float, loudest: float, timebase: TimeBase):
    """The same pieces with their broadband level moved towards a curve."""
    first = 0
    for piece in mel:
        wanted = loudest + level.at(timebase.mel_times(len(piece), first))
        has = mel_level(piece)
        gain = follow * np.clip(wanted - has, -MOST_DOWN_DB, MOST_UP_DB)
        gain = np.where(has < loudest + SILENT_DB, np.minimum(gain, 0), gain)
        moved = np.where(piece > 0, piece + gain[:, None] / RANGE_DB, 0)
        yield np.clip(moved, 0, 1).astype(np.float32)
        first += len(piece)
