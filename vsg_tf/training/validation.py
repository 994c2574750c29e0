"""Scores and examples on held-out clips."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from vsg_tf.errors import InputError
from vsg_tf.training.adversarial import AdversarialTraining
from vsg_tf.training.scores import mel_errors

EXAMPLES = 2


@dataclass(frozen=True)
class ValidationResult:
    """What one validation found.

    Args:
        metrics: means over the examples. `mel_l1`, `mel_mse`, `loud_l1` (frames above level 0.25)
            and, for comparison, `baseline_l1` and `baseline_loud_l1` of a mel that is the data's
            mean spectrum everywhere; `follows_reference`, the share of examples that resemble a
            swapped reference more than their own (chance 0.5), with silence as background; with
            events, the correlations `envelope_r`, `onset_r` and `strength_r` of the predicted
            curves.
        examples: mels `[EXAMPLES, frames, M]` by name: target, reconstruction, reference (another
            clip's), swapped (made with it).
    """

    metrics: Mapping[str, float]
    examples: Mapping[str, np.ndarray]


def _means(scores: list[Mapping[str, np.ndarray]]) -> dict[str, float]:
    means = {}
    for name in scores[0]:
        values = np.concatenate([score[name] for score in scores])
        values = values[~np.isnan(values)]
        if len(values):
            means[name] = float(values.mean())
    return means


class Validator:
    """Validates the weights that would ship, with everything random switched off.

    Args:
        batches: gives the same batches each time it is called; at least two clips in the first
            one, as each clip is also given its neighbour's reference.
        max_batches: look at no more than this.
    """

    def __init__(
        self,
        gan: AdversarialTraining,
        batches: Callable[[], tf.data.Dataset],
        max_batches: int,
    ):
        self._batches = lambda: batches().take(max_batches)
        self._validate = tf.function(gan.validate, reduce_retracing=True)
        self._baseline: dict[str, float] | None = None

    def run(self) -> ValidationResult:
        """Score every example once.

        Raises:
            InputError: there is no example.
        """
        scores, examples = [], {}
        for batch in self._batches():
            score, mels = self._validate(batch)
            scores.append({name: value.numpy() for name, value in score.items()})
            if not examples:
                examples = {name: mel[:EXAMPLES].numpy() for name, mel in mels.items()}
        if not scores:
            raise InputError("The validation split holds no example; prepare one.")
        if self._baseline is None:
            self._baseline = self._measure_baseline()
        return ValidationResult({**_means(scores), **self._baseline}, examples)

    def _measure_baseline(self) -> dict[str, float]:
        """Errors of the mean spectrum: what a model that knows nothing of the clip can reach."""
        mels = [batch["mel"] for batch in self._batches()]
        spectrum = tf.reduce_mean(tf.concat([tf.reduce_mean(m, axis=1) for m in mels], 0), axis=0)
        scores = []
        for mel in mels:
            errors = mel_errors(tf.broadcast_to(spectrum, tf.shape(mel)), mel)
            scores.append({name: value.numpy() for name, value in errors.items()})
        means = _means(scores)
        names = {"mel_l1": "baseline_l1", "loud_l1": "baseline_loud_l1"}
        return {new: means[old] for old, new in names.items() if old in means}
