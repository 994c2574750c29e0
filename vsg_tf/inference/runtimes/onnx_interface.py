"""What an ONNX folder holds: the graphs, their inputs and outputs.

Exporter, runtime and the table in an export's README read it here.
"""

from dataclasses import dataclass

from vsg_tf.audio.phases import edge_frames
from vsg_tf.config import Config

FLOAT, INT32 = "float", "int32"


@dataclass(frozen=True)
class Port:
    """One input or output of a graph.

    Args:
        name: as in the file.
        shape: a number where fixed, a name where any length goes; equal names are equal lengths.
        meaning: units and range.
        dtype: `FLOAT` or `INT32`.
    """

    name: str
    shape: tuple[int | str, ...]
    meaning: str
    dtype: str = FLOAT


@dataclass(frozen=True)
class GraphInterface:
    """Inputs and outputs of one graph."""

    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]


def graph_file(name: str) -> str:
    """File of a graph in an ONNX folder."""
    return f"{name}.onnx"


def graph_interfaces(config: Config, vocoder: bool) -> dict[str, GraphInterface]:
    """The graphs of a model by name.

    `event_logits` only where it hears events, `encode_reference` only where it hears a reference.

    Args:
        config: of the model.
        vocoder: whether it has a vocoder, which is the graph `vocoder`.
    """
    bands, width = config.audio.n_mels, config.drive_width
    per_feature, hop = config.video.mel_per_feature, config.audio.hop_length
    seen = f"visual features ({config.video.visual.name})"
    features = Port("features", ("batch", "frames", width), seen)
    samples = Port(
        "waveform", ("batch", "samples"), f"mono, -1 to 1, {config.audio.sample_rate} Hz"
    )
    code = _code_ports(config)
    reference = Port("mel", ("batch", "reference_frames", bands), "0 to 1; at least 32 frames")
    background = (
        Port(
            "background",
            ("batch", "background_frames", bands),
            "0 to 1; mel whose background is wanted, zeros for none",
        ),
    )
    if config.model.kind == "speechsplit":
        meaning = f"0 to 1; mel of the sound to convert, {per_feature} frames side by side"
        features, background = Port("features", features.shape, meaning), ()
    if config.model.events.enabled:
        drive = (
            Port(
                "drive",
                ("batch", "events", 3),
                "time (s), strength (0 to 1; 0: unused row), duration (s)",
            ),
        )
        length = (Port("frames", ("batch",), "feature frames wanted, all equal", INT32),)
    else:
        drive, length = (Port("drive", features.shape, features.meaning),), ()
    decoded = Port(
        "mel", ("batch", "mel_frames", bands), f"0 to 1; {per_feature} frames a feature frame"
    )
    turns = Port(
        "phases",
        ("phase_frames", config.audio.n_fft // 2 + 1),
        "initial phases, 0 to 1 (whole turns), uniformly random; "
        f"mel_frames + {2 * edge_frames(config.audio)} rows",
    )
    logits = Port("event_logits", ("batch", "frames", 3), "envelope, onset, strength; sigmoid")
    frames = Port("mel", ("batch", "mel_frames", bands), f"0 to 1; a frame every {hop} samples")
    graphs = {
        "log_mel": GraphInterface((samples,), (frames,)),
        "decode": GraphInterface((*drive, *code, *background, *length), (decoded,)),
        "waveform": GraphInterface((decoded, turns), (samples,)),
    }
    if code:
        graphs["encode_reference"] = GraphInterface((reference,), code)
    if config.model.events.enabled:
        graphs["event_logits"] = GraphInterface((features,), (logits,))
    if vocoder:
        graphs["vocoder"] = GraphInterface((decoded,), (samples,))
    return graphs


def _code_ports(config: Config) -> tuple[Port, ...]:
    """What the decoder knows of the reference."""
    model = config.model
    if model.kind == "regnet":
        return ()
    if model.kind == "speechsplit":
        return (Port("timbre", ("batch", model.embedding_size), "of the reference"),)
    return (
        Port("timbre", ("batch", 2 * model.acoustic.lstm_units), "of the reference"),
        Port("tokens", ("batch", "reference_frames", model.acoustic.filters), "its frames"),
        Port("reference_mel", ("batch", "reference_frames", config.audio.n_mels), "0 to 1"),
    )
