"""Pictures of any codec are copied bit for bit, or refused with what to do."""

from fractions import Fraction
from pathlib import Path

import av
import pytest

from tests.flashing_media import clicks, write_flashes
from vsg_tf.audio.reading import Sound
from vsg_tf.errors import InputError
from vsg_tf.video.clip import Clip

SOUND = Sound(clicks()[:, None], 48_000)
QUIET = {"x265-params": "log-level=none"}
# file, encoder, pixels, options, suffixes whose containers hold it
CODECS = [
    ("av1.mp4", "libsvtav1", "yuv420p", {}, (".mp4", ".mkv")),
    ("wmv2.avi", "wmv2", "yuv420p", {}, (".mov", ".mkv")),
    ("dv.avi", "dvvideo", "yuv420p", {}, (".mov", ".mkv")),
    ("dv.mov", "dvvideo", "yuv420p", {}, (".mov", ".mkv")),
    ("rle.mov", "qtrle", "rgb24", {}, (".mov", ".mkv")),
    ("huffyuv.avi", "huffyuv", "yuv422p", {}, (".mov", ".mkv")),
    ("raw.avi", "rawvideo", "yuv420p", {}, (".mkv",)),
    ("gif.gif", "gif", "rgb8", {}, (".mov", ".mkv")),
    ("vp9.webm", "libvpx-vp9", "yuv420p", {}, (".mp4", ".mkv")),
    ("flv.flv", "flv", "yuv420p", {}, (".mov", ".mkv")),
    ("mjpeg.avi", "mjpeg", "yuvj420p", {}, (".mp4", ".mov", ".mkv")),
    ("hevc.mkv", "libx265", "yuv420p", QUIET, (".mp4", ".mov", ".mkv")),
    ("hevc.ts", "libx265", "yuv420p", QUIET, (".mp4", ".mov", ".mkv")),
    ("prores.mov", "prores_ks", "yuva444p10le", {"profile": "4444"}, (".mov", ".mkv")),
    ("apng.apng", "apng", "rgb24", {}, ()),
]


def _write(path: Path, codec: str, pixels: str, options: dict) -> Path:
    size = (720, 576) if codec == "dvvideo" else (96, 64)
    return write_flashes(path, codec, options, pixels=pixels, size=size, sound=False, seconds=0.8)


def _decoded(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        frames = container.decode(video=0)
        return [frame.to_ndarray(format="rgba").tobytes() for frame in frames]


def _tag(path: Path) -> str:
    with av.open(str(path)) as container:
        return container.streams.video[0].codec_context.codec_tag


@pytest.mark.parametrize(("name", "codec", "pixels", "options", "holders"), CODECS)
def test_every_container_that_holds_the_pictures_gives_them_back(
    name, codec, pixels, options, holders, tmp_path
):
    path = _write(tmp_path / name, codec, pixels, options)
    wanted = _decoded(path)
    assert len(wanted) == 20
    for suffix in (".mp4", ".mov", ".mkv"):
        output = tmp_path / f"out{suffix}"
        with Clip.open(path) as clip:
            if suffix in holders:
                assert clip.mux(SOUND, output) == ()
                assert _decoded(output) == wanted
                continue
            with pytest.raises(InputError) as caught:
                clip.mux(SOUND, output)
        assert not output.exists()
        advice = f"choose an output that ends in {' or '.join(holders)}, or " if holders else ""
        assert f"{advice}convert the video to H.264 first." in str(caught.value)


@pytest.mark.parametrize("suffix", [".mp4", ".mov"])
@pytest.mark.parametrize("name", ["hevc.mkv", "hevc.ts", "tagged.mov"])
def test_hevc_keeps_or_gets_the_tag_that_all_players_take(name, suffix, tmp_path):
    path = _write(tmp_path / name.replace("tagged.mov", "v.mkv"), "libx265", "yuv420p", QUIET)
    if name == "tagged.mov":
        with Clip.open(path) as clip:
            clip.mux(SOUND, tmp_path / name)
        path = tmp_path / name
        assert _tag(path) == "hvc1"
    with Clip.open(path) as clip:
        clip.mux(SOUND, tmp_path / f"out{suffix}")
    assert _tag(tmp_path / f"out{suffix}") == "hvc1"


def test_prores_with_alpha_keeps_its_tag(tmp_path):
    path = _write(tmp_path / "v.mov", "prores_ks", "yuva444p10le", {"profile": "4444"})
    for suffix in (".mov", ".mkv"):
        with Clip.open(path) as clip:
            clip.mux(SOUND, tmp_path / f"out{suffix}")
        assert _tag(tmp_path / f"out{suffix}") == _tag(path) == "ap4h"


def test_vp9_keeps_its_alpha_or_says_that_it_cannot(tmp_path):
    path = _write(tmp_path / "v.webm", "libvpx-vp9", "yuva420p", {})
    with Clip.open(path) as clip:
        assert clip.mux(SOUND, tmp_path / "out.mkv") == ()
        (note,) = clip.mux(SOUND, tmp_path / "out.mp4")
    assert "transparency" in note
    additions = []
    for file in (path, tmp_path / "out.mkv"):
        with av.open(str(file)) as container:
            stream = container.streams.video[0]
            tags = {name.lower(): value for name, value in stream.metadata.items()}
            assert tags["alpha_mode"] == "1"
            kind = "matroska_block_additional"
            additions.append(
                [bytes(p.get_sidedata(kind)) for p in container.demux(stream) if p.size]
            )
    assert additions[0] == additions[1] and all(additions[0])


@pytest.mark.parametrize(
    ("codec", "suffix", "kept"),
    [("prores_ks", ".mov", True), ("prores_ks", ".mkv", False), ("libx264", ".mkv", True)],
)
def test_pixels_that_are_not_square_stay_so_or_it_is_said(codec, suffix, kept, tmp_path):
    def stretched(_, video, __):
        video.codec_context.sample_aspect_ratio = Fraction(4, 3)

    pixels = "yuv420p" if codec == "libx264" else "yuv422p10le"
    path = write_flashes(tmp_path / "v.mov", codec, pixels=pixels, seconds=1.0, prepare=stretched)
    with Clip.open(path) as clip:
        notes = clip.mux(SOUND, tmp_path / f"out{suffix}")
    with av.open(str(tmp_path / f"out{suffix}")) as container:
        assert (container.streams.video[0].sample_aspect_ratio == Fraction(4, 3)) == kept
    assert ("the shape of its pixels" in "".join(notes)) == (not kept)
