"""Signatures of a model that converts sounds (SpeechSplit): sound and reference in, sound out."""

from collections.abc import Callable

import tensorflow as tf

from vsg_tf.audio.graph_mel import GraphLogMel
from vsg_tf.config import Config, config_to_yaml
from vsg_tf.export.graph_clip import clip_mel
from vsg_tf.export.graph_reference import prepare_reference
from vsg_tf.export.graph_waveform import clip_waveform
from vsg_tf.export.signatures_clip import LONGEST_CLIP
from vsg_tf.graph_checks import checked, finite
from vsg_tf.inference.runtimes.network_graphs import NetworkGraphs, VocoderGraph


def conversion_signatures(
    graphs: NetworkGraphs, vocoder: VocoderGraph | None
) -> dict[str, Callable]:
    """`serving_default`, its steps one by one, and `describe`; for any batch and lengths.

    `convert` takes the mel of any source, such as that of an exported REGNET: the two are the
    cascade of `vsg_tf.baselines`.
    """
    config = graphs.config
    text = config_to_yaml(config)
    log_mel = GraphLogMel(config.audio)
    sound, reference = (
        tf.TensorSpec([None, None], tf.float32, name) for name in ("sound", "reference")
    )
    mel, timbre = graphs.mel_spec, graphs.code_specs["timbre"]

    def embed(reference):
        _, clean, _ = prepare_reference(reference, config)
        return graphs.encode_reference(clean)["timbre"]

    @tf.function(autograph=False, input_signature=[])
    def describe():
        return {"config_yaml": tf.constant(text), "has_vocoder": tf.constant(vocoder is not None)}

    @tf.function(autograph=False, input_signature=[reference])
    def encode_reference(reference):
        return {"timbre": embed(reference)}

    @tf.function(autograph=False, input_signature=[mel, timbre])
    def convert(mel, timbre):
        converted = _convert(_checked_mel(mel, config), finite(timbre, "timbre"), graphs)
        return {"mel": converted[:, : tf.shape(mel)[1]]}

    @tf.function(autograph=False, input_signature=[mel])
    def waveform(mel):
        samples = tf.shape(mel)[1] * config.audio.hop_length
        whole = _whole_feature_frames(_checked_mel(mel, config), config)
        return {"waveform": clip_waveform(whole, graphs, vocoder)[:, :samples]}

    @tf.function(autograph=False, input_signature=[sound, reference])
    def serving_default(sound, reference):
        samples = tf.shape(sound)[1]
        mel = _checked_mel(log_mel(finite(sound, "sound")), config)
        converted = _convert(mel, embed(reference), graphs)
        return {"waveform": clip_waveform(converted, graphs, vocoder)[:, :samples]}

    signatures = (describe, encode_reference, convert, waveform, serving_default)
    return {function.__name__: function for function in signatures}


def _checked_mel(mel: tf.Tensor, config: Config) -> tf.Tensor:
    most = config.timebase.mel_frames(config.timebase.feature_frames_for(LONGEST_CLIP))
    return checked(
        finite(mel, "mel"),
        tf.shape(mel)[1] <= most,
        f"A sound must have at most {LONGEST_CLIP:g} s ({most} mel frames); cut a longer one.",
    )


def _whole_feature_frames(mel: tf.Tensor, config: Config) -> tf.Tensor:
    missing = tf.math.floormod(-tf.shape(mel)[1], config.video.mel_per_feature)
    return tf.pad(mel, [[0, 0], [0, missing], [0, 0]])


def _convert(mel: tf.Tensor, timbre: tf.Tensor, graphs: NetworkGraphs) -> tf.Tensor:
    """Mels `[batch, frames, n_mels]` in 0..1; silence fills up the last feature frame."""
    config = graphs.config
    batch = tf.shape(mel)[0]
    timbre = checked(
        timbre,
        tf.shape(timbre)[0] == batch,
        "All inputs must hold the same number of examples.",
    )
    drive = tf.reshape(_whole_feature_frames(mel, config), [batch, -1, config.drive_width])
    silence = tf.zeros([batch, 1, config.audio.n_mels])
    return clip_mel(
        drive, {"timbre": timbre}, silence, tf.zeros([batch]), tf.shape(drive)[1], graphs
    )
