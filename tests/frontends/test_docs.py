"""The example in docs/frontends.md does what it says."""

import re
import sys
from pathlib import Path

import numpy as np

from tests.media_writing import write_video
from vsg_tf.config import parse_config
from vsg_tf.frontends import registry

DOCS = Path(__file__).parents[2] / "docs" / "frontends.md"


def test_the_example_runs(tmp_path, monkeypatch):
    module, use = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.S)
    (tmp_path / "brightness.py").write_text(module)
    monkeypatch.setattr(registry, "_registered", {})
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    write_video(tmp_path / "clip.mp4", times=[i / 25 for i in range(50)], sound=False)
    scope = {}
    try:
        exec(f"import brightness\n{use}", scope)
    finally:
        sys.modules.pop("brightness", None)
        registry._build.cache_clear()
    features = scope["features"]
    assert features.shape == (44, 2) and np.isfinite(features).all()
    assert 0 < features[:, 0].mean() < 1 and features[:, 1].any()


def test_the_table_names_every_front_end_with_its_width():
    text = DOCS.read_text(encoding="utf-8")
    for name in registry.BUILT_IN:
        row = re.search(rf"^\| `{name}` \|.*$", text, re.M)
        assert row, name
        if not registry.find_front_end(name).Settings.model_fields:
            visual = parse_config({"video": {"front_end": name}}).video.visual
            assert f"| {visual.width}:" in row.group()
