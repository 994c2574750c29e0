"""The files in `serving/` say what TensorFlow Serving understands."""

from pathlib import Path

import pytest
import yaml
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, text_format

from vsg_tf.serving import protocol

PLACE = Path(__file__).parents[2] / "serving"
# The stubs that are distributed leave these out; names, numbers and types as TensorFlow Serving's
# servables/tensorflow/session_bundle_config.proto and config/monitoring_config.proto have them.
_INT64, _STRING = ".google.protobuf.Int64Value", ".google.protobuf.StringValue"
_FIELDS = {
    "BatchingParameters": [
        ("max_batch_size", 1, _INT64),
        ("batch_timeout_micros", 2, _INT64),
        ("max_enqueued_batches", 3, _INT64),
        ("num_batch_threads", 4, _INT64),
        ("thread_pool_name", 5, _STRING),
        ("pad_variable_length_inputs", 7, "bool"),
    ],
    "PrometheusConfig": [("enable", 1, "bool"), ("path", 2, "string")],
    "MonitoringConfig": [("prometheus_config", 1, ".check.PrometheusConfig")],
}


@pytest.fixture(scope="module")
def messages():
    file = descriptor_pb2.FileDescriptorProto(name="check.proto", package="check", syntax="proto3")
    file.dependency.append("google/protobuf/wrappers.proto")
    scalars = {"bool": 8, "string": 9}
    for name, fields in _FIELDS.items():
        entry = file.message_type.add(name=name)
        for field, number, kind in fields:
            added = entry.field.add(name=field, number=number, label=1, type=scalars.get(kind, 11))
            if kind not in scalars:
                added.type_name = kind
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(
        protocol.POOL.FindFileByName("google/protobuf/wrappers.proto").serialized_pb
    )
    pool.Add(file)
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"check.{name}"))
        for name in _FIELDS
    }


def _read(name: str, message):
    return text_format.Parse((PLACE / name).read_text(), message)


def test_model_list():
    (model,) = _read("models.config", protocol.ModelServerConfig()).model_config_list.config
    assert model.name == "default"
    assert model.model_platform == "tensorflow"
    assert model.model_version_policy.latest.num_versions == 1
    compose = yaml.safe_load((PLACE / "docker-compose.yml").read_text())
    mounts = [volume.split(":")[1] for volume in compose["services"]["model"]["volumes"]]
    assert model.base_path in mounts


def test_batching_parameters_are_those_of_vsg_serve(messages):
    from vsg_tf.serving.batching import BatchingOptions

    parameters = _read("batching_parameters.txt", messages["BatchingParameters"]())
    ours = BatchingOptions()
    assert parameters.max_batch_size.value == ours.max_batch
    assert parameters.batch_timeout_micros.value == round(ours.timeout_s * 1e6)
    assert parameters.num_batch_threads.value == ours.workers
    queued = parameters.max_enqueued_batches.value * parameters.max_batch_size.value
    assert queued == ours.max_queue
    assert not parameters.pad_variable_length_inputs


def test_monitoring_and_prometheus_agree(messages):
    monitoring = _read("monitoring.config", messages["MonitoringConfig"]()).prometheus_config
    assert monitoring.enable
    (job,) = yaml.safe_load((PLACE / "prometheus.yml").read_text())["scrape_configs"]
    assert job["metrics_path"] == monitoring.path
    compose = yaml.safe_load((PLACE / "docker-compose.yml").read_text())
    host, port = job["static_configs"][0]["targets"][0].split(":")
    assert any(f":{port}:{port}" in entry for entry in compose["services"][host]["ports"])


def test_compose_names_files_that_are_there_and_listens_to_this_machine_alone():
    compose = yaml.safe_load((PLACE / "docker-compose.yml").read_text())
    mounted = []
    for service in compose["services"].values():
        assert all(entry.startswith("127.0.0.1:") for entry in service["ports"])
        for volume in service["volumes"]:
            source, target, _ = volume.split(":")
            mounted.append(target)
            if source.startswith("./"):
                assert (PLACE / source).is_file()
    for argument in compose["services"]["model"]["command"]:
        path = argument.partition("=")[2]
        assert not path.startswith("/") or path in mounted


def test_images_have_one_version():
    compose = yaml.safe_load((PLACE / "docker-compose.yml").read_text())
    dockerfile = (PLACE / "Dockerfile").read_text()
    assert f"FROM {compose['services']['model']['image']}\n" in dockerfile
