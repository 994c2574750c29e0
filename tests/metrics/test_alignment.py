import numpy as np
import pytest

from tests.metrics.signals import RATE, clicks
from vsg_tf.audio.onsets import envelope_from_audio, events_from_audio
from vsg_tf.metrics.alignment import (
    count_error,
    envelope_chance,
    envelope_correlation,
    onset_chance,
    onset_scores,
)
from vsg_tf.timebase import TimeBase

TRUTH = np.array([0.5, 1.2, 1.5, 3.1])


def _scores(found, window=0.05):
    return tuple(onset_scores(TRUTH, np.array(found), window).values())


def test_known_matches():
    assert _scores(TRUTH) == (1, 1, 1)
    assert _scores(TRUTH[::-1] + 0.04) == (1, 1, 1)
    assert _scores([0.54, 2.0]) == (pytest.approx(1 / 3), 0.5, 0.25)  # one of two, one of four
    assert _scores(TRUTH + 0.08) == (0, 0, 0)
    assert _scores(TRUTH + 0.08, 0.1) == (1, 1, 1)
    assert _scores([]) == (0, 0, 0)


def test_matching_is_one_to_one_and_misses_count():
    # Ten detections around one onset are one match; nine are wrong.
    crowd = 0.5 + np.linspace(-0.04, 0.04, 10)
    assert _scores(crowd) == (pytest.approx(2 / 14), 0.1, 0.25)
    # Greedy nearest-first matching would take 1.2 for the first and lose the second.
    both = onset_scores(np.array([1.0, 1.2]), np.array([1.11, 1.19]), 0.12)
    assert both["f1"] == 1


def test_without_true_onsets_nothing_can_be_told():
    assert np.isnan(onset_scores(np.zeros(0), TRUTH, 0.05)["f1"])
    assert np.isnan(onset_chance(np.zeros(0), TRUTH, 0.05, 4.0)["f1"])


def test_a_metronome_is_at_its_own_chance():
    beats = np.arange(0.1, 4, 0.25)
    truth = np.sort(np.random.default_rng(0).uniform(0, 4, 8))
    raw = onset_scores(truth, beats, 0.1)["f1"]
    chance = onset_chance(truth, beats, 0.1, 4.0)["f1"]
    assert raw > 0.4 and abs(raw - chance) < 0.12
    assert onset_chance(TRUTH, TRUTH, 0.05, 4.0)["f1"] < 0.2


def test_count_error_has_a_sign():
    assert count_error(TRUTH, TRUTH[:1]) == -3 and count_error(TRUTH[:1], TRUTH) == 3


@pytest.mark.parametrize("shift", [-3, 0, 2, 4])
def test_lag_of_a_delayed_curve(shift):
    rng = np.random.default_rng(1)
    truth = rng.random(100)
    scores = envelope_correlation(np.roll(truth, shift), truth, rate=20.0)
    assert scores["lag"] == pytest.approx(shift / 20) and scores["best"] > 0.99
    assert (scores["r"] > 0.99) == (shift == 0)


def test_curves_beyond_the_lag_window_are_not_found():
    truth = np.random.default_rng(1).random(200)
    assert envelope_correlation(np.roll(truth, 5), truth, rate=20.0)["best"] < 0.4


def test_flat_and_missing_curves():
    truth = np.random.default_rng(1).random(50)
    assert envelope_correlation(np.zeros(50), truth, 20.0) == {"r": 0, "best": 0, "lag": 0}
    assert np.isnan(envelope_correlation(truth, np.zeros(50), 20.0)["r"])
    assert np.isnan(envelope_correlation(truth, np.zeros(0), 20.0)["r"])
    assert envelope_correlation(truth[:3], truth, 20.0)["r"] == pytest.approx(1)


def test_chance_of_unrelated_timing_is_near_nothing():
    rng = np.random.default_rng(2)
    truth, made = rng.random(300), rng.random(300)
    chance = envelope_chance(made, truth, 20.0)
    assert abs(chance["r"]) < 0.1 and 0 < chance["best"] < 0.3


def test_on_sounds():
    timebase = TimeBase()
    truth, late = clicks(TRUTH), clicks(TRUTH + 0.1)
    onsets = [events_from_audio(sound, timebase)[0] for sound in (truth, late)]
    assert onset_scores(TRUTH, onsets[0], 0.05)["f1"] == 1
    assert onset_scores(onsets[0], onsets[1], 0.05)["f1"] == 0
    curves = [envelope_from_audio(sound, timebase, 86) for sound in (late, truth)]
    scores = envelope_correlation(*curves, timebase.feature_rate)
    assert scores["lag"] == pytest.approx(0.1, abs=0.03) and scores["best"] > scores["r"]
    assert len(truth) == 4 * RATE
