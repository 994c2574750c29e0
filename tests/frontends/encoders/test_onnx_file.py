"""`video.front_end: onnx`: settings checked against the file, pictures as the file wants them."""

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")

from tests.frontends.encoders.onnx_files import MATRIX, write_encoder  # noqa: E402
from tests.media_writing import write_video  # noqa: E402
from vsg_tf.config import parse_config  # noqa: E402
from vsg_tf.errors import ConfigError, InputError  # noqa: E402
from vsg_tf.frontends.encoders.onnx_session import load_encoder  # noqa: E402
from vsg_tf.frontends.sources import extract_clip, list_source  # noqa: E402
from vsg_tf.video.clip import Clip  # noqa: E402

UINT8 = onnx.TensorProto.UINT8


def _config(file, front_ends=("onnx",), **settings):
    settings = {"file": str(file), "width": 5, "size": [8, 8], "rate": 25.0, **settings}
    return parse_config({"video": {"front_ends": list(front_ends), "settings": {"onnx": settings}}})


def _pictures(count=20, channels=3):
    rng = np.random.default_rng(1)
    return rng.integers(0, 255, (count, 8, 8, channels), np.uint8)


def _expected(pictures, scale=1 / 255, mean=0.0, deviation=1.0):
    values = (pictures.astype(np.float32) * scale - mean) / deviation
    return values.mean((1, 2)) @ MATRIX


@pytest.mark.parametrize(
    ("layout", "shape", "axes"),
    [
        ("NCHW", ("N", 3, 8, 8), (2, 3)),
        ("NHWC", ("N", 8, 8, 3), (1, 2)),
        ("NTCHW", ("N", "T", 3, 8, 8), (1, 3, 4)),
        ("NCTHW", ("N", 3, 1, "H", "W"), (2, 3, 4)),
        ("NTHWC", ("N", 1, 8, 8, 3), (1, 2, 3)),
    ],
)
def test_layouts(tmp_path, layout, shape, axes):
    file = write_encoder(tmp_path / "e.onnx", shape, axes)
    mean, deviation = (0.5, 0.4, 0.3), (0.2, 0.3, 0.4)
    config = _config(file, layout=layout, mean=mean, deviation=deviation)
    encoder, _ = load_encoder(config.video.visual.settings)
    pictures = _pictures()
    wanted = _expected(pictures, mean=np.float32(mean), deviation=np.float32(deviation))
    np.testing.assert_allclose(encoder(pictures[:, None]), wanted, atol=1e-4)


def test_numbers_and_batches_as_the_file_wants_them(tmp_path):
    pictures = _pictures(3)
    file = write_encoder(tmp_path / "u.onnx", (2, 3, 8, 8), kind=UINT8, output=(2, 5))
    encoder, _ = load_encoder(_config(file).video.visual.settings)
    assert encoder.batch == 2
    np.testing.assert_allclose(encoder(pictures[:1, None]), _expected(pictures[:1], 1.0), rtol=1e-5)
    half = write_encoder(tmp_path / "h.onnx", kind=onnx.TensorProto.FLOAT16)
    encoder, _ = load_encoder(_config(half).video.visual.settings)
    np.testing.assert_allclose(encoder(pictures[:, None]), _expected(pictures), atol=2e-3)
    grey = _config(file, colour="gray").video.visual.settings
    with pytest.raises(InputError, match=r"3 colours where layout NCHW and .* give 1"):
        load_encoder(grey)


