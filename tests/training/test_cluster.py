"""Who trains together: what options and TF_CONFIG say, and how the workers meet."""

import json
import threading

import pytest

from tests.training.clusters import free_addresses
from vsg_tf.errors import ConfigError, TrainingError
from vsg_tf.training.cluster import Cluster, find_cluster
from vsg_tf.training.meeting import meet

PASSPORT = {
    "versions": {"tensorflow": "2"},
    "config": {"name": "a", "training": {"seed": 3}},
    "data": "x",
    "examples": 9,
    "devices": 1,
}


def _of_tf_config(**values):
    return find_cluster(None, None, {"TF_CONFIG": json.dumps(values)}, 5)


def test_alone_without_options_and_tf_config():
    assert find_cluster(None, None, {}, 5) is None
    assert find_cluster("a:1", 0, {}, 5) is None
    assert _of_tf_config(cluster={"worker": ["a:1"]}, task={"type": "worker", "index": 0}) is None
    assert find_cluster(None, None, {"TF_CONFIG": "{}"}, 5) is None


def test_options_go_before_tf_config():
    cluster = find_cluster("a:1, [::1]:2", 1, {"TF_CONFIG": "no JSON"}, 5)
    assert cluster == Cluster(("a:1", "[::1]:2"), 1, 5)
    assert not cluster.is_chief and cluster.endpoint(1) == ("::1", 2)


def test_the_chief_of_tf_config_comes_first():
    names = {"worker": ["b:1", "c:1"], "chief": ["a:1"]}
    worker = _of_tf_config(cluster=names, task={"type": "worker", "index": 1})
    assert worker == Cluster(("a:1", "b:1", "c:1"), 2, 5)
    assert _of_tf_config(cluster=names, task={"type": "chief", "index": 0}).is_chief
    del names["chief"]
    assert _of_tf_config(cluster=names, task={"type": "worker", "index": 0}).is_chief


@pytest.mark.parametrize(
    ("workers", "index", "environment", "sentence"),
    [
        ("a:1,b:1", None, {}, "--workers and --worker-index belong together"),
        (None, 1, {}, "--workers and --worker-index belong together"),
        ("a:1,b", 0, {}, "names 'b', which is no host:port address"),
        ("a:1,b:99999", 0, {}, "names 'b:99999', which is no host:port"),
        ("a:1,a:1", 0, {}, "names an address twice"),
        ("a:1,b:1", 2, {}, "names 2 workers, so there is no worker 2"),
        (None, None, {"TF_CONFIG": "{cluster"}, "TF_CONFIG is not JSON"),
        (None, None, {"TF_CONFIG": "[]"}, 'needs a "cluster"'),
        (None, None, {"TF_CONFIG": '{"cluster": {"worker": "a:1"}}'}, 'needs a "cluster"'),
        (None, None, {"TF_CONFIG": '{"cluster": {}}'}, "names no chief and no worker"),
        (None, None, {"TF_CONFIG": '{"cluster": {"ps": ["a:1"]}}'}, "has the role 'ps'"),
        (None, None, {"TF_CONFIG": '{"cluster": {"worker": ["a:1"]}}'}, "which process this is"),
    ],
)
def test_what_is_no_cluster_is_said_in_one_sentence(workers, index, environment, sentence):
    with pytest.raises(ConfigError) as caught:
        find_cluster(workers, index, environment, 5)
    assert sentence in str(caught.value)


def test_a_task_that_the_cluster_lacks_is_refused():
    with pytest.raises(ConfigError, match="worker 3, which its cluster lacks"):
        _of_tf_config(cluster={"worker": ["a:1", "b:1"]}, task={"type": "worker", "index": 3})


def _meet(passports, timeout=10.0, present=None):
    """What each worker of a run with these passports is told: None where all is well."""
    names = tuple(free_addresses(len(passports)).split(","))
    told = {}

    def one(index):
        try:
            meet(Cluster(names, index, timeout), passports[index], lambda text: None)
            told[index] = None
        except TrainingError as error:
            told[index] = str(error)

    present = range(len(passports)) if present is None else present
    threads = [threading.Thread(target=one, args=(index,)) for index in present]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [told.get(index) for index in range(len(passports))]


def test_workers_that_agree_meet():
    assert _meet([PASSPORT] * 3) == [None] * 3


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"versions": {"tensorflow": "1"}}, "runs tensorflow 1 and the chief 2"),
        ({"config": {"name": "a", "training": {"seed": 4}}}, "has training.seed = 4 and the chief"),
        ({"data": "y", "examples": 8}, "reads other prepared data (8 examples) than the chief (9"),
        ({"devices": 2}, "trains on 2 devices and the chief on 1"),
    ],
)
def test_all_workers_are_told_where_they_differ(change, sentence):
    told = _meet([PASSPORT, PASSPORT, {**PASSPORT, **change}])
    assert "Worker 2" in told[0] and sentence in told[0]
    assert told[2] == told[1] == told[0]


def test_missing_workers_are_named_after_the_time_limit():
    assert "Worker 2" in (told := _meet([PASSPORT] * 3, 1.0, (0, 1)))[0]
    assert "could not be reached within 1 s" in told[0] and told[1] == told[0]
    assert "did not call within 1 s" in _meet([PASSPORT] * 2, 1.0, (1,))[1]
