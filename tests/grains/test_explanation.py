"""Takes are listed with their times and kinds."""

import pytest

from tests.grains.sounds import STRIKES, hits, rain, strikes
from vsg_tf.grains.explanation import explain, explanation_lines
from vsg_tf.grains.kinds import Kind
from vsg_tf.grains.material import prepare


def test_every_take_is_listed_with_its_times():
    rows = explain(prepare([strikes(noise=0.003)]))
    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert [row.attack for row in rows] == pytest.approx(STRIKES, abs=0.02)
    assert all(row.first <= row.attack < row.last for row in rows)
    assert max(row.level for row in rows) == 0


def test_times_are_those_of_each_recording():
    rows = explain(prepare([hits((0.9, 0.8)), hits((0.7,))]))
    assert [row.recording for row in rows] == [1, 1, 2]
    assert rows[2].attack == pytest.approx(rows[0].attack, abs=0.02)


def test_kinds_and_background_are_said():
    lines = explanation_lines(prepare([rain()]))
    assert "lasting" in lines[1] and lines[-1] == "background: none"
    assert explain(prepare([rain()]))[0].kind is Kind.LASTING
    assert "taken out" in explanation_lines(prepare([strikes(noise=0.01)]))[-1]
