"""One run of `vsg train`: data, devices, models and files brought together."""

from collections.abc import Callable, Mapping
from pathlib import Path

import tensorflow as tf

from vsg_tf.config import Config
from vsg_tf.data.dataset import count_examples, make_dataset, readable_shards
from vsg_tf.data.manifest import Manifest, open_prepared
from vsg_tf.data.sound_dataset import make_sound_dataset
from vsg_tf.errors import TrainingError
from vsg_tf.extras import start_tensorflow
from vsg_tf.model_files import save_model_dir
from vsg_tf.training.adversarial import AdversarialTraining
from vsg_tf.training.assembly import build_gan, make_reproducible, start_from
from vsg_tf.training.checkpoints import CheckpointStore
from vsg_tf.training.logs import RunLog
from vsg_tf.training.loop import Outcome, TrainingLoop
from vsg_tf.training.model_card import model_card
from vsg_tf.training.progress import TrainingProgress
from vsg_tf.training.run_folder import RunFolder
from vsg_tf.training.strategy import make_strategy
from vsg_tf.training.validation import Validator

TRAIN_SPLIT = "train"
VALIDATION_SPLIT = "valid"


def train_run(
    config: Config,
    data: Path,
    folder: RunFolder,
    *,
    resume: bool,
    devices: int | None,
    start: Path | None = None,
) -> Outcome:
    """Train to the end of `config`, or until a signal.

    Args:
        data: folder that `vsg prepare` wrote; without a `valid` split nothing is validated.
        folder: already checked to be new, or to be resumed.
        resume: continue from the newest checkpoint.
        devices: see `strategy.make_strategy`.
        start: model folder whose weights the generator begins with.

    Raises:
        VsgError: the data does not fit, a file cannot be written, or training diverged.
    """
    manifest = open_prepared(data, config)
    manifest.of_split(TRAIN_SPLIT)
    with folder.locked(), readable_shards(data):
        try:
            return _train(config, data, manifest, folder, resume, devices, start)
        except tf.errors.ResourceExhaustedError as error:
            reason = error.message.partition("\n")[0]
            raise TrainingError(
                f"Memory or disk is full ({reason}); lower training.batch_size or "
                "training.crop_seconds, or free some space and --resume."
            ) from error


def _train(
    config: Config,
    data: Path,
    manifest: Manifest,
    folder: RunFolder,
    resume: bool,
    devices: int | None,
    start: Path | None,
) -> Outcome:
    training = config.training
    strategy = make_strategy(devices)
    start_tensorflow()
    make_reproducible(training.seed)
    gan = build_gan(config, strategy)
    if start is not None:
        start_from(gan, config, start)
        folder.keep_vocoder(start)
    folder.write_config(config)

    make_batches = _dataset_maker(config)

    def batches(epoch: int, skip: int) -> tf.data.Dataset:
        size = training.batch_size
        return make_batches(
            data, TRAIN_SPLIT, config, batch_size=size, epoch=epoch, skip_batches=skip
        )

    with TrainingProgress(training.steps, training.batch_size) as progress:
        loop = TrainingLoop(
            config,
            strategy,
            gan,
            batches,
            CheckpointStore(folder.checkpoints, training.keep_checkpoints),
            RunLog(folder.logs, config.audio),
            progress,
            _model_saver(config, data, folder, gan),
            _validator(config, data, gan) if manifest.count(VALIDATION_SPLIT) else None,
        )
        if resume:
            found = loop.resume()
            where = f"step {loop.state.step}" if found else "the start: there is no checkpoint yet"
            progress.say(f"continuing from {where}")
        return loop.run()


def _dataset_maker(config: Config) -> Callable[..., tf.data.Dataset]:
    return make_sound_dataset if config.model.kind == "vocoder" else make_dataset


def _validator(config: Config, data: Path, gan: AdversarialTraining) -> Validator:
    make_batches = _dataset_maker(config)

    def batches() -> tf.data.Dataset:
        size = config.training.batch_size
        return make_batches(
            data, VALIDATION_SPLIT, config, batch_size=size, epoch=0, training=False
        )

    return Validator(gan, batches, config.training.validation_batches)


def _model_saver(
    config: Config, data: Path, folder: RunFolder, gan: AdversarialTraining
) -> Callable[[int, Mapping[str, float]], None]:
    examples = count_examples(data, TRAIN_SPLIT)
    becomes_adversarial = gan.adversarial_from(config.training.steps - 1)

    def save(step: int, metrics: Mapping[str, float]) -> None:
        card = model_card(config, str(data), examples, step, metrics)
        save_model_dir(folder.model, gan.shipped, config, card, folder.vocoder)
        if becomes_adversarial and not gan.adversarial_from(step - 1):
            before = folder.model_before_adversarial
            save_model_dir(before, gan.shipped, config, card, folder.vocoder)

    return save
