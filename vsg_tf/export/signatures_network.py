"""The networks one by one, as `vsg_tf.inference.networks.Networks` knows them, for a server.

With these, `vsg generate --server` does everything but the networks' arithmetic by itself.
"""

from collections.abc import Callable

import tensorflow as tf

from vsg_tf.audio.griffin_lim import GriffinLim
from vsg_tf.config import Config, config_to_yaml
from vsg_tf.export.graph_checks import checked, finite
from vsg_tf.models.generator import Generator


class NetworkGraphs:
    """The networks as functions of tensors; the batch is the first dimension everywhere.

    Args:
        config: of the model.
        generator: built, with trained weights.
    """

    def __init__(self, config: Config, generator: Generator):
        self.config = config
        self.generator = generator
        self.griffin_lim = GriffinLim(config.audio)

    @property
    def hears_events(self) -> bool:
        """Whether the decoder is driven by an event list instead of features."""
        return self.config.model.events.enabled

    def event_logits(self, features: tf.Tensor) -> tf.Tensor:
        """Features `[batch, T, F]` to logits of the event curves `[batch, T, 3]`."""
        code = self.generator.encode_video(features, training=False)
        return self.generator.event_logits(code)

    def encode_reference(self, mel: tf.Tensor) -> dict[str, tf.Tensor]:
        """Mel `[batch, Tr, M]` to the acoustic code: `timbre`, `tokens` and `mel`."""
        return self.generator.encode_reference(mel, training=False)

    def decode(
        self, drive: tf.Tensor, code: dict, background: tf.Tensor, frames: tf.Tensor
    ) -> tf.Tensor:
        """Mel `[batch, frames * mel_per_feature, M]` in 0..1; arguments as `Networks.decode`."""
        generator = self.generator
        if self.hears_events:
            temporal = generator.render_events(drive, frames, training=False)
        else:
            temporal = generator.encode_video(drive, training=False)
        noise = generator.encode_background(background, training=False)
        mel = generator.decode(temporal, code, noise, training=False)
        return tf.clip_by_value(tf.cast(mel, tf.float32), 0.0, 1.0)


def code_specs(config: Config, generator: Generator) -> dict[str, tf.TensorSpec]:
    """Names, types and shapes of the acoustic code's tensors."""
    example = generator.encode_reference(tf.zeros([1, 8, config.audio.n_mels]), training=False)
    specs = {}
    for name, value in example.items():
        shape = [None] * (value.shape.rank - 1) + [value.shape[-1]]
        specs[name] = tf.TensorSpec(shape, value.dtype, name)
    return specs


def network_signatures(graphs: NetworkGraphs) -> dict[str, Callable]:
    """`describe` and the `network_...` signatures, traced for any batch and lengths."""
    config = graphs.config
    features = tf.TensorSpec([None, None, config.video.feature_width], tf.float32, "features")
    mel = tf.TensorSpec([None, None, config.audio.n_mels], tf.float32, "mel")
    events = tf.TensorSpec([None, None, 3], tf.float32, "drive")
    drive = events if graphs.hears_events else tf.TensorSpec(features.shape, tf.float32, "drive")
    whole_numbers = {name: tf.TensorSpec([None], tf.int32, name) for name in ("frames", "seed")}
    background = tf.TensorSpec(mel.shape, tf.float32, "background")
    code = code_specs(config, graphs.generator)
    text = config_to_yaml(config)

    @tf.function(input_signature=[])
    def describe():
        return {"config_yaml": tf.constant(text)}

    @tf.function(input_signature=[features])
    def network_event_logits(features):
        return {"event_logits": graphs.event_logits(finite(features, "features"))}

    @tf.function(input_signature=[mel])
    def network_encode_reference(mel):
        return graphs.encode_reference(finite(mel, "mel"))

    @tf.function(input_signature=[drive, *code.values(), background, whole_numbers["frames"]])
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

    @tf.function(input_signature=[mel, whole_numbers["seed"]])
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

    signatures = [describe, network_encode_reference, network_decode, network_waveform]
    if graphs.hears_events:
        signatures.append(network_event_logits)
    return {function.__name__: function for function in signatures}
