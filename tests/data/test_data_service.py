"""Batches from a tf.data service, dispatcher and workers in this process."""

import numpy as np
import pytest
import tensorflow as tf

from tests.data.corpora import prepare_numbers, tiny_config
from vsg_tf.data import shards
from vsg_tf.data.dataset import batches_in, count_examples
from vsg_tf.data.sharing import Share
from vsg_tf.training.session import training_batches

service = tf.data.experimental.service


@pytest.fixture(scope="module")
def address():
    dispatcher = service.DispatchServer(service.DispatcherConfig(port=0))
    place = dispatcher.target.partition("://")[2]
    workers = [service.WorkerServer(service.WorkerConfig(place)) for _ in range(2)]
    yield place
    del workers, dispatcher


def test_two_trainers_share_the_epochs_of_a_service(tmp_path, monkeypatch, address):
    monkeypatch.setattr(shards, "SHARD_EXAMPLES", 4)
    config = tiny_config()
    prepare_numbers(tmp_path, config, count=18)  # two of them fail: 16 remain
    steps = batches_in(count_examples(tmp_path, "train"), config.training.batch_size)
    trainers = [
        iter(training_batches(config, tmp_path, Share(worker, 2, 2), address)(0, 0))
        for worker in range(2)
    ]
    indices = []
    for _ in range(steps):
        parts = [next(trainer) for trainer in trainers]
        assert all(part["mel"].shape[0] == 2 for part in parts)
        indices += [int(index) for part in parts for index in part["index"]]
    assert steps == 4 and len(indices) == 16
    assert set(indices) <= set(range(16)) and len(set(indices)) > 8


def test_one_trainer_gets_as_many_batches_as_without(tmp_path, address):
    config = tiny_config()
    prepare_numbers(tmp_path, config, count=18)
    batches = training_batches(config, tmp_path, Share(), address)
    assert [len(list(batches(epoch, skip))) for epoch, skip in ((0, 0), (1, 3))] == [4, 1]
    sizes = [np.shape(batch["mel"])[0] for batch in batches(2, 0)]
    assert sizes == [4] * 4
