"""Sources of timing: which asks for what, and the sentences where it is not there."""

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile

from vsg_tf.audio.reading import Sound
from vsg_tf.errors import InputError
from vsg_tf.events import EventTrack
from vsg_tf.timing.guide import GuideOptions
from vsg_tf.timing.sources import (
    PICTURE,
    SOURCES,
    Scene,
    TimingRequest,
    find_timing,
    guide_request,
)
from vsg_tf.timing.timing import Timing

RATE = 22050


def _hits(*times, seconds=3.0):
    wave = np.random.default_rng(0).normal(size=round(seconds * RATE)).astype(np.float32) * 1e-5
    for time in times:
        ring = np.random.default_rng(1).normal(size=4000) * np.exp(-np.arange(4000) / 500) * 0.3
        wave[round(time * RATE) :][:4000] += ring[: len(wave) - round(time * RATE)]
    return wave


@dataclass(frozen=True)
class OwnSound:
    """A clip that has a sound and a timecode."""

    waveform: np.ndarray
    path: Path = Path("clip.mp4")
    duration_s: float = 3.0
    frame_rate: Fraction = Fraction(25)
    timecode: str | None = "01:00:00:00"

    def sound(self, track=None, sample_rate=RATE):
        if track not in (None, 1):
            raise InputError(f"there is no track {track}")
        return Sound(self.waveform[:, None], RATE)


def _never():
    raise AssertionError("pictures were decoded")


def _seen(*times):
    count = len(times)
    return lambda: Timing(3.0, EventTrack(times, np.ones(count), np.ones(count)), estimated=True)


def test_the_picture_is_cut_at_the_clips_end():
    timing = find_timing(PICTURE, Scene(OwnSound(_hits(1.0)), picture=_seen(0.5, 3.01)))
    assert timing.events.times.tolist() == [0.5] and timing.estimated
    with pytest.raises(InputError, match="needs a clip"):
        find_timing(PICTURE, Scene(seconds=3.0))


def test_a_list_counts_in_the_clips_frames_and_timecode_without_pixels(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("time_s\n01:00:01:00\n50f\n")
    request = TimingRequest("list", path)
    timing = find_timing(request, Scene(OwnSound(_hits(1.0)), picture=_never))
    assert timing.events.times.tolist() == [1.0, 2.0] and timing.duration_s == 3.0
    with pytest.raises(InputError, match="needs a clip"):
        find_timing(request, Scene(seconds=3.0))
    path.write_text("time_s\n1\n")
    assert find_timing(request, Scene(seconds=3.0)).duration_s == 3.0
    with pytest.raises(InputError, match="give a video or --seconds"):
        find_timing(request, Scene())


def test_the_own_sound_guides_without_pixels():
    scene = Scene(OwnSound(_hits(0.5, 1.7)), picture=_never)
    timing = find_timing(guide_request("own"), scene)
    np.testing.assert_allclose(timing.events.times, [0.5, 1.7], atol=0.005)
    with pytest.raises(InputError, match="needs a clip"):
        find_timing(guide_request("own"), Scene(seconds=2.0))
    with pytest.raises(InputError, match=r"own sound of clip\.mp4 is silent"):
        find_timing(guide_request("own"), Scene(OwnSound(np.zeros(3 * RATE, np.float32))))
    with pytest.raises(InputError, match="no track 3"):
        find_timing(guide_request("own", options=GuideOptions(track=3)), scene)


def test_a_file_guides_with_and_without_a_clip(tmp_path):
    soundfile.write(tmp_path / "g.wav", _hits(0.5, 1.7), RATE)
    request = guide_request("g.wav", tmp_path)
    alone = find_timing(request, Scene())
    assert alone.duration_s == pytest.approx(3.0) and alone.notes == ()
    longer = find_timing(request, Scene(seconds=5.0))
    assert longer.duration_s == 5.0 and "ends at 3.00 s" in longer.notes[0]
    clip = replace(OwnSound(_hits()), duration_s=1.0)
    shorter = find_timing(request, Scene(clip, picture=_never))
    assert shorter.duration_s == 1.0 and len(shorter.events) == 1
    assert "longer than the clip" in shorter.notes[0]


def test_only_what_asks_for_pixels_gets_them(tmp_path):
    soundfile.write(tmp_path / "g.wav", _hits(0.5, 1.7), RATE)
    confirming = guide_request("g.wav", tmp_path, GuideOptions(confirm=True))
    timing = find_timing(confirming, Scene(OwnSound(_hits()), picture=_seen(1.75)))
    np.testing.assert_allclose(timing.events.times, [1.7], atol=0.005)
    needs = {
        "picture": (PICTURE, True, True),
        "list": (TimingRequest("list", tmp_path / "x.csv"), False, False),
        "guide": (guide_request("g.wav"), False, False),
    }
    assert set(needs) == set(SOURCES)
    for request, pixels, clip in [
        *needs.values(),
        (guide_request("own"), False, True),
        (confirming, True, True),
    ]:
        assert (request.needs_pixels, request.needs_clip) == (pixels, clip)


def test_a_guide_that_cannot_be_read_is_one_sentence(tmp_path):
    soundfile.write(tmp_path / "nan.wav", np.full(RATE, np.nan), RATE, subtype="FLOAT")
    soundfile.write(tmp_path / "still.wav", np.zeros(RATE), RATE)
    (tmp_path / "text.wav").write_text("no sound")
    for name, sentence in (
        ("nan.wav", "not finite"),
        ("still.wav", "is silent"),
        ("text.wav", "text.wav"),
        ("none.wav", "does not exist"),
    ):
        with pytest.raises(InputError, match=sentence):
            find_timing(guide_request(name, tmp_path), Scene(seconds=2.0))


def test_an_unknown_source():
    with pytest.raises(InputError, match="no source of timing 'oracle'; use one of picture, list"):
        find_timing(TimingRequest("oracle"), Scene())
