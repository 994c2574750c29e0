"""Random state that differs between the replicas of a distributed run."""

import keras
from keras import ops

# Odd and large, so that replica r's stream meets no other replica's stream after a few draws.
_REPLICA_STRIDE = 0x9E3779B1


def replica_id():
    """Number of the replica that runs this code: an int, or a scalar tensor while tracing.

    The only place in the layers that knows which backend runs. Backends other than TensorFlow
    replicate by sharding one program, whose random numbers already differ along the batch.
    """
    if keras.backend.backend() != "tensorflow":
        return 0
    import tensorflow as tf

    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        return 0
    return context.replica_id_in_sync_group


@keras.saving.register_keras_serializable(package="vsg_tf")
class ReplicaSeedGenerator(keras.random.SeedGenerator):
    """`SeedGenerator` whose draws differ on each replica although its state is equal on all."""

    def next(self, ordered=True):
        """Seed for one draw, uint32 `[2]`."""
        seed = super().next(ordered=ordered)
        replica = replica_id()
        if isinstance(replica, int) and replica == 0:
            return seed
        shift = ops.cast(replica, "int64") * _REPLICA_STRIDE
        shifted = (ops.cast(seed, "int64") + ops.stack([shift, ops.zeros_like(shift)])) % 2**32
        return ops.cast(shifted, "uint32")
