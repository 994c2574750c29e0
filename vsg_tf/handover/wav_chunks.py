"""Chunks of a WAV file that soundfile cannot write: bext, iXML, cue and adtl.

Sources: EBU Tech 3285 version 2 (bext), the iXML specification 2.10, and Microsoft's
"Multimedia Programming Interface and Data Specifications 1.0" (cue, adtl).
"""

import html
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vsg_tf.timecode import TimecodeRate

_BEXT = struct.Struct("<256s32s32s10s8sIIH64s5h180s")
_NO_LOUDNESS = 0x7FFF  # "not measured"
_LIMITS = -99.99, 99.99  # of loudness fields


@dataclass(frozen=True)
class Marker:
    """A place in a file.

    Args:
        sample: from the file's beginning.
        length: samples; 0 marks a moment.
        text: what is there.
    """

    sample: int
    length: int
    text: str


@dataclass(frozen=True)
class Loudness:
    """What a meter after ITU-R BS.1770 and EBU Tech 3342 shows.

    Args:
        integrated: LUFS; -inf for silence.
        true_peak: dB relative to full scale; -inf for digital silence.
        range: LU.
    """

    integrated: float
    true_peak: float
    range: float


@dataclass(frozen=True)
class BroadcastInfo:
    """What a Broadcast WAV says of itself.

    Args:
        description: up to 256 characters.
        time_reference: samples since midnight at which the file begins, >= 0.
        rate: of the timecode.
        project, tape, scene: as iXML names them.
        created: when; None leaves it out.
        loudness: None leaves it out.
    """

    description: str
    time_reference: int
    rate: TimecodeRate
    project: str = ""
    tape: str = ""
    scene: str = ""
    created: datetime | None = None
    loudness: Loudness | None = None


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk with its name, size and padding to an even length."""
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def _ascii(text: str, size: int) -> bytes:
    return text.encode("ascii", "replace")[:size]


def _hundredths(value: float) -> int:
    if not math.isfinite(value):
        return _NO_LOUDNESS
    return round(100 * min(max(value, _LIMITS[0]), _LIMITS[1]))


def bext(info: BroadcastInfo, sample_rate: int, bit_depth: int, channels: int) -> bytes:
    """The content of a `bext` chunk, version 2: 602 bytes and the coding history."""
    values = (
        (_NO_LOUDNESS,) * 5
        if info.loudness is None
        else (
            _hundredths(info.loudness.integrated),
            _hundredths(info.loudness.range),
            _hundredths(info.loudness.true_peak),
            _NO_LOUDNESS,  # momentary and short-term maxima
            _NO_LOUDNESS,
        )
    )
    date = info.created.strftime("%Y-%m-%d") if info.created else ""
    time = info.created.strftime("%H:%M:%S") if info.created else ""
    fixed = _BEXT.pack(
        _ascii(info.description, 256),
        b"vsg_tf",
        b"",
        _ascii(date, 10),
        _ascii(time, 8),
        info.time_reference & 0xFFFFFFFF,
        info.time_reference >> 32,
        2,
        b"",
        *values,
        b"",
    )
    mode = "mono" if channels == 1 else "stereo"
    history = f"A=PCM,F={sample_rate},W={bit_depth},M={mode},T=vsg_tf\r\n"
    return fixed + history.encode("ascii")


def _xml(text: str) -> str:
    return html.escape(text, quote=False)


def ixml(info: BroadcastInfo, sample_rate: int, bit_depth: int, channels: int) -> bytes:
    """The content of an `iXML` chunk: the timecode's rate, its drop-frame flag and the start."""
    rate = info.rate
    speed = f"{rate.exact.numerator}/{rate.exact.denominator}"
    low, high = info.time_reference & 0xFFFFFFFF, info.time_reference >> 32
    tracks = "".join(
        f"<TRACK><CHANNEL_INDEX>{number}</CHANNEL_INDEX>"
        f"<INTERLEAVE_INDEX>{number}</INTERLEAVE_INDEX><NAME>{name}</NAME></TRACK>"
        for number, name in enumerate(("Mono",) if channels == 1 else ("Left", "Right"), start=1)
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        "<BWFXML><IXML_VERSION>2.10</IXML_VERSION>"
        f"<PROJECT>{_xml(info.project)}</PROJECT><SCENE>{_xml(info.scene)}</SCENE>"
        f"<TAPE>{_xml(info.tape)}</TAPE><NOTE>{_xml(info.description)}</NOTE>"
        f"<SPEED><MASTER_SPEED>{speed}</MASTER_SPEED><CURRENT_SPEED>{speed}</CURRENT_SPEED>"
        f"<TIMECODE_RATE>{speed}</TIMECODE_RATE>"
        f"<TIMECODE_FLAG>{'DF' if rate.drop_frame else 'NDF'}</TIMECODE_FLAG>"
        f"<FILE_SAMPLE_RATE>{sample_rate}</FILE_SAMPLE_RATE>"
        f"<AUDIO_BIT_DEPTH>{bit_depth}</AUDIO_BIT_DEPTH>"
        f"<DIGITIZER_SAMPLE_RATE>{sample_rate}</DIGITIZER_SAMPLE_RATE>"
        f"<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>{high}</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>"
        f"<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>{low}</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>"
        f"<TIMESTAMP_SAMPLE_RATE>{sample_rate}</TIMESTAMP_SAMPLE_RATE></SPEED>"
        f"<TRACK_LIST><TRACK_COUNT>{channels}</TRACK_COUNT>{tracks}</TRACK_LIST></BWFXML>\n"
    )
    return text.encode("utf-8")


def cue(markers: Sequence[Marker]) -> bytes:
    """The content of a `cue ` chunk; cue points are numbered from 1."""
    points = (
        struct.pack("<II4sIII", number, marker.sample, b"data", 0, 0, marker.sample)
        for number, marker in enumerate(markers, start=1)
    )
    return struct.pack("<I", len(markers)) + b"".join(points)


def adtl(markers: Sequence[Marker]) -> bytes:
    """The content of a `LIST` chunk with the cue points' texts and, where they last, lengths."""
    parts = [b"adtl"]
    for number, marker in enumerate(markers, start=1):
        text = marker.text.encode("latin-1", "replace") + b"\0"
        parts.append(chunk(b"labl", struct.pack("<I", number) + text))
        if marker.length > 0:
            region = struct.pack("<II4sHHHH", number, marker.length, b"rgn ", 0, 0, 0, 0)
            parts.append(chunk(b"ltxt", region))
    return b"".join(parts)
