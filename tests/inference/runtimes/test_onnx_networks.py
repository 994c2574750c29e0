"""Sound from an ONNX folder: as TensorFlow's, without TensorFlow; damaged folders are refused."""

import os
import shutil
import subprocess
import sys

import numpy as np
import onnx
import pytest
import soundfile

from tests.media_writing import hits, write_video
from tests.onnx_exports import onnx_export
from tests.synthesis import waveform_of
from vsg_tf.config import load_config
from vsg_tf.errors import VsgError
from vsg_tf.inference.options import RenderOptions
from vsg_tf.inference.renderers.names import RendererName
from vsg_tf.inference.runtimes.graph_record import write_record
from vsg_tf.inference.runtimes.networks import load_networks
from vsg_tf.inference.runtimes.onnx_networks import OnnxNetworks
from vsg_tf.inference.synthesizer import Synthesizer

GRIFFIN_LIM = RendererName.GRIFFIN_LIM


@pytest.fixture(scope="module")
def folder(debug_synthesizer):
    return onnx_export(debug_synthesizer.networks)


def test_the_whole_path_gives_the_same_sound(debug_synthesizer, folder, features, reference):
    synthesizer = Synthesizer(load_networks(folder))
    assert isinstance(synthesizer.networks, OnnxNetworks)
    part = features[:170]
    timing, wanted_timing = (one.timing_of(part) for one in (synthesizer, debug_synthesizer))
    events, wanted_events = timing.events, wanted_timing.events
    assert len(events) > 3
    np.testing.assert_array_equal(events.times, wanted_events.times)
    np.testing.assert_allclose(events.strengths, wanted_events.strengths, atol=1e-3)
    mel, wanted_mel = (
        one.mel(wanted_timing, reference, background=0.5)
        for one in (synthesizer, debug_synthesizer)
    )
    assert np.abs(mel - wanted_mel).max() <= 1e-3
    sound, wanted = (
        waveform_of(one, part, reference, seed=7, renderer=GRIFFIN_LIM)
        for one in (synthesizer, debug_synthesizer)
    )
    assert sound.shape == wanted.shape
    assert np.linalg.norm(sound - wanted) < 0.02 * np.linalg.norm(wanted)


def test_the_vocoder_gives_the_same_sound(debug_synthesizer, folder, tmp_path):
    networks, keras_networks = OnnxNetworks(folder), debug_synthesizer.networks
    mel = np.random.default_rng(0).uniform(0.3, 0.7, (43, 40)).astype(np.float32)
    sound, wanted = networks.vocoder()(mel), keras_networks.vocoder()(mel)
    assert sound.shape == wanted.shape
    assert np.linalg.norm(sound - wanted) < 1e-3 * np.linalg.norm(wanted)
    copy = tmp_path / "model"
    shutil.copytree(folder, copy)
    (copy / "vocoder.onnx").unlink()
    with pytest.raises(VsgError, match=r"holds no vocoder\.onnx"):
        OnnxNetworks(copy).vocoder()


def test_same_seed_same_samples(folder):
    networks = OnnxNetworks(folder)
    mel = np.random.default_rng(0).uniform(0, 0.7, (40, 40)).astype(np.float32)
    np.testing.assert_array_equal(networks.waveform(mel, 3), networks.waveform(mel, 3))
    assert np.abs(networks.waveform(mel, 3) - networks.waveform(mel, 4)).max() > 1e-3


