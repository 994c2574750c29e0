"""A new sound under unchanged pictures."""

import resource

import av
import numpy as np
import pytest
import soundfile

from tests.media import cases
from tests.media_writing import RATE, rotated_video, write_video
from vsg_tf.audio.levels import peak_db, rms_db
from vsg_tf.audio.reading import load_audio
from vsg_tf.errors import InputError
from vsg_tf.video.clip import Clip
from vsg_tf.video.sound_track import AAC_FRAME

CLICKS = (0.2, 0.5, 1.0)
UNUSUAL = [case for case in cases("video") if case.problem is None and case.name != "animated gif"]


@pytest.fixture
def wav(tmp_path):
    path = tmp_path / "new.wav"
    soundfile.write(path, _clicks(), RATE)
    return path


def _clicks(seconds=3.0) -> np.ndarray:
    samples = np.zeros(round(seconds * RATE))
    for click in CLICKS:
        samples[round(click * RATE) :][:60] = 0.8
    return samples


def _payloads(path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(p) for p in container.demux(container.streams.video[0]) if p.size]


def _mux(video, sound, output, **options) -> tuple[str, ...]:
    with Clip.open(video) as clip:
        return clip.mux(sound, output, **options)


def _times(path) -> list[float]:
    with Clip.open(path) as clip:
        return [time for time, _ in clip.frames(16, 16)]


def _onsets(waveform: np.ndarray) -> np.ndarray:
    loud = np.flatnonzero(np.abs(waveform) > 0.3)
    return loud[np.insert(np.diff(loud) > RATE // 20, 0, True)] / RATE


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
@pytest.mark.parametrize("start", [0.0, 1.6])
def test_pictures_are_copied_and_the_sound_starts_with_them(suffix, start, wav, tmp_path):
    video, output = tmp_path / "v.mkv", tmp_path / f"out{suffix}"
    times = [start + i / 25 for i in range(40)]
    write_video(video, times, codec="libx264", options={"bf": "2"})
    _mux(video, wav, output)
    assert _payloads(output) == _payloads(video)
    np.testing.assert_allclose(
        _times(output),
        _times(video),
        atol=1.1e-3,  # Matroska counts in ms
    )
    sound = load_audio(output, RATE)
    np.testing.assert_allclose(_onsets(sound), CLICKS, atol=2e-3)
    assert 0 <= len(sound) - 1.6 * RATE <= AAC_FRAME


def test_a_short_sound_is_followed_by_silence(tmp_path):
    soundfile.write(tmp_path / "s.wav", _clicks()[: RATE // 2], RATE)
    write_video(tmp_path / "v.mp4")
    _mux(tmp_path / "v.mp4", tmp_path / "s.wav", tmp_path / "out.mp4")
    sound = load_audio(tmp_path / "out.mp4", RATE)
    assert len(sound) >= 1.2 * RATE
    assert peak_db(sound[round(0.6 * RATE) :]) < -60


@pytest.mark.parametrize("case", UNUSUAL, ids=lambda case: case.name)
def test_unusual_videos_go_into_matroska(case, wav, tmp_path):
    video = case.build(tmp_path)
    _mux(video, wav, tmp_path / "out.mkv")
    assert _payloads(tmp_path / "out.mkv") == _payloads(video)
    with Clip.open(video) as before, Clip.open(tmp_path / "out.mkv") as after:
        assert after.duration_s == pytest.approx(before.duration_s, abs=0.05)
        assert (after.width, after.height) == (before.width, before.height)
        assert len(after.tracks) == 1


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
def test_rotation_is_kept(suffix, wav, tmp_path):
    rotated_video(tmp_path / "v.mp4")
    _mux(tmp_path / "v.mp4", wav, tmp_path / f"out{suffix}")
    with Clip.open(tmp_path / "v.mp4") as before, Clip.open(tmp_path / f"out{suffix}") as after:
        assert after.rotation == before.rotation != 0


def test_the_own_sound_is_mixed_under_the_new_one(tmp_path):
    write_video(tmp_path / "v.mp4")
    soundfile.write(tmp_path / "silence.wav", np.zeros(2 * RATE), RATE)
    own = load_audio(tmp_path / "v.mp4", RATE)
    levels = []
    for gain in (0.0, -20.0):
        output = tmp_path / f"out{gain}.mp4"
        _mux(tmp_path / "v.mp4", tmp_path / "silence.wav", output, keep_original_db=gain)
        levels.append(rms_db(load_audio(output, RATE)[:RATE]))
    assert levels[0] == pytest.approx(rms_db(own[:RATE]), abs=1)
    assert levels[1] == pytest.approx(levels[0] - 20, abs=1)


def test_a_loud_mix_is_turned_down(wav, tmp_path):
    write_video(tmp_path / "v.mp4")
    _mux(tmp_path / "v.mp4", wav, tmp_path / "out.mkv", keep_original_db=30)
    assert peak_db(load_audio(tmp_path / "out.mkv", RATE)) < 1  # AAC overshoots the -1 dB


@pytest.mark.parametrize("rate", [8000, 44_100, 192_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_any_rate_of_sound(rate, channels, tmp_path):
    write_video(tmp_path / "v.mp4")
    tone = 0.5 * np.sin(2 * np.pi * 500 * np.arange(rate) / rate)
    soundfile.write(tmp_path / "s.wav", np.stack([tone] * channels, 1), rate)
    _mux(tmp_path / "v.mp4", tmp_path / "s.wav", tmp_path / "out.mp4")
    sound = load_audio(tmp_path / "out.mp4", RATE)[RATE // 4 : RATE * 3 // 4]
    assert np.abs(np.fft.rfft(sound)).argmax() == 250
    assert rms_db(sound) == pytest.approx(-9, abs=0.5)


def test_what_cannot_be_done_is_one_sentence_and_leaves_nothing(wav, tmp_path):
    write_video(tmp_path / "v.mp4", sound=False)
    write_video(tmp_path / "v.gif", codec="gif", pixels="rgb8", sound=False)
    soundfile.write(tmp_path / "none.wav", np.zeros(0), RATE)
    before = sorted(tmp_path.iterdir())
    for video, sound, output, options, sentence in [
        ("v.mp4", wav, "out.avi", {}, "end its name in"),
        ("v.mp4", wav, "out", {}, "end its name in"),
        ("v.mp4", wav, "v.mp4", {}, "exists"),
        ("v.mp4", wav, "out.mp4", {"keep_original_db": 0.0}, "no sound of its own"),
        ("v.gif", wav, "out.mp4", {}, "cannot hold the gif pictures.*in .mov or .mkv, or convert"),
        ("v.mp4", tmp_path / "none.wav", "out.mp4", {}, "no sound samples"),
        ("v.mp4", tmp_path / "nothing.wav", "out.mp4", {}, "does not exist"),
    ]:
        with pytest.raises(InputError, match=sentence):
            _mux(tmp_path / video, sound, tmp_path / output, **options)
        assert sorted(tmp_path.iterdir()) == before


def test_a_failing_write_is_one_sentence_and_leaves_nothing(wav, tmp_path):
    write_video(tmp_path / "v.mkv", codec="ffv1", size=(320, 240))
    before = sorted(tmp_path.iterdir())
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
    try:
        with pytest.raises(InputError, match="Cannot write"):
            _mux(tmp_path / "v.mkv", wav, tmp_path / "out.mkv")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert sorted(tmp_path.iterdir()) == before
