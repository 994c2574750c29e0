"""From files to files: what an event list says is heard at its times, levels, and refusals."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.event_lists import read_events, write_events
from tests.media_writing import hits, write_video
from tests.vocoder_cases import vocoder_beside
from vsg_tf.audio.griffin_lim import GriffinLim
from vsg_tf.audio.loudness import integrated_loudness
from vsg_tf.config import load_config
from vsg_tf.errors import InputError
from vsg_tf.events import EventTrack
from vsg_tf.inference.job import Job, check_job
from vsg_tf.inference.jobs import JobSettings, Voices, run_job
from vsg_tf.inference.options import RenderOptions
from vsg_tf.inference.renderers.names import RendererName
from vsg_tf.inference.runtimes.network_graphs import VocoderGraph
from vsg_tf.inference.sound_files import write_sound
from vsg_tf.inference.synthesizer import Rendering, Synthesizer
from vsg_tf.media.media_file import MediaFile
from vsg_tf.timing.sources import PICTURE, TimingRequest
from vsg_tf.timing.timing import Timing
from vsg_tf.video import clip as clip_module

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


def _run(synthesizer, job, *options, **settings):
    return run_job(synthesizer, Voices(synthesizer), job, JobSettings(*options, **settings))


def test_moving_an_event_in_the_list_moves_its_sound(clicking, place):
    heard = place / "heard.csv"
    clip, reference = place / "clip.mp4", (place / "hits.wav",)
    job = Job(reference, place / "a.mp4", clip, wav=place / "a.wav", events_out=heard)
    result = _run(clicking, job)
    track = read_events(heard)
    assert len(track) == len(result.events) >= 3
    shift = np.zeros(len(track))
    shift[1] = 0.2
    write_events(place / "moved.csv", track.replaced(times=track.times + shift))
    moved = read_events(place / "moved.csv")
    request = TimingRequest("list", place / "moved.csv")
    _run(clicking, Job(reference, place / "b.mp4", clip, timing=request, wav=place / "b.wav"))
    before, after = (soundfile.read(place / name)[0] for name in ("a.wav", "b.wav"))
    half_hop = 128 / RATE
    found = _peaks(after, moved.times) - _peaks(before, track.times)
    np.testing.assert_allclose(found, shift, atol=2 * half_hop)
    assert before.shape == after.shape == (4 * RATE,)


def test_an_offset_moves_everything(clicking, place):
    write_events(place / "two.csv", _track(1.0, 3.0))
    request = TimingRequest("list", place / "two.csv")
    for name, offset in (("on", 0.0), ("late", 0.25), ("gone", -1.5)):
        job = Job((place / "hits.wav",), place / f"{name}.wav", timing=request, seconds=4.0)
        _run(clicking, job, offset_s=offset)
    on, late, gone = (soundfile.read(place / f"{n}.wav")[0] for n in ("on", "late", "gone"))
    moved = _peaks(late, [1.25, 3.25]) - _peaks(on, [1.0, 3.0])
    np.testing.assert_allclose(moved, 0.25, atol=256 / RATE)
    assert _peaks(gone, [1.5])[0] == pytest.approx(_peaks(on, [3.0])[0] - 1.5, abs=256 / RATE)
    assert len(on) == len(late) == len(gone) == 4 * RATE


def _track(*times):
    return EventTrack(np.array(times), np.ones(len(times)), np.full(len(times), 0.2))


def test_no_drift_over_ten_minutes(clicking, place):
    voice = clicking.voice(place / "hits.wav")
    times = np.array([0.5, 61.37, 299.81, 451.003, 599.21])
    timing = Timing(600.0, _track(*times))
    for renderer in RendererName:
        rendering = clicking.render(timing, voice, RenderOptions(renderer=renderer))
        late = _peaks(rendering.waveform(), times) - times
        # Half a mel hop is the grid's; the rest is where in its frame a click sounds loudest.
        np.testing.assert_allclose(late, np.median(late), atol=(128 + 64) / RATE)
        assert np.abs(late).max() < 0.02


def _rendering(wave, *places) -> Rendering:
    timing = Timing(len(wave) / RATE, EventTrack.empty())
    return Rendering(iter(np.split(wave[:, None], places)), RATE, 1, len(wave), timing)


@pytest.mark.parametrize(("gain", "peak"), [(0.0, 0.4), (-20.0, 0.04), (40.0, 10 ** (-1 / 20))])
@pytest.mark.parametrize("suffix", [".wav", ".flac"])
def test_gain_is_applied_and_the_peak_stays_below_full_scale(tmp_path, gain, peak, suffix):
    wave = 0.4 * np.sin(np.arange(5000) / 9).astype(np.float32)
    path = tmp_path / f"o{suffix}"
    write_sound([path], _rendering(wave, 100, 3000), gain)
    written, rate = soundfile.read(path)
    assert rate == RATE and len(written) == 5000
    info = soundfile.info(path)
    assert info.subtype == "PCM_16" and info.format == suffix[1:].upper()
    assert np.abs(written).max() == pytest.approx(peak, rel=0.01)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_loudness_is_brought_to_what_is_wanted(tmp_path):
    wave = 0.01 * np.random.default_rng(0).normal(size=3 * RATE).astype(np.float32)
    assert write_sound([tmp_path / "o.wav"], _rendering(wave, 100, 3000), 0.0, -23.0) == ()
    written, _ = soundfile.read(tmp_path / "o.wav", always_2d=True)
    assert integrated_loudness(written, RATE) == pytest.approx(-23, abs=0.2)


def test_what_was_limited_is_said(tmp_path):
    wave = 0.4 * np.sin(np.arange(5000) / 9).astype(np.float32)
    (said,) = write_sound([tmp_path / "o.wav"], _rendering(wave, 100, 3000), 20.0)
    assert "limited by up to 13" in said
    assert write_sound([tmp_path / "p.wav"], _rendering(wave, 100, 3000), 6.0) == ()


@pytest.mark.parametrize("seconds", [1 / RATE, 0.5, 3.999, 7.0])
def test_a_sound_alone_has_exactly_the_length_wanted(clicking, place, seconds):
    write_events(place / "none.csv", EventTrack.empty())
    request = TimingRequest("list", place / "none.csv")
    job = Job((place / "hits.wav",), place / "o.wav", timing=request, seconds=seconds)
    _run(clicking, job, overwrite=True)
    assert soundfile.info(place / "o.wav").frames == max(1, round(seconds * RATE))


def test_a_sound_alone_of_a_clip_is_as_long_as_the_clip(clicking, place):
    before = {path.name for path in place.iterdir()}
    _run(clicking, Job((place / "hits.wav",), place / "alone.flac", place / "clip.mp4"))
    assert soundfile.info(place / "alone.flac").frames == 4 * RATE
    assert {path.name for path in place.iterdir()} - before == {"alone.flac"}


def test_a_video_that_cannot_be_written_leaves_no_other_output(clicking, place):
    write_video(place / "v.gif", codec="gif", pixels="rgb8", sound=False)
    before = sorted(place.iterdir())
    job = Job(
        (place / "hits.wav",),
        place / "g.mp4",
        place / "v.gif",
        wav=place / "g.wav",
        events_out=place / "g.csv",
    )
    with pytest.raises(InputError, match="cannot hold the gif"):
        _run(clicking, job)
    assert sorted(place.iterdir()) == before


@pytest.mark.parametrize(("listed", "pictures"), [(False, True), (True, False)])
def test_a_video_is_opened_once_and_pictures_are_decoded_only_for_their_timing(
    clicking, place, monkeypatch, listed, pictures
):
    opened, decoded = [], []
    open_file, iterate = MediaFile.__init__, clip_module.iterate_frames

    def counted(self, path, *arguments):
        opened.append(Path(path).name)
        open_file(self, path, *arguments)

    def counted_frames(*arguments):
        decoded.append(1)
        return iterate(*arguments)

    monkeypatch.setattr(MediaFile, "__init__", counted)
    monkeypatch.setattr(clip_module, "iterate_frames", counted_frames)
    write_events(place / "once.csv", _track(0.5))
    request = TimingRequest("list", place / "once.csv") if listed else PICTURE
    job = Job((place / "hits.wav",), place / "once.mp4", place / "clip.mp4", timing=request)
    _run(clicking, job, JobSettings().options, keep_original_db=-6.0, overwrite=True)
    assert opened.count("clip.mp4") == 1
    assert bool(decoded) == pictures


def test_references_of_a_batch_are_read_once(clicking, place):
    voices = Voices(clicking)
    first = voices.get((place / "hits.wav",))
    assert voices.get((place / "hits.wav",)) is first


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"output": "x.wmv"}, "end its name in .mp4, .mov, .mkv, .wav, .flac"),
        ({"output": "x.mp4"}, "needs a clip: give --video, or end the output in .wav"),
        ({}, "give --events-in LIST with --seconds, or --guide FILE"),
        ({"timing": "list"}, "give --seconds"),
        ({"timing": "list", "seconds": 0.0}, "--seconds must be above 0"),
        ({"timing": "list", "seconds": float("nan")}, "--seconds must be above 0"),
        ({"video": "clip.mp4", "seconds": 3.0}, "--seconds is for a sound without a video"),
        ({"video": "clip.mp4", "wav": "sound.mp3"}, "end its name in .wav or .flac"),
        ({"video": "none.mp4"}, "does not exist"),
        ({"video": "clip.mp4", "events_out": "hits.wav"}, "is also an input"),
    ],
)
def test_what_does_not_go_together_is_one_sentence(place, change, sentence):
    values = {"references": (place / "hits.wav",), "output": place / "x.wav"}
    requests = {"list": TimingRequest("list", place / "listed.csv")}
    for name, value in change.items():
        values[name] = place / value if isinstance(value, str) else value
    values["timing"] = requests.get(change.get("timing"), PICTURE)
    write_events(place / "listed.csv", _track(0.5))
    with pytest.raises(InputError, match=sentence):
        check_job(Job(**values))
