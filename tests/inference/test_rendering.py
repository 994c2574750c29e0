"""From a pair of files to files: what an event list says is heard at its times, and levels."""

import numpy as np
import pytest
import soundfile

from tests.media_writing import hits, write_video
from tests.vocoder_cases import vocoder_beside
from vsg_tf.audio.griffin_lim import GriffinLim
from vsg_tf.config import load_config
from vsg_tf.errors import InputError
from vsg_tf.events import EventTrack, read_events, write_events
from vsg_tf.inference.renderers.names import RendererName
from vsg_tf.inference.rendering import RenderOptions, render_pair, write_wav
from vsg_tf.inference.runtimes.network_graphs import VocoderGraph
from vsg_tf.inference.synthesizer import Synthesizer

RATE = 22050


class ClickingNetworks:
    """Networks that play every event they are given as one loud mel frame."""

    def __init__(self):
        self.config = load_config("configs/debug.yaml", ["audio.griffin_lim_iterations=8"])
        self._invert = GriffinLim(self.config.audio)

    def event_logits(self, features):
        logits = np.full((len(features), 3), -5.0, np.float32)
        logits[5::20] = 5.0
        return logits

    def encode_reference(self, mel):
        return None

    def decode(self, drive, reference, background, frames):
        timebase = self.config.timebase
        mel = np.zeros((timebase.mel_frames(frames), self.config.audio.n_mels), np.float32)
        for time, strength, _ in drive:
            frame = timebase.mel_frame_at(float(time))
            if strength > 0 and 0 <= frame < len(mel):
                mel[frame] = 0.8
        return mel

    def waveform(self, mel, seed):
        return self._invert(mel[None], seed=seed).numpy()[0]

    def vocoder(self):
        graph = VocoderGraph(vocoder_beside(self.config))
        return lambda mel: graph(mel[None]).numpy()[0]


@pytest.fixture(scope="module")
def clicking():
    return Synthesizer(ClickingNetworks())


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rendering")
    write_video(folder / "clip.mp4", times=[i / 25 for i in range(100)])
    soundfile.write(folder / "hits.wav", hits(), RATE)
    return folder


def _peaks(waveform: np.ndarray, times) -> np.ndarray:
    """Where the waveform is loudest within 0.1 s of each time."""
    found = []
    for time in times:
        first = max(0, round((time - 0.1) * RATE))
        part = np.abs(waveform[first : round((time + 0.1) * RATE)])
        found.append((first + np.convolve(part, np.ones(256), mode="same").argmax()) / RATE)
    return np.array(found)


def test_moving_an_event_in_the_list_moves_its_sound(clicking, place):
    heard = place / "heard.csv"
    pair = (clicking, place / "clip.mp4", place / "hits.wav")
    render_pair(*pair, place / "a.mp4", wav=place / "a.wav", events_out=heard)
    track = read_events(heard)
    assert len(track) >= 3
    shift = np.zeros(len(track))
    shift[1] = 0.2
    write_events(
        place / "moved.csv",
        EventTrack(track.times + shift, track.strengths, track.durations),
    )
    moved = read_events(place / "moved.csv")
    render_pair(*pair, place / "b.mp4", wav=place / "b.wav", events_in=moved)
    before, after = (soundfile.read(place / name)[0] for name in ("a.wav", "b.wav"))
    half_hop = 128 / RATE
    found = _peaks(after, moved.times) - _peaks(before, track.times)
    np.testing.assert_allclose(found, shift, atol=2 * half_hop)
    assert before.shape == after.shape == (4 * RATE,)


def test_no_drift_over_ten_minutes(clicking, place):
    reference = clicking.read_reference(place / "hits.wav")
    times = np.array([0.5, 61.37, 299.81, 451.003, 599.21])
    features = np.zeros((clicking.timebase.feature_frames_for(600.0), 1), np.float32)
    track = EventTrack(times, np.ones(5), np.full(5, 0.2))
    for renderer in RendererName:
        pieces = clicking.stream(features, reference, events=track, renderer=renderer)
        late = _peaks(np.concatenate(list(pieces))[:, 0], times) - times
        # Half a mel hop is the grid's; the rest is where in its frame a click sounds loudest.
        np.testing.assert_allclose(late, np.median(late), atol=(128 + 64) / RATE)
        assert np.abs(late).max() < 0.02


@pytest.mark.parametrize(("gain", "peak"), [(0.0, 0.4), (-20.0, 0.04), (40.0, 10 ** (-1 / 20))])
def test_gain_is_applied_and_the_peak_stays_below_full_scale(tmp_path, gain, peak):
    wave = 0.4 * np.sin(np.arange(5000) / 9).astype(np.float32)
    write_wav(tmp_path / "o.wav", np.split(wave[:, None], [100, 3000]), RATE, gain, 5000)
    written, rate = soundfile.read(tmp_path / "o.wav")
    assert rate == RATE and soundfile.info(tmp_path / "o.wav").subtype == "PCM_16"
    assert np.abs(written).max() == pytest.approx(peak, rel=0.01)


@pytest.mark.parametrize("samples", [1, 4999, 5000, 7001])
def test_a_wav_has_exactly_the_samples_wanted(tmp_path, samples):
    pieces = np.split(np.full((5000, 1), 0.1, np.float32), [100, 3000])
    write_wav(tmp_path / "o.wav", pieces, RATE, 0.0, samples)
    assert soundfile.info(tmp_path / "o.wav").frames == samples
    assert [path.name for path in tmp_path.iterdir()] == ["o.wav"]


def test_a_video_that_cannot_be_written_leaves_no_other_output(clicking, place):
    write_video(place / "v.gif", codec="gif", pixels="rgb8", sound=False)
    before = sorted(place.iterdir())
    with pytest.raises(InputError, match="cannot hold the gif"):
        render_pair(
            clicking,
            place / "v.gif",
            place / "hits.wav",
            place / "g.mp4",
            wav=place / "g.wav",
            events_out=place / "g.csv",
            options=RenderOptions(),
        )
    assert sorted(place.iterdir()) == before
