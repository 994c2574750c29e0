"""A model folder is replaced whole, and is never missing."""

import os
from pathlib import Path

import pytest

from vsg_tf.config import load_config
from vsg_tf.errors import InputError
from vsg_tf.model_files import save_model_dir
from vsg_tf.models.build import build_generator


@pytest.fixture(scope="module")
def model():
    config = load_config(Path(__file__).parents[1] / "configs" / "debug.yaml")
    return build_generator(config), config


def test_a_folder_is_replaced_whole(model, tmp_path):
    folder = tmp_path / "model"
    save_model_dir(folder, *model, "first")
    (folder / "stray").touch()
    save_model_dir(folder, *model, "second")
    assert (folder / "README.md").read_text() == "second"
    assert sorted(os.listdir(folder)) == ["README.md", "config.yaml", "generator.weights.h5"]
    assert os.listdir(tmp_path) == ["model"]


def test_the_old_folder_comes_back_if_the_new_one_cannot_take_its_place(
    model, tmp_path, monkeypatch
):
    folder = tmp_path / "model"
    save_model_dir(folder, *model, "first")
    rename = Path.rename

    def refuse(self, target):
        if self.name.startswith(".vsg-model-"):
            raise OSError("refused")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(InputError, match="refused"):
        save_model_dir(folder, *model, "second")
    assert (folder / "README.md").read_text() == "first"
    assert os.listdir(tmp_path) == ["model"]


@pytest.mark.parametrize("moves", [1, 2])
def test_a_kill_between_the_moves_loses_no_model(model, tmp_path, monkeypatch, moves):
    """A kill runs no handler, so it is looked at what lies on the disk after each move."""
    folder = tmp_path / "model"
    save_model_dir(folder, *model, "first")
    rename, seen = Path.rename, []

    def watch(self, target):
        result = rename(self, target)
        seen.append(sorted(path.read_text() for path in tmp_path.rglob("README.md")))
        return result

    monkeypatch.setattr(Path, "rename", watch)
    save_model_dir(folder, *model, "second")
    assert seen[moves - 1] == ["first", "second"]
