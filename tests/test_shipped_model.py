"""The model that ships: its files, and that it hears strikes and plays what it is given."""

import json
from pathlib import Path

import numpy as np
import pytest

from vsg_tf.config import load_config
from vsg_tf.events import EventTrack
from vsg_tf.inference.synthesizer import Synthesizer, default_model_dir
from vsg_tf.timing.timing import Timing
from vsg_tf.video.clip import Clip

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    from vsg_tf.data.synthetic.clip_files import render_demo

    return render_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def shipped() -> Synthesizer:
    return Synthesizer.load()


def test_it_is_small_and_is_what_its_configuration_says():
    folder = default_model_dir()
    assert load_config(folder / "config.yaml") == load_config(ROOT / "configs" / "default.yaml")
    assert load_config(folder / "vocoder.yaml") == load_config(ROOT / "configs" / "vocoder.yaml")
    assert sum(path.stat().st_size for path in folder.iterdir()) < 36e6
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert "CC0" in card and "ATTRIBUTION.csv" in card


def test_its_graphs_are_its_weights(shipped):
    """After a change of the weights: `make default-graphs`."""
    from vsg_tf.export.onnx_parity import measure_parity
    from vsg_tf.inference.runtimes.keras_networks import KerasNetworks
    from vsg_tf.inference.runtimes.onnx_networks import OnnxNetworks

    folder = default_model_dir()
    graphs = shipped.networks
    assert isinstance(graphs, OnnxNetworks)  # whose loading compared hashes
    assert not (folder / "log_mel.onnx").exists()
    parity = measure_parity(KerasNetworks.load(folder), graphs, vocoder=True)
    assert 0 < parity.mel_largest < 1e-4 and 0 < parity.events_largest < 1e-4
    assert parity.waveform_relative < 1e-2 and 0 < parity.vocoder_relative < 1e-3


def test_it_hears_every_strike_of_the_demo(shipped, demo):
    truth = json.loads(demo["truth"].read_text(encoding="utf-8"))
    with Clip.open(demo["video"]) as clip:
        heard = shipped.picture(clip).events.times
    seen = np.array(truth["visual_onsets_s"])
    nearest = np.abs(heard[:, None] - seen).min(axis=0)
    # Trained with sounds that lag what is seen by 45 ms, as in real clips.
    assert nearest.max() < 0.1
    assert len(heard) <= len(seen) + 1


def _timing(*events):
    """4 s with events of (time, duration) at full strength."""
    times, durations = np.array(events).T
    return Timing(4.0, EventTrack(times, np.ones(len(times)), durations))


def _played(synthesizer, voice, timing):
    """Waveform `[samples]` at the model's rate."""
    return synthesizer.render(timing, voice).mono(synthesizer.sample_rate)


def test_moving_an_event_moves_its_sound(shipped, demo):
    from vsg_tf.audio.onsets import events_from_audio

    voice = shipped.voice(demo["reference"])
    onsets = []
    for shift in (0.0, 0.2):
        waveform = _played(shipped, voice, _timing((1.5 + shift, 0.6)))
        times, strengths, _ = events_from_audio(waveform, shipped.timebase)
        onsets.append(times[np.argmax(strengths)])
    assert onsets[1] - onsets[0] == pytest.approx(0.2, abs=0.03)
    assert onsets[0] == pytest.approx(1.5, abs=0.06)


def test_background_is_a_control(shipped, demo):
    voice = shipped.voice(demo["reference"])
    floors = [
        shipped.mel(_timing((0.5, 0.4)), voice, background=amount)[-120:].mean()
        for amount in (0.0, 0.5, 1.0)
    ]
    assert floors[0] < 0.02
    assert floors[0] < floors[1] < floors[2]


def test_timbre_is_the_references(shipped, tmp_path):
    """Of three references the right one is nearest in mean spectrum, each time."""
    import soundfile

    from vsg_tf.audio.mel import LogMel
    from vsg_tf.data.synthetic.procedural import render_strike

    timing = _timing((0.4, 0.4), (1.6, 0.4), (2.5, 0.4))
    mel = LogMel(shipped.config.audio)

    def spectrum(values):
        loud = values[values.mean(axis=1) > 0.7 * values.mean(axis=1).max()].mean(axis=0)
        return loud - loud.mean()

    wanted, made = [], []
    for kind in ("wood", "metal", "drum"):
        strike = render_strike(kind, np.random.default_rng(4), shipped.sample_rate)
        strike = np.pad(strike, (2000, 12000))
        path = tmp_path / f"{kind}.wav"
        soundfile.write(path, np.tile(strike / np.abs(strike).max(), 4) * 0.8, 22050)
        voice = shipped.voice(path)
        wanted.append(spectrum(voice.mel))
        made.append(spectrum(mel(_played(shipped, voice, timing))))
    distance = np.abs(np.array(made)[:, None] - np.array(wanted)[None]).mean(axis=-1)
    assert list(distance.argmin(axis=1)) == [0, 1, 2]
