"""Encoded files in, an encoded file out: the same sound as the Python path, or a sentence."""

import io

import numpy as np
import pytest
import soundfile
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.synthesis import waveform_of
from vsg_tf.audio.levels import limit_peak
from vsg_tf.export.example_signals import example_pictures, example_reference
from vsg_tf.frontends.motion import Motion
from vsg_tf.frontends.motion.extraction import MotionFrontEnd
from vsg_tf.inference.renderers.names import RendererName
from vsg_tf.inference.synthesizer import Synthesizer

SECONDS = 1.6
PICTURES, TIMES = example_pictures(SECONDS, Motion.pictures)
PNG = [tf.io.encode_png(picture[..., None]).numpy() for picture in PICTURES]


def _wav(config, rate=None, seconds=1.0) -> bytes:
    waveform = example_reference(config, seconds)
    file = io.BytesIO()
    soundfile.write(file, waveform, rate or config.audio.sample_rate, format="WAV")
    return file.getvalue()


def _request(networks, **change):
    request = {
        "reference_wav": [_wav(networks.config)],
        "frames": [PNG],
        "frame_times": [TIMES.astype(np.float32)],
        "background": [0.2],
        **change,
    }
    strings = ("reference_wav", "frames")
    return {
        name: tf.constant(value, tf.string if name in strings else tf.float32)
        for name, value in request.items()
    }


def test_same_sound_as_the_python_path(signatures, networks, tmp_path):
    synthesizer = Synthesizer(networks)
    wavs = [_wav(networks.config, seconds=seconds) for seconds in (1.0, 0.7)]
    answer = signatures["from_bytes"](
        **_request(
            networks,
            reference_wav=wavs,
            frames=[PNG, PNG[::-1]],
            frame_times=[TIMES + 3, TIMES],  # counted from the first picture
            background=[0.2, 0.0],
        )
    )["wav"].numpy()
    for sound, wav, pictures, background in zip(
        answer, wavs, (PICTURES, PICTURES[::-1]), (0.2, 0.0), strict=True
    ):
        (tmp_path / "reference.wav").write_bytes(wav)
        voice = synthesizer.voice(tmp_path / "reference.wav")
        times = TIMES.astype(np.float32).astype(float)
        features = MotionFrontEnd(synthesizer.timebase).extract_frames(
            zip(times, pictures, strict=True)
        )
        options = {"background": background, "renderer": RendererName.VOCODER}
        own = limit_peak(waveform_of(synthesizer, features, voice, **options))
        samples, rate = soundfile.read(io.BytesIO(sound), dtype="float32")
        assert rate == synthesizer.sample_rate and len(samples) == len(own)
        assert np.linalg.norm(samples - own) < 0.05 * np.linalg.norm(own)


def test_other_rates_are_brought_to_the_models(signatures, networks):
    same = signatures["from_bytes"](**_request(networks))["wav"]
    other = _wav(networks.config, rate=44_100, seconds=2.0)
    answer = signatures["from_bytes"](**_request(networks, reference_wav=[other]))["wav"]
    assert tf.strings.length(answer[0]) == tf.strings.length(same[0])


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"reference_wav": [b"no sound"]}, "reference_wav is empty, cut off"),
        ({"frames": [PNG[:1]], "frame_times": [[0.0]]}, "2 to 20000 frames"),
        ({"frames": [[]], "frame_times": [[]]}, "2 to 20000 frames"),
        ({"frame_times": [TIMES[:-1]]}, "as many frame_times as"),
        ({"background": [0.0, 1.0]}, "as many frame_times as"),
        ({"frame_times": [TIMES[::-1]]}, "must ascend"),
        ({"frame_times": [TIMES * np.nan]}, "frame_times holds NaN"),
        ({"frame_times": [TIMES * 1e6]}, "must span less than 600 s"),
        ({"frames": [[b"x" * 50, *PNG[1:]]]}, "neither JPEG nor PNG"),
        ({"background": [3.0]}, "background must be from 0 to 1"),
    ],
)
def test_bad_input_is_a_sentence(signatures, networks, change, sentence):
    with pytest.raises(tf.errors.InvalidArgumentError, match=sentence):
        signatures["from_bytes"](**_request(networks, **change))


@settings(max_examples=20, deadline=None, derandomize=True)
@given(data=st.data())
def test_damaged_bytes_never_do_worse_than_an_error(signatures, networks, data):
    """Bytes changed, cut off or repeated: an answer or a refusal, and then a sound answer again."""
    wav, picture = bytearray(_wav(networks.config, seconds=0.3)), bytearray(PNG[1])
    target = data.draw(st.sampled_from([wav, picture]))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, min(len(target), 120) - 1))
        target[place] = data.draw(st.integers(0, 255))
    del target[data.draw(st.integers(30, len(target))) :]
    frames = [[PNG[0], bytes(picture), PNG[2]]]
    request = _request(networks, reference_wav=[bytes(wav)], frames=frames, frame_times=[TIMES[:3]])
    try:
        answer = signatures["from_bytes"](**request)["wav"].numpy()[0]
    except tf.errors.InvalidArgumentError:
        return
    samples, _ = soundfile.read(io.BytesIO(answer))
    assert np.isfinite(samples).all()
