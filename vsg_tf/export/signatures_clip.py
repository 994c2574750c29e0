"""Signatures for whole clips: visual features and a reference in, sound out."""

from collections.abc import Callable

import tensorflow as tf

from vsg_tf.export.graph_clip import clip_mel, plan_events
from vsg_tf.export.graph_reference import prepare_reference
from vsg_tf.export.graph_waveform import clip_waveform
from vsg_tf.graph_checks import checked, finite
from vsg_tf.inference.runtimes.network_graphs import NetworkGraphs, VocoderGraph

LONGEST_CLIP = 600.0  # s; a longer one does not fit into a request or its deadline


class ClipGraphs:
    """Steps from features and a reference to a waveform, each traced once.

    Args:
        graphs: the networks.
        vocoder: what makes the waveforms; None: Griffin-Lim.
    """

    def __init__(self, graphs: NetworkGraphs, vocoder: VocoderGraph | None):
        self.graphs = graphs
        self.vocoder = vocoder
        self.config = graphs.config
        samples = tf.TensorSpec([None, None], tf.float32, "reference")
        self.vector_spec = tf.TensorSpec([None], tf.float32, "background")
        self.code_specs = {
            **graphs.code_specs,
            "reference_mel": tf.TensorSpec(graphs.mel_spec.shape, tf.float32, "reference_mel"),
            "ring_s": tf.TensorSpec([None], tf.float32, "ring_s"),
        }
        self.encode_reference = tf.function(
            self._encode_reference, autograph=False, input_signature=[samples]
        )
        self.plan_events = tf.function(
            lambda features, ring: plan_events(features, ring, graphs),
            autograph=False,
            input_signature=[graphs.features_spec, self.code_specs["ring_s"]],
        )
        self._decode = tf.function(
            self._decode_graph,
            autograph=False,
            input_signature=[
                graphs.drive_spec,
                self.code_specs,
                self.vector_spec,
                tf.TensorSpec([], tf.int32),
            ],
        )

    def generate(self, features, code, background) -> dict[str, tf.Tensor]:
        """`mel`, `waveform` and, for models with events, the `events` that are played."""
        features = self._checked_features(features)
        frames = tf.shape(features)[1]
        if not self.graphs.hears_events:
            return self._decode(features, code, background, frames)
        events = self.plan_events(features, code["ring_s"])
        outputs = self._decode(events, code, background, frames)
        unused = events[:, :, 1:2] <= 0
        return {**outputs, "events": tf.where(unused, float("nan"), events)}

    def play(self, events, code, background, frames) -> dict[str, tf.Tensor]:
        """`mel` and `waveform` of given events `[batch, events, 3]`; rows of NaN are unused."""
        unused = tf.reduce_all(tf.math.is_nan(events), axis=2, keepdims=True)
        events = tf.where(unused, 0.0, events)
        fits = tf.math.is_finite(events) & (events >= 0)
        fits &= events <= [LONGEST_CLIP, 1.0, LONGEST_CLIP]
        events = checked(
            events,
            tf.reduce_all(fits),
            f"events must hold time_s from 0 to {LONGEST_CLIP:g}, strength from 0 to 1 and "
            f"duration_s from 0 to {LONGEST_CLIP:g}, or rows of NaN.",
        )
        return self._decode(events, code, background, self._checked_frames(frames))

    def _checked_frames(self, frames):
        most = self.config.timebase.feature_frames_for(LONGEST_CLIP)
        return checked(
            frames,
            (frames > 0) & (frames <= most),
            f"A clip must have 1 to {most} feature frames ({LONGEST_CLIP:g} s); cut a longer one.",
        )

    def _checked_features(self, features):
        with tf.control_dependencies([self._checked_frames(tf.shape(features)[1])]):
            return finite(features, "features")

    def _encode_reference(self, reference):
        mel, clean, ring = prepare_reference(reference, self.config)
        return {**self.graphs.encode_reference(clean), "reference_mel": mel, "ring_s": ring}

    def _decode_graph(self, drive, code, background, frames):
        background = checked(
            background,
            tf.reduce_all((background >= 0) & (background <= 1)),
            "background must be from 0 to 1.",
        )
        sizes = [tf.shape(value)[0] for value in (drive, background, *code.values())]
        background = checked(
            background,
            tf.reduce_all(tf.stack(sizes) == sizes[0]),
            "All inputs must hold the same number of examples.",
        )
        network_code = {name: finite(code[name], name) for name in self.graphs.code_specs}
        noise = finite(code["reference_mel"], "reference_mel")
        mel = clip_mel(drive, network_code, noise, background, frames, self.graphs)
        return {"mel": mel, "waveform": clip_waveform(mel, self.graphs, self.vocoder)}


def clip_signatures(clips: ClipGraphs) -> dict[str, Callable]:
    """`serving_default`, `encode_reference`, `generate` and, with events, the last one."""
    features, background = clips.graphs.features_spec, clips.vector_spec
    reference = tf.TensorSpec([None, None], tf.float32, "reference")
    code = clips.code_specs
    events = tf.TensorSpec([None, None, 3], tf.float32, "events")
    frames = tf.TensorSpec([None], tf.int32, "frames")

    def gather(timbre, tokens, mel, reference_mel, ring_s):
        return {
            "timbre": timbre,
            "tokens": tokens,
            "mel": mel,
            "reference_mel": reference_mel,
            "ring_s": ring_s,
        }

    @tf.function(autograph=False, input_signature=[features, reference, background])
    def serving_default(features, reference, background):
        code = clips.encode_reference(reference)
        return {"waveform": clips.generate(features, code, background)["waveform"]}

    @tf.function(autograph=False, input_signature=[reference])
    def encode_reference(reference):
        return clips.encode_reference(reference)

    @tf.function(autograph=False, input_signature=[features, *code.values(), background])
    def generate(features, timbre, tokens, mel, reference_mel, ring_s, background):
        return clips.generate(
            features, gather(timbre, tokens, mel, reference_mel, ring_s), background
        )

    @tf.function(autograph=False, input_signature=[events, frames, *code.values(), background])
    def generate_from_events(
        events, frames, timbre, tokens, mel, reference_mel, ring_s, background
    ):
        frames = checked(
            frames,
            (tf.size(frames) > 0) & tf.reduce_all(frames == frames[:1]),
            "frames must hold the same number for each example.",
        )
        code = gather(timbre, tokens, mel, reference_mel, ring_s)
        return clips.play(events, code, background, frames[0])

    signatures = [serving_default, encode_reference, generate]
    if clips.graphs.hears_events:
        signatures.append(generate_from_events)
    return {function.__name__: function for function in signatures}
