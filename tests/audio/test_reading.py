"""Sound files of any kind become the same samples."""

import av
import numpy as np
import pytest
import soundfile

from tests.media import MediaCase, cases
from tests.media_writing import RATE, hits, write_tracks, write_video
from vsg_tf.audio.reading import load_audio, load_reference, load_sound
from vsg_tf.errors import InputError

SAME_SOUND = (
    "8 bits", "24 bits", "32 bits", "float", "double", "mu-law", "stereo", "5.1", "8 channels",
    "192 kHz", "aiff", "flac", "ogg", "opus", "mp3", "mp3 with cover", "m4a", "wrong suffix",
    "length never written", "video", "webm", "constant offset", "opposite phase",
    "opposite phase in 5.1", "length 0", "first track silent", "name that is no text",
)  # fmt: skip


@pytest.mark.parametrize("case", cases("reference"), ids=lambda case: case.name)
def test_references_work_or_are_refused_with_a_sentence(case: MediaCase, tmp_path):
    path = case.build(tmp_path)
    if case.problem is None:
        waveform = load_reference(path).mono(RATE)
        assert waveform.dtype == np.float32 and waveform.ndim == 1
        assert np.isfinite(waveform).all() and len(waveform) >= RATE // 20
        return
    with pytest.raises(InputError, match=case.problem) as caught:
        load_reference(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", SAME_SOUND)
def test_every_format_gives_the_same_sound_at_the_same_time(name, tmp_path):
    case = next(case for case in cases("reference") if case.name == name)
    waveform = load_reference(case.build(tmp_path)).mono(RATE)
    # White noise itself differs between rates and codecs: compare levels in steps of 5 ms.
    expected = _levels(hits())
    found = _levels(np.pad(waveform, (0, RATE))[:RATE])
    assert np.corrcoef(expected, found)[0, 1] > 0.9
    onsets = [np.flatnonzero(levels > 0.1)[0] for levels in (expected, found)]
    assert abs(onsets[0] - onsets[1]) <= 1


def test_a_constant_offset_is_removed_and_a_single_push_is_none(tmp_path):
    path = tmp_path / "s.wav"
    offsets = np.array([0.4, -0.2])
    soundfile.write(path, hits()[:, None] * 0.5 + offsets, RATE, subtype="FLOAT")
    np.testing.assert_allclose(load_reference(path).waveform.mean(axis=0), 0, atol=1e-3)
    push = np.zeros(RATE)
    push[1000:3000] = np.hanning(2000) * 0.5  # as of air, all to one side
    soundfile.write(path, push, RATE, subtype="FLOAT")
    np.testing.assert_allclose(load_reference(path).waveform[:, 0], push, atol=1e-6)


def test_opposite_phase_is_turned_over_and_wide_stereo_is_kept(tmp_path):
    path = tmp_path / "s.wav"
    soundfile.write(path, hits()[:, None] * [0.5, -0.4], RATE, subtype="FLOAT")
    turned = load_reference(path).waveform
    np.testing.assert_allclose(turned, hits()[:, None] * [0.5, 0.4], atol=1e-6)
    wide = np.random.default_rng(0).normal(size=(RATE, 2)) * 0.1
    soundfile.write(path, wide, RATE, subtype="FLOAT")
    np.testing.assert_allclose(load_reference(path).waveform, wide, atol=1e-3)


def test_more_channels_are_averaged(tmp_path):
    channels = np.random.default_rng(0).normal(size=(RATE, 5)) * 0.1
    path = tmp_path / "s.wav"
    soundfile.write(path, channels, RATE, subtype="FLOAT")
    mean = channels.mean(axis=1, keepdims=True)
    np.testing.assert_allclose(load_sound(path).waveform, mean, atol=1e-6)


def test_a_track_can_be_chosen(tmp_path):
    path = tmp_path / "s.mka"
    write_tracks(path, [np.zeros(RATE), hits() * 0.5, hits()])
    peaks = [np.abs(load_audio(path, RATE, track=track)).max() for track in (1, 2, 3, None)]
    np.testing.assert_allclose(peaks, [0, peaks[2] / 2, peaks[2], peaks[1]], atol=1e-3)
    for wrong in (0, 4):
        with pytest.raises(InputError, match=f"has 3 audio tracks, so that track {wrong}"):
            load_audio(path, RATE, track=wrong)
    soundfile.write(tmp_path / "s.wav", hits(), RATE)
    with pytest.raises(InputError, match="has 1 audio track, so that track 2"):
        load_reference(tmp_path / "s.wav", track=2)


@pytest.mark.parametrize("name", ["s.wav", "s.mka"])
@pytest.mark.parametrize("hum", [0.0, 0.3])
def test_silence_at_the_start_is_looked_past(tmp_path, name, hum):
    sound = np.concatenate([np.zeros(75 * RATE), np.tile(hits(), 3) * 0.5]) + hum
    path = tmp_path / name
    if name == "s.wav":
        soundfile.write(path, sound, RATE)
    else:
        write_tracks(path, [sound])
    reference = load_reference(path, max_seconds=20)
    first = _first_loud(reference.waveform[:, 0])
    assert 10.0 < first < 14.0
    assert len(reference.waveform) == pytest.approx((first + 2.9) * RATE, abs=RATE / 100)


def test_stereo_is_averaged(tmp_path):
    left, right = hits() * 0.5, np.zeros(RATE)
    soundfile.write(tmp_path / "s.wav", np.stack([left, right], 1), RATE, subtype="FLOAT")
    np.testing.assert_allclose(load_audio(tmp_path / "s.wav", RATE), left / 2, atol=1e-6)


def test_resampling_keeps_pitch_and_level(tmp_path):
    seconds = np.arange(48_000) / 48_000
    soundfile.write(tmp_path / "s.wav", 0.5 * np.sin(2 * np.pi * 1000 * seconds), 48_000)
    waveform = load_audio(tmp_path / "s.wav", RATE)
    assert len(waveform) == RATE
    spectrum = np.abs(np.fft.rfft(waveform)) / (RATE / 2)
    assert spectrum.argmax() == 1000
    assert spectrum.max() == pytest.approx(0.5, rel=0.01)


def test_only_as_much_is_read_as_wanted(tmp_path):
    soundfile.write(tmp_path / "s.wav", np.tile(hits(), 10), RATE)
    whole = load_audio(tmp_path / "s.wav", RATE)
    part = load_audio(tmp_path / "s.wav", RATE, max_seconds=3.5)
    assert len(whole) == 10 * RATE and len(part) == round(3.5 * RATE)
    np.testing.assert_array_equal(part, whole[: len(part)])


def test_sound_of_a_video_starts_with_its_first_frame(tmp_path):
    """The sound starts 0.4 s before the pictures: its hit at 0.6 s is heard at 0.2 s."""
    write_video(tmp_path / "v.mkv", times=[0.4 + i / 25 for i in range(20)], sound_start=0.0)
    aligned = load_audio(tmp_path / "v.mkv", RATE)
    unaligned = load_audio(tmp_path / "v.mkv", RATE, align=False)
    assert _first_loud(aligned) == pytest.approx(0.2, abs=0.005)
    assert _first_loud(unaligned) == pytest.approx(0.1, abs=0.005)
    write_video(tmp_path / "w.mkv", times=[i / 25 for i in range(20)], sound_start=0.4)
    assert _first_loud(load_audio(tmp_path / "w.mkv", RATE)) == pytest.approx(0.5, abs=0.005)


def _first_loud(waveform: np.ndarray) -> float:
    return np.flatnonzero(np.abs(waveform) > 0.2)[0] / RATE


def _levels(waveform: np.ndarray) -> np.ndarray:
    return np.sqrt(np.square(waveform).reshape(-1, RATE // 210).mean(1))


@pytest.mark.parametrize("suffix", [".wav", ".mka"])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_a_rate_asked_for_while_reading_gives_the_same_sound(tmp_path, suffix, channels):
    rng = np.random.default_rng(0)
    smooth = np.cumsum(rng.normal(size=(150_000, channels)), axis=0)
    samples = 0.3 * np.diff(smooth / np.abs(smooth).max(), axis=0)
    path = tmp_path / "x.wav"
    soundfile.write(path, samples, 48_000, subtype="FLOAT")
    if suffix == ".mka":  # not a format of libsndfile
        path = tmp_path / "x.mka"
        with av.open(str(path), "w") as output, av.open(str(tmp_path / "x.wav")) as source:
            stream = output.add_stream_from_template(source.streams.audio[0])
            for packet in source.demux(source.streams.audio[0]):
                if packet.size:
                    packet.stream = stream
                    output.mux(packet)
    whole = load_sound(path)
    for rate in (22_050, 48_000):
        sound = load_sound(path, sample_rate=rate)
        assert sound.sample_rate == rate and sound.waveform.shape[1] == whole.waveform.shape[1]
        assert abs(len(sound.waveform) - len(whole.waveform) * rate / 48_000) <= 1
        expected = whole.mono(rate)[: len(sound.waveform)]
        np.testing.assert_allclose(sound.mono(rate)[: len(expected)], expected, atol=1e-6)
    short = load_sound(path, 0.5, sample_rate=22_050)
    assert len(short.waveform) == 11_025