_WITHOUT = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("tensorflow", "keras", "onnx", "tf2onnx"):
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Refuse())
from vsg_tf import command, generate
command.run(generate.app)
"""


def test_generate_imports_neither_tensorflow_nor_keras(folder, tmp_path, debug_synthesizer):
    write_video(tmp_path / "clip.mp4")
    soundfile.write(tmp_path / "hits.wav", hits(), 22050)
    arguments = ["--video", tmp_path / "clip.mp4", "--reference", tmp_path / "hits.wav"]
    arguments += ["--output", tmp_path / "out.mp4", "--wav", tmp_path / "out.wav"]
    # Loud, so that 16 bits are enough to compare with.
    arguments += ["--model", folder / "decode.onnx", "--gain", "40", "--renderer", "griffin-lim"]
    result = subprocess.run(
        [sys.executable, "-c", _WITHOUT, *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    sound, _ = soundfile.read(tmp_path / "out.wav")
    wanted, _ = debug_synthesizer(
        tmp_path / "clip.mp4",
        tmp_path / "hits.wav",
        options=RenderOptions(renderer=GRIFFIN_LIM),
    )
    count = min(len(sound), len(wanted))
    gain = np.abs(sound).max() / np.abs(wanted[:count]).max()
    difference = sound[:count] - gain * wanted[:count].reshape(-1)
    assert np.linalg.norm(difference) < 0.02 * np.linalg.norm(sound)


def _truncate(folder):
    path = folder / "decode.onnx"
    path.write_bytes(path.read_bytes()[:-2000])


def _exchange(folder):
    shutil.copy(folder / "encode_reference.onnx", folder / "decode.onnx")


def _edit_config(old, new):
    def edit(folder):
        path = folder / "config.yaml"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    return edit


def _point_outside(folder):
    path = folder / "encode_reference.onnx"
    model = onnx.load(path)
    tensor = next(tensor for tensor in model.graph.initializer if len(tensor.raw_data) > 100)
    size = len(tensor.raw_data)
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    for key, value in (("location", "../secret"), ("offset", "0"), ("length", str(size))):
        tensor.external_data.add(key=key, value=value)
    (folder.parent / "secret").write_bytes(bytes(size))
    path.write_bytes(model.SerializeToString())


def _edit_record(old, new):
    def edit(folder):
        path = folder / "graphs.json"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    return edit


def _run(networks):
    """Everything that the folder holds, on as little as possible."""
    config = networks.config
    mel = np.full((32, config.audio.n_mels), 0.5, np.float32)
    networks.event_logits(np.zeros((4, config.drive_width), np.float32))
    code = networks.encode_reference(mel)
    networks.decode(np.array([[0, 1, 0.1]], np.float32), code, mel, 4)
    networks.waveform(mel, 0)


@pytest.mark.parametrize(
    "damage, sentence",
    [
        (lambda folder: (folder / "waveform.onnx").unlink(), "has no waveform.onnx"),
        (lambda folder: (folder / "decode.onnx").unlink(), "has no decode.onnx"),
        (lambda folder: (folder / "config.yaml").unlink(), "has no config.yaml"),
        (lambda folder: (folder / "graphs.json").unlink(), "graphs without graphs.json"),
        (lambda folder: (folder / "graphs.json").write_text("{"), "graphs.json is damaged"),
        (lambda folder: (folder / "graphs.json").write_text("[]"), "graphs.json is damaged"),
        (_edit_record('"version": 1', '"version": 99'), "are of version 99"),
        (_edit_config("n_mels: 40", "n_mels: 41"), "with other settings than its config.yaml"),
        (_edit_config("schema_version: 1", "schema_version: 99"), "schema_version"),
        (
            lambda folder: (folder / "generator.weights.h5").write_bytes(b"other"),
            "not exported from the generator.weights.h5 beside them",
        ),
    ],
)
def test_a_folder_that_is_not_whole_is_one_sentence(folder, tmp_path, damage, sentence):
    copy = tmp_path / "model"
    shutil.copytree(folder, copy)
    damage(copy)
    with pytest.raises(VsgError, match=sentence) as caught:
        load_networks(copy)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "damage, sentence",
    [
        (lambda folder: (folder / "decode.onnx").write_bytes(b""), "damaged or no ONNX file"),
        (_truncate, "damaged or no ONNX file"),
        (_exchange, "other inputs"),
        (_point_outside, "data in other files"),
    ],
)
def test_a_damaged_graph_is_one_sentence(folder, tmp_path, damage, sentence):
    copy = tmp_path / "model"
    shutil.copytree(folder, copy)
    damage(copy)
    networks = load_networks(copy)
    with pytest.raises(VsgError, match=sentence) as caught:
        _run(networks)
    assert "\n" not in str(caught.value)


def test_graphs_that_do_not_fit_their_config_are_one_sentence(folder, tmp_path):
    """As of an export that was put together by hand."""
    copy = tmp_path / "model"
    shutil.copytree(folder, copy)
    _edit_config("n_mels: 40", "n_mels: 41")(copy)
    write_record(copy, load_config(copy / "config.yaml"))
    with pytest.raises(VsgError, match=r"does not fit its config\.yaml"):
        load_networks(copy).encode_reference(np.zeros((32, 41), np.float32))


def test_how_events_are_picked_is_no_part_of_the_graphs(folder, tmp_path):
    copy = tmp_path / "model"
    shutil.copytree(folder, copy)
    _edit_config("min_gap: 0.15", "min_gap: 0.3")(copy)
    assert load_networks(copy).config.model.events.min_gap == 0.3


def test_nothing_is_read_before_it_is_run(folder):
    script = (
        "import sys\n"
        "from vsg_tf.inference.runtimes.networks import load_networks\n"
        f"load_networks({str(folder)!r})\n"
        "assert 'onnxruntime' not in sys.modules and 'tensorflow' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_nothing_is_told_to_anyone(folder, tmp_path):
    """Newer releases of ONNX Runtime keep an identifier and a queue of reports below the home."""
    script = (
        "import numpy as np\n"
        "from vsg_tf.inference.runtimes.networks import load_networks\n"
        f"load_networks({str(folder)!r}).event_logits(np.zeros((4, 282), np.float32))\n"
    )
    environment = {key: os.environ[key] for key in os.environ if key != "ORT_DISABLE_TELEMETRY"}
    environment |= {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    subprocess.run([sys.executable, "-c", script], check=True, env=environment)
    assert not list(tmp_path.rglob("*"))


def test_wrong_input_is_one_sentence(folder):
    with pytest.raises(VsgError, match="cannot be run"):
        OnnxNetworks(folder).encode_reference(np.zeros((5, 7), np.float32))
