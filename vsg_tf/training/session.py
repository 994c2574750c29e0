"""One run of `vsg train`: data, devices, models and files brought together."""

import contextlib
import hashlib
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import tensorflow as tf
from rich.console import Console

from vsg_tf.config import Config, config_to_yaml
from vsg_tf.data.dataset import (
    batches_in,
    count_examples,
    from_service,
    make_dataset,
    readable_shards,
)
from vsg_tf.data.manifest import Manifest, open_prepared
from vsg_tf.data.sharing import Share
from vsg_tf.data.sound_dataset import make_sound_dataset
from vsg_tf.errors import TrainingError, WorkerLostError
from vsg_tf.extras import start_tensorflow
from vsg_tf.model_files import save_model_dir
from vsg_tf.training.adversarial import AdversarialTraining
from vsg_tf.training.agreement import Agreement
from vsg_tf.training.assembly import build_gan, make_reproducible, start_from
from vsg_tf.training.checkpoints import CheckpointStore
from vsg_tf.training.cluster import Cluster
from vsg_tf.training.logs import RunLog
from vsg_tf.training.loop import Outcome, TrainingLoop
from vsg_tf.training.meeting import meet
from vsg_tf.training.model_card import model_card
from vsg_tf.training.passport import make_passport
from vsg_tf.training.progress import TrainingProgress
from vsg_tf.training.run_folder import RunFolder
from vsg_tf.training.strategy import (
    count_local_devices,
    join_cluster,
    make_strategy,
    share_of,
)
from vsg_tf.training.trackers import TRACKERS, Log, SeveralLogs
from vsg_tf.training.validation import Validator

TRAIN_SPLIT = "train"
VALIDATION_SPLIT = "valid"
# How TensorFlow says that a collective has lost a worker.
_LOST = (tf.errors.UnavailableError, tf.errors.AbortedError, tf.errors.CancelledError)


def train_run(
    config: Config,
    data: Path,
    folder: RunFolder,
    *,
    resume: bool,
    devices: int | None,
    start: Path | None = None,
    cluster: Cluster | None = None,
    trackers: Sequence[str] = (),
    data_service: str | None = None,
) -> Outcome:
    """Train to the end of `config`, or until a signal.

    Args:
        data: folder that `vsg prepare` wrote; without a `valid` split nothing is validated.
        folder: already checked to be new, or to be resumed.
        resume: continue from the newest checkpoint.
        devices: see `strategy.make_strategy`.
        start: model folder whose weights the generator begins with.
        cluster: the workers of the run, of which this process is one. The chief alone touches
            `folder` and `start`, and tells the others; None: this process trains alone.
        trackers: names in `trackers.TRACKERS`, beside TensorBoard.
        data_service: `host:port` of a tf.data service that makes the batches, or None.

    Raises:
        WorkerLostError: another worker is gone.
        VsgError: the data does not fit, a file cannot be written, or training diverged.
    """
    manifest = open_prepared(data, config)
    manifest.of_split(TRAIN_SPLIT)
    writes = cluster is None or cluster.is_chief
    lock = folder.locked() if writes else contextlib.nullcontext()
    with lock, readable_shards(data):
        try:
            return _train(
                config,
                data,
                manifest,
                folder,
                resume,
                devices,
                start,
                cluster,
                trackers,
                data_service,
            )
        except _LOST as error:
            if cluster is None and data_service is None:
                raise
            if cluster is None:
                raise TrainingError(
                    f"The data service at {data_service} cannot be reached; start it with "
                    "vsg data-service, and --resume."
                ) from error
            raise WorkerLostError("Another worker of this run is gone.") from error
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
    cluster: Cluster | None,
    trackers: Sequence[str],
    data_service: str | None,
) -> Outcome:
    training = config.training
    is_chief = cluster is None or cluster.is_chief
    if cluster is None:
        strategy = make_strategy(devices)
    else:
        meet(cluster, make_passport(config, manifest, count_local_devices(devices)), _say)
        strategy = join_cluster(cluster, devices)
    start_tensorflow()
    make_reproducible(training.seed)
    gan = build_gan(config, strategy)
    if is_chief:
        if start is not None:
            start_from(gan, config, start)
            folder.keep_vocoder(start)
        folder.write_config(config)

    share = share_of(strategy, cluster)
    batches = training_batches(config, data, share, data_service)
    log = _logs(config, folder, trackers) if is_chief else None
    console = Console(stderr=True, quiet=not is_chief)
    with TrainingProgress(training.steps, training.batch_size, console) as progress:
        loop = TrainingLoop(
            config,
            strategy,
            gan,
            batches,
            batches_in(manifest.count(TRAIN_SPLIT), training.batch_size),
            CheckpointStore(folder.checkpoints, training.keep_checkpoints),
            log,
            progress,
            _model_saver(config, data, folder, gan),
            _validator(config, data, gan) if manifest.count(VALIDATION_SPLIT) else None,
            Agreement(strategy, is_chief),
        )
        if resume and is_chief:
            found = loop.resume()
            where = f"step {loop.state.step}" if found else "the start: there is no checkpoint yet"
            progress.say(f"continuing from {where}")
        loop.agree()
        if log is not None:
            log.configuration(loop.state.step, config_to_yaml(config))
        return loop.run()


def training_batches(
    config: Config, data: Path, share: Share, service: str | None = None
) -> Callable[[int, int], tf.data.Dataset]:
    """What gives this process' part of the batches of (epoch, batches to skip).

    They do not end where there are several workers, see `TrainingLoop`.

    Args:
        service: address of a tf.data service that makes them, or None.
    """
    make_batches = _dataset_maker(config)
    size = config.training.batch_size
    settings = json.dumps(config.model_dump(mode="json"), sort_keys=True)
    run = hashlib.sha256(f"{settings}{data}".encode()).hexdigest()[:16]

    def batches(epoch: int, skip: int) -> tf.data.Dataset:
        def made(skipped: int, part: Share) -> tf.data.Dataset:
            return make_batches(
                data,
                TRAIN_SPLIT,
                config,
                batch_size=size,
                epoch=epoch,
                skip_batches=skipped,
                share=part,
            )

        if service is None:
            dataset = made(skip, share)
        else:
            steps = batches_in(count_examples(data, TRAIN_SPLIT), size)
            # Trainers take what comes next of one queue, so there are no parts of batches.
            whole = made(0, Share(devices=share.devices))
            local = share.devices // share.workers
            job = f"{run}-{epoch}-{skip}"
            dataset = from_service(whole, service, job, (steps - skip) * local)
        return dataset if share.workers == 1 else dataset.repeat()

    return batches


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _logs(config: Config, folder: RunFolder, trackers: Sequence[str]) -> Log:
    others = [TRACKERS[name](folder, config) for name in trackers]
    return SeveralLogs([RunLog(folder.logs, config.audio), *others])


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
