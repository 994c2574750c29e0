"""Features of the samples' videos against the published ones, where there are published weights.

VSG_BN_INCEPTION=FILE pytest -s tests/frontends/regnet/test_published.py
"""

import os
from pathlib import Path

import numpy as np
import pytest

from vsg_tf.config import parse_config
from vsg_tf.errors import MissingExtraError
from vsg_tf.frontends.regnet.files import feature_paths, load_regnet_features
from vsg_tf.frontends.regnet.flow import check_method
from vsg_tf.frontends.regnet.weights import import_weights
from vsg_tf.frontends.sources import ClipPieces
from vsg_tf.video.clip import Clip

FILE = os.environ.get("VSG_BN_INCEPTION")


@pytest.mark.skipif(not FILE, reason="VSG_BN_INCEPTION names no published file of weights")
@pytest.mark.parametrize("name", ["drum/video_02480", "gun/video_00819", "cough/video_00331"])
def test_features_resemble_the_published_ones(name, shared_data, tmp_path, monkeypatch):
    monkeypatch.setenv("VSG_WEIGHTS", str(tmp_path))
    import_weights(Path(FILE), tmp_path)
    try:
        check_method("tvl1")
        flow = "tvl1"
    except MissingExtraError:
        flow = "dis"
    settings = {"regnet": {"flow": flow}}
    visual = parse_config({"video": {"front_end": "regnet", "settings": settings}}).video.visual
    visual = type(visual)(visual.settings)  # not the one that may have loaded other weights
    root = shared_data / "vas_samples"
    with Clip.open(root / "videos" / f"{name}.mp4") as clip:
        period = clip.duration_s if clip.duration_s < 10 else None
        source = ClipPieces(clip, period).source(0.0, 10.0)
        own = visual.rows(source(visual.pictures))
    published = load_regnet_features(*feature_paths(root / "features", *name.split("/"))[:2])
    assert own.shape == published.shape
    for stream, part in (("RGB", np.s_[:, :1024]), ("flow", np.s_[:, 1024:])):
        correlation = np.corrcoef(own[part].ravel(), published[part].ravel())[0, 1]
        about = [values[part] - values[part].mean(0) for values in (own, published)]
        moving = np.corrcoef(about[0].ravel(), about[1].ravel())[0, 1]
        print(f"{name}, {stream} ({flow}): r {correlation:.3f}, about the mean {moving:.3f}")
        assert correlation > 0.8 and moving > 0.3
