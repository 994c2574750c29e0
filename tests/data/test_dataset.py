"""Batches of prepared data."""

import numpy as np
import pytest
import tensorflow as tf

from tests.data.corpora import prepare_numbers, tiny_config
from vsg_tf.data import shards
from vsg_tf.data.cropping import crop_events, loudest_crop
from vsg_tf.data.dataset import batches_in, count_examples, make_dataset
from vsg_tf.data.sharing import Share
from vsg_tf.frontends.motion.augmentation import augment_motion

FRAMES = 21  # of a one-second crop


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("numbers")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "SHARD_EXAMPLES", 6)
        prepare_numbers(place, tiny_config(), count=26)
    return place


def _batches(folder, epoch=0, config=None, **options):
    config = config or tiny_config()
    return list(
        make_dataset(
            folder, "train", config, batch_size=4, epoch=epoch, **options
        ).as_numpy_iterator()
    )


def _equal(first, second):
    return len(first) == len(second) and all(
        np.array_equal(a[name], b[name]) for a, b in zip(first, second, strict=True) for name in a
    )


def test_shapes(folder):
    batch = _batches(folder)[0]
    shapes = {name: value.shape for name, value in batch.items()}
    assert shapes == {
        "features": (4, FRAMES, 282),
        "mel": (4, 4 * FRAMES, 8),
        "reference_mel": (4, 4 * FRAMES, 8),
        "events": (4, 6, 3),
        "envelope": (4, FRAMES),
        "index": (4,),
    }
    assert batch["index"].dtype == np.int64 and batch["mel"].dtype == np.float32


def test_an_epoch_is_repeatable_and_epochs_differ(folder):
    assert _equal(_batches(folder), _batches(folder))
    assert not _equal(_batches(folder), _batches(folder, epoch=1))
    assert not _equal(_batches(folder), _batches(folder, config=tiny_config(seed=6)))


@pytest.mark.parametrize("training", [True, False])
def test_skipping_gives_what_would_have_come(folder, training):
    whole = _batches(folder, epoch=2, training=training)
    assert _equal(whole[3:], _batches(folder, epoch=2, skip_batches=3, training=training))


def test_every_example_comes_once(folder):
    count = count_examples(folder, "train")
    assert count == 24
    index = np.concatenate([batch["index"] for batch in _batches(folder)])
    assert sorted(index) == list(range(count)) and list(index) != sorted(index)
    ordered = _batches(folder, training=False)
    assert np.concatenate([b["index"] for b in ordered]).tolist() == list(range(count))


def test_parts_of_a_crop_are_aligned(folder):
    starts, own = set(), set()
    for batch in _batches(folder):
        place = batch["features"][:, :, 1]
        np.testing.assert_allclose(batch["envelope"], place / 64, atol=1e-3)
        np.testing.assert_allclose(batch["mel"][:, ::4, 0], place / 64, atol=1e-3)
        for row in range(4):
            start = place[row, 0] * 1024 / 22050
            times = np.array([0.3, 1.3]) - start
            expected = times[(times >= 0) & (times < FRAMES * 1024 / 22050)]
            events = batch["events"][row]
            np.testing.assert_allclose(events[events[:, 1] > 0, 0], expected, atol=1e-5)
            starts.add(place[row, 0])
            own.add(np.array_equal(batch["reference_mel"][row], batch["mel"][row]))
    assert len(starts) > 3 and own == {True, False}


def test_events_outside_a_crop_are_removed():
    events = tf.constant([[0.5, 1.0, 0.1], [1.25, 0.5, 0.2], [2.0, 0.7, 0.3]])
    cropped = crop_events(events, tf.constant(1.0), 1.0, 3).numpy()
    np.testing.assert_allclose(cropped, [[0.25, 0.5, 0.2], [0, 0, 0], [0, 0, 0]])
    assert crop_events(events, tf.constant(0.0), 3.0, 2).shape == (2, 3)


def test_references_are_cropped_where_there_is_sound():
    mel = np.zeros((100, 2), np.float32)
    mel[40:60] = 1
    levels = [
        float(tf.reduce_mean(loudest_crop(tf.constant(mel), 20, tf.constant([0, seed]), tries)))
        for tries in (1, 8)
        for seed in range(20)
    ]
    assert np.mean(levels[20:]) > 1.5 * np.mean(levels[:20])


def test_short_examples_are_padded(folder):
    config = tiny_config()
    data = config.data.model_copy(update={"clip_seconds": 2.0})
    training = config.training.model_copy(update={"crop_seconds": 3.0})
    longer = config.model_copy(update={"data": data, "training": training})
    batch = _batches(folder, config=longer)[0]
    assert batch["features"].shape[1] == 64
    assert not batch["mel"][:, 43 * 4 :].any() and batch["mel"][:, : 43 * 4].any()


def test_augmentation_varies_motion_features_only_when_asked(folder):
    config = tiny_config()
    data = config.data.model_copy(update={"feature_augmentation": True})
    augmented = _batches(folder, config=config.model_copy(update={"data": data}))
    plain = _batches(folder)
    assert not np.array_equal(plain[0]["features"], augmented[0]["features"])
    assert np.array_equal(plain[0]["mel"], augmented[0]["mel"])
    features = tf.ones([30, 282])
    results = [augment_motion(features, tf.constant([1, seed])).numpy() for seed in range(12)]
    dropped = [
        int((result[:, :272].reshape(30, 16, 17) == 0).all((0, 2)).sum()) for result in results
    ]
    assert max(dropped) <= 5 and len(set(dropped)) > 2
    assert np.array_equal(results[3], augment_motion(features, tf.constant([1, 3])).numpy())


def test_fewer_examples_than_a_batch_fill_one(folder):
    batches = list(
        make_dataset(folder, "valid", tiny_config(), batch_size=4, epoch=0).as_numpy_iterator()
    )
    assert [batch["index"].tolist() for batch in batches] == [[0, 0, 0, 0]]


@pytest.mark.parametrize(("workers", "devices"), [(2, 2), (1, 2), (2, 4)])
def test_parts_of_several_workers_make_the_batches_of_one(folder, workers, devices):
    whole = [batch["index"] for batch in _batches(folder, skip_batches=1)]
    parts = []
    for worker in range(workers):
        own = _batches(folder, skip_batches=1, share=Share(worker, workers, devices))
        parts.append(np.reshape([part["index"] for part in own], [-1, 4 // workers]))
    assert np.array_equal(np.concatenate(parts, axis=1), whole)


def test_batches_of_an_epoch_are_known_beforehand(folder):
    assert len(list(_batches(folder))) == batches_in(count_examples(folder, "train"), 4)
    assert batches_in(3, 4) == 1 and batches_in(9, 4) == 2
