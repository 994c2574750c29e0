"""Versions come, go and fail while the server answers."""

import shutil
import threading
import time
from pathlib import Path

import pytest

from tests.serving.conftest import WARM_UP, running
from tests.serving.exports import check_answer, question, write_export
from vsg_tf.errors import InputError, ServerError
from vsg_tf.serving.client import Client
from vsg_tf.serving.server import ModelServer, ServerOptions


@pytest.fixture
def base(export, tmp_path) -> Path:
    """A copy of the export that may be changed."""
    return Path(shutil.copytree(export, tmp_path / "model"))


def _until(condition) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def _states(client) -> dict[int, int]:
    return {version.version: version.state for version in client.status()}


def test_a_new_version_takes_over_without_a_lost_request(base):
    stop, errors, versions = threading.Event(), [], set()

    def ask(client):
        seed = 0
        while not stop.is_set():
            seed += 1
            inputs = question(seed)
            try:
                outputs = client.predict("serving_default", inputs)
                version = round(float((outputs["y"] - inputs["x"] * inputs["scale"]).mean()))
                check_answer(inputs, outputs, version)
                versions.add(version)
            except Exception as error:
                errors.append(error)

    with running(base) as (_, client):
        threads = [threading.Thread(target=ask, args=(client,), daemon=True) for _ in range(3)]
        for thread in threads:
            thread.start()
        write_export(base, 2, WARM_UP)
        _until(lambda: _states(client) == {1: 50, 2: 30})
        inputs = question(0)
        check_answer(inputs, client.predict("serving_default", inputs), version=2)
        with Client(client.address, version=1) as old, pytest.raises(ServerError) as caught:
            old.predict("serving_default", inputs)
        assert caught.value.code == "NOT_FOUND"
        shutil.rmtree(base / "2")
        _until(lambda: _states(client) == {1: 30, 2: 50})
        stop.set()
        for thread in threads:
            thread.join()
    assert not errors
    assert versions == {1, 2}


def _truncate(folder: Path) -> None:
    data = folder / "variables" / "variables.data-00000-of-00001"
    data.write_bytes(data.read_bytes()[:-3])


def _garbage(folder: Path) -> None:
    (folder / "saved_model.pb").write_bytes(b"\x08\x99 no graph")


def _newer_format(folder: Path) -> None:
    from tensorflow.core.protobuf import saved_model_pb2

    path = folder / "saved_model.pb"
    saved = saved_model_pb2.SavedModel.FromString(path.read_bytes())
    saved.saved_model_schema_version = 99
    path.write_bytes(saved.SerializeToString())


def _empty(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def _bad_warm_up(folder: Path) -> None:
    from vsg_tf.serving.loaded_model import WARM_UP as PLACE

    (folder / PLACE).write_bytes(b"not a record file")


DAMAGE = [_truncate, _garbage, _newer_format, _empty, _bad_warm_up]


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_one_sentence_at_the_start(base, damage):
    damage(base / "1")
    with pytest.raises(InputError, match=r"export it again|export the model again|holds a SavedM"):
        ModelServer(base, ServerOptions(port=0))


def test_a_damaged_version_leaves_the_old_one_serving_until_it_is_mended(base):
    with running(base) as (_, client):
        damaged = base.parent / "2"
        shutil.copytree(base / "1", damaged)
        whole = (damaged / "saved_model.pb").read_bytes()
        _garbage(damaged)
        damaged.rename(base / "2")
        _until(lambda: 2 in _states(client))
        _until(lambda: _states(client)[2] == 50)
        (status,) = [version for version in client.status() if version.version == 2]
        assert status.status.error_code == 3
        assert "damaged" in status.status.error_message
        inputs = question(3)
        check_answer(inputs, client.predict("serving_default", inputs))
        assert client.is_ready()
        (base / "2" / "saved_model.pb").write_bytes(whole)  # as if a copy had now ended
        _until(lambda: _states(client) == {1: 50, 2: 30})


def test_at_the_start_the_highest_whole_version_serves(base):
    shutil.copytree(base / "1", base / "12")
    _garbage(base / "12")
    (base / "notes").mkdir()
    (base / "13").write_text("a file")
    with running(base) as (_, client):
        assert _states(client) == {1: 30, 12: 50}


@pytest.mark.parametrize("place", ["nowhere", "empty"])
def test_no_model_is_one_sentence(tmp_path, place):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="name a"):
        ModelServer(tmp_path / place, ServerOptions(port=0))


def test_reload_is_taken_for_the_served_model_alone(base):
    import grpc

    from vsg_tf.serving import protocol

    with running(base) as (server, client):
        request_type, response_type = protocol.methods(protocol.MODEL_SERVICE)[
            "HandleReloadConfigRequest"
        ]
        with grpc.insecure_channel(client.address) as channel:
            reload = channel.unary_unary(
                f"/{protocol.MODEL_SERVICE}/HandleReloadConfigRequest",
                request_type.SerializeToString,
                response_type.FromString,
            )
            request = request_type()
            entry = request.config.model_config_list.config.add(name="default")
            entry.base_path = str(base)
            reload(request, timeout=10)
            entry.base_path = "/etc"
            with pytest.raises(grpc.RpcError) as caught:
                reload(request, timeout=10)
        assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert server.versions.current == 1
