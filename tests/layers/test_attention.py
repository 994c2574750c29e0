import keras
import numpy as np

from tests.layer_cases import mel, sequence
from vsg_tf.layers import CellAttention, CopyHead, FFTBlock


def test_fft_block_attends_over_the_whole_sequence_and_convolves_nearby():
    block = FFTBlock(8, 2, 3, 8, 0.0)
    x = sequence(30, 8, batch=1)
    far = x.copy()
    far[0, 29] += 3 * sequence(1, 8, seed=1)[0, 0]
    assert np.abs(block(far) - block(x))[0, 0].max() > 1e-5
    # Without positions attention does not know order, so only the convolution does.
    order = np.random.default_rng(0).permutation(30)
    assert not np.allclose(np.asarray(block(x))[:, order], block(x[:, order]), atol=1e-3)
    pointwise = FFTBlock(8, 2, 1, 8, 0.0)
    np.testing.assert_allclose(
        np.asarray(pointwise(x))[:, order], pointwise(x[:, order]), atol=1e-5
    )


def test_cross_attention_hears_the_reference_in_any_order():
    block = FFTBlock(8, 2, 3, 8, 0.0, cross_attention=True)
    x, reference = sequence(12, 8), sequence(20, 5, seed=1)
    output = np.asarray(block([x, reference]))
    np.testing.assert_allclose(output, block([x, reference[:, ::-1]]), atol=1e-5)
    assert not np.allclose(output, block([x, sequence(20, 5, seed=2)]), atol=1e-3)


def test_dropout_acts_in_training_only():
    block = FFTBlock(8, 2, 3, 8, 0.5)
    x = sequence(10, 8)
    assert np.array_equal(block(x), block(x))
    assert not np.allclose(block(x, training=True), block(x))


def test_cells_may_trade_places():
    layer = CellAttention(4, cells=3, channels=5, global_channels=2)
    x = sequence(9, 17)
    cells = x[..., :15].reshape(2, 9, 3, 5)[:, :, [2, 0, 1]].reshape(2, 9, 15)
    moved = np.concatenate([cells, x[..., 15:]], axis=-1)
    np.testing.assert_allclose(layer(x), layer(moved), atol=1e-5)
    mixed = np.concatenate([x[..., 1:15], x[..., :1], x[..., 15:]], axis=-1)
    assert not np.allclose(layer(x), layer(mixed), atol=1e-2)


def test_copy_head_starts_as_a_gated_copy():
    head = CopyHead(6, key_size=3)
    frames, tokens, reference = sequence(7, 4), sequence(9, 5, seed=1), mel(9)
    output = np.asarray(head([frames, tokens, reference]))
    weights = np.asarray(head.attention(frames, tokens))
    np.testing.assert_allclose(weights.sum(axis=-1), 1, atol=1e-5)
    gate = np.asarray(head.gate(frames))
    np.testing.assert_allclose(output, weights @ reference * gate, atol=0.1)
    residual = output - weights @ reference * gate
    assert np.abs(residual).max() > 0


def test_copy_head_reads_the_frame_whose_token_matches():
    head = CopyHead(2, key_size=4)
    tokens = np.eye(4, dtype="float32")[None]
    frames = tokens[:, [2, 0, 3]]
    reference = np.arange(8, dtype="float32").reshape(1, 4, 2) / 8
    head([frames, tokens, reference])
    head.query.set_weights([np.eye(4, dtype="float32") * 100, np.zeros(4, "float32")])
    head.key.set_weights([np.eye(4, dtype="float32")])
    head.gate.set_weights([np.zeros((4, 1), "float32"), np.full(1, 20, "float32")])
    output = head([frames, tokens, reference])
    np.testing.assert_allclose(output, reference[:, [2, 0, 3]], atol=0.1)
    assert np.array_equal(np.argmax(head.attention(frames, tokens), axis=-1), [[2, 0, 3]])


def test_copy_head_prefers_runs_where_single_frames_would_do():
    """Two places of the reference match every frame alike; only one lies in a run."""
    frames, count = 12, 40
    scores = np.full((frames, count), -4.0)
    scores[np.arange(frames), np.arange(frames) + 20] = 3.0  # the run
    rng = np.random.default_rng(0)
    scores[np.arange(frames), rng.permutation(frames)] = 3.0  # the same frames, scattered
    tokens = np.eye(count, dtype="float32")[None]

    def weights(continuity):
        head = CopyHead(2, key_size=count, continuity=continuity)
        head([scores[None].astype("float32"), tokens, mel(count, bands=2)])
        scale = float(np.sqrt(count))
        head.query.set_weights([np.eye(count, dtype="float32") * scale, np.zeros(count, "float32")])
        head.key.set_weights([np.eye(count, dtype="float32")])
        return np.asarray(head.attention(scores[None].astype("float32"), tokens))[0]

    plain, of_runs = weights(0), weights(2)
    np.testing.assert_allclose(of_runs.sum(axis=-1), 1, atol=1e-5)
    inside = slice(20, 20 + frames)
    assert abs(plain[:, inside].sum() / plain.sum() - 0.5) < 0.1
    assert of_runs[:, inside].sum() / of_runs.sum() > 0.95


def test_copy_head_may_prefer_runs_at_inference_alone():
    frames, tokens = sequence(7, 4), sequence(9, 5, seed=1)
    keras.utils.set_random_seed(0)
    head = CopyHead(6, key_size=3, continuity=1, inference_continuity=4)
    head([frames, tokens, mel(9)])
    training = np.asarray(head.attention(frames, tokens, training=True))
    inference = np.asarray(head.attention(frames, tokens))
    assert inference.max(axis=-1).mean() > training.max(axis=-1).mean() + 0.1
    same = CopyHead(6, key_size=3, continuity=1)
    same([frames, tokens, mel(9)])
    np.testing.assert_array_equal(
        same.attention(frames, tokens, training=True), same.attention(frames, tokens)
    )
