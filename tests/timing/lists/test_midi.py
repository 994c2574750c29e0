"""MIDI files: tempo, lengths, velocities, SMPTE ticks, and what is refused."""

import struct

import mido
import numpy as np
import pytest

from vsg_tf.errors import InputError
from vsg_tf.timing.lists import read_timing
from vsg_tf.timing.lists.midi import strength, velocity


def _on(note, delta, velocity=100, channel=0):
    return mido.Message("note_on", note=note, velocity=velocity, time=delta, channel=channel)


def _off(note, delta, channel=0):
    return mido.Message("note_off", note=note, time=delta, channel=channel)


def _tempo(tempo, delta=0):
    return mido.MetaMessage("set_tempo", tempo=tempo, time=delta)


def _save(path, *tracks, kind=1, ticks=480):
    file = mido.MidiFile(type=kind, ticks_per_beat=ticks)
    file.tracks.extend(mido.MidiTrack(track) for track in tracks)
    file.save(path)
    return path


def _read(path, duration_s=60.0):
    return read_timing(path, duration_s).events


def test_notes_of_all_tracks_at_changing_tempo(tmp_path):
    # 0.5 s a beat, from beat 2 on 1 s a beat, from beat 4 on 0.25 s a beat.
    tempi = [_tempo(500_000), _tempo(1_000_000, 960), _tempo(250_000, 960)]
    keys = [_on(60, 480, 127), _off(60, 960), _on(62, 480 + 960, 64), _off(62, 240)]
    pads = [_on(36, 1440, 1, channel=9), _on(36, 480, 0, channel=9)]
    track = _read(_save(tmp_path / "x.mid", tempi, keys, pads))
    assert track.times.tolist() == [0.5, 2.0, 3.5]
    assert track.durations.tolist() == [1.5, 1.0, 0.125]
    np.testing.assert_allclose(track.strengths, [1.0, 0.0, 0.5])


def test_mido_finds_the_same_times(tmp_path):
    rng = np.random.default_rng(0)
    changes = [
        _tempo(int(rng.integers(200_000, 900_000)), int(rng.integers(1, 300))) for _ in "1" * 30
    ]
    notes = [each for _ in "1" * 60 for each in (_on(50, int(rng.integers(1, 99))), _off(50, 7))]
    path = _save(tmp_path / "x.mid", changes, notes, ticks=96)
    now, times = 0.0, []
    for message in mido.MidiFile(path):
        now += message.time
        if message.type == "note_on":
            times.append(now)
    np.testing.assert_allclose(_read(path).times, times, atol=1e-9)


def test_the_same_note_again_before_it_ended_and_one_that_never_ends(tmp_path):
    notes = [_on(60, 0), _on(60, 480), _off(60, 480), _off(60, 480), _on(61, 0), _off(99, 10)]
    track = _read(_save(tmp_path / "x.mid", notes))
    assert track.times.tolist() == [0.0, 0.5, 1.5]
    np.testing.assert_array_equal(track.durations, [1.0, 1.0, np.nan])


def test_a_single_track_file(tmp_path):
    track = _read(_save(tmp_path / "x.mid", [_tempo(250_000), _on(1, 96), _off(1, 96)], kind=0))
    assert track.times.tolist() == [0.05] and track.durations.tolist() == [0.05]


@pytest.mark.parametrize(("frames", "second"), [(25, 1000), (24, 960), (30, 1200)])
def test_ticks_that_are_parts_of_a_frame(tmp_path, frames, second):
    path = _save(tmp_path / "x.mid", [_tempo(1_000_000), _on(1, second), _off(1, second // 2)])
    content = bytearray(path.read_bytes())
    content[12:14] = struct.pack(">bB", -frames, 40)
    path.write_bytes(content)
    track = _read(path)
    assert track.times.tolist() == [1.0] and track.durations.tolist() == [0.5]


def test_thirty_drop_frame_ticks_run_at_the_rate_of_ntsc(tmp_path):
    path = _save(tmp_path / "x.mid", [_on(1, 30000), _off(1, 1)])
    content = bytearray(path.read_bytes())
    content[12:14] = struct.pack(">bB", -29, 100)
    path.write_bytes(content)
    np.testing.assert_allclose(_read(path).times, [10.01], atol=1e-12)


def test_every_velocity_reads_back():
    assert [velocity(strength(each)) for each in range(1, 128)] == list(range(1, 128))
    assert strength(1) == 0 and strength(127) == 1


def test_refusals(tmp_path):
    with pytest.raises(InputError, match="holds no notes"):
        _read(_save(tmp_path / "a.mid", [_tempo(400_000)]))
    with pytest.raises(InputError, match="holds no notes"):
        _read(_save(tmp_path / "b.mid"))
    with pytest.raises(InputError, match="note 60: the event at 1 s lies beyond the clip's end"):
        _read(_save(tmp_path / "c.mid", [_on(60, 960), _off(60, 1)]), 0.9)
    with pytest.raises(InputError, match="type 2"):
        _read(_save(tmp_path / "d.mid", [_on(60, 0)], [_on(60, 0)], kind=2))


def test_damage_anywhere_is_one_sentence_or_passed_over(tmp_path):
    rng = np.random.default_rng(0)
    whole = _save(tmp_path / "x.mid", [_tempo(400_000)], [_on(60, 10), _off(60, 10)]).read_bytes()
    refused = 0
    for trial in range(400):
        content = bytearray(whole[: rng.integers(5, len(whole) + 1)] if trial % 2 else whole)
        for place in rng.integers(4, len(content), 3):
            content[place] = rng.integers(256)
        path = tmp_path / "damaged.mid"
        path.write_bytes(content)
        try:
            _read(path)
        except InputError as error:
            refused += 1
            assert "damaged.mid" in str(error)
    assert refused > 100
