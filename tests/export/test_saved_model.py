"""Exported folders: numbered, whole, and each variable once."""

import threading

import numpy as np
import pytest
import tensorflow as tf

from tests.vocoder_cases import vocoder_beside
from vsg_tf.config import load_config
from vsg_tf.errors import InputError
from vsg_tf.export import saved_model as module


def test_no_variable_is_stored_twice(export_folder, networks):
    stored = tf.train.list_variables(str(export_folder / "variables" / "variables"))
    stored = [shape for name, shape in stored if "parameters" in name]
    variables = networks.generator.variables + vocoder_beside(networks.config).variables
    wanted = [tuple(variable.shape) for variable in variables]
    assert sorted(map(tuple, stored)) == sorted(wanted)
    size = sum(np.prod(variable.shape) * variable.value.dtype.size for variable in variables)
    (data,) = (export_folder / "variables").glob("variables.data*")
    assert data.stat().st_size < 1.1 * size + 10_000


def test_configuration_and_card_are_beside_it(export_folder, networks):
    assert load_config(export_folder / "config.yaml") == networks.config
    assert "# A tiny model" in (export_folder / "README.md").read_text()


def test_versions_count_up_also_for_two_at_once(tmp_path):
    folders = []
    for i in range(8):
        folder = tmp_path / f"scratch-{i}"
        folder.mkdir()
        (folder / "content").write_text(str(i))
        folders.append(folder)
    out = tmp_path / "out"
    (out / "3").mkdir(parents=True)
    (out / "3" / "content").write_text("older")
    (out / "notes").mkdir()
    start, written = threading.Barrier(8), []

    def publish(folder):
        start.wait()
        written.append(module._publish(folder, out))

    threads = [threading.Thread(target=publish, args=(folder,)) for folder in folders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(path.name) for path in written) == list(range(4, 12))
    assert sorted((path / "content").read_text() for path in written) == list("01234567")


def test_nothing_stays_of_an_export_that_failed(networks, tmp_path, monkeypatch):
    def full(*_, **__):
        raise tf.errors.ResourceExhaustedError(None, None, "No space left on device")

    monkeypatch.setattr(tf.saved_model, "save", full)
    with pytest.raises(InputError, match="No space left"):
        module.export_saved_model(networks.config, networks.generator, None, "", tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_a_file_in_the_way_is_a_sentence(networks, tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(InputError, match="is a file"):
        module.export_saved_model(networks.config, networks.generator, None, "", tmp_path / "out")
