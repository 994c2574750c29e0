"""Collects the official protocol's descriptors into the file that `protocol` reads.

The official stubs import all of TensorFlow; their descriptors alone need nothing but protobuf.
Run `python -m vsg_tf.serving.descriptor_set` where tensorflow-serving-api is installed to renew it.
"""

import importlib
from pathlib import Path

from google.protobuf import descriptor_pb2

from vsg_tf.extras import require

PATH = Path(__file__).with_name("descriptors.binpb")

# Modules whose files, with everything they import, make the protocol.
_OFFICIAL = (
    "tensorflow_serving.apis.prediction_service_pb2",
    "tensorflow_serving.apis.model_service_pb2",
    "tensorflow_serving.apis.prediction_log_pb2",  # what warm-up requests are kept in
    "grpc_health.v1.health_pb2",
    "grpc_reflection.v1alpha.reflection_pb2",
)


def collect() -> descriptor_pb2.FileDescriptorSet:
    """The descriptors of the installed official stubs, each file after those that it imports.

    Raises:
        MissingExtraError: the stubs are not installed.
    """
    require("tensorflow_serving", "serving")
    files: dict[str, descriptor_pb2.FileDescriptorProto] = {}

    def add(descriptor) -> None:
        if descriptor.name not in files:
            for needed in descriptor.dependencies:
                add(needed)
            files[descriptor.name] = descriptor_pb2.FileDescriptorProto.FromString(
                descriptor.serialized_pb
            )

    for module in _OFFICIAL:
        add(importlib.import_module(module).DESCRIPTOR)
    return descriptor_pb2.FileDescriptorSet(file=files.values())


if __name__ == "__main__":
    PATH.write_bytes(collect().SerializeToString(deterministic=True))
