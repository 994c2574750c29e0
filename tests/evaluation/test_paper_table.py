"""The paper's tables, from results and ablations that are known."""

import numpy as np
import pytest

from vsg_tf.errors import InputError
from vsg_tf.evaluation.items import Item
from vsg_tf.evaluation.paper_table import paper_tables, read_ablations, write_ablations
from vsg_tf.evaluation.protocol import listed, with_features
from vsg_tf.evaluation.results import Results


def _item(category, kind, length=1.0):
    return {"category": category, "kind": kind, "reference_length": length}


@pytest.fixture
def results():
    items = {
        "a": _item("dog", "timbre"),
        "b": _item("dog", "timbre"),
        "c": _item("gun", "timbre"),
        "d": _item("dog", "length", 0.5),
        "e": _item("dog", "length", 2.0),
    }
    values = {"a": 0.5, "b": 0.7, "c": 0.9, "d": 0.4, "e": 0.8}
    return Results(items, {"ours": {k: {"speaker_speech": v} for k, v in values.items()}})


def test_tables(results, tmp_path):
    write_ablations(tmp_path, {"full": {"mcd": [3.0, 5.0]}, "no_mel_discriminator": {"mcd": [6.0]}})
    text = paper_tables(results, read_ablations(tmp_path))
    assert "| dog | 0.77 | 0.96 | 0.60 |" in text and "| gun | 0.83 | 0.88 | 0.90 |" in text
    assert "| average | 0.84 | 0.90 | 0.75 |" in text
    assert (
        "| full | 3.60 | 4.00 |" in text and "| without mel discriminator | 4.25 | 6.00 |" in text
    )
    assert "| without timbre | 5.25 | - |" in text and "2 clips here" in text
    assert "| system | 0.5 x | 2 x |" in text and "| ours | 0.40 | 0.80 |" in text
    assert "MCD" not in paper_tables(results, None)


def test_other_files_are_one_sentence(results, tmp_path):
    with pytest.raises(InputError, match="run vsg evaluate ablations"):
        read_ablations(tmp_path)
    (tmp_path / "ablations.json").write_text('{"full": 3}')
    with pytest.raises(InputError, match="damaged"):
        read_ablations(tmp_path)
    for item in results.items.values():
        item["kind"] = "pair"
    with pytest.raises(InputError, match="no pairs for timbre"):
        paper_tables(results, None)


def test_clips_of_a_list_with_their_features(tmp_path):
    clips = {c: [tmp_path / c / f"{n}.mp4" for n in "xy"] for c in ("dog", "gun")}
    names = tmp_path / "valid.txt"
    names.write_text("dog/x\ngun/z\n")
    assert listed(clips, tmp_path, names) == {"dog": [tmp_path / "dog" / "x.mp4"]}
    names.write_text("cat/x\n")
    with pytest.raises(InputError, match="None of the clips"):
        listed(clips, tmp_path, names)
    items = [Item(clip, clip, category="dog") for clip in clips["dog"]]
    folder = tmp_path / "features" / "dog"
    for kind in ("rgb", "flow"):
        path = folder / f"feature_{kind}_bninception_dim1024_21.5fps" / "x.pkl"
        path.parent.mkdir(parents=True)
        path.write_bytes(b"features")
    first, second = with_features(items, tmp_path / "features")
    assert np.all([path.is_file() for path in first.feature_files])
    assert second.feature_files is None
