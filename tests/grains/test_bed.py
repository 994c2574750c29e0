"""Room tone is as loud as the recording's, endless, and the same for the same seed."""

import numpy as np
import pytest

from tests.grains.sounds import RATE, strikes
from vsg_tf.audio.levels import rms_db
from vsg_tf.grains.bed import Bed
from vsg_tf.grains.material import prepare

NOISE_DB = -40.0


@pytest.fixture(scope="module")
def pieces():
    return prepare([strikes(noise=10 ** (NOISE_DB / 20), channels=2)]).bed


def test_level_is_that_of_the_quiet_moments(pieces):
    made = Bed(pieces, 1.0, 0).read(0, 20 * RATE)
    assert made.shape == (20 * RATE, 2)
    assert rms_db(made[:, 0]) == pytest.approx(NOISE_DB, abs=1)
    assert rms_db(made[:, 1]) == pytest.approx(NOISE_DB - 6, abs=1)
    seconds = made[:, 0].reshape(40, -1)
    assert np.ptp([rms_db(second) for second in seconds]) < 2


def test_any_part_is_the_same_and_the_seed_decides(pieces):
    bed = Bed(pieces, 1.0, 3)
    whole = bed.read(0, 300_000)
    for first, stop in ((0, 1), (1, 9000), (123_456, 240_000)):
        np.testing.assert_array_equal(bed.read(first, stop), whole[first:stop])
    assert not np.array_equal(Bed(pieces, 1.0, 4).read(0, 9000), whole[:9000])


def test_background_is_monotone_over_more_than_50_db(pieces):
    levels = [rms_db(Bed(pieces, amount, 0).read(0, RATE)) for amount in (0, 0.05, 0.5, 1)]
    assert levels[0] <= -199 and levels[1] < levels[3] - 50
    assert levels[1] < levels[2] - 10 < levels[3] - 20


def test_silence_between_sounds_gives_no_tone():
    assert not Bed(prepare([strikes()]).bed, 1.0, 0).read(0, RATE).any()
