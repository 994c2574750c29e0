"""Mixes: gains, pans, rates and lengths."""

import numpy as np
import pytest

from vsg_tf.events import EventTrack
from vsg_tf.inference.mixing import Strip, mix
from vsg_tf.inference.synthesizer import Rendering
from vsg_tf.timing.timing import Timing


def _rendering(wave, rate=22050, blocks=3, times=()):
    wave = wave.reshape(len(wave), -1).astype(np.float32)
    track = EventTrack(np.array(times), np.ones(len(times)), np.ones(len(times)))
    return Rendering(
        iter(np.array_split(wave, blocks)),
        rate,
        wave.shape[1],
        len(wave),
        Timing(len(wave) / rate, track),
    )


def _tone(hertz, seconds=2.0, rate=22050):
    return 0.2 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)


def test_layers_add_up_with_their_gains():
    low, high = _tone(200), _tone(900)
    made = mix([Strip(_rendering(low), -6.0), Strip(_rendering(high, blocks=7), 3.0)], 2.0)
    assert made.channels == 1 and made.sample_rate == 22050 and made.samples == len(low)
    wanted = 10 ** (-6 / 20) * low + 10 ** (3 / 20) * high
    np.testing.assert_allclose(made.waveform(), wanted, atol=1e-6)


def test_a_pan_keeps_the_power_and_the_middle_the_sound():
    tone = _tone(500)
    for pan in (-1.0, -0.3, 0.5, 1.0):
        left, right = mix([Strip(_rendering(tone), pan=pan)], 2.0).waveform().T
        np.testing.assert_allclose(left**2 + right**2, 2 * tone**2, atol=1e-6)
        assert (np.square(left).sum() > np.square(right).sum()) == (pan < 0)
    stereo = np.stack([tone, 0.5 * tone], axis=1)
    np.testing.assert_allclose(mix([Strip(_rendering(stereo))], 2.0).waveform(), stereo, atol=1e-6)


@pytest.mark.parametrize("rate", [None, 48000])
def test_layers_of_other_rates_stay_in_time(rate):
    click = np.zeros(44100)
    click[11025] = 1.0
    other = np.zeros(96000)
    other[24000] = 1.0
    made = mix([Strip(_rendering(click)), Strip(_rendering(other, 48000))], 2.0, rate)
    assert made.sample_rate == 48000 and made.samples == 96000
    waveform = made.waveform()
    assert np.abs(waveform).argmax() == 24000
    far = np.abs(np.delete(waveform, np.arange(23000, 25000)))
    assert far.max() < 0.01


def test_nothing_is_silence_and_a_short_layer_is_filled():
    empty = mix([], 1.5)
    assert empty.sample_rate == 48000 and not empty.waveform().any() and empty.samples == 72000
    made = mix([Strip(_rendering(_tone(300, 1.0), times=(0.25,)))], 2.0).waveform()
    assert len(made) == 44100 and not made[22050:].any()


def test_events_of_all_layers_are_the_mixes():
    layers = [Strip(_rendering(_tone(300), times=times)) for times in ((1.0, 0.2), (0.5,))]
    assert mix(layers, 2.0).timing.events.times.tolist() == [0.2, 0.5, 1.0]
