"""Odd videos work, bad ones are refused with one sentence."""

import numpy as np
import pytest

from tests.media import MediaCase, cases
from vsg_tf.errors import InputError
from vsg_tf.frontends.motion.extraction import MotionFrontEnd
from vsg_tf.frontends.motion.layout import FEATURE_WIDTH
from vsg_tf.timebase import TimeBase
from vsg_tf.video.clip import Clip

GRID = TimeBase()


@pytest.mark.parametrize("case", cases("video"), ids=lambda case: case.name)
def test_videos_work_or_are_refused_with_a_sentence(case: MediaCase, tmp_path):
    path = case.build(tmp_path)
    if case.problem is None:
        features = MotionFrontEnd(GRID).extract(path)
        with Clip.open(path) as clip:
            duration = clip.duration_s
        assert features.shape == (GRID.feature_frames_for(duration), FEATURE_WIDTH)
        assert np.isfinite(features).all()
        return
    for read in (Clip.open, MotionFrontEnd(GRID).extract):
        with pytest.raises(InputError, match=case.problem) as caught:
            read(path)
        assert "\n" not in str(caught.value)
