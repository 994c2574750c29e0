"""A video file, opened and looked at once: its clock, pictures, own sound, and its copy."""

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Literal

import numpy as np

from vsg_tf.atomic import check_output
from vsg_tf.audio.levels import peak_db
from vsg_tf.audio.reading import SILENCE_DB, Sound, collect_track
from vsg_tf.audio.tracks import no_track, read_track
from vsg_tf.errors import InputError
from vsg_tf.media.media_file import MediaFile
from vsg_tf.media.pictures import PictureStream, find_pictures
from vsg_tf.media.streams import AudioTrack, audio_tracks, find_timecode, moving_streams
from vsg_tf.video.frames import iterate_frames
from vsg_tf.video.muxing import check_suffix, write_video
from vsg_tf.video.sound_track import SoundTrack

Colour = Literal["gray", "rgb", "bgr"]
Scaling = Literal["area", "bilinear"]


class Clip:
    """A video: what it is, its pictures, its own sound, and a copy of it with another sound.

    Made by `Clip.open`, closed by `close` or at the end of a `with` block. Time 0 is the first
    picture that can be seen: what a recording that was cut between key frames holds before it, and
    pictures that an edit list hides, are not part of the clip.

    Attributes:
        path: of the file.
        duration_s: from the first picture's appearance to the last one's end.
        width, height: as shown, after rotation, in pixels.
        rotation: degrees, counter-clockwise, by which stored pictures are turned for showing.
        frame_rate: pictures per second, exact; the mean where they do not come steadily.
        start_s: time of the first picture on the file's own clock.
        timecode: of the first picture, such as `01:00:00:00`, drop-frame `01:00:00;00`; None: the
            file has none.
        tracks: the audio tracks.
    """

    def __init__(self, file: MediaFile, pictures: PictureStream):
        self._file, self._pictures = file, pictures
        self._sounding: int | None = None
        clock, turned = pictures.clock, pictures.turns % 2
        self.path = Path(file.path)
        self.duration_s: float = clock.duration_s
        self.width: int = pictures.height if turned else pictures.width
        self.height: int = pictures.width if turned else pictures.height
        self.rotation: int = 90 * pictures.turns
        self.frame_rate: Fraction = pictures.frame_rate
        self.start_s: float = float(clock.start_s)
        self.timecode: str | None = find_timecode(
            file.container, file.container.streams[pictures.index]
        )
        self.tracks: tuple[AudioTrack, ...] = audio_tracks(file.container)

    @classmethod
    def open(cls, path: str | os.PathLike) -> "Clip":
        """Open a video and read its packets once; of its pictures the first alone is decoded.

        Raises:
            InputError: the file cannot be read, has no moving pictures or fewer than two of them,
                or holds recordings that were joined without being given one clock.
        """
        file = MediaFile(path)
        try:
            if not moving_streams(file.container):
                raise InputError(f"{path} has no video stream; give a file with moving pictures.")
            pictures = find_pictures(file)
            if pictures is None:
                raise _too_few(path)
            return cls(file, pictures)
        except BaseException:
            file.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> "Clip":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def frames(
        self, width: int, height: int, colour: Colour = "gray", scaling: Scaling = "area"
    ) -> Iterator[tuple[float, np.ndarray]]:
        """Decode the pictures in constant memory, scaled while they are decoded.

        Args:
            width, height: of the pictures wanted, in pixels; the picture is stretched to fill them.
            colour: `gray`, or the order of the channels.
            scaling: how pixels are averaged or interpolated.

        Yields:
            `(time, picture)`: presentation time in s, strictly ascending from 0, and uint8
            `[height, width]`, in colour `[height, width, 3]`, turned as a player would show it.
            Damaged pictures are missing.

        Raises:
            InputError: fewer than two pictures can be decoded.
        """
        seen = 0
        for timed in iterate_frames(self._file, self._pictures, width, height, colour, scaling):
            seen += 1
            yield timed
        if seen < 2:
            raise _too_few(self.path)

    def sound(
        self,
        track: int | None = None,
        max_seconds: float | None = None,
        sample_rate: int | None = None,
    ) -> Sound:
        """The clip's own sound; sample 0 is heard with the first picture.

        Args:
            track: counted from 1; None: the first that sounds, or, if none does, the first.
            max_seconds: read no more than this much from the start.
            sample_rate: to which it is brought while it is read; None: the track's own.

        Returns:
            Mono or stereo, of more channels their mean.

        Raises:
            InputError: there is no such track, or it holds no samples.
        """
        self._check_track(track)
        sound = collect_track(
            self.sound_blocks, len(self.tracks), track, max_seconds, sample_rate=sample_rate
        )
        if not len(sound.waveform):
            raise InputError(f"{self.path} holds no sound samples; export it again.")
        return sound

    def sound_blocks(
        self, track: int, sample_rate: int | None = None, layout: str | None = None
    ) -> Iterator[tuple[np.ndarray, int]]:
        """A track of the clip's own sound in constant memory.

        Args:
            track: counted from 1.
            sample_rate: wanted samples per second; None keeps the track's own.
            layout: wanted channel layout, "mono" or "stereo"; None keeps the track's own.

        Yields:
            Blocks `[channels, samples]` float32 and their samples per second; the first sample is
            heard with the first picture.

        Raises:
            InputError: there is no such track.
        """
        start = self._pictures.clock.start_s
        return read_track(self._file, track, start, sample_rate, layout)

    @property
    def sounding_track(self) -> int:
        """The first audio track that sounds, counted from 1; if none does, the first.

        Raises:
            InputError: there is no audio track.
        """
        self._check_track(None)
        if self._sounding is None:
            numbers = (t.number for t in self.tracks if self._sounds(t.number))
            self._sounding = 1 if len(self.tracks) == 1 else next(numbers, 1)
        return self._sounding

    def mux(
        self,
        sound: str | os.PathLike | Sound,
        output: str | os.PathLike,
        *,
        keep_original_db: float | None = None,
        overwrite: bool = False,
        track: int | None = None,
    ) -> tuple[str, ...]:
        """Write the clip with a new sound, in constant memory.

        Picture packets are copied bit for bit with their times and rotation, and with them
        subtitles, chapters, tags and timecode, as far as the container holds them. The sound
        becomes AAC, cut or filled with silence to the clip's length; its sample 0 is heard with
        the first picture.

        Args:
            sound: the new one, mono or stereo: a file or samples.
            output: .mp4, .mov or .mkv.
            keep_original_db: mix the clip's own sound under the new one, amplified by this much;
                both are turned down where their sum would exceed -1 dB. None: leave it out.
            overwrite: replace an existing file.
            track: whose sound is kept; None: the first that sounds.

        Returns:
            Sentences for the user: what of the clip the new file does not hold.

        Raises:
            InputError: a file cannot be read or written, the suffix is none of the three, the
                container cannot hold the pictures, or there is no own sound to keep.
        """
        check_suffix(check_output(output, overwrite))
        if keep_original_db is not None:
            if not self.tracks:
                raise InputError(
                    f"{self.path} has no sound of its own to keep; leave that option out."
                )
            self._check_track(track)
            track = self.sounding_track if track is None else track
        own = None if keep_original_db is None else (self.sound_blocks, track, keep_original_db)
        made = SoundTrack(sound, self.duration_s, own)
        return write_video(self._file, self._pictures, made, Path(output), overwrite)

    def _check_track(self, track: int | None) -> None:
        if not self.tracks:
            raise InputError(f"{self.path} has no audio stream; give a file with sound.")
        if track is not None and not 1 <= track <= len(self.tracks):
            raise no_track(self.path, track, len(self.tracks))

    def _sounds(self, track: int) -> bool:
        return any(peak_db(block) >= SILENCE_DB for block, _ in self.sound_blocks(track))


def _too_few(path) -> InputError:
    return InputError(f"{path} has fewer than two readable video frames; give a longer video.")
