import numpy as np

from vsg_tf.layers import EventRendering
from vsg_tf.timebase import TimeBase

TIMES = TimeBase().feature_times(100)
PERIOD = float(TIMES[1] - TIMES[0])


def _layer(**options):
    return EventRendering(PERIOD, float(TIMES[0]), onset_width=0.045, **options)


def _events(*rows):
    return np.array([rows], "float32")


def test_curves_are_sampled_at_feature_frame_centres():
    curves = np.asarray(_layer()(_events((1.01, 0.6, 0.5)), frames=100))[0]
    bump = np.exp(-0.5 * ((TIMES - 1.01) / 0.045) ** 2)
    np.testing.assert_allclose(curves[:, 1], bump, atol=1e-4)
    np.testing.assert_allclose(curves[:, 2], 0.6 * bump, atol=1e-4)
    # Strength .6 is -12 dB, and the envelope spans 45 dB; it falls to 0 over half a second.
    fall = (1 - 12 / 45) * np.clip(1 - (TIMES - 1.01) / 0.5, 0, 1)
    after = TIMES >= 1.01
    np.testing.assert_allclose(curves[after, 0], fall[after], atol=1e-4)
    assert np.all(curves[TIMES < 1.01 - PERIOD, 0] == 0)


def test_curves_move_with_their_event_by_whole_and_part_frames():
    early, late = (
        np.asarray(_layer()(_events((start, 1, 0.3)), frames=100))[0] for start in (1.0, 1.2)
    )
    for curve in range(3):
        moved = np.interp(TIMES - 0.2, TIMES, early[:, curve])
        # Linear interpolation rounds the peaks off; the shift by itself is exact.
        np.testing.assert_allclose(late[:, curve], moved, atol=0.12 if curve else 0.5)
        centre_early = np.sum(TIMES * early[:, curve]) / np.sum(early[:, curve])
        centre_late = np.sum(TIMES * late[:, curve]) / np.sum(late[:, curve])
        assert abs(centre_late - centre_early - 0.2) < 0.004
    nearby = np.asarray(_layer()(_events((1.01, 1, 0.3)), frames=100))[0]
    assert np.all(np.abs(nearby - early).max(axis=0) > 0.05)


def test_unused_rows_are_silent_and_overlaps_stay_within_bounds():
    assert not np.any(_layer()(_events((1.0, 0.0, 0.5), (0.0, 0.0, 0.0)), frames=50))
    curves = np.asarray(_layer()(_events((1.0, 1, 0.3), (1.02, 1, 0.3), (1.0, 0, 9)), frames=50))
    assert curves.min() >= 0 and curves.max() <= 1


def test_a_duration_of_zero_is_a_click():
    curves = np.asarray(_layer()(_events((float(TIMES[20]), 1, 0)), frames=50))[0]
    assert curves[20, 0] > 0.99 and np.all(curves[[18, 22], 0] == 0)


def test_late_events_keep_their_precision():
    start = 600.0
    layer = EventRendering(PERIOD, float(TIMES[0]) + start)
    late = np.asarray(layer(_events((start + 0.5, 1, 0.2)), frames=50))
    near = np.asarray(_layer()(_events((0.5, 1, 0.2)), frames=50))
    np.testing.assert_allclose(late, near, atol=0.01)


def test_disturbances_are_for_training_and_each_does_its_part():
    events = np.tile(_events((1.0, 0.5, 0.3)), (400, 1, 1))
    quiet = _layer(jitter=0.02, strength_noise=0.1, drop=0.25, seed=1)
    assert np.ptp(np.asarray(quiet(events, frames=40)), axis=0).max() == 0

    def trained(**options):
        return np.asarray(_layer(seed=1, **options)(events, frames=40, training=True))

    present = trained(drop=0.25)[:, :, 1].max(axis=1) > 0
    assert 0.65 < present.mean() < 0.85
    shifted = trained(jitter=0.02)[:, :, 1]
    centres = shifted @ TIMES[:40] / shifted.sum(axis=1)
    assert 0.017 < centres.std() < 0.023 and abs(centres.mean() - 1.0) < 0.004
    louder = trained(strength_noise=0.1)
    ratio = louder[:, :, 2].max(axis=1) / louder[:, :, 1].max(axis=1)
    assert 0.085 < ratio.std() < 0.115 and abs(ratio.mean() - 0.5) < 0.02
