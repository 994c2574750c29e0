"""Records, shards and the manifest."""

import json
import os

import numpy as np
import pytest
import tensorflow as tf
from threadpoolctl import threadpool_info

from tests.data.corpora import NumberBuilder, prepare_numbers, tiny_config
from vsg_tf.config.schema import VideoConfig
from vsg_tf.data import shards
from vsg_tf.data.dataset import make_dataset, readable_shards
from vsg_tf.data.manifest import MANIFEST_NAME, RECORD_VERSION, open_prepared, read_manifest
from vsg_tf.data.parts import Part, parse_part
from vsg_tf.data.records import clip_frames, deserialize, fit_length
from vsg_tf.errors import ConfigError, InputError
from vsg_tf.frontends.motion import Motion


@pytest.fixture(autouse=True)
def _small_shards(monkeypatch):
    monkeypatch.setattr(shards, "SHARD_EXAMPLES", 5)


def _read(folder, name):
    records = tf.data.TFRecordDataset(str(folder / name)).as_numpy_iterator()
    return [deserialize(record) for record in records]


def test_record_round_trip():
    example = NumberBuilder(tiny_config())(7)[0]
    back = deserialize(example.serialize())
    assert (back.identity, back.source, back.category) == ("n7", "s7", "number")
    assert back.truth == {"number": 7}
    for name in ("features", "mel", "reference_mel", "envelope", "events"):
        np.testing.assert_allclose(getattr(back, name), getattr(example, name), atol=5e-4)
    example.reference_mel = None
    assert deserialize(example.serialize()).reference_mel is None


def test_values_that_are_not_finite_are_refused():
    example = NumberBuilder(tiny_config())(7)[0]
    example.mel[3, 2] = np.nan
    with pytest.raises(InputError, match="mel of n7"):
        example.serialize()


def test_lengths():
    assert clip_frames(tiny_config(), 10.0) == 215
    assert fit_length(np.ones((3, 2)), 5)[3:].sum() == 0
    assert len(fit_length(np.ones(5), 3)) == 3


def test_failures_are_reported_and_skipped(tmp_path):
    manifest = prepare_numbers(tmp_path, tiny_config())
    assert manifest.count("train") == 18 and manifest.count("valid") == 1
    reasons = {f["item"]: f["reason"] for items in manifest.failures.values() for f in items}
    assert reasons == {"3": "Three is silent.", "13": "ValueError: decoder trouble"}
    stored = json.loads((tmp_path / "manifest.json").read_text())
    assert stored["counts"] == {"train": 18, "valid": 1} and stored["complete"]
    assert [e.truth["number"] for e in _read(tmp_path, "train-00000.tfrecord")] == [0, 1, 2, 4]


def test_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path, monkeypatch):
    class Full(tf.io.TFRecordWriter):
        def write(self, record):
            raise tf.errors.ResourceExhaustedError(None, None, "No space left on device")

    monkeypatch.setattr(tf.io, "TFRecordWriter", Full)
    with pytest.raises(InputError, match=r"Cannot write .*No space left on device.*same command"):
        prepare_numbers(tmp_path, tiny_config(), count=2)
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


def test_a_lost_shard_is_made_again_and_the_others_kept(tmp_path):
    before = prepare_numbers(tmp_path, tiny_config())
    kept, lost = tmp_path / "train-00000.tfrecord", tmp_path / "train-00001.tfrecord"
    stamp = kept.stat().st_mtime_ns
    lost.unlink()
    after = prepare_numbers(tmp_path, tiny_config())
    assert after.shards == before.shards and after.failures == before.failures
    assert kept.stat().st_mtime_ns == stamp and lost.exists()


def test_other_settings_need_overwrite(tmp_path):
    prepare_numbers(tmp_path, tiny_config())
    with pytest.raises(InputError, match="--overwrite"):
        prepare_numbers(tmp_path, tiny_config(), count=21)


def test_workers_do_not_change_the_data(tmp_path):
    one = prepare_numbers(tmp_path / "one", tiny_config(), count=12)
    two = prepare_numbers(tmp_path / "two", tiny_config(), count=12, workers=2)
    assert [s.sha256 for s in one.shards] == [s.sha256 for s in two.shards]


def test_examples_are_built_on_one_thread_without_workers_too(tmp_path):
    def count_threads(_):
        counts = {lib["num_threads"] for lib in threadpool_info() if lib["user_api"] == "blas"}
        raise InputError(f"threads {counts}")

    _, failures = shards.build_shard(count_threads, tmp_path, "train.tfrecord", "train", [0])
    assert failures == [{"item": "0", "reason": "threads {1}"}]


