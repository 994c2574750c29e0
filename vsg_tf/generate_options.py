"""The options of `vsg generate`, with the words of its help."""

from enum import Enum
from pathlib import Path
from typing import Annotated, Literal

import typer

from vsg_tf.grains.kinds import ReferenceKind
from vsg_tf.inference.renderers.names import RendererName
from vsg_tf.inference.runtimes.names import Runtime

_TIMING = "Timing: when something sounds"
_GUIDE = "How the guide is listened to"
_SOUND = "Sound"
_FILES = "Files"
_HAND_OVER = "Hand-over: what an editor takes along"
_MODEL = "Model"
_SERVER = "Model server"
_MANY = "Batches on many machines"


class SessionKind(str, Enum):
    """Sessions that can be handed over."""

    REAPER = "reaper"
    AAF = "aaf"
    OTIO = "otio"


class MarkerKind(str, Enum):
    """Lists of markers that can be handed over."""

    AUDACITY = "audacity"
    CSV = "csv"
    WAV = "wav"


def _option(help_text: str, panel: str | None = None, **more):
    return typer.Option(help=help_text, rich_help_panel=panel, **more)


Video = Annotated[
    Path | None,
    _option("Clip to be given a sound, or a folder of clips. A sound alone needs none."),
]
Reference = Annotated[
    list[Path] | None,
    _option(
        "Recording with the wanted timbre: a sound file, or a video whose sound is used. Given "
        "several times, the recordings are takes of one thing. Or a folder with one file for "
        "each clip, of the same name."
    ),
]
Output = Annotated[
    Path | None,
    _option(
        "Result: a video (.mp4, .mov, .mkv), the sound alone (.wav, .flac), or a folder for a "
        "batch."
    ),
]
Pairs = Annotated[
    Path | None,
    _option(
        "CSV list of a batch with the columns video and reference and, if wanted, output, "
        "events_in, guide, events_out, wav; instead of --video and --reference."
    ),
]

EventsIn = Annotated[
    Path | None,
    _option(
        "Play this list: our CSV, Audacity labels, MIDI, or the markers of a WAV file. A folder "
        "in a batch.",
        _TIMING,
    ),
]
Guide = Annotated[
    str | None,
    _option(
        "Play in time with a sound: 'own' for the clip's own track, or a file, such as a sketch "
        "made with the voice. A folder in a batch.",
        _TIMING,
    ),
]
GuideSensitivity = Annotated[
    float | None,
    _option(
        "0: only what begins very clearly in the guide, 1: the faintest beginnings. Default: 0.5.",
        _GUIDE,
    ),
]
GuideBand = Annotated[
    str | None,
    _option("Frequencies that are listened to in the guide, LOW-HIGH in Hz.", _GUIDE),
]
GuideGap = Annotated[
    float | None,
    _option("Of two beginnings closer than this (ms), the first counts. Default: 80.", _GUIDE),
]
GuideOffset = Annotated[
    float | None,
    _option("Move the guide by so many ms (-50 for a performer who is 50 ms late).", _GUIDE),
]
GuideTrack = Annotated[
    int | None,
    _option("Audio track of the guide, from 1. Default: the first that sounds.", _GUIDE),
]
GuideConfirm = Annotated[
    bool,
    typer.Option(
        "--guide-confirm",
        help="Keep what begins in the guide only where something moves in the picture, too.",
        rich_help_panel=_GUIDE,
    ),
]
Offset = Annotated[
    float, _option("Move everything later by so many milliseconds (negative: earlier).", _TIMING)
]
Seconds = Annotated[float | None, _option("Length of the sound where there is no video.", _TIMING)]
EventsOut = Annotated[
    Path | None,
    _option("Write what is played as CSV, to be corrected and given to --events-in.", _TIMING),
]
Follow = Annotated[
    float | None,
    _option(
        "How far the loudness follows the guide (or the picture), from 0 (each event at its own "
        "loudness) to 1. Default: 1 with a guide, else 0.",
        _TIMING,
    ),
]
Features = Annotated[
    list[str] | None,
    _option(
        "For models on REGNET features: the RGB file, then once more the flow file; without them, "
        "features are computed from the video.",
        _TIMING,
    ),
]

