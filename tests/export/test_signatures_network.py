"""The exported networks give what the Keras networks give, at any batch and length."""

import numpy as np
import pytest
import tensorflow as tf

from vsg_tf.config import parse_config

RNG = np.random.default_rng(0)
CODE = ("timbre", "tokens", "mel")


def _inputs(config, frames, reference_frames, events=3):
    width, bands = config.video.feature_width, config.audio.n_mels
    rows = np.stack(
        [RNG.uniform(0, 2, events), RNG.uniform(0, 1, events), RNG.uniform(0.1, 1, events)], -1
    )
    return {
        "features": RNG.normal(size=(frames, width)).astype(np.float32),
        "mel": RNG.uniform(0, 0.8, (reference_frames, bands)).astype(np.float32),
        "drive": rows.astype(np.float32),
        "background": RNG.uniform(0, 0.5, (frames, bands)).astype(np.float32),
    }


def _batch(examples, name):
    return tf.constant(np.stack([example[name] for example in examples]))


def test_describe_is_the_configuration(signatures, networks):
    import yaml

    answer = signatures["describe"]()
    text = answer["config_yaml"].numpy().decode()
    assert parse_config(yaml.safe_load(text)) == networks.config
    assert answer["has_vocoder"] == ("network_vocoder" in signatures)


@pytest.mark.parametrize("batch, frames, reference", [(1, 1, 32), (2, 7, 45), (3, 33, 101)])
def test_networks_agree(signatures, networks, batch, frames, reference):
    examples = [_inputs(networks.config, frames, reference) for _ in range(batch)]
    logits = signatures["network_event_logits"](features=_batch(examples, "features"))
    code = signatures["network_encode_reference"](mel=_batch(examples, "mel"))
    mel = signatures["network_decode"](
        drive=_batch(examples, "drive"),
        background=_batch(examples, "background"),
        frames=tf.fill([batch], frames),
        **code,
    )["mel"]
    learnt = signatures["network_vocoder"](mel=mel)["waveform"]
    seeds = [5, 0, 9][:batch]
    waveform = signatures["network_waveform"](mel=mel, seed=tf.constant(seeds))["waveform"]
    for i, example in enumerate(examples):
        close = {"atol": 2e-5, "rtol": 1e-4}
        own = networks.event_logits(example["features"])
        np.testing.assert_allclose(logits["event_logits"][i], own, **close)
        own_code = networks.encode_reference(example["mel"])
        for name in CODE:
            np.testing.assert_allclose(code[name][i], own_code[name][0], **close)
        own = networks.decode(example["drive"], own_code, example["background"], frames)
        np.testing.assert_allclose(mel[i], own, **close)
        np.testing.assert_array_equal(waveform[i], networks.waveform(mel[i].numpy(), seeds[i]))
        own = networks.vocoder()(mel[i].numpy())
        assert np.linalg.norm(learnt[i] - own) <= 1e-3 * np.linalg.norm(own)


def test_papers_networks_agree(paper_signatures, paper_networks):
    example = _inputs(paper_networks.config, 9, 40)
    assert not {"network_event_logits", "network_vocoder"} & set(paper_signatures)
    assert not paper_signatures["describe"]()["has_vocoder"]
    code = paper_signatures["network_encode_reference"](mel=_batch([example], "mel"))
    mel = paper_signatures["network_decode"](
        drive=_batch([example], "features"),
        background=_batch([example], "background"),
        frames=tf.constant([9]),
        **code,
    )["mel"]
    own_code = paper_networks.encode_reference(example["mel"])
    own = paper_networks.decode(example["features"], own_code, example["background"], 9)
    np.testing.assert_allclose(mel[0], own, atol=2e-5)


def test_bad_values_are_a_sentence(signatures, networks):
    example = _inputs(networks.config, 5, 40)
    features = np.array(_batch([example], "features"))
    features[0, 2, 3] = np.nan
    with pytest.raises(tf.errors.InvalidArgumentError, match="features holds NaN"):
        signatures["network_event_logits"](features=tf.constant(features))
    with pytest.raises(tf.errors.InvalidArgumentError, match="mel is empty"):
        signatures["network_encode_reference"](mel=tf.zeros([0, 40, networks.config.audio.n_mels]))
    code = signatures["network_encode_reference"](mel=_batch([example, example], "mel"))
    with pytest.raises(tf.errors.InvalidArgumentError, match="same for all examples"):
        signatures["network_decode"](
            drive=_batch([example, example], "drive"),
            background=_batch([example, example], "background"),
            frames=tf.constant([5, 6]),
            **code,
        )
    mel = _batch([example], "mel")
    with pytest.raises(tf.errors.InvalidArgumentError, match="one number from 0 on"):
        signatures["network_waveform"](mel=mel, seed=tf.constant([-1]))
