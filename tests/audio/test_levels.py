"""Levels in decibels."""

import numpy as np
import pytest

from vsg_tf.audio.levels import apply_gain, limit_peak, peak_db, rms_db


def test_known_levels():
    sine = 0.5 * np.sin(2 * np.pi * np.arange(1000) / 100)
    assert peak_db(sine) == pytest.approx(-6.02, abs=0.01)
    assert rms_db(sine) == pytest.approx(-9.03, abs=0.01)
    assert peak_db(np.zeros(4)) == rms_db(np.zeros(0)) == -200


def test_gain_is_in_decibels():
    np.testing.assert_allclose(apply_gain(np.array([0.1, -0.2]), 20), [1.0, -2.0], rtol=1e-6)


def test_peaks_are_limited_without_changing_the_shape():
    loud = np.array([0.5, -2.0, 1.0], np.float32)
    limited = limit_peak(loud)
    assert np.abs(limited).max() == pytest.approx(10 ** (-1 / 20))
    np.testing.assert_allclose(limited / limited[0], loud / loud[0], rtol=1e-6)
    quiet = loud / 10
    assert limit_peak(quiet) is quiet
