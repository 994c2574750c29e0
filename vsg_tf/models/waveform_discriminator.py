"""Is this waveform real?"""

import keras
from keras import ops

from vsg_tf.config import Config
from vsg_tf.layers.spectra import short_time_spectra
from vsg_tf.models.configured_model import ConfiguredModel

_SLOPE = 0.1
_LEAST_LEVEL = 0.01  # RMS; what is quieter is not amplified to the level of the others


@keras.saving.register_keras_serializable(package="vsg_tf")
class WaveformDiscriminator(ConfiguredModel):
    """Judges a waveform folded at several periods and as spectra of several resolutions.

    Multi-period as in HiFi-GAN (arXiv 2010.05646); multi-resolution on complex spectra (real and
    imaginary parts, compressed), because phases are what is to be learnt. Both far smaller than
    theirs, for training on a CPU. Each example is brought to the same level first.

    Call arguments:
        waveform: `[B, S]`.

    Returns:
        Logits, one tensor `[B, ...]` a judge, and the hidden features of all judges, as two lists.
        Both float32.
    """

    def __init__(self, config: Config, **kwargs):
        super().__init__(config, **kwargs)
        settings = config.model
        self.periods = settings.periods
        self.resolutions = settings.resolutions
        filters = settings.discriminator_filters
        self.judges = [
            *(
                self._judge(f"period_{period}", filters, (5, 1), [(3, 1)] * 4)
                for period in self.periods
            ),
            *(
                self._judge(f"resolution_{n_fft}", filters, (3, 5), [(2, 2), *[(1, 2)] * 3])
                for n_fft in self.resolutions
            ),
        ]

    @staticmethod
    def _judge(name, filters, kernel, strides):
        hidden = [
            keras.layers.Conv2D(
                filters * min(2**i, 4), kernel, stride, padding="same", name=f"{name}_conv_{i}"
            )
            for i, stride in enumerate(strides)
        ]
        logits = keras.layers.Conv2D(1, 3, padding="same", dtype="float32", name=f"{name}_logits")
        return [*hidden, logits]

    def call(self, waveform):
        waveform = ops.cast(waveform, "float32")
        power = ops.mean(ops.square(waveform), axis=1, keepdims=True)
        waveform = waveform / (ops.sqrt(power + 1e-12) + _LEAST_LEVEL)
        views = [self._folded(waveform, period) for period in self.periods]
        views += [self._spectra(waveform, n_fft) for n_fft in self.resolutions]
        logits, features = [], []
        for view, judge in zip(views, self.judges, strict=True):
            x = view
            for layer in judge[:-1]:
                x = ops.leaky_relu(layer(x), _SLOPE)
                features.append(ops.cast(x, "float32"))
            logits.append(judge[-1](x))
        return logits, features

    @staticmethod
    def _folded(waveform, period):
        """`[B, S / period, period, 1]`: samples a period apart become neighbours."""
        waveform = ops.pad(waveform, [[0, 0], [0, -ops.shape(waveform)[1] % period]])
        return ops.reshape(waveform, (ops.shape(waveform)[0], -1, period, 1))

    @staticmethod
    def _spectra(waveform, n_fft):
        """`[B, frames, bins, 2]`, compressed: small values matter to the ear as large ones do."""
        spectra = ops.stack(short_time_spectra(waveform, n_fft), axis=-1)
        return ops.sign(spectra) * ops.log1p(ops.abs(spectra))
