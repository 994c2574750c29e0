"""Which devices train, and a step on all of them."""

import contextlib
import os
import resource
import sys
import threading
from collections.abc import Callable, Iterator, Mapping

import tensorflow as tf

from vsg_tf.data.sharing import Share
from vsg_tf.errors import InputError
from vsg_tf.training.cluster import Cluster

EXIT_BAD_INPUT = 2


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


def count_local_devices(devices: int | None) -> int:
    """How many devices of this machine a worker of a cluster trains on, as `--devices` says.

    Raises:
        InputError: there are fewer GPUs, or several devices are wanted of a CPU.
    """
    gpus = tf.config.list_physical_devices("GPU")
    if not gpus and (devices or 1) > 1:
        raise InputError("With several workers a CPU counts as one device; leave out --devices.")
    if gpus and (devices or 1) > len(gpus):
        raise InputError(f"--devices asks for {devices} GPUs but this machine has {len(gpus)}.")
    return devices or max(1, len(gpus))


def join_cluster(cluster: Cluster, devices: int | None = None) -> tf.distribute.Strategy:
    """The devices of all workers in step (MultiWorkerMirroredStrategy).

    Call it once the workers have met (`meeting.meet`). TensorFlow cannot be interrupted while it
    waits for the others, so a process that waits for longer than `cluster.timeout` ends.

    Args:
        devices: of this machine; None: every GPU, or the CPU where there is none.
    """
    count = count_local_devices(devices)
    gpus = tf.config.list_physical_devices("GPU")
    if gpus:
        tf.config.set_visible_devices(gpus[:count], "GPU")
    resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(
        tf.train.ClusterSpec({"worker": list(cluster.workers)}),
        task_type="worker",
        task_id=cluster.index,
        num_accelerators={"GPU": count} if gpus else None,
        rpc_layer="grpc",
    )
    with _ends_after(cluster.timeout):
        return tf.distribute.MultiWorkerMirroredStrategy(resolver)


@contextlib.contextmanager
def _ends_after(seconds: float) -> Iterator[None]:
    def end() -> None:
        print(
            f"error: TensorFlow could not connect the workers within {seconds:g} s although they "
            "had met; each must reach every other at its host:port.",
            file=sys.stderr,
            flush=True,
        )
        os._exit(EXIT_BAD_INPUT)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def share_of(strategy: tf.distribute.Strategy, cluster: Cluster | None) -> Share:
    """Which part of each batch this process makes."""
    devices = strategy.num_replicas_in_sync
    if cluster is None:
        return Share(devices=devices)
    return Share(cluster.index, len(cluster.workers), devices)


def replicated(
    strategy: tf.distribute.Strategy, step: Callable[[Mapping], dict[str, tf.Tensor]]
) -> Callable[[Mapping, tf.Tensor], dict[str, tf.Tensor]]:
    """A traced function that runs `step` on every device and averages the scalars it returns.

    Args:
        step: called in replica context with that device's share of a batch.

    Returns:
        Function of a distributed batch and `asked`, a float32 scalar that is this process' own:
        above 0 where it was asked to stop. Its result has `asked` among the averages, so that all
        workers learn of it at the same step.
    """

    @tf.function
    def run(batch, asked):
        names: list[str] = []

        def packed(batch, asked):
            terms = {**step(batch), "asked": asked}
            names[:] = terms
            # One number after the other would be one message between workers after the other.
            return tf.stack([tf.cast(term, tf.float32) for term in terms.values()])

        mean = strategy.reduce(
            tf.distribute.ReduceOp.MEAN, strategy.run(packed, args=(batch, asked)), axis=None
        )
        return dict(zip(names, tf.unstack(mean), strict=True))

    return run


def most_memory() -> int:
    """Bytes: the most that the fullest GPU has held, or this process where there is none."""
    gpus = tf.config.list_logical_devices("GPU")
    if gpus:
        return max(tf.config.experimental.get_memory_info(gpu.name)["peak"] for gpu in gpus)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
