"""The networks one by one, as `inference.runtimes.networks.Networks` knows them, for a server.

With these, `vsg generate --server` does everything but the networks' arithmetic by itself.
"""

from collections.abc import Callable

import tensorflow as tf

from vsg_tf.config import config_to_yaml
from vsg_tf.graph_checks import checked, finite
from vsg_tf.inference.runtimes.network_graphs import NetworkGraphs, VocoderGraph


def network_signatures(graphs: NetworkGraphs, vocoder: VocoderGraph | None) -> dict[str, Callable]:
    """`describe` and the `network_...` signatures, traced for any batch and lengths."""
    config = graphs.config
    features, mel, drive = graphs.features_spec, graphs.mel_spec, graphs.drive_spec
    frames, seed = (tf.TensorSpec([None], tf.int32, name) for name in ("frames", "seed"))
    background = graphs.background_spec
    code = graphs.code_specs
    text = config_to_yaml(config)

    @tf.function(autograph=False, input_signature=[])
    def describe():
        return {"config_yaml": tf.constant(text), "has_vocoder": tf.constant(vocoder is not None)}

    @tf.function(autograph=False, input_signature=[features])
    def network_event_logits(features):
        return {"event_logits": graphs.event_logits(finite(features, "features"))}

    @tf.function(autograph=False, input_signature=[mel])
    def network_encode_reference(mel):
        return graphs.encode_reference(finite(mel, "mel"))

    @tf.function(autograph=False, input_signature=[drive, *code.values(), background, frames])
    def network_decode(drive, timbre, tokens, mel, background, frames):
        frames = checked(frames, tf.size(frames) > 0, "frames is empty; send one number a clip.")
        wanted = frames[0]
        same = tf.reduce_all(frames == wanted) & (wanted > 0)
        wanted = checked(wanted, same, "frames must be above 0 and the same for all examples.")
        if not graphs.hears_events:
            wanted = checked(
                wanted, wanted == tf.shape(drive)[1], "frames must be the length of drive."
            )
        drive = finite(drive, "drive")
        reference = {"timbre": timbre, "tokens": tokens, "mel": mel}
        reference = {name: finite(value, name) for name, value in reference.items()}
        return {"mel": graphs.decode(drive, reference, finite(background, "background"), wanted)}

    @tf.function(autograph=False, input_signature=[mel, seed])
    def network_waveform(mel, seed):
        mel = finite(mel, "mel")
        seed = checked(
            seed,
            tf.reduce_all(seed >= 0) & (tf.size(seed) == tf.shape(mel)[0]),
            "seed must hold one number from 0 on for each example.",
        )
        # One by one: examples of one batch may have different seeds.
        waveform = tf.map_fn(
            lambda pair: graphs.griffin_lim(pair[0][None], seed=pair[1])[0],
            (mel, seed),
            fn_output_signature=tf.TensorSpec([None], tf.float32),
        )
        return {"waveform": waveform}

    @tf.function(autograph=False, input_signature=[mel])
    def network_vocoder(mel):
        return {"waveform": vocoder(finite(mel, "mel"))}

    signatures = [describe, network_encode_reference, network_decode, network_waveform]
    if graphs.hears_events:
        signatures.append(network_event_logits)
    if vocoder is not None:
        signatures.append(network_vocoder)
    return {function.__name__: function for function in signatures}
