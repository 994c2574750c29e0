"""REGNET's feature files: read without trusting them, brought to the exact grid."""

import os
import pickle

import numpy as np
import pytest

from vsg_tf.errors import InputError
from vsg_tf.frontends.regnet.files import (
    feature_paths,
    load_array,
    load_regnet_features,
    save_regnet_features,
    to_grid,
)
from vsg_tf.timebase import TimeBase


@pytest.fixture
def paths(tmp_path):
    return feature_paths(tmp_path, "dog", "video_1")[:2]


def _stream(frames=216, seed=0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(frames, 1024)).astype(np.float32)


def _write(path, thing, protocol=4):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(thing, protocol))
    return path


def test_layout(tmp_path):
    rgb, flow, mel = (str(p.relative_to(tmp_path)) for p in feature_paths(tmp_path, "dog", "v"))
    assert rgb == "dog/feature_rgb_bninception_dim1024_21.5fps/v.pkl"
    assert flow == "dog/feature_flow_bninception_dim1024_21.5fps/v.pkl"
    assert mel == "dog/melspec_10s_22050hz/v_mel.npy"


def test_round_trip(paths):
    features = np.concatenate([_stream(seed=1), _stream(seed=2)], axis=1)
    save_regnet_features(features, *paths)
    np.testing.assert_array_equal(load_regnet_features(*paths), features)
    with open(paths[0], "rb") as file:
        assert pickle.load(file).shape == (216, 1024)  # noqa: S301 - our own file
    with pytest.raises(InputError, match="exists"):
        save_regnet_features(features, *paths)


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("order", ["C", "F"])
def test_every_way_to_pickle_an_array(tmp_path, protocol, dtype, order):
    array = np.asarray(_stream(3), dtype, order=order)
    path = _write(tmp_path / "a.pkl", array, protocol)
    np.testing.assert_array_equal(load_array(path), array.astype(np.float32))


def test_the_shorter_stream_decides(paths):
    _write(paths[0], _stream(216)), _write(paths[1], _stream(214))
    assert load_regnet_features(*paths).shape == (214, 2048)
    _write(paths[1], _stream(100))
    with pytest.raises(InputError, match="not of the same clip"):
        load_regnet_features(*paths)


class _Attack:
    def __init__(self, call, *arguments):
        self.call, self.arguments = call, arguments

    def __reduce__(self):
        return self.call, self.arguments


@pytest.mark.parametrize(
    "attack",
    [
        _Attack(os.system, "touch {marker}"),
        _Attack(eval, "open('{marker}', 'w')"),
        _Attack(np.load, "{marker}"),
        _Attack(np.ndarray, (10**12,)),
        _Attack(np.dtype, "O"),
    ],
    ids=["os.system", "eval", "numpy function", "huge array", "objects"],
)
def test_no_code_runs_from_a_file(tmp_path, attack):
    marker = tmp_path / "marker"
    attack.arguments = tuple(
        a.format(marker=marker) if isinstance(a, str) else a for a in attack.arguments
    )
    with pytest.raises(InputError, match="not a plain NumPy array"):
        load_array(_write(tmp_path / "a.pkl", attack))
    assert not marker.exists()


@pytest.mark.parametrize(
    ("thing", "sentence"),
    [
        ([1.0, 2.0], "not a plain NumPy array"),
        (np.array([None, {}]), "not a plain NumPy array"),
        (np.zeros((3, 1024), np.int32), "not a plain NumPy array"),
        (np.zeros((3, 512), np.float32), r"shape \(3, 512\)"),
        (np.zeros((0, 1024), np.float32), r"shape \(0, 1024\)"),
        (np.zeros(1024, np.float32), r"shape \(1024,\)"),
        (np.full((3, 1024), np.nan, np.float32), "not finite"),
    ],
)
def test_anything_else_is_refused(tmp_path, thing, sentence):
    with pytest.raises(InputError, match=sentence):
        load_array(_write(tmp_path / "a.pkl", thing))


@pytest.mark.parametrize("part", [0.0, 0.1, 0.9, 0.9999])
def test_damaged_files_are_refused(tmp_path, part):
    path = _write(tmp_path / "a.pkl", _stream())
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    with pytest.raises(InputError, match=r"empty file|not a plain NumPy array"):
        load_array(path)
    with pytest.raises(InputError, match="does not exist"):
        load_array(tmp_path / "nothing.pkl")


@pytest.mark.parametrize("seconds", [10, 600])
def test_to_grid_keeps_events_at_their_time(seconds):
    """A feature that equals the time its frame stands for still does so on the exact grid."""
    grid = TimeBase()
    stored = (np.arange(round(seconds * 21.5)) + 0.5) / 21.5
    moved = to_grid(stored[:, None], grid)[:, 0]
    wanted = (np.arange(len(moved)) + 0.5) / grid.feature_rate
    inner = slice(1, -2)
    np.testing.assert_allclose(moved[inner], wanted[inner], atol=1e-4)
    assert len(moved) == grid.feature_frames_for(seconds)
    for count in (len(moved) - 9, len(moved) + 9):
        other = to_grid(stored[:, None], grid, count=count)[:, 0]
        np.testing.assert_array_equal(other[: len(moved) - 9], moved[: len(moved) - 9])
        assert len(other) == count and other[-1] <= stored[-1] + 1e-3


def test_published_features_load(shared_data):
    root = shared_data / "vas_samples/features"
    found = sorted(root.glob("*/feature_rgb_*/*.pkl"))
    assert len(found) == 7
    for path in found:
        rgb, flow, _ = feature_paths(root, path.parts[-3], path.stem)
        features = load_regnet_features(rgb, flow)
        assert features.shape[1] == 2048 and 214 <= len(features) <= 216
