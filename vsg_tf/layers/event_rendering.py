"""From a list of events to curves over time."""

import keras
from keras import ops

from vsg_tf.events import ENVELOPE_RANGE_DB, STRENGTH_RANGE_DB
from vsg_tf.layers.replica import ReplicaSeedGenerator


@keras.saving.register_keras_serializable(package="vsg_tf")
class EventRendering(keras.layers.Layer):
    """Draws events as the three curves that drive the decoder. Beyond the paper.

    Envelope: a rise within the feature frame before the event to the level of its strength, then a
    straight fall in decibels to 0 over its duration. Onset: a Gaussian bump of height 1. Strength:
    that bump times the event's strength. Where events overlap the greatest counts. While training
    events are shifted, made louder or softer, and left out at random, as an imperfect detector
    would, so that the decoder learns to live with that.

    Args:
        frame_period: seconds between feature frames.
        first_frame: time of feature frame 0 in seconds.
        onset_width: standard deviation of the bump in seconds.
        jitter: standard deviation of the random shift in seconds.
        strength_noise: standard deviation of the random change of strength.
        drop: fraction of events left out.
        seed: seed of the random numbers; None draws one.

    Call arguments:
        events: `[B, K, 3]`: time in s, strength 0..1, duration in s; strength 0 marks unused rows.
        frames: wanted feature frames T; may be a tensor.
        training: whether events are disturbed.

    Returns:
        `[B, T, 3]`: envelope, onset, strength, each 0..1.
    """

    def __init__(
        self,
        frame_period: float,
        first_frame: float,
        onset_width: float = 0.045,
        jitter: float = 0.0,
        strength_noise: float = 0.0,
        drop: float = 0.0,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.frame_period = frame_period
        self.first_frame = first_frame
        self.onset_width = onset_width
        self.jitter = jitter
        self.strength_noise = strength_noise
        self.drop = drop
        self.seed = seed
        self.seed_generator = ReplicaSeedGenerator(seed)
        self.autocast = False  # half precision cannot hold a time of minutes to the millisecond

    def call(self, events, frames, training=False):
        events = ops.cast(events, "float32")
        time, strength, duration = events[..., 0], events[..., 1], events[..., 2]
        present = ops.cast(strength > 0.0, "float32")
        if training:
            time, strength, present = self._disturb(time, strength, present)
        frame_times = self.first_frame + self.frame_period * ops.arange(frames, dtype="float32")
        since = frame_times[None, :, None] - time[:, None, :]
        onset = ops.exp(-0.5 * ops.square(since / self.onset_width)) * present[:, None, :]
        rise = 1.0 + since / self.frame_period
        fall = 1.0 - since / ops.maximum(duration, self.frame_period)[:, None, :]
        shape = ops.clip(ops.minimum(rise, fall), 0.0, 1.0)
        peak = present * (1.0 - (1.0 - strength) * STRENGTH_RANGE_DB / ENVELOPE_RANGE_DB)
        curves = [shape * peak[:, None, :], onset, onset * strength[:, None, :]]
        curves = ops.stack([ops.max(curve, axis=-1) for curve in curves], axis=-1)
        return ops.cast(curves, self.compute_dtype)

    def _disturb(self, time, strength, present):
        seed = self.seed_generator
        shape = ops.shape(time)
        time = time + self.jitter * keras.random.normal(shape, seed=seed)
        strength = strength + self.strength_noise * keras.random.normal(shape, seed=seed)
        kept = keras.random.uniform(shape, seed=seed) >= self.drop
        return time, ops.clip(strength, 0.0, 1.0), present * ops.cast(kept, "float32")

    def get_config(self):
        return {
            **super().get_config(),
            "frame_period": self.frame_period,
            "first_frame": self.first_frame,
            "onset_width": self.onset_width,
            "jitter": self.jitter,
            "strength_noise": self.strength_noise,
            "drop": self.drop,
            "seed": self.seed,
        }
