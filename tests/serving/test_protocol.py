"""The descriptors are the official ones, and both kinds of messages understand each other."""

import gc
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import grpc
import numpy as np
import pytest

from tests.serving.exports import check_answer, question
from vsg_tf.serving import descriptor_set, protocol
from vsg_tf.serving.client import Client
from vsg_tf.serving.tensors import decode, encode


@pytest.fixture(scope="module")
def official():
    """The official stubs."""
    return pytest.importorskip(
        "tensorflow_serving.apis.prediction_service_pb2_grpc",
        reason="tensorflow-serving-api is not installed: no official stubs to compare with",
    )


def test_descriptors_are_those_of_the_official_stubs(official):
    collected = descriptor_set.collect().SerializeToString(deterministic=True)
    assert descriptor_set.PATH.read_bytes() == collected, (
        "renew them: python -m vsg_tf.serving.descriptor_set"
    )


def test_official_stubs_as_client_of_our_server(official, served):
    import tensorflow as tf
    from tensorflow_serving.apis import get_model_status_pb2, model_service_pb2_grpc, predict_pb2

    server, _ = served
    inputs = question(1, batch=2)
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        request = predict_pb2.PredictRequest()
        request.model_spec.name = "default"
        for name, value in inputs.items():
            request.inputs[name].CopyFrom(tf.make_tensor_proto(value))
        response = official.PredictionServiceStub(channel).Predict(request, timeout=10)
        outputs = {name: tf.make_ndarray(value) for name, value in response.outputs.items()}
        check_answer(inputs, outputs)
        assert response.model_spec.version.value == 1

        question_of_state = get_model_status_pb2.GetModelStatusRequest()
        question_of_state.model_spec.name = "default"
        states = model_service_pb2_grpc.ModelServiceStub(channel).GetModelStatus(question_of_state)
        assert [(s.version, s.state) for s in states.model_version_status] == [(1, 30)]


def test_official_stubs_as_server_of_our_client(official):
    import tensorflow as tf
    from tensorflow_serving.apis import predict_pb2

    class Servicer(official.PredictionServiceServicer):
        def Predict(self, request, context):
            assert request.model_spec.version.value == 7
            x = tf.make_ndarray(request.inputs["x"])
            response = predict_pb2.PredictResponse()
            # Values one by one, as TensorFlow Serving sends them, not as bytes.
            response.outputs["y"].dtype = 1
            response.outputs["y"].tensor_shape.dim.add(size=len(x))
            response.outputs["y"].float_val.extend(2 * x)
            response.outputs["name"].CopyFrom(tf.make_tensor_proto([b"a\0", b""]))
            return response

    server = grpc.server(ThreadPoolExecutor(2))
    official.add_PredictionServiceServicer_to_server(Servicer(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        with Client(f"127.0.0.1:{port}", version=7) as client:
            x = np.arange(4, dtype=np.float32)
            outputs = client.predict("double", {"x": x})
    finally:
        server.stop(None)
    np.testing.assert_array_equal(outputs["y"], 2 * x)
    assert list(outputs["name"]) == [b"a\0", b""]


def test_messages_live_beside_those_of_tensorflow():
    import tensorflow as tf

    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    theirs = tf.make_tensor_proto(array)
    ours = protocol.TensorProto.FromString(theirs.SerializeToString())
    np.testing.assert_array_equal(decode(ours), array)
    assert type(ours) is not type(theirs)
    assert encode(array).SerializeToString() == theirs.SerializeToString()


def test_protocol_needs_nothing_but_protobuf():
    script = (
        "import sys; from vsg_tf.serving import protocol; "
        "print(sorted({'tensorflow', 'grpc', 'numpy', 'pydantic'} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_no_class_is_collected_while_its_messages_are_used():
    def every(descriptors):
        for descriptor in descriptors:
            yield descriptor.full_name
            yield from every(descriptor.nested_types)

    files = descriptor_set.descriptor_pb2.FileDescriptorSet.FromString(
        descriptor_set.PATH.read_bytes()
    ).file
    names = [
        name
        for file in files
        for name in every(protocol.POOL.FindFileByName(file.name).message_types_by_name.values())
    ]
    assert "tensorflow.serving.ModelSpec" in names
    identities = {name: id(protocol.message(name)) for name in names}
    gc.collect()
    request = protocol.PredictRequest()
    assert id(type(request.model_spec)) == identities["tensorflow.serving.ModelSpec"]
    assert {name: id(protocol.message(name)) for name in names} == identities
