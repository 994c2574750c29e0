"""Training of the vocoder, against a discriminator of waveforms."""

import keras
import tensorflow as tf
from keras import ops

from vsg_tf.audio.graph_mel import GraphLogMel
from vsg_tf.config import Config
from vsg_tf.losses import (
    discriminator_loss,
    feature_matching_loss,
    generator_loss,
    log_magnitude_loss,
    mel_loss,
    stft_loss,
)
from vsg_tf.models.vocoder import Vocoder
from vsg_tf.models.waveform_discriminator import WaveformDiscriminator
from vsg_tf.training.adversarial import AdversarialTraining, Batch, Terms
from vsg_tf.training.scores import mel_errors


class VocoderGAN(AdversarialTraining):
    """A vocoder and its opponent.

    Batches: `waveform [B, T * hop]` and `mel [B, T, M]`, which is disturbed in training.

    Args:
        config: see `AdversarialTraining`.
        generator: the vocoder, built.
        discriminator: built, or None.
        averaged: a second vocoder to hold the running average of the weights, or None.
    """

    def __init__(
        self,
        config: Config,
        generator: Vocoder,
        discriminator: WaveformDiscriminator | None = None,
        averaged: keras.Model | None = None,
        **kwargs,
    ):
        opponents = {} if discriminator is None else {"waveform_discriminator": discriminator}
        super().__init__(config, generator, opponents, averaged, **kwargs)
        self.discriminator = discriminator
        self._log_mel = GraphLogMel(config.audio)

    def validate(self, batch: Batch) -> tuple[Terms, Terms]:
        """Scores of what is made of undisturbed mels, and mels: target, reconstruction.

        Scores are those of `scores.mel_errors` between the mels, and `stft` of the waveforms.
        """
        waveform = self.shipped(batch["mel"])
        mel = self._log_mel(waveform)
        scores = {
            **mel_errors(mel, batch["mel"]),
            "stft": stft_loss(batch["waveform"], waveform),
        }
        return scores, {"target": batch["mel"], "reconstruction": mel}

    def _reconstruct(self, batch: Batch) -> tuple[Terms, tf.Tensor]:
        vocoder, true, loss = self.generator, batch["waveform"], self.config.loss
        spectrum = vocoder.spectrum(batch["mel"])
        projections = self.config.model.projections
        waveform = vocoder.waveform(batch["mel"], *spectrum, projections)
        edge = vocoder.inverse.edge
        magnitude = tf.abs(self._log_mel.spectrum(true))
        mel = self._log_mel.of_magnitude(magnitude)
        terms = {
            "mel": mel_loss(mel, self._log_mel(waveform), loss.mel_kind, loss.loud_frame_weight),
            "stft": stft_loss(true, waveform),
            # Direct supervision of magnitudes: they need not wait for the phases.
            "magnitude": log_magnitude_loss(magnitude, spectrum[0][:, edge:-edge]),
        }
        return {name: ops.mean(term) for name, term in terms.items()}, waveform

    def _judged_terms(self, batch: Batch, made: tf.Tensor) -> Terms:
        logits, fake = self.discriminator(made)
        _, real = self.discriminator(batch["waveform"])
        return {
            "adversarial": ops.mean(generator_loss(logits, self.config.loss.adversarial_kind)),
            "feature_matching": ops.mean(feature_matching_loss(real, fake)),
        }

    def _judges_losses(self, batch: Batch, made: tf.Tensor) -> Terms:
        true, _ = self.discriminator(batch["waveform"])
        false, _ = self.discriminator(made)
        loss = discriminator_loss(true, false, self.config.loss.adversarial_kind)
        return {"waveform_discriminator": ops.mean(loss)}
