"""The vocoder's renderer: its windows cannot be heard."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from tests.vocoder_cases import tiny_vocoder_config
from vsg_tf.events import EventTrack
from vsg_tf.inference.options import DEFAULTS
from vsg_tf.inference.renderers import vocoder as module
from vsg_tf.inference.renderers.protocol import RenderPlan
from vsg_tf.inference.renderers.vocoder import VocoderRenderer
from vsg_tf.inference.runtimes.network_graphs import VocoderGraph
from vsg_tf.models.build import build_vocoder
from vsg_tf.timing.timing import Timing


@pytest.fixture(scope="module")
def vocoder():
    keras.utils.set_random_seed(1)
    return build_vocoder(tiny_vocoder_config())


def _plan(timebase, mel, pieces=7):
    timing = Timing(len(mel) / timebase.mel_rate, EventTrack.empty())
    voice = SimpleNamespace(lengthened=lambda timing: timing.events)
    return RenderPlan(
        timing, voice, DEFAULTS, timebase, len(mel), lambda: iter(np.array_split(mel, pieces))
    )


def test_windows_give_what_one_pass_gives(vocoder, monkeypatch):
    """Phases, too: a renderer that began each window anew would differ by whole periods."""
    config = vocoder.config
    graph = VocoderGraph(vocoder)

    def invert(window):
        return graph(window[None]).numpy()[0]

    rng = np.random.default_rng(0)
    mel = np.repeat(rng.uniform(0.3, 0.8, (80, 1)), 14, axis=0)[: 4 * 271]
    mel = (mel * rng.uniform(0.8, 1.0, (1, config.audio.n_mels))).astype(np.float32)
    whole = invert(mel)
    monkeypatch.setattr(module, "WINDOW_FRAMES", 500)
    made = VocoderRenderer(invert, config.timebase).perform(_plan(config.timebase, mel))
    made = np.concatenate(list(made.blocks))
    assert made.shape == (len(whole), 1) and np.abs(whole).max() > 0.01
    np.testing.assert_allclose(made[:, 0], whole, atol=1e-4 * np.abs(whole).max())
