"""Mel back to waveform without trained weights, in TensorFlow (fast Griffin-Lim).

Perraudin, Balazs, Sondergaard, "A fast Griffin-Lim algorithm", WASPAA 2013.
"""

import numpy as np
import tensorflow as tf

from vsg_tf.audio.mel import level_db, mel_basis
from vsg_tf.audio.phases import TURN, edge_frames, phase_steps
from vsg_tf.audio.spectra import FFTSpectra, Spectra
from vsg_tf.config.schema import AudioConfig

MOMENTUM = 0.99


class GriffinLim(tf.Module):
    """Waveforms whose spectrograms come close to given mels.

    Args:
        config: the `audio` section; `griffin_lim_iterations` trades speed for quality.
        spectra: the transform; None: TensorFlow's FFT.
    """

    def __init__(self, config: AudioConfig, spectra: Spectra | None = None):
        super().__init__(name="griffin_lim")
        self.config = config
        self._spectra = FFTSpectra(config) if spectra is None else spectra
        self._inverse = np.linalg.pinv(mel_basis(config)).T  # [n_mels, bins]
        self._edge = edge_frames(config)
        self._invert = tf.function(
            self._from_seed,
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

    def from_turns(self, mel: tf.Tensor, turns: tf.Tensor) -> tf.Tensor:
        """Invert a batch of mels, beginning with given phases.

        Args:
            mel: `[batch, frames, n_mels]` in 0..1.
            turns: `[frames + 2 * edge_frames(config), n_fft // 2 + 1]`, phases in turns.

        Returns:
            `[batch, frames * hop_length]` float32.
        """
        spectra, frames = self._spectra, tf.shape(mel)[1]
        index = tf.clip_by_value(tf.range(-self._edge, frames + self._edge), 0, frames - 1)
        magnitude = spectra.arrange(self.magnitudes(tf.gather(mel, index, axis=1)))
        start = spectra.polar(magnitude, turns)

        def step(spectrum, previous):
            rebuilt = spectra.forward(spectra.inverse(spectrum))
            ahead = rebuilt - (MOMENTUM / (1 + MOMENTUM)) * previous
            return [spectra.rescale(ahead, magnitude), rebuilt]

        spectrum, _ = tf.while_loop(
            lambda *_: True,
            step,
            [start, tf.zeros_like(start)],
            shape_invariants=[spectra.shape, spectra.shape],
            maximum_iterations=self.config.griffin_lim_iterations,
        )
        hop, n_fft = self.config.hop_length, self.config.n_fft
        first = self._edge * hop + n_fft // 2
        return spectra.waveform(spectra.inverse(spectrum))[:, first : first + frames * hop]

    def _from_seed(self, mel: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
        frames, bins = tf.shape(mel)[1] + 2 * self._edge, self.config.n_fft // 2 + 1
        position = tf.cast(tf.range(frames * bins), tf.uint32)
        steps = phase_steps(position, tf.cast(seed, tf.uint32)[None])
        turns = tf.reshape(tf.cast(steps, tf.float32) / TURN, [frames, bins])
        return self.from_turns(mel, turns)
