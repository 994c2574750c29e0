"""Every exported graph against TensorFlow, over odd lengths and batch sizes."""

import numpy as np
import onnxruntime
import pytest
import tensorflow as tf

from tests.media_writing import hits
from tests.vocoder_cases import vocoder_beside
from vsg_tf.audio.griffin_lim import GriffinLim
from vsg_tf.audio.mel import LogMel
from vsg_tf.audio.phases import edge_frames, initial_turns
from vsg_tf.inference.runtimes.network_graphs import NetworkGraphs
from vsg_tf.inference.runtimes.onnx_interface import graph_file, graph_interfaces

RNG = np.random.default_rng(0)
SIZES = [(1, 1, 32), (2, 7, 33), (3, 34, 61)]  # batch, feature frames, reference's mel frames


@pytest.fixture(scope="module", params=["events", "paper"])
def model(request):
    """Networks and the sessions of their export."""
    prefix = "" if request.param == "events" else "paper_"
    networks = request.getfixturevalue(prefix + "networks")
    folder = request.getfixturevalue(prefix + "onnx_folder")
    sessions = {
        name: onnxruntime.InferenceSession(
            folder / graph_file(name), providers=["CPUExecutionProvider"]
        )
        for name in _interfaces(networks)
    }
    return networks, sessions


def _interfaces(networks):
    return graph_interfaces(networks.config, vocoder_beside(networks.config) is not None)


def _run(session, **inputs):
    names = [port.name for port in session.get_outputs()]
    wanted = {port.name: inputs[port.name] for port in session.get_inputs()}
    return dict(zip(names, session.run(names, wanted), strict=True))


def _drive(config, batch, frames):
    if not config.model.events.enabled:
        return _features(config, batch, frames)
    rows = RNG.uniform([0, 0.1, 0.1], [frames / 20, 1, 1], (batch, 3, 3))
    return rows.astype(np.float32)


def _features(config, batch, frames):
    return RNG.normal(size=(batch, frames, config.video.feature_width)).astype(np.float32)


def _mel(config, batch, frames):
    return RNG.uniform(0, 0.8, (batch, frames, config.audio.n_mels)).astype(np.float32)


def _agree(found, wanted, what):
    difference = np.abs(found - np.asarray(wanted))
    print(f"{what}: largest {difference.max():.1e}, mean {difference.mean():.1e}")
    assert found.shape == tuple(wanted.shape)
    assert difference.max() <= 1e-3


@pytest.mark.parametrize("size", SIZES)
def test_networks_agree(model, size):
    networks, sessions = model
    batch, frames, reference_frames = size
    config, graphs = networks.config, NetworkGraphs(networks.config, networks.generator)
    heard, noise = _mel(config, batch, reference_frames), _mel(config, batch, 4 * frames + 1)
    wanted = {name: value.numpy() for name, value in graphs.encode_reference(heard).items()}
    code = _run(sessions["encode_reference"], mel=heard)
    _agree(code["timbre"], wanted["timbre"], "timbre")
    _agree(code["tokens"], wanted["tokens"], "tokens")
    drive = _drive(config, batch, frames)
    lengths = np.full(batch, frames, np.int32)
    mel = _run(sessions["decode"], drive=drive, background=noise, frames=lengths, **code)["mel"]
    assert mel.shape == (batch, 4 * frames, config.audio.n_mels)
    _agree(mel, graphs.decode(drive, wanted, noise, tf.constant(frames)), "mel")
    if config.model.events.enabled:
        features = _features(config, batch, frames)
        logits = _run(sessions["event_logits"], features=features)["event_logits"]
        _agree(logits, graphs.event_logits(features), "event logits")


@pytest.mark.parametrize("samples", [1, 255, 256, 257, 5001])
def test_log_mel_is_that_of_librosa(model, samples):
    networks, sessions = model
    waveform = np.stack([hits()[2200 : 2200 + samples], np.zeros(samples)]).astype(np.float32)
    found = _run(sessions["log_mel"], waveform=waveform)["mel"]
    log_mel = LogMel(networks.config.audio)
    _agree(found, np.stack([log_mel(row) for row in waveform]), "log-mel")


@pytest.mark.parametrize("frames", [1, 7, 61])
def test_waveform_is_that_of_tensorflow(model, frames):
    networks, sessions = model
    audio = networks.config.audio
    mel = _mel(networks.config, 2, frames)
    turns = initial_turns(3, frames + 2 * edge_frames(audio), audio.n_fft // 2 + 1)
    found = _run(sessions["waveform"], mel=mel, phases=turns)["waveform"]
    wanted = GriffinLim(audio)(mel, seed=3).numpy()
    assert found.shape == (2, frames * audio.hop_length)
    assert np.linalg.norm(found - wanted) < 5e-3 * np.linalg.norm(wanted)


@pytest.mark.parametrize("frames", [1, 7, 61])
def test_vocoder_is_that_of_keras(networks, onnx_folder, frames):
    path = onnx_folder / graph_file("vocoder")
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    mel = _mel(networks.config, 2, frames)
    mel[1, frames // 2 :] = 0
    found = _run(session, mel=mel)["waveform"]
    wanted = np.asarray(vocoder_beside(networks.config)(mel))
    assert found.shape == wanted.shape == (2, frames * networks.config.audio.hop_length)
    assert np.linalg.norm(found - wanted) < 1e-3 * np.linalg.norm(wanted)


def test_ports_are_those_of_the_table(model):
    networks, sessions = model
    for name, interface in _interfaces(networks).items():
        tables = {port.name: list(port.shape) for port in (*interface.inputs, *interface.outputs)}
        session = sessions[name]
        for port in (*session.get_inputs(), *session.get_outputs()):
            assert port.shape == tables[port.name], name
        assert session.get_modelmeta() is not None
