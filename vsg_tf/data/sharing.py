"""Which part of each batch a worker makes."""

from dataclasses import dataclass

import tensorflow as tf

from vsg_tf.errors import ConfigError


@dataclass(frozen=True)
class Share:
    """One of several equal parts of every batch.

    Args:
        worker, workers: this one, counted from 0, and how many share a batch.
        devices: of all workers together; each takes an equal part of a batch at a time.
    """

    worker: int = 0
    workers: int = 1
    devices: int = 1

    def check(self, batch_size: int) -> None:
        """Raise ConfigError where a batch cannot be shared equally."""
        if batch_size % self.devices or self.devices % self.workers:
            raise ConfigError(
                f"training.batch_size {batch_size} cannot be shared equally by {self.devices} "
                f"devices; make it a multiple of {self.devices}."
            )

    def of_records(self, records: tf.data.Dataset, batch_size: int) -> tf.data.Dataset:
        """Of every whole batch of consecutive elements the ones that are this worker's.

        Elements are picked before anything is computed of them. All workers drop the same last,
        incomplete batch, so that they make equally many steps.
        """
        self.check(batch_size)
        if self.devices == 1:
            return records
        part = batch_size // self.workers
        first = self.worker * part

        def own(*parts: tf.Tensor) -> tuple[tf.Tensor, ...]:
            return tuple(values[first : first + part] for values in parts)

        return records.batch(batch_size, drop_remainder=True).map(own).unbatch()


WHOLE = Share()
