"""`vsg generate --server` gives what `vsg generate` gives."""

import sys

import numpy as np
import pytest
import soundfile

from tests.inference.conftest import debug_synthesizer, paper_synthesizer  # noqa: F401
from tests.media_writing import hits, write_video
from tests.saved_model_exports import saved_model_export
from tests.serving.conftest import running
from tests.synthesis import waveform_of
from tests.vocoder_cases import write_model
from vsg_tf import command, generate
from vsg_tf.errors import InputError, ServerError
from vsg_tf.export.saved_model import export_saved_model
from vsg_tf.inference.renderers.names import RendererName
from vsg_tf.inference.synthesizer import Synthesizer
from vsg_tf.serving.remote_networks import RemoteNetworks


@pytest.fixture(scope="module")
def place(tmp_path_factory, debug_synthesizer):  # noqa: F811
    """A folder with one model for both ways, a clip and a reference."""
    folder = tmp_path_factory.mktemp("remote")
    networks = debug_synthesizer.networks
    write_model(folder / "model", networks)
    write_video(folder / "clip.mp4")
    soundfile.write(folder / "hits.wav", hits(), 22050)
    return folder


@pytest.fixture(scope="module")
def address(debug_synthesizer):  # noqa: F811
    with running(saved_model_export(debug_synthesizer.networks).parent) as (server, _):
        yield f"127.0.0.1:{server.port}"


def _vsg(monkeypatch, *arguments) -> int:
    monkeypatch.setattr(sys, "argv", ["vsg generate", *map(str, arguments)])
    with pytest.raises(SystemExit) as caught:
        command.run(generate.app)
    return caught.value.code or 0


def _inputs(place, name: str) -> list:
    paths = ["--video", place / "clip.mp4", "--reference", place / "hits.wav"]
    return [*paths, "--output", place / f"{name}.mp4", "--wav", place / f"{name}.wav"]


@pytest.mark.parametrize("renderer", ["grains", "vocoder"])
def test_command_with_a_server_writes_what_it_writes_without(place, address, monkeypatch, renderer):
    options = ["--background", 0.5, "--seed", 3, "--gain", 20, "--renderer", renderer]
    near = [*_inputs(place, "near"), "--model", place / "model", "--overwrite"]
    far = [*_inputs(place, "far"), "--server", address, "--overwrite"]
    assert _vsg(monkeypatch, *near, *options, "--events-out", place / "near.csv") == 0
    assert _vsg(monkeypatch, *far, *options, "--events-out", place / "far.csv") == 0
    assert (place / "near.csv").read_text() == (place / "far.csv").read_text()
    near_sound, far_sound = (soundfile.read(place / f"{n}.wav")[0] for n in ("near", "far"))
    assert np.abs(near_sound).max() > 0.01
    np.testing.assert_allclose(near_sound, far_sound, atol=2 / 32768)


def test_models_without_events(tmp_path, paper_synthesizer):  # noqa: F811
    networks = paper_synthesizer.networks
    export_saved_model(networks.config, networks.generator, None, "", tmp_path / "export")
    rng = np.random.default_rng(0)
    features = rng.normal(size=(30, networks.config.video.feature_width)).astype(np.float32)
    mel = rng.uniform(size=(50, networks.config.audio.n_mels)).astype(np.float32)
    with running(tmp_path / "export") as (_, client):
        remote = RemoteNetworks(client)
        assert remote.config == networks.config
        with pytest.raises(InputError, match="exported without a vocoder"):
            remote.vocoder()
        decoded = [
            runtime.decode(features, runtime.encode_reference(mel), mel, len(features))
            for runtime in (networks, remote)
        ]
    np.testing.assert_allclose(*decoded, atol=1e-5)


def test_a_server_with_another_kind_of_model(served):
    with pytest.raises(ServerError, match="does not describe itself"):
        RemoteNetworks(served[1])


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--server", "127.0.0.1:1", "--model", "x"], "either --model, or --server"),
        (["--tls"], "need --server"),
        (["--token-file", "x"], "need --server"),
        (["--server", "127.0.0.1:1", "--tls-ca", "none.pem"], "name a PEM file"),
        (["--server", "127.0.0.1:1", "--tls-cert", "none.pem"], "both a certificate"),
        (["--server", "127.0.0.1:1", "--token-file", "none"], "holds a token"),
    ],
)
def test_wrong_options_are_one_sentence(place, monkeypatch, capsys, options, sentence):
    assert _vsg(monkeypatch, *_inputs(place, "never"), *options) == 2
    assert sentence in capsys.readouterr().err
    assert not (place / "never.mp4").exists()


def test_a_server_that_is_away_is_one_sentence(place, monkeypatch, capsys):
    assert _vsg(monkeypatch, *_inputs(place, "never"), "--server", "127.0.0.1:1") == 2
    error = capsys.readouterr().err
    assert "No model server answers at 127.0.0.1:1" in error
    assert error.count("\n") == 1
    assert not (place / "never.wav").exists()


def test_the_synthesizer_streams_long_features_through_a_server(place, address, debug_synthesizer):  # noqa: F811
    from vsg_tf.serving.client import Client

    with Client(address) as client:
        remote = Synthesizer(RemoteNetworks(client))
        rng = np.random.default_rng(1)
        width = remote.config.video.feature_width
        features = rng.normal(size=(400, width)).astype(np.float32)
        options = {"renderer": RendererName.GRIFFIN_LIM}
        far = waveform_of(remote, features, remote.voice(place / "hits.wav"), **options)
    voice = debug_synthesizer.voice(place / "hits.wav")
    near = waveform_of(debug_synthesizer, features, voice, **options)
    assert len(near) == len(far)
    np.testing.assert_allclose(near, far, atol=1e-4)
