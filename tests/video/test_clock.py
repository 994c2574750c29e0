"""What is seen and what is heard come at the same time, however a file came to be."""

import numpy as np
import pytest

from tests.flashing_media import (
    FLASHES,
    PAUSED,
    REORDERED,
    begin_between_key_frames,
    clicks,
    copy_packets,
    cut_with_edit_list,
    heard,
    pack_bitstream,
    seen,
    write_flashes,
    write_thumbnail_first,
)
from vsg_tf.audio.reading import Sound
from vsg_tf.errors import InputError
from vsg_tf.video.clip import Clip

FRAME = 0.021  # s, half a picture and a bit
CODECS = {
    "h264": ("libx264", REORDERED),
    "open groups": ("libx264", {**REORDERED, "x264-params": "open-gop=1"}),
    "mpeg2": ("mpeg2video", {"bf": "2"}),
    "mpeg4": ("mpeg4", {"bf": "2"}),
}


@pytest.mark.parametrize("suffix", [".ts", ".mkv"])
@pytest.mark.parametrize("codec", CODECS)
def test_a_recording_that_begins_between_key_frames(codec, suffix, tmp_path):
    whole = write_flashes(tmp_path / f"whole{suffix}", *CODECS[codec])
    part = begin_between_key_frames(whole, tmp_path / f"part{suffix}")
    flashes = seen(part)
    with Clip.open(part) as clip:
        assert 5.9 < clip.duration_s < 6.05  # the first two seconds cannot be decoded
        sounds = heard(clip.sound())
        shift = 8.0 - clip.duration_s
        clip.mux(clip.sound(), tmp_path / "out.mp4")
    np.testing.assert_allclose(flashes, [f - shift for f in FLASHES if f > shift], atol=FRAME)
    np.testing.assert_allclose(sounds, flashes, atol=FRAME)
    np.testing.assert_allclose(seen(tmp_path / "out.mp4"), flashes, atol=FRAME)
    with Clip.open(tmp_path / "out.mp4") as written:
        np.testing.assert_allclose(heard(written.sound()), flashes, atol=FRAME)
        assert written.duration_s == pytest.approx(clip.duration_s, abs=1e-3)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("options", [REORDERED, {"bf": "0"}], ids=["reordered", "in order"])
def test_a_pause_near_the_end_does_not_make_the_clip_longer(options, suffix, tmp_path):
    path = write_flashes(tmp_path / f"v{suffix}", "libx264", options, times=PAUSED)
    with Clip.open(path) as clip:
        assert clip.duration_s == pytest.approx(PAUSED[-1], abs=0.065)
        clip.mux(clip.sound(), tmp_path / "out.mp4")
        clip.mux(clip.sound(), tmp_path / "out.mkv")
    for name in ("out.mp4", "out.mkv"):
        with Clip.open(tmp_path / name) as written:
            assert written.duration_s == pytest.approx(clip.duration_s, abs=0.002)
            samples = written.sound()
            assert len(samples.waveform) / samples.sample_rate == pytest.approx(
                clip.duration_s, abs=0.03
            )


@pytest.mark.parametrize("frames", [1, 2, 3])
@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
def test_avi_with_b_frames(codec, frames, tmp_path):
    options = {"bf": str(frames)} | ({"b_strategy": "0"} if codec == "libx264" else {})
    path = write_flashes(tmp_path / "v.avi", codec, options, sound=False)
    np.testing.assert_allclose(seen(path), FLASHES, atol=1e-6)
    for name in ("out.mkv", "out.mp4"):
        with Clip.open(path) as clip:
            assert clip.duration_s == pytest.approx(8.0) and clip.frame_rate == 25
            clip.mux(Sound(clicks()[:, None], 48_000), tmp_path / name)
        np.testing.assert_allclose(seen(tmp_path / name), FLASHES, atol=1e-6)


