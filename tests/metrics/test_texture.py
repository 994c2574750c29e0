import numpy as np
import pytest

from vsg_tf.metrics.texture import relative_texture, texture


def _levels(change, frames=50):
    """Bands that jump up and down by `change` dB from frame to frame."""
    return -20 + np.where(np.arange(frames)[:, None] % 2, change, 0.0) * np.ones((1, 8))


def test_known_changes():
    assert texture(_levels(3)) == pytest.approx(3)
    assert texture(_levels(0)) == 0
    assert relative_texture(_levels(1.5), _levels(3)) == pytest.approx(0.5)
    assert np.isnan(relative_texture(_levels(3), _levels(0)))


def test_quiet_frames_do_not_count():
    levels = np.concatenate([_levels(3), _levels(10) - 40])
    assert texture(levels) == pytest.approx(3, abs=0.4)
    assert texture(np.full((5, 8), -100.0)) == 0
    assert texture(levels[:1]) == 0
