"""AAF sessions, read by pyaaf2 object by object, and by OpenTimelineIO's own AAF reader."""

import wave
from fractions import Fraction

import aaf2
import numpy as np
import opentimelineio
import pytest
import soundfile
from aaf2 import components

from tests.handover.sessions import (
    RATE,
    SECONDS,
    fade,
    keys,
    make_session,
    noise,
    read,
    steps,
    worst_db,
    write_handover,
)

SAMPLES = SECONDS * RATE


def _open(folder):
    return aaf2.open(str(folder / "my_clip.aaf"), "r")


def _composition(file):
    return next(file.content.compositionmobs())


def _sounds(file):
    """Sound slots of the composition by name."""
    slots = _composition(file).slots
    return {slot.name: slot for slot in slots if slot.media_kind == "Sound"}


def _source(file, clip, folder):
    """The samples a clip refers to, `[samples]` float64, by way of the library's own export."""
    link = clip.mob.slot_at(clip.slot_id).segment
    source = link.mob
    path = folder / "export.wav"
    source.export_audio(str(path))
    with wave.open(str(path)) as sound:
        assert sound.getframerate() == RATE
        assert sound.getnchannels() == 1
        assert sound.getnframes() == clip.mob.slot_at(clip.slot_id).length
    return read(path)[:, 0]


def _amplitude(group):
    (value,) = list(group.parameters)
    return float(value.value)


def _play(file, slot, folder):
    """What a reader hears of a slot, `[samples]`, and its clips' places."""
    assert Fraction(str(slot.edit_rate)) == RATE
    total, places = np.zeros(SAMPLES), []
    parts = list(slot.segment.positions())
    all_parts = [part for _, _, part in parts]
    for index, (_, position, part) in enumerate(parts):
        gain = 1.0
        if isinstance(part, components.OperationGroup):
            assert part.operation.name == "Audio Gain"
            gain, part = _amplitude(part), next(iter(part.segments))  # noqa: PLW2901
        if not isinstance(part, components.SourceClip):
            continue
        fades = [
            beside.length if isinstance(beside, components.Transition) else 0
            for beside in ([None, *all_parts][index], [*all_parts, None][index + 1])
        ]
        heard = _source(file, part, folder)[part.start : part.start + part.length]
        assert len(heard) == part.length
        total[position : position + part.length] += gain * heard * fade(part.length, *fades)[:, 0]
        places.append((position, part.length, part.start, *fades, gain))
    return total, places


@pytest.mark.parametrize("bit_depth", [16, 24, 32])
def test_the_items_sum_to_the_stem(tmp_path, bit_depth):
    folder = write_handover(tmp_path / "out", make_session(tmp_path / "in"), ["aaf"], bit_depth)
    with _open(folder) as file:
        sounds = _sounds(file)
        for name, slug, sides in (("Steps / left", "Steps_left", " L| R"), ("keys", "keys", "")):
            stem = read(folder / f"stems/{slug}.wav")
            for channel, side in enumerate(sides.split("|")):
                chosen = [
                    slot
                    for key, slot in sounds.items()
                    if key.startswith(f"{name} items") and key.endswith(side)
                ]
                total = sum(_play(file, slot, tmp_path)[0] for slot in chosen)
                assert worst_db(total, stem[:, channel]) < (-90 if bit_depth == 16 else -110)


def test_each_event_has_a_clip_with_handles_fades_and_gain(tmp_path):
    folder = write_handover(tmp_path / "out", make_session(tmp_path / "in"), ["aaf"])
    places = []
    with _open(folder) as file:
        for name, slot in _sounds(file).items():
            if name.startswith("Steps / left items") and name.endswith("L"):
                places += _play(file, slot, tmp_path)[1]
            assert slot.length == SAMPLES
    made = [
        (item.start, item.length, item.before, item.fade_in, item.fade_out)
        for item in steps().items()
    ]
    assert sorted(place[:5] for place in places) == sorted([*made, (0, SAMPLES, 0, 0, 0)])
    gains = {place[0]: place[5] for place in places}
    for item in steps().items():
        assert gains[item.start] == pytest.approx(10 ** (item.gain_db / 20), rel=1e-6)


def test_guide_and_stems_are_there_and_silent(tmp_path):
    folder = write_handover(tmp_path / "out", make_session(tmp_path / "in"), ["aaf"], 24)
    with _open(folder) as file:
        for name, path, channel in (
            ("Guide L", "guide/guide.wav", 0),
            ("Guide R", "guide/guide.wav", 1),
            ("Steps / left stem R", "stems/Steps_left.wav", 1),
            ("keys stem", "stems/keys.wav", 0),
        ):
            (selector,) = list(_sounds(file)[name].segment.components)
            assert isinstance(selector, components.Selector)
            assert isinstance(selector["Selected"].value, components.Filler)
            assert selector["Selected"].value.length == SAMPLES
            (clip,) = list(selector["Alternates"].value)
            assert clip.length == SAMPLES
            sound = _source(file, clip, tmp_path)
            np.testing.assert_array_equal(sound, read(folder / path)[:, channel])


