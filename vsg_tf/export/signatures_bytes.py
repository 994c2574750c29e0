"""The signature for clients without signal processing: encoded pictures and WAV in, WAV out."""

from collections.abc import Callable

import tensorflow as tf

from vsg_tf.export.graph_wav import decode_wav, encode_wav
from vsg_tf.export.signatures_clip import LONGEST_CLIP, ClipGraphs
from vsg_tf.frontends.graph_pictures import decode_pictures
from vsg_tf.graph_checks import checked, finite

MOST_FRAMES = 20_000


def bytes_signatures(clips: ClipGraphs) -> dict[str, Callable]:
    """`from_bytes`, for models whose visual front end can be a graph."""
    config = clips.config
    wanted = config.video.visual.pictures
    extract = config.video.visual.graph(config.timebase)
    if extract is None:
        return {}

    def render(example):
        encoded, pictures, times, background = example
        waveform = decode_wav(encoded, config.audio.sample_rate)
        times = _checked_times(times)
        features = extract(decode_pictures(pictures, wanted), times)
        code = clips.encode_reference(waveform[None])
        sound = clips.generate(features[None], code, background[None])["waveform"][0]
        return encode_wav(sound, config.audio.sample_rate)

    @tf.function(
        autograph=False,
        input_signature=[
            tf.TensorSpec([None], tf.string, "reference_wav"),
            tf.TensorSpec([None, None], tf.string, "frames"),
            tf.TensorSpec([None, None], tf.float32, "frame_times"),
            tf.TensorSpec([None], tf.float32, "background"),
        ],
    )
    def from_bytes(reference_wav, frames, frame_times, background):
        count = tf.shape(frames)
        fits = (
            (count[0] > 0)
            & tf.reduce_all(count == tf.shape(frame_times))
            & (count[0] == tf.size(reference_wav))
            & (count[0] == tf.size(background))
        )
        frames = checked(
            frames,
            fits,
            "Each example needs one reference_wav, one background, and as many frame_times as "
            "frames.",
        )
        frames = checked(
            frames,
            (count[1] >= 2) & (count[1] <= MOST_FRAMES),
            f"A clip must have 2 to {MOST_FRAMES} frames.",
        )
        wav = tf.map_fn(
            render,
            (reference_wav, frames, finite(frame_times, "frame_times"), background),
            fn_output_signature=tf.TensorSpec([], tf.string),
            parallel_iterations=1,
        )
        return {"wav": wav}

    return {"from_bytes": from_bytes}


def _checked_times(times: tf.Tensor) -> tf.Tensor:
    """Seconds from the first picture, `[frames]` float64."""
    times = tf.cast(times, tf.float64)
    times = checked(
        times,
        tf.reduce_all(times[1:] > times[:-1]),
        "frame_times must ascend: seconds at which each picture is shown.",
    )
    times = times - times[0]
    return checked(
        times,
        times[-1] < LONGEST_CLIP,
        f"frame_times must span less than {LONGEST_CLIP:g} s; cut a longer clip.",
    )
