import numpy as np
import pytest

from vsg_tf.errors import InputError
from vsg_tf.evaluation.comparing import compare, markdown, pick_system
from vsg_tf.evaluation.results import Results


def _run(values, system="one"):
    items = {f"i{n}": {"kind": "pair", "category": ""} for n in range(len(values))}
    scores = {f"i{n}": {"f1_50": value, "lsd": 2 - value} for n, value in enumerate(values)}
    return Results(items, {system: scores})


def test_a_small_steady_gain_is_seen():
    before = np.random.default_rng(0).normal(0, 5, 20)
    f1, lsd = compare(_run(before), "one", _run(before + 0.3, "two"), "two")
    assert f1.measure == "f1_50" and f1.comparison.difference.mean == pytest.approx(0.3)
    assert f1.comparison.p < 0.001 and lsd.comparison.difference.mean == pytest.approx(-0.3)
    assert markdown([f1, lsd], "one", "two").count("| two |") == 3, "heading, and both rows"


def test_only_shared_items_count():
    first, second = _run([1.0, 2.0, 3.0]), _run([2.0, 3.0])
    assert compare(first, "one", second, "one")[0].comparison.difference.count == 2
    second.scores["one"] = {"other": {"f1_50": 1.0}}
    with pytest.raises(InputError, match="share no item"):
        compare(first, "one", second, "one")


def test_systems_are_chosen_by_name():
    results = _run([1.0])
    assert pick_system(results, None, "R") == "one"
    with pytest.raises(InputError, match="no system 'x'; it has: one"):
        pick_system(results, "x", "R")
    results.scores["two"] = {}
    with pytest.raises(InputError, match="several systems"):
        pick_system(results, None, "R")