@pytest.mark.parametrize(
    ("rate", "start", "exact", "nominal", "drop", "frame"),
    [
        ("23.976", "01:00:00:00", "24000/1001", 24, False, 86_400),
        ("24", "01:00:00:00", "24", 24, False, 86_400),
        ("25", "01:00:00:00", "25", 25, False, 90_000),
        ("29.97", "01:00:00;00", "30000/1001", 30, True, 107_892),
        ("29.97", "01:00:00:00", "30000/1001", 30, False, 108_000),
        ("30", "01:00:00:00", "30", 30, False, 108_000),
        ("50", "01:00:00:00", "50", 50, False, 180_000),
        ("59.94", "01:00:00;00", "60000/1001", 60, True, 215_784),
        ("60", "01:00:00:00", "60", 60, False, 216_000),
    ],
)
def test_picture_and_timecode(tmp_path, rate, start, exact, nominal, drop, frame):
    session = make_session(tmp_path / "in", rate, start, layers=(keys(),))
    folder = write_handover(tmp_path / "out", session, ["aaf"])
    frames = -(-SECONDS * Fraction(exact) // 1)
    with _open(folder) as file:
        slots = {slot.name: slot for slot in _composition(file).slots}
        timecode = slots["Timecode"].segment
        assert Fraction(str(slots["Timecode"].edit_rate)) == Fraction(exact)
        assert (timecode.fps, timecode.drop, timecode.start) == (nominal, drop, frame)
        (clip,) = list(slots["Video"].segment.components)
        assert Fraction(str(slots["Video"].edit_rate)) == Fraction(exact)
        assert clip.length == frames
        source = clip.mob.slot_at(1).segment.mob
        (locator,) = list(source.descriptor["Locator"].value)
        assert locator["URLString"].value == "video/my_clip.mp4"
        assert source.descriptor["StoredWidth"].value == 96


def test_markers_are_at_the_events(tmp_path):
    folder = write_handover(tmp_path / "out", make_session(tmp_path / "in"), ["aaf"])
    with _open(folder) as file:
        slot = next(slot for slot in _composition(file).slots if slot.name == "Markers")
        assert Fraction(str(slot.edit_rate)) == RATE
        found = [
            (event["Position"].value, event["Comment"].value) for event in slot.segment.components
        ]
    times = [(round(time * RATE), f"keys {n}") for n, time in enumerate(keys().events.times, 1)]
    assert set(times) <= set(found)
    assert len(found) == len(keys().events) + len(steps().events)
    assert found == sorted(found, key=lambda one: one[0])


def test_opentimelineio_reads_the_session(tmp_path):
    session = make_session(tmp_path / "in", "25", "01:00:00:00")
    folder = write_handover(tmp_path / "out", session, ["aaf"])
    timeline = opentimelineio.adapters.read_from_file(str(folder / "my_clip.aaf"))
    assert timeline.name == 'my "clip"'
    assert timeline.global_start_time.to_timecode() == "01:00:00:00"
    tracks = list(timeline.tracks)
    assert [track.kind for track in tracks] == ["Video"] + ["Audio"] * 14
    found = {}
    for track in timeline.audio_tracks():
        for clip in track.find_clips():
            span = clip.transformed_time_range(clip.trimmed_range(), track)
            first = clip.trimmed_range().start_time.to_frames(RATE)
            place = span.start_time.to_frames(RATE), span.duration.to_frames(RATE), first
            found.setdefault(clip.name, set()).add(place)
    for number, item in enumerate(steps().items(), start=1):
        assert found[f"Steps_left_{number:04d}.wav"] == {(item.start, item.length, item.before)}
    markers = [marker for clip in timeline.video_tracks()[0] for marker in clip.markers]
    starts = sorted(marker.marked_range.start_time.to_frames(RATE) for marker in markers)
    times = sorted([*steps().events.times, *keys().events.times])
    assert starts == [round(time * RATE) for time in times]


def test_the_same_sounds_give_the_same_bytes_and_others_other_identities(tmp_path):
    session = make_session(tmp_path / "in", layers=(keys(),))
    first = write_handover(tmp_path / "a", session, ["aaf"]) / "my_clip.aaf"
    again = write_handover(tmp_path / "b", session, ["aaf"]) / "my_clip.aaf"
    assert first.read_bytes() == again.read_bytes()
    louder = make_session(tmp_path / "in", layers=(steps(),))
    other = write_handover(tmp_path / "c", louder, ["aaf"]) / "my_clip.aaf"
    with aaf2.open(str(first)) as one, aaf2.open(str(other)) as two:
        shared = {str(mob.mob_id) for mob in one.content.mobs} & {
            str(mob.mob_id) for mob in two.content.mobs
        }
    assert not shared


def test_a_guide_may_be_mono(tmp_path):
    session = make_session(tmp_path / "in", layers=(keys(),))
    soundfile.write(session.guide, noise(RATE, 1, 1), RATE)
    folder = write_handover(tmp_path / "out", session, ["aaf"])
    with _open(folder) as file:
        assert "Guide" in _sounds(file)
