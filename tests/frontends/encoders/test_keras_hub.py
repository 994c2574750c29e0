"""`video.front_end: keras_hub`, on tiny random presets saved to a folder."""

import numpy as np
import pytest

hub = pytest.importorskip("keras_hub")
models, layers = hub.models, hub.layers

from tests.media_writing import write_video  # noqa: E402
from vsg_tf.config import parse_config  # noqa: E402
from vsg_tf.errors import InputError  # noqa: E402
from vsg_tf.frontends.encoders.keras_presets import fetch_preset  # noqa: E402
from vsg_tf.frontends.sources import extract_clip  # noqa: E402
from vsg_tf.video.clip import Clip  # noqa: E402

VIT = {"num_layers": 1, "num_heads": 2, "hidden_dim": 8}


def _vit(size=16):
    return models.ViTBackbone((size, size, 3), patch_size=8, mlp_dim=16, **VIT)


@pytest.fixture(scope="module")
def presets(tmp_path_factory):
    """Folders: a ViT with its converter, CLIP, VideoPrism, and a model of texts."""
    folder = tmp_path_factory.mktemp("presets")
    _vit().save_to_preset(str(folder / "vit"))
    layers.ViTImageConverter(image_size=(16, 16), scale=1 / 127.5, offset=-1).save_to_preset(
        str(folder / "vit")
    )
    vision = models.CLIPVisionEncoder(
        patch_size=8, intermediate_dim=16, image_shape=(16, 16, 3), **VIT
    )
    text = models.CLIPTextEncoder(
        vocabulary_size=10, embedding_dim=8, intermediate_dim=16, max_sequence_length=4, **VIT
    )
    models.CLIPBackbone(vision, text, projection_dim=4).save_to_preset(str(folder / "clip"))
    models.VideoPrismBackbone(
        num_frames=4,
        patch_size=8,
        hidden_dim=8,
        intermediate_dim=16,
        num_heads=2,
        num_spatial_layers=1,
        num_temporal_layers=1,
        num_auxiliary_layers=0,
        image_shape=(16, 16, 3),
    ).save_to_preset(str(folder / "prism"))
    models.BertBackbone(
        vocabulary_size=10, num_layers=1, num_heads=2, hidden_dim=8, intermediate_dim=8
    ).save_to_preset(str(folder / "bert"))
    return folder


@pytest.fixture(scope="module")
def video(tmp_path_factory):
    path = tmp_path_factory.mktemp("v") / "v.mp4"
    write_video(path, times=[i / 25 for i in range(30)], size=(64, 48), sound=False)
    return path


def _config(preset, **settings):
    settings = {"preset": str(preset), "width": 8, "size": [16, 16], "pool": "mean", **settings}
    video = {"front_end": "keras_hub", "settings": {"keras_hub": settings}}
    return parse_config({"video": video})


@pytest.mark.parametrize(("name", "frames"), [("vit", 1), ("clip", 1), ("prism", 4)])
def test_presets_give_features(presets, video, name, frames):
    config = _config(presets / name, frames=frames)
    visual = config.video.visual
    with Clip.open(video) as clip:
        features = extract_clip(visual, clip, config.timebase)
        np.testing.assert_array_equal(features, extract_clip(visual, clip, config.timebase))
    assert features.shape == (config.timebase.feature_frames_for(1.2), 8)
    assert features.std(0).max() > 1e-4
    assert len(visual.weights()["keras_hub"]) == 64


def test_pictures_go_in_as_the_converter_says(presets):
    visual = _config(presets / "vit").video.visual
    pictures = np.random.default_rng(0).integers(0, 255, (3, 1, 16, 16, 3), np.uint8)
    backbone = models.Backbone.from_preset(str(presets / "vit"))
    wanted = backbone.predict_on_batch(pictures[:, 0].astype(np.float32) / 127.5 - 1)
    np.testing.assert_allclose(visual._encoder(pictures), wanted, atol=1e-5)


def test_a_preset_is_kept_among_the_weights(presets, tmp_path, monkeypatch):
    monkeypatch.setenv("VSG_WEIGHTS", str(tmp_path))
    kept = fetch_preset(str(presets / "vit"))
    assert kept.parent == tmp_path
    own = _config(kept.name).video.visual
    assert own.weights() == _config(presets / "vit").video.visual.weights()
    assert own.description() == _config(presets / "vit").video.visual.description()
    with pytest.raises(InputError, match="KerasHub cannot fetch"):
        fetch_preset(str(tmp_path / "nothing"))


@pytest.mark.parametrize(
    ("name", "settings", "sentence"),
    [
        ("vit", {"size": [24, 16]}, r"wants pictures of 16 x 16; set size to \[16, 16\]"),
        ("vit", {"width": 9}, "gives 8 values a vector; set width to 8"),
        ("vit", {"weights": "abc"}, "weights are abc, but those of"),
        ("prism", {}, "wants 4 pictures at once; set frames to 4"),
        ("bert", {}, "is not an encoder of pictures: BertBackbone"),
        ("nothing", {}, "no preset .*nothing here or in .*vsg weights fetch"),
        ("", {}, "has no preset; fetch one"),
    ],
)
def test_presets_that_do_not_fit(presets, name, settings, sentence):
    with pytest.raises(InputError, match=sentence):
        _config(presets / name if name else "", **settings).video.visual.weights()


def test_patches_need_a_pool(presets, video):
    config = _config(presets / "vit", pool="none")
    with Clip.open(video) as clip, pytest.raises(InputError, match="5 vectors for each input"):
        extract_clip(config.video.visual, clip, config.timebase)
