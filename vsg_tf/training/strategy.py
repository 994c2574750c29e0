"""Which devices train, and a step on all of them."""

from collections.abc import Callable, Mapping

import tensorflow as tf

from vsg_tf.errors import ConfigError, InputError


def make_strategy(devices: int | None = None) -> tf.distribute.Strategy:
    """One device, or all of several in step (MirroredStrategy).

    Args:
        devices: how many to use. None: every GPU, or the CPU where there is none. On a machine
            without GPUs a number above 1 splits the CPU into that many logical devices, which is
            for development: it is no faster.

    Raises:
        InputError: there are fewer GPUs than `devices`, or TensorFlow has started with another
            number of logical devices.
    """
    gpus = tf.config.list_physical_devices("GPU")
    count = devices if devices is not None else max(1, len(gpus))
    if gpus and count > len(gpus):
        raise InputError(f"--devices asks for {count} GPUs but this machine has {len(gpus)}.")
    if count == 1:
        return tf.distribute.get_strategy()
    if gpus:
        return tf.distribute.MirroredStrategy([f"GPU:{index}" for index in range(count)])
    cpu = tf.config.list_physical_devices("CPU")[0]
    try:
        tf.config.set_logical_device_configuration(
            cpu, [tf.config.LogicalDeviceConfiguration()] * count
        )
    except RuntimeError as error:
        raise InputError(
            "The number of logical devices must be chosen before TensorFlow starts; "
            "run training in a process of its own."
        ) from error
    return tf.distribute.MirroredStrategy([f"CPU:{index}" for index in range(count)])


def check_batch_size(batch_size: int, strategy: tf.distribute.Strategy) -> None:
    """Check that every device gets an equal share, as the averaging of gradients assumes.

    Raises:
        ConfigError: `batch_size` is not a multiple of the number of devices.
    """
    replicas = strategy.num_replicas_in_sync
    if batch_size % replicas:
        raise ConfigError(
            f"training.batch_size {batch_size} cannot be shared equally by {replicas} devices; "
            f"make it a multiple of {replicas}."
        )


def replicated(
    strategy: tf.distribute.Strategy, step: Callable[[Mapping], dict[str, tf.Tensor]]
) -> Callable[[Mapping], dict[str, tf.Tensor]]:
    """A traced function that runs `step` on every device and averages the scalars it returns.

    Args:
        step: called in replica context with that device's share of a batch.
    """

    @tf.function
    def run(batch):
        terms = strategy.run(step, args=(batch,))
        mean = tf.distribute.ReduceOp.MEAN
        return {name: strategy.reduce(mean, term, axis=None) for name, term in terms.items()}

    return run
