"""Mel to waveform, learnt."""

import keras
import numpy as np
from keras import ops

from vsg_tf.audio.mel import level_db, mel_basis
from vsg_tf.config import Config
from vsg_tf.layers import STFT, ConvNeXtBlock, InverseSTFT
from vsg_tf.models.configured_model import ConfiguredModel

_MOST_CHANGE = 6.0  # of a magnitude's logarithm against its neighbours in frequency
_AGREEMENTS = 3  # rounds that bring the network's magnitudes to the mel's levels
_MOMENTUM = 0.99  # of the projections (Perraudin, Balazs, Sondergaard, WASPAA 2013)
_OVERSHOOT = 1.5  # levels are overdone: the next projection takes a part of any change back
_TINY = 1e-8


def _band_weights(basis: np.ndarray) -> np.ndarray:
    """`[n_mels, bins]`: how much each bin listens to each band; a bin's weights sum to 1, or to 0
    below the lowest and above the highest band."""
    height = basis / basis.max(axis=1, keepdims=True)
    covered = height.sum(axis=0)
    return np.where(covered > 1e-3, height / np.maximum(covered, 1e-3), 0.0).astype("float32")


@keras.saving.register_keras_serializable(package="vsg_tf")
class Vocoder(ConfiguredModel):
    """ConvNeXt blocks at the frame rate, then an inverse STFT (Vocos, arXiv 2306.00814).

    Beyond Vocos, what is known of the mel is not left to be learnt. The network draws each
    spectrum's fine shape alone; its levels are then multiplied until the mel's bands have theirs,
    so that they are right from the first step and silence stays silence. Phases are two numbers a
    bin, brought to unit length, which has no seam at half a turn; they are told against a carrier
    that turns with the bin's frequency, because a convolution gives equal frames equal phases,
    which no steady tone has. Last come a few projections as of Griffin and Lim (1984), with
    momentum, through which the network is trained: overlapping frames are made to agree. The first
    keeps the network's magnitudes, the others only their levels in the mel's bands, which unlike
    the magnitudes themselves can be kept: nearly nothing of the mel is lost.

    Args:
        matrices: transform without FFT, for runtimes that know none; the weights are the same.

    Call arguments:
        mel: `[B, T, n_mels]` in 0..1.

    Returns:
        `[B, T * hop_length]` float32.
    """

    def __init__(self, config: Config, matrices: bool = False, **kwargs):
        super().__init__(config, **kwargs)
        settings, audio = config.model, config.audio
        self.bins = audio.n_fft // 2 + 1
        grid = (audio.n_fft, audio.hop_length, matrices)
        self.transform = STFT(*grid, name="transform")
        self.inverse = InverseSTFT(*grid, name="inverse")
        self.entry = keras.layers.Conv1D(
            settings.filters, settings.kernel, padding="same", name="entry"
        )
        self.entry_norm = keras.layers.LayerNormalization(epsilon=1e-6, name="entry_norm")
        self.blocks = [
            ConvNeXtBlock(
                settings.hidden, settings.kernel, scale=1 / settings.blocks, name=f"block_{i}"
            )
            for i in range(settings.blocks)
        ]
        self.norm = keras.layers.LayerNormalization(epsilon=1e-6, name="norm")
        self.head = keras.layers.Dense(3 * self.bins, dtype="float32", name="head")
        self._basis = mel_basis(audio)
        self._weights = _band_weights(self._basis)
        self._turns = (np.arange(self.bins) * audio.hop_length % audio.n_fft).astype("int32")

    def call(self, mel):
        projections = self.config.model.inference_projections
        return self.waveform(mel, *self.spectrum(mel), projections)

    def spectrum(self, mel):
        """Magnitudes, and cosines and sines of the phases, each `[B, T + 2 * edge, bins]`.

        `edge` frames before and after continue the mel, as the inverse STFT needs.
        """
        mel = self._lengthened(ops.cast(mel, "float32"))
        x = self.entry_norm(self.entry(2.0 * mel - 0.6))
        for block in self.blocks:
            x = block(x)
        shape, cosine, sine = ops.split(self.head(self.norm(x)), 3, axis=-1)
        magnitude = ops.exp(_MOST_CHANGE * ops.tanh(shape / _MOST_CHANGE))
        bands = _band_levels(mel)
        for _ in range(_AGREEMENTS):
            magnitude = self._levelled(magnitude, bands)
        return magnitude, *self._carried(*_unit(cosine, sine))

    def waveform(self, mel, magnitude, cosine, sine, projections: int):
        """From the mel and what `spectrum` gives of it to samples `[B, T * hop_length]`.

        Args:
            projections: steps of Griffin and Lim.
        """
        edge, bands = self.inverse.edge, _band_levels(ops.cast(mel, "float32"))
        drawn = [magnitude * cosine, magnitude * sine]
        magnitude = magnitude[:, edge:-edge]
        spectrum, previous = drawn, (0.0, 0.0)
        for number in range(projections):
            rebuilt = self.transform(self.inverse(spectrum))
            ahead = [
                now - _MOMENTUM / (1 + _MOMENTUM) * before
                for now, before in zip(rebuilt, previous, strict=True)
            ]
            if number > 0:
                magnitude = self._levelled(_length(*rebuilt), bands, _OVERSHOOT)
            # The frames at the ends, which the samples do not cover, stay as they were drawn.
            spectrum = [
                ops.concatenate([old[:, :edge], magnitude * new, old[:, -edge:]], axis=1)
                for old, new in zip(drawn, _unit(*ahead), strict=True)
            ]
            previous = rebuilt
        return self.inverse(spectrum)

    def _lengthened(self, mel):
        edge = self.inverse.edge
        first = ops.repeat(mel[:, :1], edge, axis=1)
        last = ops.repeat(mel[:, -1:], edge, axis=1)
        return ops.concatenate([first, mel, last], axis=1)

    def _levelled(self, magnitude, bands, power: float = 1.0):
        """Magnitudes nearer to the bands' levels: each bin times the ratio its bands ask for."""
        ratio = bands / (ops.matmul(magnitude, self._basis.T) + _TINY)
        ratio = ratio if power == 1 else ops.power(ratio, power)
        return magnitude * ops.matmul(ratio, self._weights)

    def _carried(self, cosine, sine):
        """Phases turned by those of the bins' own frequencies."""
        n_fft = self.config.audio.n_fft
        frames = ops.arange(ops.shape(cosine)[1], dtype="int32")[:, None]
        # In integers: the angle of a late frame would lose its digits.
        steps = ops.mod(ops.mod(frames, n_fft) * self._turns, n_fft)
        angle = ops.cast(steps, "float32") * (2 * np.pi / n_fft)
        turn_cosine, turn_sine = ops.cos(angle), ops.sin(angle)
        return (
            cosine * turn_cosine - sine * turn_sine,
            cosine * turn_sine + sine * turn_cosine,
        )


def _band_levels(mel):
    """Magnitudes of a mel's bands; 0 is silence."""
    return ops.where(mel > 0, ops.power(10.0, level_db(mel) / 20), 0.0)


def _length(real, imaginary):
    """Magnitudes of complex numbers, with a gradient at zero."""
    return ops.sqrt(ops.square(real) + ops.square(imaginary) + _TINY)


def _unit(real, imaginary):
    """Cosines and sines of the phases of complex numbers."""
    length = _length(real, imaginary)
    return real / length, imaginary / length
