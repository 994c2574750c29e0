"""What the page shows as pictures: thumbnails of the clip and spectrograms of sounds."""

import threading
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from vsg_tf.atomic import atomic_path
from vsg_tf.errors import InputError
from vsg_tf.studio.stored_sound import StoredSound
from vsg_tf.video.clip import Clip

MOST_THUMBNAILS = 240
THUMBNAIL_HEIGHT = 54  # pixels
PROXY_WIDTH = 640
SPECTRUM_DB = 80.0  # that a spectrogram shows
_TICKS = 90_000


class Thumbnails:
    """Small pictures of a clip at even times, made in the background once.

    Args:
        path: of the clip.

    Attributes:
        step_s: time between them.
        width: of each in pixels.
    """

    def __init__(self, path: Path):
        self._path, self._pictures = path, {}
        with Clip.open(path) as clip:
            self.step_s = max(1 / 4, clip.duration_s / MOST_THUMBNAILS)
            self.width = max(16, round(THUMBNAIL_HEIGHT * clip.width / clip.height))
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._make, name="studio-thumbnails", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop making them."""
        self._stopped.set()
        self._thread.join(timeout=30)

    def get(self, index: int) -> bytes | None:
        """The JPEG file of the thumbnail at `index * step_s`; None: not there yet."""
        return self._pictures.get(index)

    def count(self) -> int:
        """How many are there."""
        return len(self._pictures)

    def _make(self) -> None:
        with Clip.open(self._path) as clip:
            wanted = 0
            for time, picture in clip.frames(self.width, THUMBNAIL_HEIGHT, "bgr"):
                if self._stopped.is_set():
                    return
                while wanted * self.step_s <= time:
                    _, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 70])
                    self._pictures[wanted] = jpeg.tobytes()
                    wanted += 1


def spectrogram(sound: StoredSound, first: int, count: int, width: int, height: int) -> bytes:
    """A stretch of a sound as a PNG file, low frequencies at the bottom.

    Args:
        sound: the sound.
        first, count: the stretch in samples.
        width, height: of the picture in pixels; frequencies are spaced as the ear spaces them.
    """
    n_fft = 2048
    columns = []
    for column in range(width):
        centre = first + column * count // width
        part = sound.read(centre - n_fft // 2, n_fft).mean(axis=1)
        columns.append(np.pad(part, (0, n_fft - len(part))))
    frames = np.stack(columns) * np.hanning(n_fft).astype(np.float32)
    level = 20 * np.log10(np.abs(np.fft.rfft(frames, axis=1)) + 1e-6)
    top = sound.sample_rate / 2
    mel = np.linspace(0, np.log1p(top / 700), height)
    bins = np.clip(np.round(700 * np.expm1(mel) / top * (n_fft // 2)), 0, n_fft // 2).astype(int)
    shown = level[:, bins].T[::-1]
    shown = np.clip(1 + (shown - shown.max()) / SPECTRUM_DB, 0, 1)
    coloured = cv2.applyColorMap((255 * shown).astype(np.uint8), cv2.COLORMAP_INFERNO)
    return cv2.imencode(".png", coloured)[1].tobytes()


def write_proxy(clip_path: Path, target: Path, stopped: threading.Event) -> None:
    """Write a small H.264 copy of a clip's pictures, for browsers that cannot play it.

    Args:
        clip_path: of the clip.
        target: .mp4 to write.
        stopped: ends the work early when it is set.

    Raises:
        InputError: it cannot be made.
    """
    with Clip.open(clip_path) as clip, atomic_path(target, overwrite=True) as temporary:
        width = min(PROXY_WIDTH, clip.width) // 2 * 2 or 2
        height = max(2, round(width * clip.height / clip.width) // 2 * 2)
        try:
            with av.open(str(temporary), "w", format="mp4") as container:
                stream = container.add_stream("libx264", rate=30)
                stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
                stream.options = {"preset": "ultrafast", "crf": "26", "g": "15"}
                stream.codec_context.time_base = Fraction(1, _TICKS)
                for time, picture in clip.frames(width, height, "rgb"):
                    if stopped.is_set():
                        raise InputError("The copy for the browser was stopped.")
                    frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                    frame.pts, frame.time_base = round(time * _TICKS), Fraction(1, _TICKS)
                    container.mux(stream.encode(frame))
                container.mux(stream.encode(None))
        except av.FFmpegError as error:
            raise InputError(f"No copy for the browser could be made ({error}).") from error
