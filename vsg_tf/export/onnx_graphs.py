"""The graphs of an ONNX folder as TensorFlow functions, one a file."""

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from vsg_tf.audio.graph_mel import scale_bands
from vsg_tf.audio.griffin_lim import GriffinLim
from vsg_tf.audio.mel import mel_basis
from vsg_tf.audio.spectra import MatrixSpectra
from vsg_tf.config import Config
from vsg_tf.config.schema import AudioConfig
from vsg_tf.inference.runtimes.network_graphs import NetworkGraphs
from vsg_tf.inference.runtimes.onnx_interface import INT32, Port, graph_interfaces
from vsg_tf.models.build import build_vocoder
from vsg_tf.models.generator import Generator
from vsg_tf.models.vocoder import Vocoder


def onnx_functions(
    config: Config, generator: Generator, vocoder: Vocoder | None
) -> dict[str, tf.types.experimental.GenericFunction]:
    """Functions with the inputs and outputs of `graph_interfaces`, ready to be converted.

    Args:
        config: of the model.
        generator: built, with trained weights.
        vocoder: the same, or None.
    """
    graphs = NetworkGraphs(config, generator)
    griffin_lim = GriffinLim(config.audio, MatrixSpectra(config.audio))

    interfaces = graph_interfaces(config, vocoder is not None)

    def encode_reference(mel):
        code = graphs.encode_reference(mel)
        # A file's inputs and outputs share their names, so the code's mel needs one of its own.
        code["reference_mel"] = code.pop("mel", None)
        return {port.name: code[port.name] for port in interfaces["encode_reference"].outputs}

    def decode(*values):
        given = dict(zip((port.name for port in interfaces["decode"].inputs), values, strict=True))
        drive = given.pop("drive")
        wanted = given.pop("frames")[0] if "frames" in given else tf.shape(drive)[1]
        silence = tf.zeros([tf.shape(drive)[0], 1, config.audio.n_mels])
        background = given.pop("background", silence)
        if given:
            code = {name.removeprefix("reference_"): value for name, value in given.items()}
        else:  # it is not listened to, but the trace asks for one
            code = graphs.encode_reference(silence)
        return {"mel": graphs.decode(drive, code, background, wanted)}

    functions = {
        "log_mel": lambda waveform: {"mel": log_mel(waveform, config.audio)},
        "encode_reference": encode_reference,
        "decode": decode,
        "waveform": lambda mel, phases: {"waveform": griffin_lim.from_turns(mel, phases)},
        "event_logits": lambda features: {"event_logits": graphs.event_logits(features)},
    }
    if vocoder is not None:
        by_matrices = _without_fft(vocoder)
        functions["vocoder"] = lambda mel: {"waveform": by_matrices(mel)}
    return {
        name: _traced(functions[name], interface.inputs) for name, interface in interfaces.items()
    }


def _without_fft(vocoder: Vocoder) -> Vocoder:
    """The same vocoder for runtimes that know no FFT."""
    other = build_vocoder(vocoder.config, matrices=True)
    other.set_weights(vocoder.get_weights())
    return other


def log_mel(waveform: tf.Tensor, config: AudioConfig) -> tf.Tensor:
    """What `vsg_tf.audio.mel.LogMel` computes, as a graph without an FFT.

    Args:
        waveform: `[batch, samples]`, mono.
        config: the `audio` section.

    Returns:
        `[batch, max(1, ceil(samples / hop_length)), n_mels]` in 0..1.
    """
    spectra, hop = MatrixSpectra(config), config.hop_length
    samples = tf.shape(waveform)[1]
    # Rounded up without negative numbers, which ONNX divides towards zero.
    frames = tf.maximum(1, (samples + hop - 1) // hop)
    left = config.n_fft // 2
    blocks = frames - 1 + spectra.overlap
    padded = tf.pad(waveform, [[0, 0], [left, blocks * hop - left - samples]])
    signal = tf.transpose(tf.reshape(padded, [-1, blocks, hop]), [0, 2, 1])
    magnitude = spectra.magnitude(spectra.forward(signal))
    bins = spectra.dft.bins.reshape(-1)
    basis = np.zeros((config.n_mels, len(bins)), np.float32)
    once = np.unique(bins, return_index=True)[1]  # folded spectra hold some bins twice
    basis[:, once] = mel_basis(config)[:, bins[once]]
    mel = tf.matmul(basis, tf.reshape(magnitude, [-1, len(bins), frames]))
    return tf.transpose(scale_bands(mel), [0, 2, 1])


def _traced(function: Callable, ports: tuple[Port, ...]):
    signature = [
        tf.TensorSpec(
            [size if isinstance(size, int) else None for size in port.shape],
            tf.int32 if port.dtype == INT32 else tf.float32,
            name=port.name,
        )
        for port in ports
    ]
    return tf.function(function, input_signature=signature)
