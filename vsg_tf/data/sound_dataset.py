"""Shards of waveforms in, batches out; reproducible and resumable as `dataset`."""

import os
from pathlib import Path

import tensorflow as tf

from vsg_tf.audio.graph_mel import GraphLogMel
from vsg_tf.config.schema import Config
from vsg_tf.data.cropping import pad_rows, random_start
from vsg_tf.data.dataset import epoch_batches
from vsg_tf.data.manifest import SOUNDS_KIND, open_prepared
from vsg_tf.data.sharing import WHOLE, Share
from vsg_tf.errors import ConfigError

_QUIETEST_DB = -40.0  # gains in training go from here to 0
_TRIES = 2  # crops of which the louder is taken: much of a struck sound is its silent end
_BLUR, _NOISE = 0.5, 0.5  # how often a mel is disturbed in either way
_NOISE_LEVEL = 0.015  # at most; 1.5 dB
_FULL_SCALE = 32767.0


def _crop(waveform: tf.Tensor, samples: int, seed: tf.Tensor) -> tf.Tensor:
    waveform = pad_rows(waveform, samples)
    starts = random_start(tf.shape(waveform)[0], samples, seed, _TRIES)
    energy = tf.concat([[0.0], tf.cumsum(tf.square(waveform))], axis=0)
    start = starts[tf.argmax(tf.gather(energy, starts + samples) - tf.gather(energy, starts))]
    return tf.ensure_shape(waveform[start : start + samples], [samples])


def disturb_mel(mel: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """A mel as a decoder might give it: a little smoother in time, or a little rough.

    Args:
        mel: `[T, M]` in 0..1.
        seed: `[2]` integers; the same seed gives the same result.

    Returns:
        `[T, M]` in 0..1; bands at 0 stay there where no blur reaches them.
    """
    seeds = tf.random.split(seed, 2)
    draws = tf.random.stateless_uniform([4], seeds[0])
    padded = tf.concat([mel[:1], mel, mel[-1:]], axis=0)
    mean = (padded[:-2] + padded[1:-1] + padded[2:]) / 3
    amount = tf.where(draws[0] < _BLUR, draws[1], 0.0)
    mel = mel + amount * (mean - mel)
    noise = tf.random.stateless_normal(tf.shape(mel), seeds[1]) * draws[3] * _NOISE_LEVEL
    noise = tf.where((draws[2] < _NOISE) & (mel > 0), noise, 0.0)
    return tf.clip_by_value(mel + noise, 0.0, 1.0)


def _make_example(config: Config, epoch: int, training: bool):
    seconds = config.training.crop_seconds or config.data.clip_seconds
    hop = config.audio.hop_length
    samples = max(1, config.timebase.samples_for(seconds) // hop) * hop
    log_mel = GraphLogMel(config.audio)

    def example(index: tf.Tensor, record: tf.Tensor) -> dict[str, tf.Tensor]:
        stored = tf.io.parse_single_example(
            record, {"waveform": tf.io.FixedLenFeature([], tf.string)}
        )["waveform"]
        waveform = tf.cast(tf.io.decode_raw(stored, tf.int16), tf.float32) / _FULL_SCALE
        # Seeded by the example, not by its place in the epoch: skipping batches changes nothing.
        base = tf.stack([tf.constant(config.training.seed, tf.int64), (epoch << 32) + index])
        seeds = tf.random.split(base, 3)
        waveform = _crop(waveform, samples, seeds[0])
        if training:
            gain = tf.random.stateless_uniform([], seeds[1], _QUIETEST_DB, 0.0)
            waveform = waveform * tf.pow(10.0, gain / 20)
        mel = log_mel(waveform[None])[0]
        return {
            "waveform": waveform,
            "mel": disturb_mel(mel, seeds[2]) if training else mel,
            "index": tf.ensure_shape(index, []),
        }

    return example


def make_sound_dataset(
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
    """Batches of one epoch: a crop of `training.crop_seconds` of each piece, and its mel.

    Arguments as `dataset.make_dataset`. In training, levels vary by 40 dB and mels are disturbed.

    Returns:
        Dataset of dicts: `waveform [B, T * hop_length]`, `mel [B, T, M]` (float32), `index [B]`
        (int64, position in the manifest's order).

    Raises:
        InputError: no prepared data, unfinished, or no such split.
        ConfigError: the data is none of `vsg prepare audio`, or for other settings.
    """
    folder = Path(data_dir)
    manifest = open_prepared(folder, config)
    if manifest.kind != SOUNDS_KIND:
        raise ConfigError(
            f"{folder} holds clips; a vocoder learns from data that vsg prepare audio wrote."
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