Background = Annotated[
    float, _option("Background of the reference: 0 (none) to 1 (as recorded).", _SOUND)
]
Variation = Annotated[
    float,
    _option("How far the playing of one take varies, 0 (not) to 1 (as a performer's).", _SOUND),
]
Dynamics = Annotated[
    float | None,
    _option(
        "How far strengths spread, 0 (all alike) to 1 (over 30 dB). Default: 1, and less for "
        "strengths that are guessed from the picture.",
        _SOUND,
    ),
]
Overlap = Annotated[
    bool | None,
    typer.Option(
        "--overlap/--no-overlap",
        help="Let sounds go on under those that follow. Default: those that ring do.",
        rich_help_panel=_SOUND,
    ),
]
Kind = Annotated[
    ReferenceKind,
    _option(
        "What the reference is: single sounds, one that lasts as long as its events, or (auto) "
        "whatever each sound in it seems to be.",
        _SOUND,
    ),
]
Range = Annotated[
    str | None,
    _option("Part of the reference that is used, A-B in seconds, such as 1.5-4.", _SOUND),
]
Explain = Annotated[
    bool,
    typer.Option(
        "--explain",
        help="List the takes that were found in the reference. Without --output nothing else.",
        rich_help_panel=_SOUND,
    ),
]
Loudness = Annotated[
    float | None,
    _option(
        "Bring the result to so many LUFS, such as -23. Default: a strong single sound peaks at "
        "-1 dB, whatever the result's loudness is.",
        _SOUND,
    ),
]
Gain = Annotated[float, _option("Gain in dB, -60 to 40; peaks are limited after it.", _SOUND)]
Seed = Annotated[
    int, _option("Another seed is another performance; the same gives the same bytes.", _SOUND)
]
Renderer = Annotated[
    RendererName, _option("How the waveform is made; see docs/renderers.md.", _SOUND)
]
KeepOriginalAudio = Annotated[
    float | None,
    _option("Mix the clip's own sound under the new one at this gain in dB, -60 to 20.", _SOUND),
]

Wav = Annotated[
    Path | None, _option("Also write the sound alone (.wav, .flac). A folder in a batch.", _FILES)
]
EachReference = Annotated[
    bool,
    typer.Option(
        "--each-reference",
        help="One result for each --reference instead of one from all; --output is a folder.",
        rich_help_panel=_FILES,
    ),
]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace outputs that exist.", rich_help_panel=_FILES)
]

BitDepth = Annotated[
    int | None,
    _option(
        "Bits of a sample: 16, 24, or 32 (floating point). Default: 16 for --wav, 24 for what is "
        "handed over.",
        _FILES,
    ),
]
SampleRate = Annotated[
    int | None,
    _option("Samples per second, such as 48000 for film. Default: the reference's.", _FILES),
]
StartTimecode = Annotated[
    str | None,
    _option(
        "Timecode of the first picture, such as 01:00:00:00 (drop frame 01:00:00;00). Default: "
        "the clip's own.",
        _FILES,
    ),
]

HandOver = Annotated[
    Path | None,
    _option(
        "Folder for stems, one sound an event, sessions, MIDI and markers: all, or what the "
        "options below name. Alone they write it beside the result.",
        _HAND_OVER,
    ),
]
SessionKinds = Annotated[
    list[SessionKind] | None,
    _option("Session with picture, guide, stems and items; may be given again.", _HAND_OVER),
]
Stems = Annotated[
    bool,
    typer.Option("--stems", help="Stems and one sound an event.", rich_help_panel=_HAND_OVER),
]
Midi = Annotated[
    bool, typer.Option("--midi", help="The events as MIDI notes.", rich_help_panel=_HAND_OVER)
]
Markers = Annotated[
    list[MarkerKind] | None,
    _option("The events as labels, list, or markers in the stems; may be given again.", _HAND_OVER),
]

Model = Annotated[Path | None, _option("Model folder; default: the model that ships.", _MODEL)]
ModelRuntime = Annotated[
    Runtime,
    _option(
        "What computes the networks: ONNX Runtime where the model has graphs (auto), or one of "
        "the two.",
        _MODEL,
    ),
]
Server = Annotated[
    str | None,
    _option(
        "HOST:PORT of TensorFlow Serving or vsg serve, whose model is used instead of --model; "
        "pictures and sounds are read and written here.",
        _SERVER,
    ),
]
ModelName = Annotated[str, _option("Name of the model on the server.", _SERVER)]
Tls = Annotated[
    bool,
    typer.Option("--tls", help="Encrypt, and know the server.", rich_help_panel=_SERVER),
]
TlsCa = Annotated[
    Path | None,
    _option("PEM certificates to trust instead of the system's; means --tls.", _SERVER),
]
TlsCert = Annotated[Path | None, _option("PEM certificate for mutual TLS; means --tls.", _SERVER)]
TlsKey = Annotated[Path | None, _option("PEM key of --tls-cert.", _SERVER)]
TokenFile = Annotated[
    Path | None,
    _option("File with a token, sent with every call as authorization: Bearer.", _SERVER),
]
Runner = Annotated[
    Literal["processes", "beam"],
    _option("Who renders a batch: this process, or the workers of Apache Beam.", _MANY),
]
BeamOption = Annotated[
    list[str] | None,
    typer.Option(
        "--beam-option",
        metavar="KEY=VALUE",
        help="A pipeline option of Beam, such as runner=FlinkRunner. Repeatable.",
        rich_help_panel=_MANY,
    ),
]
Workers = Annotated[
    int,
    typer.Option(min=1, help="Processes of Beam's local runner.", rich_help_panel=_MANY),
]


def handed_formats(
    sessions: list[SessionKind] | None,
    stems: bool,
    midi: bool,
    markers: list[MarkerKind] | None,
) -> tuple[str, ...]:
    """Names of what is handed over, as `handover.formats.FORMATS` has them."""
    named = [kind.value for kind in (*(sessions or ()), *(markers or ()))]
    return (*(["stems"] if stems else []), *(["midi"] if midi else []), *named)
