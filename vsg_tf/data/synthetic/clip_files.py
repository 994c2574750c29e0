"""Synthetic clips and the demo's material as files that any player opens."""

import json
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import soundfile

from vsg_tf.atomic import atomic_path
from vsg_tf.data.synthetic import arrangement
from vsg_tf.data.synthetic.clip import SyntheticClip
from vsg_tf.data.synthetic.film import Film
from vsg_tf.data.synthetic.procedural import ProceduralTimbre, room_noise
from vsg_tf.data.synthetic.scenes import render_scene
from vsg_tf.data.synthetic.sources import PRE_ROLL
from vsg_tf.events import EventTrack
from vsg_tf.video.clip import Clip

_TICKS = 90_000  # a second, of the video's clock
_SHOWN = (384, 256)  # pixels of a corpus clip written for viewing

DEMO_FILES = DEMO_VIDEO, DEMO_REFERENCE, DEMO_GUIDE, DEMO_TRUTH = (
    "silent.mp4",
    "reference.wav",
    "guide.wav",
    "truth.json",
)
_DEMO_SECONDS, _DEMO_FPS, _DEMO_SIZE = 6.0, 25.0, (480, 320)
_DEMO_SEED = 9
_DEMO_TIMES = (0.7, 1.32, 1.6, 2.55, 3.4, 3.74, 4.08, 5.2)
_DEMO_STRENGTHS = (1.0, 0.7, 0.85, 1.0, 0.6, 0.75, 0.9, 1.0)
# What somebody performs to the clip: some of its strikes, and some of their own between them.
_GUIDE_TIMES = (0.71, 1.31, 1.46, 1.62, 2.56, 2.98, 3.41, 4.09, 4.6, 4.75, 4.9, 5.21)
_GUIDE_STRENGTHS = (1.0, 0.6, 0.5, 0.8, 1.0, 0.6, 0.9, 0.9, 0.5, 0.6, 0.7, 1.0)
_REFERENCE_SECONDS = 5.0
_REFERENCE_TIMES = (0.4, 1.15, 1.5, 2.6, 3.3, 3.45, 4.2)
_REFERENCE_STRENGTHS = (0.8, 1.0, 0.6, 0.9, 0.7, 0.95, 0.8)
_REFERENCE_SNR_DB = 30.0
_REFERENCE_RATE = 44_100


def write_silent_video(path: Path, frames: Iterable[tuple[float, np.ndarray]]) -> None:
    """Encode H.264 in MP4 without sound, each frame at its own time.

    Args:
        path: replaced if it exists.
        frames: (time in s, uint8 `[height, width]` grey or `[height, width, 3]` RGB); even sizes.
    """
    with atomic_path(path, overwrite=True) as temporary:
        with av.open(str(temporary), "w", format="mp4") as container:
            stream = None
            for time, picture in frames:
                if stream is None:
                    stream = container.add_stream("libx264", rate=30, options={"crf": "20"})
                    stream.height, stream.width = picture.shape[:2]
                    stream.pix_fmt = "yuv420p"
                    stream.codec_context.time_base = Fraction(1, _TICKS)
                    stream.codec_context.thread_count = 1
                layout = "gray" if picture.ndim == 2 else "rgb24"
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format=layout)
                frame.pts = round(time * _TICKS)
                frame.time_base = Fraction(1, _TICKS)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))


def write_film(path: Path, film: Film) -> None:
    """Write the pictures of a corpus clip without sound, large enough to be looked at."""
    pictures = (
        (time, cv2.resize(frame, _SHOWN, interpolation=cv2.INTER_CUBIC))
        for time, frame in zip(film.times, film.frames, strict=True)
    )
    write_silent_video(path, pictures)


def write_wav(path: Path, waveform: np.ndarray, sample_rate: int) -> None:
    """Write 16-bit mono WAV, replacing what is there."""
    with atomic_path(path, overwrite=True) as temporary:
        soundfile.write(temporary, waveform, sample_rate, subtype="PCM_16", format="WAV")


