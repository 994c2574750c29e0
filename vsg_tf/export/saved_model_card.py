"""The README of a SavedModel: its signatures with units, its limits, and the model's own card."""

from collections.abc import Callable, Mapping

import tensorflow as tf

from vsg_tf import __version__
from vsg_tf.audio.reading import LONGEST_REFERENCE, SHORTEST_REFERENCE
from vsg_tf.config import Config
from vsg_tf.export import graph_wav
from vsg_tf.export.signatures_bytes import MOST_FRAMES
from vsg_tf.export.signatures_clip import LONGEST_CLIP
from vsg_tf.frontends import graph_pictures

# Dimensions and meaning of every tensor; a signature's own entry goes first.
_TENSORS = {
    "features": ("batch, feature_frames, {width}", "visual features, {feature_rate:.3f} a second"),
    "reference": ("batch, samples", "recording with the wanted timbre, mono, {rate} Hz, -1..1"),
    "background": ("batch", "share of the reference's background, 0 (none) to 1"),
    "network_decode/background": (
        "batch, background_frames, {bands}",
        "mel whose background is wanted, 0..1; zeros for none",
    ),
    "sound": ("batch, samples", "recording to convert, mono, {rate} Hz, -1..1"),
    "convert/mel/in": ("batch, mel_frames, {bands}", "mel of the sound to convert, 0..1"),
    "convert/mel/out": ("batch, mel_frames, {bands}", "0..1, {mel_rate:.3f} frames a second"),
    "waveform/mel": ("batch, mel_frames, {bands}", "0..1, {mel_rate:.3f} frames a second"),
    "waveform": ("batch, samples", "mono, {rate} Hz, {hop} samples a mel frame"),
    "timbre": ("batch, {timbre}", "acoustic code: the timbre as one vector"),
    "tokens": ("batch, reference_frames, {tokens}", "acoustic code: the reference's frames"),
    "mel": ("batch, reference_frames, {bands}", "acoustic code: the mel that is copied from, 0..1"),
    "generate/mel/out": ("batch, mel_frames, {bands}", "0..1, {mel_rate:.3f} frames a second"),
    "generate_from_events/mel/out": (
        "batch, mel_frames, {bands}",
        "0..1, {mel_rate:.3f} frames a second",
    ),
    "network_decode/mel/out": ("batch, mel_frames, {bands}", "0..1"),
    "network_encode_reference/mel": ("batch, reference_frames, {bands}", "0..1"),
    "network_waveform/mel": ("batch, mel_frames, {bands}", "0..1"),
    "network_vocoder/mel": ("batch, mel_frames, {bands}", "0..1"),
    "reference_mel": ("batch, reference_frames, {bands}", "mel with its background, 0..1"),
    "ring_s": ("batch", "s that the reference's events sound; NaN: it has none"),
    "events": (
        "batch, events, 3",
        "time in s, strength 0..1 (over 30 dB), duration in s; rows of NaN are unused",
    ),
    "frames": ("batch", "feature frames of the clip, the same for all examples"),
    "from_bytes/frames": ("batch, pictures", "JPEG or PNG files"),
    "frame_times": ("batch, pictures", "s at which each picture is shown, ascending"),
    "reference_wav": ("batch", "a WAV file, 16-bit PCM, any sample rate and channels"),
    "wav": ("batch", "a WAV file, 16-bit PCM, mono, {rate} Hz, peak at most -1 dB"),
    "config_yaml": ("", "the model's configuration"),
    "has_vocoder": ("", "whether waveforms are made by a vocoder; else by Griffin-Lim"),
    "event_logits": (
        "batch, feature_frames, 3",
        "envelope, onset and strength; a sigmoid makes curves of them",
    ),
    "drive": ("batch, {drive}", "what drives the decoder: {drive_meaning}"),
    "seed": ("batch", "seed of the initial phases, 0 or more"),
}


_LIMITS = f"""\
- A clip has at most {LONGEST_CLIP:g} s, in `from_bytes` 2 to {MOST_FRAMES} pictures of at most
  {graph_pictures.MOST_PIXELS} pixels and {graph_pictures.MOST_BYTES} bytes each.
- A WAV file has at most {graph_wav.MOST_BYTES} bytes and {graph_wav.LOWEST_RATE} to
  {graph_wav.HIGHEST_RATE} samples per second."""
