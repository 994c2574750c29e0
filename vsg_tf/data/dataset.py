"""Prepared shards in, batches out: one epoch at a time, reproducible and resumable."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import tensorflow as tf

from vsg_tf.config.schema import Config
from vsg_tf.data import cropping
from vsg_tf.data.manifest import SOUNDS_KIND, damaged_shard, open_prepared, read_manifest
from vsg_tf.data.records import clip_frames, parse
from vsg_tf.data.sharing import WHOLE, Share
from vsg_tf.errors import ConfigError

_INTERLEAVED_SHARDS = 16


def count_examples(data_dir: str | os.PathLike, split: str) -> int:
    """Prepared examples in a split.

    Raises:
        InputError: no manifest, or no such split.
    """
    return sum(shard.count for shard in read_manifest(data_dir).of_split(split))


def batches_in(examples: int, batch_size: int) -> int:
    """Batches of a training epoch: whole ones; too few examples are repeated to fill one."""
    return examples * _repeats(examples, batch_size) // batch_size


def _repeats(examples: int, batch_size: int) -> int:
    return -(-batch_size // examples) if examples < batch_size else 1


def from_service(
    dataset: tf.data.Dataset, address: str, job: str, epoch_steps: int
) -> tf.data.Dataset:
    """Let a tf.data service make the batches of an epoch, for one trainer or several.

    Its workers share the shards out among them as they come, so the order is not reproducible.

    Args:
        dataset: equal on all trainers, and readable where the service's workers are.
        address: of the dispatcher, `host:port`.
        job: name that all trainers give this epoch, and no other run.
        epoch_steps: batches of an epoch for each trainer.
    """
    service = tf.data.experimental.service.distribute(
        processing_mode=tf.data.experimental.service.ShardingPolicy.DYNAMIC,
        service=f"grpc://{address}",
        job_name=job,
    )
    # Repeated before it is dealt out: trainers that are served unequally must not run out.
    return dataset.repeat().apply(service).take(epoch_steps)


@contextlib.contextmanager
def readable_shards(data_dir: str | os.PathLike) -> Iterator[None]:
    """Batches of `data_dir` are drawn inside; a shard that cannot be read is one sentence.

    Raises:
        InputError: TensorFlow failed to read, and a shard is not what the manifest says.
    """
    try:
        yield
    except tf.errors.OpError as error:
        folder = Path(data_dir)
        for shard in read_manifest(folder).shards:
            if not shard.is_unaltered(folder):
                raise damaged_shard(folder, shard) from error
        raise


def read_records(
    folder: Path, shards: list, config: Config, rng: np.random.Generator | None
) -> tf.data.Dataset:
    """Dataset of (index in the manifest's order, record), shuffled if there is an rng."""
    firsts = np.concatenate([[0], np.cumsum([shard.count for shard in shards])])[:-1]
    order = np.arange(len(shards)) if rng is None else rng.permutation(len(shards))
    paths = [str(folder / shards[i].name) for i in order]

    def read(path: tf.Tensor, first: tf.Tensor) -> tf.data.Dataset:
        return tf.data.TFRecordDataset(path).enumerate(first)

    files = tf.data.Dataset.from_tensor_slices((paths, firsts[order].astype(np.int64)))
    if rng is None:
        return files.flat_map(read)
    records = files.interleave(
        read, cycle_length=min(len(paths), _INTERLEAVED_SHARDS), num_parallel_calls=1
    )
    return records.shuffle(
        config.data.shuffle_buffer,
        seed=int(rng.integers(2**31)),
        reshuffle_each_iteration=False,
    )


def epoch_batches(
    folder: Path,
    shards: list,
    make_example: Callable[[Config, int, bool], Callable[..., dict[str, tf.Tensor]]],
    config: Config,
    *,
    batch_size: int,
    epoch: int,
    skip_batches: int,
    training: bool,
    share: Share = WHOLE,
) -> tf.data.Dataset:
    """Batches of one epoch, whatever the records hold.

    Args:
        folder: of the prepared data.
        shards: those of the split.
        make_example: gives, for config, epoch and training, what makes an example of (index,
            record).
        config, batch_size, epoch, skip_batches, training, share: as for `make_dataset`.
    """
    epoch = epoch if training else 0
    rng = np.random.default_rng([config.training.seed & 0xFFFFFFFF, epoch]) if training else None
    records = read_records(folder, shards, config, rng)
    count = sum(shard.count for shard in shards)
    if training:
        records = records.repeat(_repeats(count, batch_size))
    records = share.of_records(records.skip(skip_batches * batch_size), batch_size)
    example = make_example(config, epoch, training)
    dataset = records.map(example, num_parallel_calls=tf.data.AUTOTUNE)
    dataset = dataset.batch(batch_size // share.devices, drop_remainder=training).prefetch(2)
    options = tf.data.Options()
    options.deterministic = config.data.deterministic
    return dataset.with_options(options)


def _make_example(config: Config, epoch: int, training: bool):
    timebase, ratio = config.timebase, config.video.mel_per_feature
    frames = clip_frames(config, config.training.crop_seconds)
    seconds = frames * timebase.feature_hop / timebase.sample_rate
    visual = config.video.visual
    augment = training and config.data.feature_augmentation and visual.augments

    def example(index: tf.Tensor, record: tf.Tensor) -> dict[str, tf.Tensor]:
        parts = parse(record, config.video.feature_width, config.audio.n_mels)
        # Seeded by the example, not by its place in the epoch: skipping batches changes nothing.
        base = tf.stack([tf.constant(config.training.seed, tf.int64), (epoch << 32) + index])
        seeds = tf.random.split(base, 4)
        features = cropping.pad_rows(parts["features"], frames)
        mel = cropping.pad_rows(parts["mel"], frames * ratio)
        envelope = cropping.pad_rows(parts["envelope"], frames)
        start = cropping.random_start(tf.shape(features)[0], frames, seeds[0])[0]
        features = tf.ensure_shape(
            features[start : start + frames], [frames, config.video.feature_width]
        )
        mel = tf.ensure_shape(
            mel[start * ratio : (start + frames) * ratio], [frames * ratio, config.audio.n_mels]
        )
        offset = tf.cast(start, tf.float32) * (timebase.feature_hop / timebase.sample_rate)
        other = parts["reference_mel"]
        own = (tf.random.stateless_uniform([], seeds[1]) < config.data.own_reference) | (
            tf.shape(other)[0] == 0
        )
        other = cropping.pad_rows(other, frames * ratio)
        if augment:
            features = visual.augment(features, seeds[3])
        return {
            "features": features,
            "mel": mel,
            "reference_mel": tf.where(
                own, mel, cropping.loudest_crop(other, frames * ratio, seeds[2])
            ),
            "events": cropping.crop_events(
                parts["events"], offset, seconds, config.data.max_events
            ),
            "envelope": tf.ensure_shape(envelope[start : start + frames], [frames]),
            "index": tf.ensure_shape(index, []),
        }

    return example


def make_dataset(
    data_dir: str | os.PathLike,
    split: str,
    config: Config,
    *,
    batch_size: int,
    epoch: int,
    skip_batches: int = 0,
    training: bool = True,
    share: Share = WHOLE,
) -> tf.data.Dataset:
    """Batches of one epoch.

    The same `config.training.seed`, `epoch` and data give the same batches in the same order.

    Args:
        data_dir: folder written by `prepare`.
        split: `train` or `valid`.
        config: its audio, video and clip length must be those of the data.
        batch_size: examples a batch, over all devices of all workers.
        epoch: counted from 0; other epochs have other orders, crops and references.
        skip_batches: leave out this many batches, cheaply, to go on after an interruption.
        training: shuffle, augment and drop the last incomplete batch; fewer examples than one
            batch are repeated to fill it. Without it the order is the manifest's, and crops and
            references depend on the example alone.
        share: with several devices, whose part of each batch is made; the parts of one batch of
            several workers put together are the batch that one would make.

    Returns:
        Dataset of dicts: `features [B, T, F]`, `mel [B, 4T, M]`, `reference_mel [B, 4T, M]`,
        `events [B, max_events, 3]`, `envelope [B, T]` (float32), `index [B]` (int64, position in
        the manifest's order). T is that of `training.crop_seconds`, or of the whole clip.

    Raises:
        InputError: no prepared data, unfinished, or no such split.
        ConfigError: the data is a vocoder's, or was prepared for another audio grid, front end or
            clip length.
    """
    folder = Path(data_dir)
    manifest = open_prepared(folder, config)
    if manifest.kind == SOUNDS_KIND:
        raise ConfigError(
            f"{folder} holds recordings for a vocoder; this model learns from clips, which vsg "
            "prepare synthetic, videos and vas write."
        )
    return epoch_batches(
        folder,
        manifest.of_split(split),
        _make_example,
        config,
        batch_size=batch_size,
        epoch=epoch,
        skip_batches=skip_batches,
        training=training,
        share=share,
    )
