"""A video file with sound into examples of one length, with the motion front end."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vsg_tf.audio.mel import LogMel
from vsg_tf.audio.onsets import envelope_from_audio, events_from_audio
from vsg_tf.audio.reading import load_audio
from vsg_tf.config.schema import Config
from vsg_tf.data.records import Example, clip_frames, fit_length
from vsg_tf.errors import ConfigError, InputError
from vsg_tf.frontends.motion.cells import HEIGHT, WIDTH
from vsg_tf.frontends.motion.extraction import MotionFrontEnd
from vsg_tf.video.decoding import iterate_frames

TILED_BELOW = 4.0  # s; shorter videos are repeated, longer rests are padded
_SHORTEST = 0.5  # s
_QUIETEST = 1e-4


class VideoCutter:
    """Cuts videos into examples of `data.clip_seconds`.

    Args:
        config: its front end must be `motion`.

    Raises:
        ConfigError: another front end; its features cannot be computed here.
    """

    def __init__(self, config: Config):
        if config.video.front_end != "motion":
            raise ConfigError(
                "Features are computed from videos with video.front_end: motion only; "
                f"configuration {config.name!r} has {config.video.front_end!r}."
            )
        self.config = config
        self.frames = clip_frames(config)
        self._log_mel = LogMel(config.audio)
        self._motion = MotionFrontEnd(config.timebase)

    def cut(self, path: Path, name: str, source: str, category: str) -> Iterator[Example]:
        """Examples of one file, `<name>/<number>`.

        Videos under 4 s are tiled to the full length; of longer ones the last piece is padded, or
        left out if it is itself under 4 s.

        Raises:
            InputError: the file cannot be read, has no sound, is silent or under 0.5 s.
        """
        rate, seconds = self.config.audio.sample_rate, self.config.data.clip_seconds
        times, pictures = _read_pictures(path)
        waveform = load_audio(path, rate)
        # The end of the last picture; sound beyond it belongs to nothing that is seen.
        end = times[-1] + (times[-1] - times[0]) / (len(times) - 1)
        if end < _SHORTEST:
            raise InputError(f"{path} is shorter than {_SHORTEST} s.")
        if np.abs(waveform).max() < _QUIETEST:
            raise InputError(f"{path} is silent.")
        waveform = fit_length(waveform, round(end * rate))
        if end < min(TILED_BELOW, seconds):
            turns = int(np.ceil(seconds / end))
            times = np.concatenate([times + turn * end for turn in range(turns)])
            pictures = np.concatenate([pictures] * turns)
            waveform, end = np.tile(waveform, turns), seconds
        for number, start in enumerate(np.arange(0, end, seconds)):
            stop = min(start + seconds, end)
            inside = (times >= start) & (times < stop)
            if number and (stop - start < min(TILED_BELOW, seconds) or inside.sum() < 2):
                break
            sound = waveform[round(start * rate) : round(stop * rate)]
            parts = (times[inside] - start, pictures[inside], sound, stop - start)
            yield self._example(f"{name}/{number}", source, category, *parts)

    def _example(self, identity, source, category, times, pictures, sound, length) -> Example:
        config = self.config
        features = self._motion.extract_frames(zip(times, pictures, strict=True), length)
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


def _read_pictures(path: Path) -> tuple[np.ndarray, np.ndarray]:
    times, pictures = [], []
    for time, picture in iterate_frames(path, WIDTH, HEIGHT):
        times.append(time)
        pictures.append(picture)
    return np.array(times), np.array(pictures)
