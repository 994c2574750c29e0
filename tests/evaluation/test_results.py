import json

import numpy as np
import pytest

from vsg_tf.errors import InputError
from vsg_tf.evaluation.measures import MEASURES
from vsg_tf.evaluation.report import markdown
from vsg_tf.evaluation.results import FILE, Results, read_results


def test_files_come_back_equal_and_hold_no_nan(evaluated):
    results, folder = evaluated
    text = (folder / FILE).read_text()
    assert "NaN" not in text
    again = read_results(folder)
    assert again.systems == results.systems and again.items == results.items
    for system in results.systems:
        for key in MEASURES:
            np.testing.assert_allclose(
                again.values(system, key), results.values(system, key), atol=1e-6
            )
    summary = json.loads(text)["summary"]["pair"]["knower"]["f1_50"]
    assert summary["mean"] == 1 and summary["count"] == 3


def test_report_shows_every_system_measure_and_category(evaluated):
    results, folder = evaluated
    text = (folder / "results.md").read_text()
    for word in ("copier", "knower", "mute", "| metal |", "3 clips", "plots/categories.png"):
        assert word in text
    for key in results.measured():
        assert MEASURES[key].text in text
    assert "nan" not in text
    for name in ("categories", "envelopes", "retrieval"):
        assert (folder / "plots" / f"{name}.png").stat().st_size > 5000


def test_failures_are_listed():
    results = Results(
        {"a": {"kind": "pair", "category": ""}, "b": {"kind": "pair", "category": ""}},
        {"one": {"a": {"f1_50": 1.0}}},
        [{"system": "one", "item": "b", "reason": "b is empty."}],
    )
    assert "- one, b: b is empty." in markdown(results)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "There is no"),
        ("{", "Cannot read"),
        ("[]", "not of this version"),
        ('{"format": 99}', "not of this version"),
        ('{"format": 1, "scores": 3}', "is damaged"),
    ],
)
def test_damaged_files_are_one_sentence(tmp_path, content, sentence):
    if content is not None:
        (tmp_path / FILE).write_text(content)
    with pytest.raises(InputError, match=sentence):
        read_results(tmp_path)
