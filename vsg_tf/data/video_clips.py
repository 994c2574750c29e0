"""A video file with sound into examples of one length."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vsg_tf.audio.mel import LogMel
from vsg_tf.audio.onsets import envelope_from_audio, events_from_audio
from vsg_tf.config.schema import Config
from vsg_tf.data.records import Example, clip_frames, fit_length
from vsg_tf.errors import InputError
from vsg_tf.frontends.front_end import PictureSource
from vsg_tf.frontends.sources import ClipPieces
from vsg_tf.video.clip import Clip

TILED_BELOW = 4.0  # s; shorter videos are repeated, longer rests are padded
_SHORTEST = 0.5  # s
_QUIETEST = 1e-4


class VideoCutter:
    """Cuts videos into examples of `data.clip_seconds`.

    Args:
        config: its front end computes the features.
    """

    def __init__(self, config: Config):
        self.config = config
        self.frames = clip_frames(config)
        self._log_mel = LogMel(config.audio)

    def cut(self, path: Path, name: str, source: str, category: str) -> Iterator[Example]:
        """Examples of one file, `<name>/<number>`.

        Videos under 4 s are tiled to the full length, or all that are shorter where the front end
        wants that; of longer ones the last piece is padded, or left out if it is itself under 4 s.

        Raises:
            InputError: the file cannot be read, has no sound, is silent or under 0.5 s.
        """
        with Clip.open(path) as clip:
            yield from self._cut(clip, name, source, category)

    def _cut(self, clip: Clip, name: str, source: str, category: str) -> Iterator[Example]:
        rate, seconds = self.config.audio.sample_rate, self.config.data.clip_seconds
        # The end of the last picture; sound beyond it belongs to nothing that is seen.
        end = clip.duration_s
        waveform = clip.sound().mono(rate)
        if end < _SHORTEST:
            raise InputError(f"{clip.path} is shorter than {_SHORTEST} s.")
        if np.abs(waveform).max() < _QUIETEST:
            raise InputError(f"{clip.path} is silent.")
        waveform = fit_length(waveform, round(end * rate))
        period = None
        if end < (seconds if self.config.video.visual.loops else min(TILED_BELOW, seconds)):
            turns = int(np.ceil(seconds / end))
            waveform, period, end = np.tile(waveform, turns), end, seconds
        pieces = ClipPieces(clip, period)
        for number, start in enumerate(np.arange(0, end, seconds)):
            stop = min(start + seconds, end)
            if number and stop - start < min(TILED_BELOW, seconds):
                break
            sound = waveform[round(start * rate) : round(stop * rate)]
            pictures = pieces.source(start, stop)
            yield self._example(f"{name}/{number}", source, category, pictures, sound, stop - start)

    def _example(
        self,
        identity: str,
        source: str,
        category: str,
        pictures: PictureSource,
        sound: np.ndarray,
        length: float,
    ) -> Example:
        config = self.config
        features = config.video.visual.extract(pictures, config.timebase, length)
        return Example(
            identity=identity,
            source=source,
            category=category,
            features=fit_length(features, self.frames),
            mel=fit_length(self._log_mel(sound), self.frames * config.video.mel_per_feature),
            envelope=envelope_from_audio(sound, config.timebase, self.frames),
            events=np.stack(events_from_audio(sound, config.timebase), axis=-1),
            truth={"file": identity.rpartition("/")[0], "labels": "heard"},
        )