def test_a_video_gives_features_alone_and_joined(tmp_path, monkeypatch):
    video = tmp_path / "v.mp4"
    write_video(video, times=[i / 25 for i in range(40)], size=(64, 48), sound=False)
    monkeypatch.setenv("VSG_WEIGHTS", str(tmp_path))
    write_encoder(tmp_path / "e.onnx")
    config = _config("e.onnx", crop="center")
    joined = _config("elsewhere/e.onnx", ("motion", "onnx"), crop="center", normalise="clip")
    with Clip.open(video) as clip:
        alone = extract_clip(config.video.visual, clip, config.timebase)
        both = extract_clip(joined.video.visual, clip, config.timebase)
        pictures = np.stack([p for _, p in clip.frames(11, 8, "rgb")])[:, :, 1:9]
    frames = config.timebase.feature_frames_for(1.6)
    assert alone.shape == (frames, 5) and both.shape == (frames, 5 + 282)
    place = np.minimum(config.timebase.feature_times(frames) * 25, 39)
    wanted = _expected(pictures)
    wanted = np.stack([np.interp(place, np.arange(40), column) for column in wanted.T], axis=1)
    np.testing.assert_allclose(alone, wanted, atol=1e-4)
    assert both[:, 282:].std(0).min() > 0.2 and joined.video.visual.cells.width == 287
    assert list(joined.video.visual.weights()) == ["onnx"]


def test_weights_are_pinned_and_paths_not_recorded(tmp_path):
    file = write_encoder(tmp_path / "e.onnx")
    visual = _config(file).video.visual
    digest = visual.weights()["onnx"]
    other = write_encoder(tmp_path / "o.onnx", factor=2.0)
    assert _config(file, batch=3).video.visual.description() == visual.description()
    assert _config(other).video.visual.description() == visual.description()
    assert _config(other).video.visual.weights()["onnx"] != digest
    assert _config(file, weights=digest).video.visual.weights()
    with pytest.raises(InputError, match=f"begins with {digest[:12]}, but that of"):
        _config(other, weights=digest).video.visual.weights()


@pytest.mark.parametrize(
    ("file", "settings", "sentence"),
    [
        ({}, {"size": [9, 8]}, "wants 8 width where layout NCHW and the other settings give 9"),
        ({}, {"layout": "NHWC"}, "wants 3 height"),
        ({}, {"layout": "NTCHW"}, "has 5 axes; .* export it with a batch axis"),
        ({"shape": (3, 8, 8), "axes": (1, 2), "output": (5,)}, {}, "export it with a batch axis"),
        ({}, {"width": 6}, "gives 5 values a vector; set width to 5"),
        ({"more": ("b",)}, {}, "has the outputs vectors, b; set output"),
        ({}, {"output": "c"}, "has no output 'c'; it has vectors"),
        ({"kind": onnx.TensorProto.INT64}, {}, r"wants tensor\(int64\)"),
    ],
)
def test_files_that_do_not_fit(tmp_path, file, settings, sentence):
    path = write_encoder(tmp_path / "e.onnx", **file)
    with pytest.raises(InputError, match=sentence):
        _config(path, **settings).video.visual.weights()


def test_files_that_are_none(tmp_path, monkeypatch):
    monkeypatch.setenv("VSG_WEIGHTS", str(tmp_path / "kept"))
    with pytest.raises(InputError, match="no file; name one"):
        _config("").video.visual.weights()
    with pytest.raises(InputError, match=r"no ONNX file .*a\.onnx; .*under the name a\.onnx, into"):
        _config(tmp_path / "a.onnx").video.visual.weights()
    (tmp_path / "a.onnx").write_bytes(b"no file")
    with pytest.raises(InputError, match="damaged or no ONNX file"):
        _config(tmp_path / "a.onnx").video.visual.weights()


def test_a_file_that_gives_nan(tmp_path):
    config = _config(write_encoder(tmp_path / "e.onnx", factor=float("nan")))
    source = list_source(np.arange(20) / 25, _pictures())
    with pytest.raises(InputError, match="gives NaN or infinity"):
        config.video.visual.extract(source, config.timebase, 0.8)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"mean": [0.1, 0.2]}, "mean needs 1 or 3 values"),
        ({"deviation": [0.0]}, "deviation must be above 0"),
        ({"frames": 4}, "need a layout with T"),
        ({"rate": 0}, r"onnx\.rate: .*greater than 0"),
        ({"layout": "CHWN"}, r"onnx\.layout: "),
        ({"sice": 3}, r"onnx\.sice: Extra inputs"),
    ],
)
def test_settings_are_checked(settings, sentence):
    with pytest.raises(ConfigError, match=sentence):
        _config("e.onnx", **settings)
