from pathlib import Path

from vsg_tf.evaluation.measures import MAIN, MEASURES

DOCS = Path(__file__).parents[2] / "docs" / "metrics.md"


def test_every_measure_is_explained():
    assert set(MAIN) <= set(MEASURES)
    labels = [measure.label for measure in MEASURES.values()]
    assert len(set(labels)) == len(labels)
    text = DOCS.read_text(encoding="utf-8")
    for key in MEASURES:
        names = {key, key.partition("_")[0] + "_*"}
        names |= {key.removesuffix(f"_{window}") + ending for window in (50, 100)
                  for ending in ("_50", "_*")}  # fmt: skip
        names |= {f"*{ending}" for ending in ("_chance", "_gain") if key.endswith(ending)}
        assert any(f"`{name}`" in text for name in names), key
