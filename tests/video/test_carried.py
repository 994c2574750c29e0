"""Tags, chapters, subtitles and timecode go along; what does not is said."""

from fractions import Fraction
from pathlib import Path

import av
import pytest

from tests.flashing_media import clicks, copy_packets, write_flashes
from vsg_tf.audio.reading import Sound
from vsg_tf.video.clip import Clip

SOUND = Sound(clicks()[:, None], 48_000)
UNIT = Fraction(1, 1000)
TAGS = {"title": "A walk", "creation_time": "2020-05-06T07:08:09.000000Z", "artist": "Someone"}


def _rich(path: Path, subtitles: str = "subrip", start: float = 0.0, timecode="01:00:00:00"):
    """A video with everything; all times `start` s late."""
    plain = write_flashes(path.with_name(f"plain-{path.name}"), options={"bf": "2"})
    with av.open(str(plain)) as source, av.open(str(path), "w") as target:
        streams = {s.index: target.add_stream_from_template(s, opaque=True) for s in source.streams}
        target.metadata.update(TAGS, my_own="unknown to MP4")
        streams[0].metadata.update(language="deu", title="Main", timecode=timecode)
        streams[1].metadata.update(language="fra", title="Dialogue")
        text = target.add_mux_stream(subtitles)
        text.time_base = UNIT
        text.metadata.update(language="eng", title="Words")
        if path.suffix == ".mkv":
            target.add_attachment("font.ttf", "font/ttf", b"letters" * 20)
        target.set_chapters(
            [
                {"id": n + 1, "start": round(1000 * (start + a)), "end": round(1000 * (start + b)),
                 "time_base": UNIT, "metadata": {"title": f"Part {n + 1}"}}
                for n, (a, b) in enumerate([(0, 3), (3, 8)])
            ]
        )  # fmt: skip
        target.start_encoding()
        packets = [packet for packet in source.demux() if packet.size]
        for packet in packets:
            packet.stream = streams[packet.stream_index]
            late = round(start / packet.time_base)
            packet.pts += late
            packet.dts = None if packet.dts is None else packet.dts + late
        for time, words in ((1.0, b"Hello"), (5.0, b"World")):
            data = words if subtitles == "subrip" else len(words).to_bytes(2, "big") + words
            packet = av.Packet(data)
            packet.pts = packet.dts = round(1000 * (start + time))
            packet.duration, packet.time_base, packet.stream = 1500, UNIT, text
            packets.append(packet)
        for packet in sorted(packets, key=lambda p: (p.dts or 0) * p.time_base):
            target.mux(packet)
    return path


def _words(path: Path) -> list[tuple[float, float, bytes]]:
    found = []
    with av.open(str(path)) as container:
        for packet in container.demux(container.streams.subtitles):
            data = bytes(packet)
            data = data[2:] if container.format.name != "matroska,webm" else data
            if data:
                unit = packet.time_base
                found.append((float(packet.pts * unit), float(packet.duration * unit), data))
    return found


def _chapters(path: Path) -> list[tuple[float, float, str]]:
    with av.open(str(path)) as container:
        return [
            (float(c["start"] * c["time_base"]), float(c["end"] * c["time_base"]),
             c["metadata"]["title"])
            for c in container.chapters()
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("suffix", "subtitles"), [(".mkv", "subrip"), (".mov", "mov_text"), (".mp4", "mov_text")]
)
@pytest.mark.parametrize("start", [0.0, 1.6])
def test_everything_goes_along_where_the_container_is_the_same(suffix, subtitles, start, tmp_path):
    path = _rich(tmp_path / f"v{suffix}", subtitles, start)
    output = tmp_path / f"out{suffix}"
    with Clip.open(path) as clip:
        assert clip.timecode == "01:00:00:00"
        assert [(t.language, t.title) for t in clip.tracks] == [("fra", "Dialogue")]
        notes = clip.mux(SOUND, output)
    assert notes == ()
    assert _words(output) == [(1.0, 1.5, b"Hello"), (5.0, 1.5, b"World")]
    assert _chapters(output) == [(0.0, 3.0, "Part 1"), (3.0, 8.0, "Part 2")]
    with Clip.open(output) as written, av.open(str(output)) as container:
        assert written.timecode == "01:00:00:00"
        tags = {name.lower(): value for name, value in container.metadata.items()}
        assert TAGS.items() <= tags.items()
        video, text = container.streams.video[0], container.streams.subtitles[0]
        assert text.language == "eng"
        assert "Main" in video.metadata.values()
        if suffix != ".mov":  # QuickTime's own list of languages has no code that FFmpeg writes
            assert video.language == "deu"
        if suffix == ".mkv":
            assert [s.data for s in container.streams.attachments] == [b"letters" * 20]


def test_what_another_container_does_not_hold_is_said_in_one_sentence(tmp_path):
    path = _rich(tmp_path / "v.mkv")
    with Clip.open(path) as clip:
        (note,) = clip.mux(SOUND, tmp_path / "out.mp4")
        assert clip.mux(SOUND, tmp_path / "out.mkv") == ()
    assert note == (
        f"{tmp_path / 'out.mp4'} does not hold everything of {path}; "
        "missing: subtitles (srt); attachments (font.ttf); the tag MY_OWN."
    )
    with Clip.open(tmp_path / "out.mp4") as written:
        assert written.timecode == "01:00:00:00"
    assert len(_chapters(tmp_path / "out.mp4")) == 2


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
def test_a_timecode_that_cannot_be_written_costs_nothing_else(suffix, tmp_path):
    path = _rich(tmp_path / "v.mkv", timecode="not a timecode")
    with Clip.open(path) as clip:
        notes = clip.mux(SOUND, tmp_path / f"out{suffix}")
    assert ("the timecode" in "".join(notes)) == (suffix != ".mkv")
    assert len(_chapters(tmp_path / f"out{suffix}")) == 2


def test_what_is_over_before_the_first_picture_is_left_out(tmp_path):
    rich = _rich(tmp_path / "v.mkv")

    def keep(_, packet):
        return packet.stream.type != "video" or packet.pts >= 4000

    with Clip.open(copy_packets(rich, tmp_path / "part.mkv", keep)) as clip:
        assert clip.start_s == 4.0
        clip.mux(SOUND, tmp_path / "out.mkv")
    assert _words(tmp_path / "out.mkv") == [(1.0, 1.5, b"World")]


def test_apples_tags_stay_apples(tmp_path):
    def described(target, *_):
        target.metadata["com.apple.quicktime.make"] = "Maker"

    path = write_flashes(tmp_path / "plain.mkv", prepare=described)
    with Clip.open(path) as clip:
        assert clip.mux(SOUND, tmp_path / "v.mov") == ()
    with Clip.open(tmp_path / "v.mov") as clip:
        assert clip.mux(SOUND, tmp_path / "out.mov") == ()
    with av.open(str(tmp_path / "out.mov")) as container:
        tags = {name.lower(): value for name, value in container.metadata.items()}
    assert tags["com.apple.quicktime.make"] == "Maker"
