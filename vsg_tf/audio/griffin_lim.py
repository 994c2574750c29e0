"""Mel back to waveform without trained weights, in TensorFlow (fast Griffin-Lim).

Perraudin, Balazs, Sondergaard, "A fast Griffin-Lim algorithm", WASPAA 2013.
"""

import math

import numpy as np
import tensorflow as tf

from vsg_tf.audio.mel import level_db, mel_basis
from vsg_tf.config.schema import AudioConfig

MOMENTUM = 0.99


class GriffinLim(tf.Module):
    """Waveforms whose spectrograms come close to given mels.

    Args:
        config: the `audio` section; `griffin_lim_iterations` trades speed for quality.
    """

    def __init__(self, config: AudioConfig):
        super().__init__(name="griffin_lim")
        self.config = config
        self._inverse = tf.constant(np.linalg.pinv(mel_basis(config)).T)
        # Frames around the ends see half-empty overlap sums: work on a longer signal and cut it.
        self._edge = math.ceil(config.n_fft / config.hop_length)
        self._invert = tf.function(
            self._run,
            input_signature=[
                tf.TensorSpec([None, None, config.n_mels], tf.float32),
                tf.TensorSpec([], tf.int32),
            ],
        )

    def __call__(self, mel, seed: int = 0) -> tf.Tensor:
        """Invert a batch of mels.

        Args:
            mel: `[batch, frames, n_mels]` in 0..1.
            seed: of the initial phases; the same for every item, so that an item's result does
                not depend on its batch.

        Returns:
            `[batch, frames * hop_length]` float32; the same for the same mel and seed.
        """
        return self._invert(tf.cast(mel, tf.float32), tf.cast(seed, tf.int32))

    @property
    def traces(self) -> int:
        """How many graphs were made; one serves every batch size and length."""
        return self._invert.experimental_get_tracing_count()

    def magnitudes(self, mel: tf.Tensor) -> tf.Tensor:
        """Least-squares linear magnitudes `[batch, frames, n_fft // 2 + 1]` of a mel."""
        bands = tf.where(mel > 0, tf.pow(10.0, level_db(mel) / 20), 0.0)
        return tf.maximum(tf.matmul(bands, self._inverse), 0.0)

    def _run(self, mel: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
        frames = tf.shape(mel)[1]
        index = tf.clip_by_value(tf.range(-self._edge, frames + self._edge), 0, frames - 1)
        magnitude = self.magnitudes(tf.gather(mel, index, axis=1))
        scale = tf.complex(magnitude, 0.0)
        turns = tf.random.stateless_uniform(tf.shape(magnitude)[1:], tf.stack([seed, 0]))
        phase = tf.exp(tf.complex(0.0, 2 * math.pi * turns))
        phase = tf.broadcast_to(phase, tf.shape(scale))

        def step(phase, previous):
            rebuilt = self._stft(self._istft(scale * phase))
            ahead = rebuilt - (MOMENTUM / (1 + MOMENTUM)) * previous
            return [ahead / tf.complex(tf.abs(ahead) + 1e-16, 0.0), rebuilt]

        shape = tf.TensorShape([None, None, self.config.n_fft // 2 + 1])
        phase, _ = tf.while_loop(
            lambda *_: True,
            step,
            [phase, tf.zeros_like(phase)],
            shape_invariants=[shape, shape],
            maximum_iterations=self.config.griffin_lim_iterations,
        )
        hop, n_fft = self.config.hop_length, self.config.n_fft
        start = self._edge * hop + n_fft // 2
        return self._istft(scale * phase)[:, start : start + frames * hop]

    def _stft(self, waveform: tf.Tensor) -> tf.Tensor:
        n_fft = self.config.n_fft
        return tf.signal.stft(waveform, n_fft, self.config.hop_length, n_fft)

    def _istft(self, spectrum: tf.Tensor) -> tf.Tensor:
        n_fft, hop = self.config.n_fft, self.config.hop_length
        window = tf.signal.inverse_stft_window_fn(hop)
        return tf.signal.inverse_stft(spectrum, n_fft, hop, n_fft, window_fn=window)
