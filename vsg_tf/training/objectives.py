"""What each kind of generator hears of a batch, and what it is trained for."""

from collections.abc import Mapping
from typing import Protocol

import keras
import tensorflow as tf
from keras import ops

from vsg_tf.config import Config
from vsg_tf.losses import event_loss, mel_loss
from vsg_tf.training.scores import curve_correlation

Tensors = dict[str, tf.Tensor]
Batch = Mapping[str, tf.Tensor]


class Objective(Protocol):
    """All in which the training of one kind differs from that of another."""

    def inputs(self, batch: Batch, training: bool) -> Tensors:
        """The generator's inputs; without `training` those that it has at inference."""

    def terms(self, generator: keras.Model, batch: Batch, outputs: Tensors) -> Tensors:
        """Scalar losses of its outputs, not yet weighted, by their names in `config.loss`."""

    def scores(self, generator: keras.Model, batch: Batch, outputs: Tensors) -> Tensors:
        """Validation scores `[B]` by name, besides those of the mel."""


class VarietySoundObjective:
    """Rebuild the clip's mel; with events, also tell them (arXiv 2211.10666).

    The background is the clip's own mel, as in the paper; with events the decoder hears the true
    events, disturbed.
    """

    def __init__(self, config: Config):
        self._loss = config.loss
        self._events = config.model.events.enabled

    def inputs(self, batch: Batch, training: bool) -> Tensors:
        """`features`, `reference_mel`, `background_mel`, and `events` where it hears them."""
        inputs = {name: batch[name] for name in ("features", "reference_mel")}
        inputs["background_mel"] = batch["mel"]
        if self._events:
            inputs["events"] = batch["events"]
        return inputs

    def terms(self, generator: keras.Model, batch: Batch, outputs: Tensors) -> Tensors:
        """`mel` and, with events, `events`."""
        terms = {"mel": _mel_term(self._loss, batch, outputs["mel"])}
        if self._events:
            curves = ops.unstack(self._curves(generator, batch), 3, axis=-1)
            terms["events"] = ops.mean(event_loss(outputs["event_logits"], *curves))
        return terms

    def scores(self, generator: keras.Model, batch: Batch, outputs: Tensors) -> Tensors:
        """With events, correlations of the predicted curves."""
        if not self._events:
            return {}
        return curve_correlation(outputs["event_logits"], self._curves(generator, batch))

    @staticmethod
    def _curves(generator, batch) -> tf.Tensor:
        """What the event head should say, `[B, T, 3]`: exact onsets, the measured envelope."""
        frames = ops.shape(batch["features"])[1]
        rendered = generator.render_events(batch["events"], frames, training=False)
        return ops.concatenate([batch["envelope"][..., None], rendered[..., 1:]], axis=-1)


class RegnetObjective:
    """Rebuild the clip's mel, before and after the postnet (arXiv 2008.00820).

    The auxiliary encoder hears the true mel in training and silence otherwise.
    """

    def __init__(self, config: Config):
        self._loss = config.loss

    def inputs(self, batch: Batch, training: bool) -> Tensors:
        """`features` and `background_mel`."""
        mel = batch["mel"]
        background = mel if training else ops.zeros_like(mel)
        return {"features": batch["features"], "background_mel": background}

    def terms(self, generator: keras.Model, batch: Batch, outputs: Tensors) -> Tensors:
        """`mel`, the sum over both outputs."""
        names = ("mel", "decoder_mel")
        return {"mel": sum(_mel_term(self._loss, batch, outputs[name]) for name in names)}

    def scores(self, generator: keras.Model, batch: Batch, outputs: Tensors) -> Tensors:
        """None."""
        return {}


class SpeechSplitObjective:
    """Rebuild the clip's mel from itself and from a reference's timbre (arXiv 2004.11284)."""

    def __init__(self, config: Config):
        self._loss = config.loss

    def inputs(self, batch: Batch, training: bool) -> Tensors:
        """`mel` and `reference_mel`."""
        return {name: batch[name] for name in ("mel", "reference_mel")}

    def terms(self, generator: keras.Model, batch: Batch, outputs: Tensors) -> Tensors:
        """`mel`."""
        return {"mel": _mel_term(self._loss, batch, outputs["mel"])}

    def scores(self, generator: keras.Model, batch: Batch, outputs: Tensors) -> Tensors:
        """None."""
        return {}


def _mel_term(loss, batch: Batch, mel: tf.Tensor) -> tf.Tensor:
    return ops.mean(mel_loss(batch["mel"], mel, loss.mel_kind, loss.loud_frame_weight))


def build_objective(config: Config) -> Objective:
    """The objective of the configuration's kind of model."""
    kinds = {
        "varietysound": VarietySoundObjective,
        "regnet": RegnetObjective,
        "speechsplit": SpeechSplitObjective,
    }
    return kinds[config.model.kind](config)
