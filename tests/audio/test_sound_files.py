"""Sounds whose names libsndfile would not take."""

import os

import numpy as np
import pytest

from vsg_tf.audio.sound_files import create_sound, open_sound


@pytest.mark.parametrize("form, subtype", [("WAV", "PCM_16"), ("WAV", "FLOAT"), ("FLAC", "PCM_24")])
@pytest.mark.parametrize("name", [b"plain", b"caf\xe9.wav", "日本.wav".encode()])
def test_what_is_written_is_read(tmp_path, name, form, subtype):
    path = tmp_path / os.fsdecode(name)
    path.write_bytes(b"was there before" * 100_000)
    samples = np.random.default_rng(0).uniform(-0.5, 0.5, (5000, 2)).astype(np.float32)
    with create_sound(path, 48_000, 2, form, subtype) as file:
        file.write(samples[:3000])
        file.write(samples[3000:])
    with open_sound(path) as file:
        assert (file.samplerate, file.channels, file.format) == (48_000, 2, form)
        np.testing.assert_allclose(file.read(dtype="float32"), samples, atol=1e-4)


def test_what_is_missing_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError), open_sound(tmp_path / "none.wav"):
        pass
