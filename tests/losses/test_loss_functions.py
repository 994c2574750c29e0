import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.layer_cases import mel, sequence
from vsg_tf.losses import discriminator_loss, event_loss, generator_loss, mel_loss
from vsg_tf.losses.events import correlation


@pytest.mark.parametrize(
    ("kind", "formula"),
    [
        ("mse", lambda d: d**2),
        ("l1", np.abs),
        ("l1_mse", lambda d: np.abs(d) + d**2),
    ],
)
def test_mel_loss_agrees_with_numpy(kind, formula):
    target, predicted = mel(7), mel(7, seed=1)
    expected = formula(predicted - target).mean(axis=(1, 2))
    np.testing.assert_allclose(mel_loss(target, predicted, kind), expected, rtol=1e-5)


def test_loud_frames_weigh_more():
    target = np.zeros((1, 4, 2), "float32")
    target[0, 1] = 0.5
    predicted = target + 0.1
    assert np.allclose(mel_loss(target, predicted, loud_frame_weight=0.0), 0.01)
    assert np.allclose(mel_loss(target, predicted, loud_frame_weight=2.0), 0.01 * (3 + 3) / 4)


def test_unknown_kind_is_an_error():
    with pytest.raises(KeyError):
        mel_loss(mel(3), mel(3), kind="huber")


def test_mels_are_compared_in_float32():
    target = np.full((1, 3, 2), 0.5, "float32")
    loss = mel_loss(target, tf.constant(target + 1e-5, "float32"))
    assert np.allclose(loss, 1e-10, rtol=0.1) and loss.dtype == tf.float32
    assert mel_loss(tf.cast(target, tf.float16), tf.cast(target, tf.float16)).dtype == tf.float32


def test_adversarial_losses_agree_with_numpy():
    real = [sequence(5, 1), sequence(3, 2, seed=1)]
    fake = [sequence(5, 1, seed=2), sequence(3, 2, seed=3)]

    def distance(x, wanted):
        return ((x - wanted) ** 2).reshape(2, -1).mean(axis=1)

    expected = sum(distance(x, 1) for x in fake) / 2
    np.testing.assert_allclose(generator_loss(fake), expected, rtol=1e-5)
    expected = sum(distance(r, 1) + distance(f, 0) for r, f in zip(real, fake, strict=True)) / 2
    np.testing.assert_allclose(discriminator_loss(real, fake), expected, rtol=1e-5)


def test_cross_entropy_agrees_with_keras_and_stays_finite():
    real, fake = sequence(5, 1), sequence(5, 1, seed=2)

    def entropy(logits, wanted):
        target = np.full_like(logits, wanted)
        return keras.losses.binary_crossentropy(target, logits, from_logits=True).numpy().mean(1)

    made = generator_loss([fake], "cross_entropy")
    np.testing.assert_allclose(made, entropy(fake, 1.0), rtol=1e-5)
    made = discriminator_loss([real], [fake], "cross_entropy")
    np.testing.assert_allclose(made, entropy(real, 1.0) + entropy(fake, 0.0), rtol=1e-5)
    assert np.isfinite(generator_loss([np.full((1, 2, 1), -1e4, "float32")], "cross_entropy")).all()


def test_a_sure_discriminator_pays_nothing_and_a_found_out_generator_pays():
    ones, zeros = [np.ones((2, 4, 1), "float32")], [np.zeros((2, 4, 1), "float32")]
    assert np.array_equal(discriminator_loss(ones, zeros), [0, 0])
    assert np.array_equal(generator_loss(zeros), [1, 1])
    assert np.array_equal(generator_loss(ones), [0, 0])
    with pytest.raises(ValueError):
        discriminator_loss(ones, zeros * 2)


def test_correlation_agrees_with_numpy():
    a, b = sequence(40, 1)[..., 0], sequence(40, 1, seed=1)[..., 0]
    expected = [np.corrcoef(x, y)[0, 1] for x, y in zip(a, b, strict=True)]
    np.testing.assert_allclose(correlation(a, b), expected, atol=1e-5)
    np.testing.assert_allclose(correlation(a, 2 - 3 * a), [-1, -1], atol=1e-5)
    assert np.array_equal(correlation(a, np.ones_like(a)), [0, 0])


def test_event_loss_agrees_with_numpy():
    logits = sequence(30, 3)
    envelope, onset, strength = mel(30, 3, seed=1).transpose(2, 0, 1)
    curves = 1 / (1 + np.exp(-logits))
    for i in range(2):

        def r(curve, truth, i=i):
            return np.corrcoef(curves[i, :, curve], truth[i])[0, 1]

        p = curves[i, :, 1]
        cross_entropy = -np.mean(2 * onset[i] * np.log(p) + (1 - onset[i]) * np.log(1 - p))
        expected = (
            (1 - r(0, envelope))
            + cross_entropy
            + 0.5 * (1 - r(1, onset))
            + 0.5 * (1 - r(2, strength))
        )
        found = event_loss(logits, envelope, onset, strength)[i]
        np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_flat_envelopes_do_not_count():
    logits = sequence(30, 3)
    other = logits.copy()
    other[..., 0] = sequence(30, 1, seed=4)[..., 0]
    onset = mel(30, 1)[..., 0]
    flat = 0.5 + 0.01 * mel(30, 1, seed=2)[..., 0]
    assert np.allclose(
        event_loss(logits, flat, onset, onset), event_loss(other, flat, onset, onset)
    )
    varied = mel(30, 1, seed=2)[..., 0]
    difference = event_loss(logits, varied, onset, onset) - event_loss(other, varied, onset, onset)
    assert np.abs(difference).min() > 1e-3


def test_silent_clips_have_finite_gradients():
    logits = tf.Variable(np.zeros((2, 20, 3), "float32"))
    nothing = np.zeros((2, 20), "float32")
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(event_loss(logits, nothing, nothing, nothing))
    gradient = tape.gradient(loss, logits).numpy()
    assert np.all(np.isfinite(gradient))
    # Without events the onset curve is still pulled down.
    assert np.all(gradient[..., 1] > 0)


def test_examples_do_not_mix():
    logits, truth = sequence(20, 3), mel(20, 3, seed=1)
    both = event_loss(logits, *truth.transpose(2, 0, 1))
    alone = event_loss(logits[1:], *truth[1:].transpose(2, 0, 1))
    assert np.allclose(both[1:], alone)
    assert np.allclose(mel_loss(truth, logits)[1:], mel_loss(truth[1:], logits[1:]))