_USING = """\
`encode_reference` once and `generate` often is one reference for many clips: pass all of its
outputs on. The `network_` signatures are the networks one by one, as `vsg generate --server` asks
for them; `serving_default`, `generate` and `from_bytes` do all that is around them, too, and make
waveforms by {waveforms}. For other renderers, use `vsg generate --server`."""
_NO_BYTES = """\
There is no `from_bytes`: this model's features come from pretrained networks, which are not part
of it.

"""
_CONVERTING = """\
`serving_default` gives a sound the timbre of another, its waveform by {waveforms}; pitch is read
from the mel, in the graph. The other signatures are its steps. `convert` takes the mel of any
source on the same mel grid: the mel that `generate` of an exported REGNET answers, through
`convert` and `waveform`, is the cascade."""
_CONVERTING_LIMITS = f"- A sound has at most {LONGEST_CLIP:g} s."


def _usage(functions: Mapping[str, Callable]) -> str:
    return _USING if "from_bytes" in functions else _NO_BYTES + _USING


def signature_table(config: Config, functions: Mapping[str, Callable]) -> str:
    """Markdown: names, types, shapes and units of every signature's inputs and outputs."""
    sizes = _sizes(config, functions)
    rows = ["| signature | | tensor | type | shape | |", "|---|---|---|---|---|---|"]
    for signature in sorted(functions, key=_importance):
        function = functions[signature]
        inputs = function.structured_input_signature[1] or {
            spec.name: spec for spec in function.structured_input_signature[0]
        }
        for way, tensors in (("in", inputs), ("out", function.structured_outputs)):
            for name, spec in tensors.items():
                shape, meaning = _described(signature, name, way)
                rows.append(
                    f"| `{signature}` | {way} | `{name}` | {spec.dtype.name} | "
                    f"[{shape.format(**sizes)}] | {meaning.format(**sizes)} |"
                )
    return "\n".join(rows)


def export_card(
    config: Config,
    functions: Mapping[str, Callable],
    differences: Mapping[str, float],
    card: str,
) -> str:
    """Markdown of the whole README.

    Args:
        config: of the model.
        functions: concrete functions of the signatures, by name.
        differences: from `measure_parity`.
        card: of the model.
    """
    parity = "\n".join(f"| {name} | {value:.1e} |" for name, value in differences.items())
    parameters = f"{config.name}: {config.audio.sample_rate} Hz, {config.audio.n_mels} mel bands"
    waveforms = "Griffin-Lim"
    if "network_vocoder" in functions:
        waveforms = "the vocoder; `network_waveform` makes them by Griffin-Lim"
    converts = config.model.kind == "speechsplit"
    usage = _CONVERTING if converts else _usage(functions)
    limits = _CONVERTING_LIMITS if converts else _LIMITS
    demoted = "\n".join(f"#{line}" if line.startswith("#") else line for line in card.splitlines())
    return f"""# {config.name}, a SavedModel

Exported by vsg-tf {__version__}; needs TensorFlow 2.20 or newer, or TensorFlow Serving of that
age, and nothing of vsg-tf. {parameters}; every setting is in `config.yaml`. All examples of a
request have equal lengths; all lengths are free.

## Signatures

{signature_table(config, functions)}

{usage.format(waveforms=waveforms)}

## Limits

{limits}
- Of a reference the first {LONGEST_REFERENCE:g} s are used; it must have {SHORTEST_REFERENCE} s.
- What cannot be used is answered with INVALID_ARGUMENT and a sentence.

## Largest difference to the Python path

Measured at export on what was written, a clip of 14 s. Waveforms differ more than mels because
phase reconstruction multiplies rounding errors; they are compared by norm.

| | largest difference |
|---|---|
{parity}

## The model

{demoted}
"""


def _importance(signature: str) -> tuple[bool, bool, str]:
    return signature.startswith("network_"), signature != "serving_default", signature


def _described(signature: str, name: str, way: str) -> tuple[str, str]:
    for key in (f"{signature}/{name}/{way}", f"{signature}/{name}", name):
        if key in _TENSORS:
            return _TENSORS[key]
    raise KeyError(f"{signature}/{name}")


def _sizes(config: Config, functions: Mapping[str, Callable]) -> dict:
    code: Mapping[str, tf.TensorSpec] = functions["encode_reference"].structured_outputs
    events = config.model.events.enabled
    timebase = config.timebase
    return {
        "width": config.video.feature_width,
        "bands": config.audio.n_mels,
        "rate": config.audio.sample_rate,
        "hop": config.audio.hop_length,
        "mel_rate": timebase.mel_rate,
        "feature_rate": timebase.feature_rate,
        "timbre": code["timbre"].shape[-1],
        "tokens": code["tokens"].shape[-1] if "tokens" in code else None,
        "drive": "events, 3" if events else f"feature_frames, {config.video.feature_width}",
        "drive_meaning": "events; rows of strength 0 are unused" if events else "features",
    }
