"""OTIO timelines, read by opentimelineio: what a reader without gains plays is the stem."""

from urllib.parse import unquote

import numpy as np
import opentimelineio
import pytest

from tests.handover.sessions import (
    RATE,
    SECONDS,
    fade,
    keys,
    make_session,
    read,
    steps,
    worst_db,
    write_handover,
)

SAMPLES = SECONDS * RATE
schema = opentimelineio.schema


def _load(folder):
    return opentimelineio.adapters.read_from_file(str(folder / "my_clip.otio"))


def _tracks(timeline):
    return {track.name: track for track in timeline.tracks}


def _span(span):
    return int(span.start_time.value), int(span.duration.value)


def _places(track):
    """Clip, its first sample, and its fades, of every clip of a track."""
    for index, clip in enumerate(track):
        if not isinstance(clip, schema.Clip):
            continue
        span = clip.range_in_parent()
        assert span.start_time.rate == span.duration.rate == RATE
        before = track[index - 1] if index else None
        after = track[index + 1] if index + 1 < len(track) else None
        fade_in = before.out_offset.value if isinstance(before, schema.Transition) else 0
        fade_out = after.in_offset.value if isinstance(after, schema.Transition) else 0
        yield clip, int(span.start_time.value), int(fade_in), int(fade_out)


def _play(folder, track, channels):
    total = np.zeros((SAMPLES, channels))
    for clip, start, fade_in, fade_out in _places(track):
        offset, length = _span(clip.source_range)
        sound = read(folder / unquote(clip.media_reference.target_url))
        assert int(clip.media_reference.available_range.duration.value) == len(sound)
        heard = sound[offset : offset + length]
        total[start : start + length] += heard * fade(length, fade_in, fade_out)
    return total


@pytest.mark.parametrize("bit_depth", [16, 24, 32])
def test_the_items_sum_to_the_stem(tmp_path, bit_depth):
    folder = write_handover(tmp_path / "out", make_session(tmp_path / "in"), ["otio"], bit_depth)
    tracks = _tracks(_load(folder))
    for name, slug, channels in (("Steps / left", "Steps_left", 2), ("keys", "keys", 1)):
        items = [track for key, track in tracks.items() if key.startswith(f"{name} items")]
        total = sum(_play(folder, track, channels) for track in items)
        stem = read(folder / f"stems/{slug}.wav")
        assert worst_db(total, stem) < (-90 if bit_depth == 16 else -110)
        assert all(track.enabled for track in items)
        assert not tracks[f"{name} stem"].enabled
        assert worst_db(_play(folder, tracks[f"{name} stem"], channels), stem) < -200


def test_each_event_has_a_clip_with_handles_and_fades(tmp_path):
    folder = write_handover(tmp_path / "out", make_session(tmp_path / "in"), ["otio"])
    found = []
    for name, track in _tracks(_load(folder)).items():
        assert track.trimmed_range().duration.to_seconds() == pytest.approx(SECONDS, abs=0.05)
        if name.startswith("Steps / left items"):
            for clip, start, *fades in _places(track):
                if "vsg_tf" in clip.metadata:
                    offset, length = _span(clip.source_range)
                    event = clip.metadata["vsg_tf"]["event"]
                    found.append((event, start, length, offset, *fades))
    made = [
        (number, item.start, item.length, item.before, item.fade_in, item.fade_out)
        for number, item in enumerate(steps().items(), start=1)
    ]
    assert sorted(found) == made


@pytest.mark.parametrize(
    ("rate", "start", "exact"),
    [
        ("23.976", "01:00:00:00", 24000 / 1001),
        ("24", "01:00:00:00", 24),
        ("25", "01:00:00:00", 25),
        ("29.97", "01:00:00;00", 30000 / 1001),
        ("30", "01:00:00:00", 30),
        ("50", "01:00:00:00", 50),
        ("59.94", "01:00:00;00", 60000 / 1001),
        ("60", "01:00:00:00", 60),
    ],
)
def test_picture_and_timecode(tmp_path, rate, start, exact):
    session = make_session(tmp_path / "in", rate, start, layers=(keys(),))
    timeline = _load(write_handover(tmp_path / "out", session, ["otio"]))
    assert timeline.global_start_time.rate == exact
    assert timeline.global_start_time.to_timecode() == start
    assert timeline.metadata["vsg_tf"]["frame_rate"] == str(session.rate.exact)
    (clip,) = _tracks(timeline)["Video"]
    assert unquote(clip.media_reference.target_url) == "video/my_clip.mp4"
    assert clip.source_range.duration.value == session.frames
    assert clip.source_range.duration.rate == exact


def test_markers_are_at_the_events(tmp_path):
    timeline = _load(write_handover(tmp_path / "out", make_session(tmp_path / "in"), ["otio"]))
    found = {
        (marker.name, int(marker.marked_range.start_time.to_frames(RATE)))
        for marker in timeline.tracks.markers
    }
    made = {
        (f"{layer.name} {number}", round(time * RATE))
        for layer in (steps(), keys())
        for number, time in enumerate(layer.events.times, start=1)
    }
    assert found == made
    strength = timeline.tracks.markers[0].metadata["vsg_tf"]["strength"]
    assert strength == pytest.approx(steps().events.strengths[0])