def write_clip(folder: Path, clip: SyntheticClip, sample_rate: int) -> Path:
    """Write `<source>-<seed>.mp4` with sound, its reference as wav and its truth as JSON.

    Returns:
        Path of the video.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / f"{clip.family}-{clip.seed}"
    silent, sound = stem.with_suffix(".silent.mp4"), stem.with_suffix(".wav")
    try:
        write_film(silent, clip.film)
        write_wav(sound, clip.waveform, sample_rate)
        video = stem.with_suffix(".mp4")
        with Clip.open(silent) as film:
            film.mux(sound, video, overwrite=True)
    finally:
        silent.unlink(missing_ok=True)
        sound.unlink(missing_ok=True)
    write_wav(stem.with_suffix(".reference.wav"), clip.alternate, sample_rate)
    stem.with_suffix(".json").write_text(json.dumps(clip.truth, indent=1), encoding="utf-8")
    return video


def write_pair(folder: Path, clip: SyntheticClip, sample_rate: int) -> dict[str, Path | None]:
    """Write a clip as something to be evaluated on: silent video, reference, and the truths.

    Returns:
        Paths of `video`, `reference`, `truth` (the clip's sound with its background) and
        `reference_background` (alone, at its level in the reference; None: there is none).
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{clip.family}-{clip.seed}"
    paths = {
        "video": folder / f"{stem}.mp4",
        "reference": folder / "references" / f"{stem}.wav",
        "truth": folder / "truth" / f"{stem}.wav",
        "reference_background": folder / "backgrounds" / f"{stem}.wav",
    }
    write_film(paths["video"], clip.film)
    write_wav(paths["reference"], clip.alternate, sample_rate)
    write_wav(paths["truth"], clip.waveform, sample_rate)
    if clip.alternate_background is None:
        return {**paths, "reference_background": None}
    write_wav(paths["reference_background"], clip.alternate_background, sample_rate)
    return paths


def _demo_sound(kind: str, times, strengths, seconds: float) -> np.ndarray:
    """Strikes on one object over a faint room noise."""
    rng = np.random.default_rng(_DEMO_SEED)
    timbre = ProceduralTimbre(kind, rng)
    lead = round(PRE_ROLL * _REFERENCE_RATE)
    takes = [np.pad(timbre.strike(rng, _REFERENCE_RATE), (lead, 0)) for _ in range(4)]
    clean, _ = arrangement.arrange(
        takes,
        np.array(times),
        np.array(strengths),
        arrangement.Treatment(0.0, ()),
        seconds,
        _REFERENCE_RATE,
        rng,
    )
    return arrangement.add_background(clean, room_noise(rng, len(clean)), _REFERENCE_SNR_DB)[0]


def render_demo(folder: Path) -> dict[str, Path]:
    """Write a silent clip, a reference sound, a guide and the truth; no recording is needed.

    The clip shows a mallet that strikes at irregular known times while something else moves. The
    guide is short noises, as of somebody who says "ts" where a sound is to be.

    Args:
        folder: made if missing; files of the same names are replaced.

    Returns:
        Paths by `video`, `reference`, `guide`, `truth`. The truth holds `visual_onsets_s`,
        `guide_onsets_s` and `strengths`.

    Raises:
        InputError: the folder cannot be written.
    """
    folder = Path(folder)
    paths = {
        "video": folder / DEMO_VIDEO,
        "reference": folder / DEMO_REFERENCE,
        "guide": folder / DEMO_GUIDE,
        "truth": folder / DEMO_TRUTH,
    }
    times, strengths = np.array(_DEMO_TIMES), np.array(_DEMO_STRENGTHS)
    events = EventTrack(times, strengths, np.full(len(times), 0.3))
    frames = render_scene(
        "strike",
        events,
        _DEMO_SECONDS,
        np.random.default_rng(_DEMO_SEED),
        *_DEMO_SIZE,
        _DEMO_FPS,
        clean=True,
        colour=True,
        distractors=1,
    )
    write_silent_video(paths["video"], frames)
    recorded = (_REFERENCE_TIMES, _REFERENCE_STRENGTHS, _REFERENCE_SECONDS)
    performed = (_GUIDE_TIMES, _GUIDE_STRENGTHS, _DEMO_SECONDS)
    write_wav(paths["reference"], _demo_sound("metal", *recorded), _REFERENCE_RATE)
    write_wav(paths["guide"], _demo_sound("burst", *performed), _REFERENCE_RATE)
    truth = {
        "visual_onsets_s": times.tolist(),
        "strengths": strengths.tolist(),
        "reference_onsets_s": list(_REFERENCE_TIMES),
        "guide_onsets_s": list(_GUIDE_TIMES),
        "duration_s": _DEMO_SECONDS,
        "fps": _DEMO_FPS,
    }
    with atomic_path(paths["truth"], overwrite=True) as temporary:
        temporary.write_text(json.dumps(truth, indent=1), encoding="utf-8")
    return paths
