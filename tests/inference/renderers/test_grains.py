"""Grains through the whole path: rate, channels, time, silence, background, and the same again."""

import numpy as np
import pytest
import soundfile

from tests.grains.sounds import RATE, rain, strikes
from vsg_tf.audio.levels import rms_db
from vsg_tf.config import Config
from vsg_tf.events import EventTrack
from vsg_tf.grains.material import Material
from vsg_tf.inference.options import RenderOptions
from vsg_tf.inference.renderers.grains import GrainRenderer, material_of
from vsg_tf.inference.renderers.protocol import RenderPlan
from vsg_tf.inference.voice import Voice
from vsg_tf.timing.timing import Timing

CONFIG = Config()
BASE = CONFIG.timebase
FRAMES = 344  # 4 s


def _reference(folder, sound):
    path = folder / "reference.wav"
    soundfile.write(path, sound.waveform, sound.sample_rate, subtype="FLOAT")
    return Voice.open(path, CONFIG)


@pytest.fixture(scope="module")
def struck(tmp_path_factory):
    return _reference(tmp_path_factory.mktemp("struck"), strikes(noise=0.003, channels=2))


@pytest.fixture(scope="module")
def raining(tmp_path_factory):
    return _reference(tmp_path_factory.mktemp("raining"), rain())


def _play(reference, times=(0.5, 1.7, 2.9), level=0.5, background=0.0, seed=0, frames=FRAMES):
    times = np.array(times, float)
    events = EventTrack(times, np.ones(len(times)), np.full(len(times), 0.3))
    mel = np.full((frames, CONFIG.audio.n_mels), level, np.float32)
    options = RenderOptions(background=background, seed=seed, follow=0.0)
    return _render(reference, events, lambda: iter(np.array_split(mel, 4)), frames, options)


def _render(reference, events, decode, frames=FRAMES, options=RenderOptions(follow=0.0)):
    timing = Timing(frames / BASE.mel_rate, events)
    plan = RenderPlan(timing, reference, options, BASE, frames, decode)
    return list(GrainRenderer(BASE).perform(plan).blocks)


@pytest.mark.parametrize(("name", "channels"), [("struck", 2), ("raining", 1)])
def test_rate_channels_and_length_are_as_promised(name, channels, request):
    reference = request.getfixturevalue(name)
    assert GrainRenderer(BASE).sample_rate(reference) == RATE
    blocks = _play(reference)
    assert {block.shape[1] for block in blocks} == {channels}
    assert all(block.dtype == np.float32 and np.isfinite(block).all() for block in blocks)
    assert sum(map(len, blocks)) == round(FRAMES / BASE.mel_rate * RATE)
    assert max(map(len, blocks)) <= RATE


def _onset(blocks, first, last):
    part = np.abs(np.concatenate(blocks)[round(first * RATE) : round(last * RATE), 0])
    return first + np.flatnonzero(part > 0.3 * part.max())[0] / RATE


def test_moving_an_event_by_200_ms_moves_its_sound_by_200_ms(struck):
    before = _onset(_play(struck, (0.5, 1.7, 2.9)), 1.5, 2.2)
    after = _onset(_play(struck, (0.5, 1.9, 2.9)), 1.5, 2.4)
    assert before == pytest.approx(1.7, abs=0.015)
    assert after - before == pytest.approx(0.2, abs=0.001)


@pytest.mark.parametrize("name", ["struck", "raining"])
def test_same_seed_same_samples(name, request):
    reference = request.getfixturevalue(name)
    first, again = (np.concatenate(_play(reference, background=0.5, seed=3)) for _ in range(2))
    np.testing.assert_array_equal(first, again)


def test_an_empty_list_is_silent(struck, raining):
    assert not np.concatenate(_play(struck, times=())).any()
    assert not np.concatenate(_play(raining, times=())).any()


def test_background_is_a_control(struck):
    """Level between the sounds: nothing of the background at 0, the recording's own at 1."""
    between = slice(round(2.4 * RATE), round(2.7 * RATE))
    levels = [
        rms_db(np.concatenate(_play(struck, background=amount))[between])
        for amount in (0.0, 0.5, 1.0)
    ]
    assert levels[0] + 50 < levels[2] and levels[0] < levels[1] < levels[2] - 10
    recorded = struck.sounds[0].waveform[round(2.1 * RATE) : round(2.4 * RATE)]
    gain_db = material_of(struck).gain_db
    assert levels[2] == pytest.approx(rms_db(recorded) + gain_db, abs=2)


def test_nothing_is_decoded_where_there_are_events(struck):
    def decode():
        raise AssertionError("the networks were asked")

    times = np.arange(0.5, 3.5, 1.1)
    events = EventTrack(times, np.ones(len(times)), np.full(len(times), 0.3))
    assert np.concatenate(_render(struck, events, decode)).any()


def test_without_an_event_list_the_networks_level_leads(raining):
    mel = np.full((FRAMES, CONFIG.audio.n_mels), 0.2, np.float32)
    mel[FRAMES // 2 :] = 0.6
    features = np.zeros((FRAMES // 4, 8), np.float32)
    timing = Timing(FRAMES / BASE.mel_rate, EventTrack.empty(), features=features)
    plan = RenderPlan(timing, raining, RenderOptions(), BASE, FRAMES, lambda: iter([mel]))
    made = np.concatenate(list(GrainRenderer(BASE).perform(plan).blocks))
    soft, loud = made[RATE // 2 : 3 * RATE // 2], made[5 * RATE // 2 : 7 * RATE // 2]
    assert rms_db(loud) - rms_db(soft) > 20


def test_a_prepared_voice_comes_from_disk_the_same(struck, raining):
    for voice in (struck, raining):
        made = material_of(voice)
        again = Material.from_arrays(made.to_arrays())
        assert again.takes[0].attack == made.takes[0].attack
        np.testing.assert_array_equal(again.clean, made.clean)