def test_data_of_another_front_end_is_refused(tmp_path):
    prepare_numbers(tmp_path, tiny_config(), count=2)
    other = tiny_config().model_copy(update={"name": "other"})
    open_prepared(tmp_path, other)
    audio = other.audio.model_copy(update={"n_mels": 9})
    with pytest.raises(ConfigError, match="prepare the data again"):
        open_prepared(tmp_path, other.model_copy(update={"audio": audio}))


def test_unfinished_or_missing_data_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"manifest\.json is missing"):
        read_manifest(tmp_path)
    manifest = prepare_numbers(tmp_path, tiny_config(), count=2)
    with pytest.raises(InputError, match="no split 'test'"):
        manifest.of_split("test")
    manifest.complete = False
    manifest.save(tmp_path)
    with pytest.raises(InputError, match="did not finish"):
        open_prepared(tmp_path, tiny_config())


def test_what_a_killed_process_was_writing_is_removed(tmp_path):
    left = tmp_path / ".vsg-1234.tfrecord"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    another = tmp_path / ".vsg-5678.tfrecord"  # of a part that is being made elsewhere
    another.write_bytes(b"half")
    prepare_numbers(tmp_path, tiny_config(), count=2)
    assert not left.exists() and another.exists()


def test_parts_make_together_what_one_command_makes(tmp_path, monkeypatch):
    monkeypatch.setattr(shards, "SHARD_EXAMPLES", 4)
    config = tiny_config()
    prepare_numbers(tmp_path / "whole", config)
    for index in (1, 0):
        prepare_numbers(tmp_path / "parts", config, workers=Part(index, 3))
    with pytest.raises(InputError, match="manifest"):
        read_manifest(tmp_path / "parts")
    made = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "parts").glob("*.tfrecord")}
    assert len(made) == 4
    prepare_numbers(tmp_path / "parts", config)  # the third part, and the manifest
    texts = [(tmp_path / name / "manifest.json").read_text() for name in ("whole", "parts")]
    assert texts[0] == texts[1] and '"Three is silent."' in texts[0]
    assert all((tmp_path / "parts" / name).stat().st_mtime_ns == at for name, at in made.items())
    assert not list((tmp_path / "parts").glob("*.tfrecord.json"))


@pytest.mark.parametrize("text", ["3", "3/3", "-1/3", "a/b", "1/0"])
def test_what_is_no_part_is_refused(text):
    assert parse_part("2/3", 4) == Part(2, 3, 4)
    with pytest.raises(InputError, match="INDEX/COUNT"):
        parse_part(text, 1)


def _flip_a_byte(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


DAMAGES = {
    "missing": lambda path: path.unlink(),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-9]),
    "altered": _flip_a_byte,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_shard_is_named(tmp_path, damage):
    config = tiny_config()
    prepare_numbers(tmp_path, config, count=12)
    damage(tmp_path / "train-00001.tfrecord")
    with pytest.raises(InputError, match=r"train-00001\.tfrecord is missing or damaged; delete"):
        with readable_shards(tmp_path):
            list(make_dataset(tmp_path, "train", config, batch_size=4, epoch=0))
    (tmp_path / "train-00001.tfrecord").unlink(missing_ok=True)
    prepare_numbers(tmp_path, config, count=12)
    assert list(make_dataset(tmp_path, "train", config, batch_size=4, epoch=0))


def test_other_errors_than_damage_pass(tmp_path):
    prepare_numbers(tmp_path, tiny_config(), count=2)
    with pytest.raises(tf.errors.InternalError), readable_shards(tmp_path):
        raise tf.errors.InternalError(None, None, "not the data")


def test_features_of_another_front_end_or_version_are_refused(tmp_path, monkeypatch):
    prepare_numbers(tmp_path, tiny_config(), count=2)
    other = tiny_config()
    other = other.model_copy(update={"video": VideoConfig(front_end="regnet")})
    with pytest.raises(ConfigError, match=r"holds features of motion 1.* has regnet 1"):
        open_prepared(tmp_path, other)
    monkeypatch.setattr(Motion, "version", 2)
    with pytest.raises(ConfigError, match=r"features of motion 1, but .* has motion 2"):
        open_prepared(tmp_path, tiny_config())


def test_examples_of_another_version_are_refused(tmp_path):
    prepare_numbers(tmp_path, tiny_config(), count=2)
    path = tmp_path / MANIFEST_NAME
    values = json.loads(path.read_text())
    assert values["record_version"] == RECORD_VERSION
    for change in ({"record_version": RECORD_VERSION - 1}, {"record_version": None}):
        path.write_text(json.dumps({**values, **change}))
        with pytest.raises(InputError, match="another version of vsg-tf"):
            open_prepared(tmp_path, tiny_config())
