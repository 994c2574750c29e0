"""Systems by name: right length, right content, one sentence where it cannot be."""

import numpy as np
import pytest
import soundfile

from tests.media_writing import hits, write_video
from vsg_tf.audio.mel import LogMel
from vsg_tf.baselines import load_system
from vsg_tf.baselines.loading import UNTRAINED
from vsg_tf.baselines.system import WIDE_BAND
from vsg_tf.errors import InputError

RATE = 22050
SAMPLES = round(1.2 * RATE)


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pair")
    write_video(folder / "clip.mp4", sound=False)
    (folder / "references").mkdir()
    tone = 0.5 * np.sin(2 * np.pi * 440 / RATE * np.arange(RATE // 2))
    for name, sound in (("a", hits()), ("b", tone), ("c", 0.5 * hits(seconds=2.0))):
        soundfile.write(folder / "references" / f"{name}.wav", sound, RATE, subtype="FLOAT")
    return folder / "clip.mp4", folder / "references" / "a.wav"


@pytest.mark.parametrize("name", UNTRAINED)
def test_every_system_gives_the_clips_length(pair, name):
    system = load_system(name)
    assert system.name == name and system.sample_rate == RATE
    sound = system(*pair, seed=1)
    assert sound.dtype == np.float32 and sound.shape == (SAMPLES,)
    assert np.isfinite(sound).all() and np.array_equal(sound, system(*pair, seed=1))
    assert sound.any() == (name != "silence")


def test_reference_repeats(pair):
    sound = load_system("reference")(*pair)
    reference, _ = soundfile.read(pair[1], dtype="float32")
    np.testing.assert_array_equal(sound, np.resize(reference, SAMPLES))


def test_other_is_another_one(pair):
    other = load_system("other")
    wanted = [soundfile.read(pair[1].with_name(f"{n}.wav"), dtype="float32")[0] for n in "bc"]
    for seed in range(3):
        np.testing.assert_array_equal(other(*pair, seed=seed), np.resize(wanted[seed % 2], SAMPLES))
    last = other(pair[0], pair[1].with_name("c.wav"))
    np.testing.assert_array_equal(last[:100], soundfile.read(pair[1], dtype="float32")[0][:100])


def test_mean_is_the_mean_spectrum(pair):
    log_mel = LogMel(WIDE_BAND)
    sounds = [soundfile.read(pair[1].with_name(f"{n}.wav"), dtype="float32")[0] for n in "abc"]
    wanted = np.mean([log_mel(sound).mean(axis=0) for sound in sounds], axis=0)
    made = log_mel(load_system("mean")(*pair))[10:-10]
    assert np.corrcoef(made.mean(axis=0), wanted)[0, 1] > 0.95
    assert made.mean(axis=1).std() < 0.05


def test_alone_there_is_no_other(pair, tmp_path):
    alone = tmp_path / "alone.wav"
    soundfile.write(alone, hits(), RATE)
    with pytest.raises(InputError, match="is alone there"):
        load_system("other")(pair[0], alone)
    assert load_system("mean")(pair[0], alone).shape == (SAMPLES,)


@pytest.mark.parametrize("name", UNTRAINED)
def test_bad_inputs_are_refused(pair, tmp_path, name):
    system = load_system(name)
    with pytest.raises(InputError, match="does not exist"):
        system(tmp_path / "none.mp4", pair[1])
    if name != "silence":  # which listens to nothing
        with pytest.raises(InputError, match="does not exist"):
            system(pair[0], tmp_path / "none.wav")
        soundfile.write(tmp_path / "silent.wav", np.zeros(RATE), RATE)
        with pytest.raises(InputError, match="silent"):
            system(pair[0], tmp_path / "silent.wav")


def test_unknown_names_list_the_known_ones(tmp_path):
    with pytest.raises(
        InputError, match=r"no system 'smapler'.*default, sampler, .*mean"
    ) as caught:
        load_system("smapler")
    assert "\n" not in str(caught.value)
    with pytest.raises(InputError, match="not a model folder"):
        load_system(tmp_path)
