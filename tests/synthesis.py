"""Renderings from features, as tests of the inference path and of exports need them."""

import numpy as np

from vsg_tf.events import EventTrack
from vsg_tf.inference.options import RenderOptions
from vsg_tf.inference.synthesizer import Synthesizer
from vsg_tf.inference.voice import Voice
from vsg_tf.timing.timing import Timing


def timing_for(
    synthesizer: Synthesizer, features: np.ndarray, events: EventTrack | None = None
) -> Timing:
    """What the features tell, or these events over the same time."""
    if events is None:
        return synthesizer.timing_of(features)
    return Timing(len(features) / synthesizer.timebase.feature_rate, events)


def waveform_of(
    synthesizer: Synthesizer,
    features: np.ndarray,
    voice: Voice,
    events: EventTrack | None = None,
    **options,
) -> np.ndarray:
    """The sound of features or events, `[samples]` or `[samples, 2]`."""
    timing = timing_for(synthesizer, features, events)
    return synthesizer.render(timing, voice, RenderOptions(**options)).waveform()
