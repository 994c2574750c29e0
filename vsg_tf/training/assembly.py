"""The objects of a training run, built from its configuration."""

from pathlib import Path

import keras
import tensorflow as tf

from vsg_tf.config import Config
from vsg_tf.data.sharing import Share
from vsg_tf.errors import ConfigError
from vsg_tf.model_files import load_model_dir, load_vocoder_dir
from vsg_tf.model_kinds import build_discriminators, build_generator
from vsg_tf.models.build import build_waveform_discriminator
from vsg_tf.training.adversarial import AdversarialTraining
from vsg_tf.training.averaging import copy_weights
from vsg_tf.training.gan import GAN
from vsg_tf.training.optimizers import build_optimizers
from vsg_tf.training.vocoder import VocoderGAN


def make_reproducible(seed: int) -> None:
    """Seed Python, NumPy and TensorFlow; on a CPU the same run then gives the same numbers.

    On GPUs deterministic kernels are slow or missing (cuDNN's LSTMs), so there only the random
    numbers are the same.
    """
    keras.utils.set_random_seed(seed)
    if not tf.config.list_physical_devices("GPU"):
        tf.config.experimental.enable_op_determinism()


def build_gan(config: Config, strategy: tf.distribute.Strategy) -> AdversarialTraining:
    """Models and optimizers, ready to train, inside the strategy's scope.

    Discriminators are left out where `loss.adversarial` is 0. With `training.mixed_precision`
    layers compute in bfloat16, whose range needs no loss scaling; weights stay float32.

    Raises:
        ConfigError: the batch cannot be shared equally by the devices.
    """
    training = config.training
    Share(devices=strategy.num_replicas_in_sync).check(training.batch_size)
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16" if training.mixed_precision else "float32")
    try:
        with strategy.scope():
            gan = _build(config)
            gan.compile(*build_optimizers(training))
    finally:
        keras.config.set_dtype_policy(policy)
    return gan


def start_from(gan: AdversarialTraining, config: Config, path: Path) -> None:
    """Give the generator, and its average, the weights of a model folder.

    Raises:
        InputError: the folder is missing, incomplete or damaged.
        ConfigError: it is of a model of another kind or shape.
    """
    if config.model.kind == "vocoder":
        own, model = load_vocoder_dir(path)
    else:
        own, model = load_model_dir(path, (config.model.kind,))
    for section in ("audio", "video", "model"):
        before, after = (getattr(one, section).model_dump() for one in (own, config))
        changed = [key for key in after if before.get(key) != after[key]]
        if changed:
            raise ConfigError(
                f"The weights in {path} are for another {section}.{changed[0]}; leave out --config "
                "to keep their configuration."
            )
    for target in filter(None, (gan.generator, gan.averaged)):
        copy_weights(target, model)


def _build(config: Config) -> AdversarialTraining:
    judged = bool(config.loss.adversarial)
    if config.model.kind == "vocoder":
        opponents = (build_waveform_discriminator(config) if judged else None,)
    else:
        opponents = build_discriminators(config) if judged else (None, None)
    averaged = build_generator(config) if config.training.ema else None
    kind = VocoderGAN if config.model.kind == "vocoder" else GAN
    return kind(config, build_generator(config), *opponents, averaged=averaged)
