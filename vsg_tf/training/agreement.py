"""What the workers of a run tell each other outside of their steps."""

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import tensorflow as tf

_AT_ONCE = 1 << 22  # elements


class Agreement:
    """Numbers that are made equal on all workers; with one process it changes nothing.

    Every worker must call the same methods in the same order, as each call is a collective.

    Args:
        strategy: of the run.
        is_chief: whether this worker's arrays are the ones that count.

    Attributes:
        is_alone: whether one process makes the whole run.
    """

    def __init__(self, strategy: tf.distribute.Strategy, is_chief: bool = True):
        self.is_chief = is_chief
        self._strategy = strategy
        self.is_alone = not isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy)
        self._sum = tf.function(self._summed, reduce_retracing=True)

    def wait(self) -> None:
        """Return once all workers have called this."""
        self.of_chief({"": np.zeros(1, np.int64)})

    def of_chief(self, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """The chief's arrays, exactly.

        Args:
            arrays: on every worker of the same names, shapes and types; the values count on the
                chief alone.
        """
        if self.is_alone:
            return dict(arrays)
        alike = defaultdict(list)
        for name, array in arrays.items():
            alike[array.dtype].append(name)
        told = {}
        for dtype, names in alike.items():
            flat = self._told(np.concatenate([np.ravel(arrays[name]) for name in names]), dtype)
            ends = np.cumsum([arrays[name].size for name in names])
            for name, part in zip(names, np.split(flat, ends[:-1]), strict=True):
                told[name] = part.reshape(arrays[name].shape)
        return {name: told[name] for name in arrays}

    def _told(self, flat: np.ndarray, dtype: np.dtype) -> np.ndarray:
        # Collectives know no unsigned numbers; a sum with zeros is exact.
        sent = flat.astype(np.int64) if dtype.kind in "uib" else flat
        if not self.is_chief:
            sent = np.zeros_like(sent)
        parts = [
            self._sum(tf.constant(sent[start : start + _AT_ONCE])).numpy()
            for start in range(0, len(sent), _AT_ONCE)
        ]
        return np.concatenate(parts).astype(dtype)

    def _summed(self, value: tf.Tensor) -> tf.Tensor:
        def total(value: tf.Tensor) -> tf.Tensor:
            context = tf.distribute.get_replica_context()
            first = tf.equal(context.replica_id_in_sync_group, 0)
            return context.all_reduce(
                tf.distribute.ReduceOp.SUM, tf.where(first, value, tf.zeros_like(value))
            )

        values = self._strategy.run(total, args=(value,))
        return self._strategy.experimental_local_results(values)[0]
