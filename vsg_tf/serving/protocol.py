"""TensorFlow Serving's messages and services, made from the official descriptors.

A pool of our own holds them, so that nothing clashes with TensorFlow's in the same process, and
so that a client needs grpcio and protobuf alone.
"""

from collections.abc import Iterable, Iterator

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from vsg_tf.serving.descriptor_set import PATH

POOL = descriptor_pool.DescriptorPool()
_FILES = descriptor_pb2.FileDescriptorSet.FromString(PATH.read_bytes()).file
for _file in _FILES:
    POOL.Add(_file)


def _classes(descriptors: Iterable) -> Iterator[type]:
    for descriptor in descriptors:
        yield message_factory.GetMessageClass(descriptor)
        yield from _classes(descriptor.nested_types)


# Every class is kept: the garbage collector would take one that nothing names, such as that of a
# field, while another thread uses its messages, and the process would crash.
_KEPT = {
    cls.DESCRIPTOR.full_name: cls
    for file in _FILES
    for cls in _classes(POOL.FindFileByName(file.name).message_types_by_name.values())
}

PREDICTION_SERVICE = "tensorflow.serving.PredictionService"
MODEL_SERVICE = "tensorflow.serving.ModelService"
HEALTH_SERVICE = "grpc.health.v1.Health"


def message(name: str) -> type:
    """The class of a message, by its full name."""
    return _KEPT[name]


def methods(service: str) -> dict[str, tuple[type, type]]:
    """Classes of request and response of each method of a service, by its full name."""
    return {
        method.name: (_KEPT[method.input_type.full_name], _KEPT[method.output_type.full_name])
        for method in POOL.FindServiceByName(service).methods
    }


TensorProto = message("tensorflow.TensorProto")
PredictRequest = message("tensorflow.serving.PredictRequest")
PredictResponse = message("tensorflow.serving.PredictResponse")
PredictionLog = message("tensorflow.serving.PredictionLog")
GetModelMetadataRequest = message("tensorflow.serving.GetModelMetadataRequest")
GetModelMetadataResponse = message("tensorflow.serving.GetModelMetadataResponse")
SignatureDef = message("tensorflow.SignatureDef")
SignatureDefMap = message("tensorflow.serving.SignatureDefMap")
GetModelStatusRequest = message("tensorflow.serving.GetModelStatusRequest")
GetModelStatusResponse = message("tensorflow.serving.GetModelStatusResponse")
ModelVersionStatus = message("tensorflow.serving.ModelVersionStatus")
ReloadConfigRequest = message("tensorflow.serving.ReloadConfigRequest")
ReloadConfigResponse = message("tensorflow.serving.ReloadConfigResponse")
ModelServerConfig = message("tensorflow.serving.ModelServerConfig")
HealthCheckRequest = message("grpc.health.v1.HealthCheckRequest")
HealthCheckResponse = message("grpc.health.v1.HealthCheckResponse")

DATA_TYPES = POOL.FindEnumTypeByName("tensorflow.DataType")
VERSION_STATES = ModelVersionStatus.DESCRIPTOR.enum_types_by_name["State"]
