"""TensorBoard files: readable, with numbers, pictures and sound."""

import numpy as np
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from vsg_tf.config import AudioConfig
from vsg_tf.training.logs import RunLog, mel_image


def test_numbers_pictures_and_sound_can_be_read_back(tmp_path):
    tf.config.run_functions_eagerly(False)
    log = RunLog(tmp_path, AudioConfig(n_mels=16, griffin_lim_iterations=2))
    log.configuration(2, "name: tiny")
    log.scalars(3, "train", {"mel": 0.5})
    log.examples(3, {"target": np.random.default_rng(0).uniform(size=(2, 8, 16))})
    log.flush()
    events = EventAccumulator(str(tmp_path), size_guidance={"tensors": 0}).Reload()
    names = {"configuration", "train/mel", "mel/target", "sound/target"}
    assert set(events.Tags()["tensors"]) == names
    (scalar,) = events.Tensors("train/mel")
    assert (scalar.step, float(tf.make_ndarray(scalar.tensor_proto))) == (3, 0.5)
    (text,) = events.Tensors("configuration")
    assert text.step == 2 and b"name: tiny" in tf.make_ndarray(text.tensor_proto).item()
    for name in ("mel/target", "sound/target"):
        (examples,) = events.Tensors(name)
        shown = tf.make_ndarray(examples.tensor_proto)
        # A picture has its size before the examples, a sound has a label beside each.
        assert examples.step == 3 and len(shown) == (2 + 2 if name == "mel/target" else 2)


def test_picture_has_time_to_the_right_and_pitch_up():
    mel = np.zeros((1, 5, 3), np.float32)
    mel[0, 4, 0] = 1.0  # the last frame's lowest band
    assert mel_image(mel).shape == (1, 3, 5, 1)
    assert mel_image(mel)[0, 2, 4, 0] == 1.0
