"""Odd and bad media files, built by code: what a reader must survive or refuse with a sentence.

`MEDIA_CASES` lists them; `case.build(folder)` writes one and returns its path. `case.problem` is
None where the file is unusual but must work, else a regular expression of the sentence.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
import soundfile

from tests.media_writing import (
    RATE,
    add_cover,
    cut_off,
    damaged,
    empty,
    hits,
    nothing,
    playlist,
    random_bytes,
    rotated_video,
    text,
    write_audio,
    write_tracks,
    write_video,
    write_wav_without_length,
)


@dataclass(frozen=True)
class MediaCase:
    """One file and what is expected of its readers."""

    name: str
    kind: Literal["video", "reference"]
    file_name: str
    write: Callable[[Path], None]
    problem: str | None = None

    def build(self, folder: Path) -> Path:
        """Write the file into `folder` and return its path."""
        path = Path(folder) / self.file_name
        self.write(path)
        return path


def _sound(samples=None, rate: int = RATE, **options) -> Callable[[Path], None]:
    samples = hits(rate) if samples is None else samples
    return lambda path: soundfile.write(path, samples, rate, **options)


def _spoiled(value: float) -> np.ndarray:
    samples = hits().copy()
    samples[1000] = value
    return samples


def _channels(count: int) -> np.ndarray:
    return np.stack([hits()] * count, axis=1)


_NO_MEDIA = "is not a media file that can be read, or it is damaged"
_FEW = "fewer than two readable video frames"
_STEADY = tuple(i / 25 for i in range(30))
_VARYING = tuple(np.cumsum([0.02, 0.02, 0.08, 0.033, 0.15] * 8).tolist())
_GAP = (0.0, 0.04, 0.08, 4.0, 4.04, 4.08)
_REORDERED = {"bf": "3", "b_strategy": "0"}

_VIDEOS: list[tuple[str, str, Callable, str | None]] = [
    ("missing", "missing.mp4", nothing, "does not exist"),
    ("folder", "folder.mp4", Path.mkdir, "is a folder"),
    ("empty", "empty.mp4", empty, "is an empty file"),
    ("random bytes", "random.mp4", random_bytes, _NO_MEDIA),
    ("text", "text.mp4", text, _NO_MEDIA),
    ("text of its own", "notes.txt", text, f"is a text file|{_NO_MEDIA}|{_FEW}"),
    ("cut off, index at the end", "cut.mp4", cut_off(write_video, 0.5), _NO_MEDIA),
    ("cut off, streamable", "cut.mkv", cut_off(write_video, 0.6), None),
    ("no video stream", "sound.mp4", partial(write_audio, codec="aac"), "no video stream"),
    ("wav as video", "sound.wav", _sound(), "no video stream"),
    ("song with cover", "song.mp3", add_cover, "no video stream"),
    ("still image", "image.png", partial(write_video, codec="png", times=(0.0,)), _FEW),
    ("one frame", "one.mp4", partial(write_video, times=(0.0,)), _FEW),
    ("no frames", "none.mkv", partial(write_video, times=()), _FEW),
    ("two frames", "two.mp4", partial(write_video, times=(0.0, 0.04)), None),
    ("no audio stream", "mute.mp4", partial(write_video, sound=False), None),
    ("odd size", "odd.mkv", partial(write_video, size=(97, 55), codec="ffv1"), None),
    ("tiny", "tiny.mp4", partial(write_video, size=(16, 16)), None),
    ("tall", "tall.mp4", partial(write_video, size=(48, 480)), None),
    ("large", "large.mp4", partial(write_video, size=(1920, 1080), times=_STEADY[:6]), None),
    ("1 frame per second", "slow.mp4", partial(write_video, times=(0, 1, 2, 3)), None),
    ("120 frames per second", "fast.mp4",
     partial(write_video, times=tuple(i / 120 for i in range(90))), None),
    ("variable rate", "vfr.mp4", partial(write_video, times=_VARYING), None),
    ("long gap", "gap.mkv", partial(write_video, times=_GAP), None),
    ("late start", "late.mkv",
     partial(write_video, times=tuple(1.6 + t for t in _STEADY)), None),
    ("reordered frames", "reordered.mp4",
     partial(write_video, codec="libx264", options=_REORDERED), None),
    ("nothing moves", "still.mp4", partial(write_video, moving=False), None),
    ("rotated", "rotated.mp4", rotated_video, None),
    ("10 bits", "deep.mkv", partial(write_video, codec="ffv1", pixels="yuv420p10le"), None),
    ("grey", "grey.mkv", partial(write_video, codec="ffv1", pixels="gray"), None),
    ("webm", "clip.webm",
     partial(write_video, codec="libvpx", audio_codec="libopus", times=_STEADY[:12]), None),
    ("avi", "clip.avi", partial(write_video, audio_codec="mp3"), None),
    ("mov", "clip.mov", partial(write_video, codec="mjpeg", pixels="yuvj420p"), None),
    ("transport stream", "clip.ts", partial(write_video, codec="mpeg2video"), None),
    ("animated gif", "clip.gif",
     partial(write_video, codec="gif", pixels="rgb8", sound=False), None),
    ("wrong suffix", "really.avi", partial(write_video, form="mp4"), None),
    ("no suffix", "nameless", partial(write_video, form="mp4"), None),
    ("name with signs", "http:çlip %d 100% 日本.mp4", write_video, None),
    ("damaged inside", "damaged.mkv", damaged(write_video), None),
    ("playlist to elsewhere", "list.m3u8", playlist, f"{_NO_MEDIA}|no video stream"),
]  # fmt: skip

_REFERENCES: list[tuple[str, str, Callable, str | None]] = [
    ("missing", "missing.wav", nothing, "does not exist"),
    ("folder", "folder.wav", Path.mkdir, "is a folder"),
    ("empty", "empty.wav", empty, "is an empty file"),
    ("random bytes", "random.wav", random_bytes, f"{_NO_MEDIA}|no audio stream"),
    ("text", "text.wav", text, f"{_NO_MEDIA}|no audio stream|is a text file"),
    ("no samples", "none.wav", _sound(np.zeros(0)), "no sound samples"),
    ("cut off in the header", "head.wav", cut_off(_sound(), 0.0003), _NO_MEDIA),
    ("cut off", "cut.wav", cut_off(_sound(), 0.5), None),
    ("cut off flac", "cut.flac", cut_off(_sound(), 0.5), None),
    ("cut off ogg", "cut.ogg", cut_off(_sound(np.tile(hits(), 5)), 0.5), None),
    ("damaged flac", "damaged.flac", damaged(_sound(np.tile(hits(), 5))), None),
    ("damaged mp3", "damaged.mp3", damaged(_sound(np.tile(hits(), 5))), None),
    ("cut off mp3", "cut.mp3", cut_off(_sound(), 0.5), None),
    ("silent", "silent.wav", _sound(np.zeros(RATE)), "is silent"),
    ("practically silent", "faint.wav", _sound(hits() * 5e-5, subtype="FLOAT"), "is silent"),
    ("too short", "short.wav", _sound(hits()[:500]), "is shorter than"),
    ("one sample", "sample.wav", _sound(np.ones(1) * 0.5), "is shorter than"),
    ("NaN", "nan.wav", _sound(_spoiled(np.nan), subtype="FLOAT"), "not finite"),
    ("infinite", "inf.wav", _sound(_spoiled(np.inf), subtype="FLOAT"), "not finite"),
    ("video without sound", "mute.mp4", partial(write_video, sound=False), "no audio stream"),
    ("clipped", "clipped.wav", _sound(np.clip(hits() * 30, -1, 1)), None),
    ("beyond full scale", "over.wav", _sound(hits() * 4, subtype="FLOAT"), None),
    ("constant", "constant.wav", _sound(np.full(RATE, 0.5)), "is silent"),
    ("constant offset", "offset.wav", _sound(hits() * 0.5 + 0.4), None),
    ("opposite phase", "phase.wav", _sound(hits()[:, None] * [1, -1]), None),
    ("opposite phase in 5.1", "wide.wav",
     _sound(hits()[:, None] * [1, -1, 0, 0, 1, -1], format="WAVEX"), None),
    ("length 0", "zero.wav", partial(write_wav_without_length, length=0), None),
    ("first track silent", "two.mka", partial(write_tracks, tracks=(np.zeros(RATE), hits())), None),
    ("no track sounds", "0.mka", partial(write_tracks, tracks=[np.zeros(RATE)] * 2), "is silent"),
    ("late", "late.wav", _sound(np.concatenate([np.zeros(61 * RATE), hits()])), None),
    ("name that is no text", os.fsdecode(b"caf\xe9.wav"), write_wav_without_length, None),
    ("8 bits", "u8.wav", _sound(subtype="PCM_U8"), None),
    ("16 bits", "s16.wav", _sound(subtype="PCM_16"), None),
    ("24 bits", "s24.wav", _sound(subtype="PCM_24"), None),
    ("32 bits", "s32.wav", _sound(subtype="PCM_32"), None),
    ("float", "f32.wav", _sound(subtype="FLOAT"), None),
    ("double", "f64.wav", _sound(subtype="DOUBLE"), None),
    ("mu-law", "ulaw.wav", _sound(subtype="ULAW"), None),
    ("ADPCM", "adpcm.wav", _sound(subtype="MS_ADPCM"), None),
    ("8 kHz", "8k.wav", _sound(rate=8000), None),
    ("192 kHz", "192k.wav", _sound(rate=192_000), None),
    ("stereo", "stereo.wav", _sound(_channels(2)), None),
    ("5.1", "surround.wav", _sound(_channels(6), format="WAVEX"), None),
    ("8 channels", "eight.wav", _sound(_channels(8), format="WAVEX"), None),
    ("aiff", "sound.aiff", _sound(), None),
    ("flac", "sound.flac", _sound(), None),
    ("ogg", "sound.ogg", _sound(), None),
    ("opus", "sound.opus", partial(write_audio, codec="libopus", rate=48_000), None),
    ("mp3", "sound.mp3", _sound(), None),
    ("mp3 with cover", "cover.mp3", add_cover, None),
    ("m4a", "sound.m4a", partial(write_audio, codec="aac"), None),
    ("length never written", "sound.wav", write_wav_without_length, None),
    ("wrong suffix", "really.mp3", _sound(format="WAV"), None),
    ("video", "clip.mp4", write_video, None),
    ("webm", "clip.webm",
     partial(write_video, codec="libvpx", audio_codec="libopus", times=_STEADY[:12]), None),
    ("long", "long.wav", _sound(np.tile(hits(), 90)), None),
]  # fmt: skip

MEDIA_CASES: list[MediaCase] = [
    *(MediaCase(name, "video", file, write, problem) for name, file, write, problem in _VIDEOS),
    *(MediaCase(n, "reference", file, write, problem) for n, file, write, problem in _REFERENCES),
]


def cases(kind: Literal["video", "reference"]) -> list[MediaCase]:
    """The cases of one kind."""
    return [case for case in MEDIA_CASES if case.kind == kind]
