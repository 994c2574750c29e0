"""Tensors over the wire, against TensorFlow's own conversion."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from vsg_tf.errors import InputError
from vsg_tf.serving.protocol import TensorProto
from vsg_tf.serving.tensors import decode, encode

DTYPES = ["float32", "float64", "int32", "int64", "uint8", "bool"]


def _official(message):
    from tensorflow.core.framework import tensor_pb2

    return tensor_pb2.TensorProto.FromString(message.SerializeToString())


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(DTYPES).flatmap(
    lambda dtype: arrays.arrays(dtype, arrays.array_shapes(min_dims=0, max_dims=4, min_side=0))
))  # fmt: skip
def test_numbers_there_and_back(array):
    message = encode(array)
    np.testing.assert_array_equal(decode(message), array)
    theirs = tf.make_ndarray(_official(message))
    assert theirs.dtype == array.dtype
    np.testing.assert_array_equal(theirs, array)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(DTYPES), st.lists(st.integers(0, 1), min_size=1, max_size=5))
def test_values_one_by_one_as_tensorflow_serving_sends_them(dtype, values):
    array = np.array(values, dtype)
    theirs = tf.make_tensor_proto(array.tolist(), dtype, shape=[len(values)])
    ours = TensorProto.FromString(theirs.SerializeToString())
    np.testing.assert_array_equal(decode(ours), array)


def test_one_value_stands_for_all():
    theirs = tf.make_tensor_proto(3.0, tf.float32, shape=[2, 2])
    ours = TensorProto.FromString(theirs.SerializeToString())
    np.testing.assert_array_equal(decode(ours), np.full([2, 2], 3.0, np.float32))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.binary(max_size=8), max_size=4))
def test_bytes_keep_their_zeros(strings):
    message = encode(strings if strings else np.empty(0, object))
    assert list(decode(message)) == strings
    assert list(tf.make_ndarray(_official(message))) == strings


def _message(dtype=1, shape=(2,), **fields):
    message = TensorProto(dtype=dtype, **fields)
    for size in shape:
        message.tensor_shape.dim.add(size=size)
    return message


@pytest.mark.parametrize(
    "message",
    [
        _message(tensor_content=b"123"),
        _message(tensor_content=b"1" * 12),
        _message(shape=(-1,), float_val=[1.0]),
        _message(shape=(2,)),
        _message(shape=(2,), float_val=[1.0, 2.0, 3.0]),
        _message(shape=(10**9, 10**9, 10**9), float_val=[1.0]),
        _message(dtype=7, shape=(2,), string_val=[b"a"]),
        _message(dtype=20, shape=()),
        _message(dtype=999, shape=()),
        TensorProto(dtype=1, tensor_shape={"unknown_rank": True}),
    ],
)
def test_contradictions_are_refused(message):
    with pytest.raises(InputError, match=r"^(has|holds|is)"):
        decode(message, max_values=1000)


@pytest.mark.parametrize("value", [np.array(["a"]), np.array([b"a"]), np.array([None]), 1j])
def test_what_cannot_be_sent(value):
    with pytest.raises(InputError, match="can"):
        encode(value)
