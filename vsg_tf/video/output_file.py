"""The file that is written: picture packets as they are, beside them a sound to be encoded."""

import errno
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import av
from av.bitstream import BitStreamFilterContext

from vsg_tf.containers import local_address
from vsg_tf.media.pictures import PictureStream
from vsg_tf.media.streams import find_timecode
from vsg_tf.video.carried import file_tags, shifted_chapters, stream_tags
from vsg_tf.video.picture_copies import FORMATS, add_pictures
from vsg_tf.video.sound_track import SoundTrack

WRITE_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
# Half the time of FFmpeg's usual coder; the sound takes a tenth more room and is nearer to what it
# was: signal to noise 25 dB against 19 for rain, 55 against 51 for barking.
_CODER = {"aac_coder": "fast"}
_BITS_PER_SAMPLE = 4.0  # of one channel: 88 kbit/s at 22,050 Hz, 192 kbit/s at 48,000 Hz
# Two pictures in one packet and an empty one behind: only AVI is read that way.
_UNPACKED = {"mpeg4": "mpeg4_unpack_bframes"}
_GAP = b"\0\0"  # a subtitle of MP4 that says nothing until the next one
# What goes along, less and less of it where a container refuses it.
_EXTRAS = (
    {"streams", "chapters", "timecode"},
    {"streams", "chapters"},
    {"chapters", "timecode"},
    {"chapters"},
    set(),
)


class OutputFile:
    """A file whose header is written; `copied` and `mux` fill it, the end of the block closes it.

    Args:
        path: written in place.
        suffix: tells the container.
        source: where the pictures come from.
        pictures: which they are.
        own_tag: see `vsg_tf.video.picture_copies.find_way`.
        sound: what will be encoded.

    Attributes:
        audio: the stream whose encoder the sound goes through.
        carried: indices of the source's other streams that are copied, too.

    Raises:
        av.FFmpegError: the file cannot be written.
    """

    def __init__(
        self,
        path: Path,
        suffix: str,
        source: av.container.InputContainer,
        pictures: PictureStream,
        own_tag: bool,
        sound: SoundTrack,
    ):
        self._clock, self._index = pictures.clock, pictures.index
        for extras in _EXTRAS:
            self._target = av.open(
                local_address(path),
                "w",
                format=FORMATS[suffix],
                container_options=_options(source, suffix),
            )
            try:
                self._start(source, pictures, sound, own_tag, extras)
                return
            except (av.FFmpegError, ValueError) as error:
                self._target.close()
                if not extras or getattr(error, "errno", None) in WRITE_ERRORS:
                    raise

    def _start(
        self,
        source: av.container.InputContainer,
        pictures: PictureStream,
        sound: SoundTrack,
        own_tag: bool,
        extras: set[str],
    ) -> None:
        target, stream = self._target, source.streams[pictures.index]
        copied = add_pictures(target, stream, pictures, own_tag)
        copied.metadata.update(stream_tags(stream))
        copied.disposition = stream.disposition
        timecode = find_timecode(source, stream)
        if timecode and "timecode" in extras:
            copied.metadata["timecode"] = timecode
        self.audio = target.add_stream("aac", rate=sound.rate, layout=sound.layout, options=_CODER)
        channels = 1 if sound.layout == "mono" else 2
        self.audio.bit_rate = int(_BITS_PER_SAMPLE * sound.rate * channels)
        self._copies = {pictures.index: copied}
        target.metadata.update(file_tags(source))
        if "streams" in extras:
            self._copies |= _add_others(target, source)
        if "chapters" in extras:
            target.set_chapters(shifted_chapters(source, pictures.clock))
        target.start_encoding()
        self._filter = None
        if source.format.name == "avi" and pictures.codec in _UNPACKED:
            self._filter = BitStreamFilterContext(_UNPACKED[pictures.codec], stream)
        self.carried = [index for index in self._copies if index != pictures.index]

    def copied(self, packets: Iterable[av.Packet]) -> Iterator[av.Packet]:
        """Packets of the source as they go into this file: on a clock whose 0 is the first picture.

        Args:
            packets: of the pictures and of the streams in `carried`, from the source's start.
        """
        clock, position = self._clock, -1
        start = clock.start * clock.unit
        for packet in packets:
            if packet.stream_index != self._index:
                gap = bytes(packet) == _GAP  # its writer puts in others
                if not gap and _shift(packet, round(start / packet.time_base)):
                    packet.stream = self._copies[packet.stream_index]
                    yield packet
                continue
            position += 1
            if not (clock.shown[position] or clock.hidden[position]):
                continue
            packet.pts = int(clock.pts[position] - clock.start)
            packet.dts = int(clock.dts[position] - clock.start)
            packet.duration = int(clock.duration[position])
            for out in [packet] if self._filter is None else self._filter.filter(packet):
                out.stream = self._copies[self._index]
                yield out

    def mux(self, packets: Sequence[av.Packet]) -> None:
        """Write packets of any of the file's streams."""
        self._target.mux(packets)

    def __enter__(self) -> "OutputFile":
        return self

    def __exit__(self, *_) -> None:
        self._target.close()


def _options(source: av.container.InputContainer, suffix: str) -> dict[str, str]:
    """Tags with names of Apple's keep them where the source stores them in Apple's way."""
    apple = any("." in name for name in source.metadata)
    return {"movflags": "use_metadata_tags"} if apple and suffix != ".mkv" else {}


def _add_others(target, source: av.container.InputContainer) -> dict[int, av.stream.Stream]:
    """Streams for subtitles and attachments, as far as the container takes them."""
    copies = {}
    kinds = ("subtitle", "attachment") if target.format.name == "matroska" else ("subtitle",)
    for stream in source.streams:
        if stream.type not in kinds:
            continue
        try:
            copied = target.add_stream_from_template(stream)
        except (av.FFmpegError, ValueError):
            continue
        copied.metadata.update(stream_tags(stream))
        copied.disposition = stream.disposition
        if stream.type == "subtitle":
            copies[stream.index] = copied
    return copies


def _shift(packet: av.Packet, offset: int) -> bool:
    """Move a subtitle to the clip's clock; False: it is over before the first picture."""
    time = packet.pts if packet.pts is not None else packet.dts
    if time is None:
        return False
    time -= offset
    length = packet.duration or 0
    if time < 0:
        time, length = 0, length + time
        if length <= 0:
            return False
        packet.duration = length
    packet.pts = packet.dts = time
    return True