def test_packed_bitstreams(tmp_path):
    plain = write_flashes(tmp_path / "plain.avi", "mpeg4", {"bf": "1"}, sound=False, key_every=400)
    packed = pack_bitstream(plain, tmp_path / "packed.avi")
    with Clip.open(packed) as clip:
        assert len(list(clip.frames(24, 16))) == 200
        clip.mux(Sound(clicks()[:, None], 48_000), tmp_path / "out.mp4")
    np.testing.assert_allclose(seen(packed), FLASHES, atol=1e-6)
    np.testing.assert_allclose(seen(tmp_path / "out.mp4"), FLASHES, atol=1e-6)


def test_a_stream_without_any_times(tmp_path):
    path = write_flashes(tmp_path / "v.h264", "libx264", REORDERED, sound=False)
    np.testing.assert_allclose(seen(path), FLASHES, atol=1e-6)


@pytest.mark.parametrize("name", ["v.mp4", "v.mkv", "v.ts", "v.mov"])
def test_kept_sound_is_in_sync(name, tmp_path):
    path = write_flashes(tmp_path / name, "libx264", REORDERED)
    silence = Sound(np.zeros((8 * 48_000, 1), np.float32), 48_000)
    with Clip.open(path) as clip:
        np.testing.assert_allclose(heard(clip.sound()), FLASHES, atol=0.002)
        clip.mux(silence, tmp_path / "out.mp4", keep_original_db=0.0)
    with Clip.open(tmp_path / "out.mp4") as written:
        np.testing.assert_allclose(heard(written.sound()), FLASHES, atol=0.002)


def test_lost_sound_leaves_a_gap(tmp_path):
    whole = write_flashes(tmp_path / "whole.mkv", options={"bf": "0"})

    def keep(_, packet):
        return packet.stream.type == "video" or not 2.5 < packet.pts * packet.time_base < 3.5

    with Clip.open(copy_packets(whole, tmp_path / "part.mkv", keep)) as clip:
        np.testing.assert_allclose(heard(clip.sound()), FLASHES, atol=0.002)


def test_joined_recordings_are_refused_with_a_true_sentence(tmp_path):
    part = write_flashes(tmp_path / "part.ts", seconds=4.0).read_bytes()
    (tmp_path / "joined.ts").write_bytes(part + part)
    with pytest.raises(InputError, match=r"starts again after 4\.0 s.*ffmpeg -i") as caught:
        Clip.open(tmp_path / "joined.ts")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("thumbnails", [1, 3])
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_thumbnails_are_not_the_video(suffix, thumbnails, tmp_path):
    path = write_thumbnail_first(tmp_path / f"v{suffix}", thumbnails)
    with Clip.open(path) as clip:
        assert (clip.width, clip.height, clip.duration_s) == (96, 64, pytest.approx(4.0))
        (note,) = clip.mux(Sound(clicks()[:, None], 48_000), tmp_path / "out.mp4")
    assert "its other pictures" in note
    np.testing.assert_allclose(seen(path), FLASHES[:4], atol=1e-3)


@pytest.mark.parametrize("suffix", [".mp4", ".mov"])
def test_what_an_edit_list_hides_stays_hidden(suffix, tmp_path):
    whole = write_flashes(tmp_path / "whole.mp4", "libx264", {"bf": "2"})
    cut = cut_with_edit_list(whole, tmp_path / "cut.mp4", 2.16)
    shown = [flash - 2.16 for flash in FLASHES if flash > 2.16]
    with Clip.open(cut) as clip:
        assert len(list(clip.frames(24, 16))) == 146
        clip.mux(clip.sound(), tmp_path / f"out{suffix}")
        with pytest.raises(InputError, match=r"cannot hide the pictures.*\.mp4 or \.mov"):
            clip.mux(clip.sound(), tmp_path / "out.mkv")
    for path in (cut, tmp_path / f"out{suffix}"):
        np.testing.assert_allclose(seen(path), shown, atol=1e-3)
        with Clip.open(path) as clip:
            np.testing.assert_allclose(heard(clip.sound()), shown, atol=FRAME)
            assert len(list(clip.frames(24, 16))) == 146
