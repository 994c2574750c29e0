"""Markers and regions of WAV files, written here and by our own writer."""

import struct

import numpy as np
import pytest
import soundfile

from vsg_tf.errors import InputError
from vsg_tf.handover.wav_chunks import Marker, adtl, chunk, cue
from vsg_tf.timing.lists import read_timing

MARKERS = [Marker(4000, 0, "step"), Marker(1000, 500, "creak"), Marker(7999, 0, "x")]


def _wav(path, *chunks, rate=8000, before=()):
    """A WAV file of 1 s with more chunks before and after its sound."""
    soundfile.write(path, np.zeros(rate, np.float32), rate)
    content = path.read_bytes()
    content = content[:12] + b"".join(before) + content[12:] + b"".join(chunks)
    path.write_bytes(content[:4] + struct.pack("<I", len(content) - 8) + content[8:])
    return path


def _of(markers):
    return chunk(b"cue ", cue(markers)), chunk(b"LIST", adtl(markers))


@pytest.mark.parametrize("first", [False, True])
def test_markers_and_regions_before_or_after_the_sound(tmp_path, first):
    chunks = (chunk(b"odd ", b"123"), *_of(MARKERS))
    path = (
        _wav(tmp_path / "x.wav", **{"before": chunks})
        if first
        else _wav(tmp_path / "x.wav", *chunks)
    )
    track = read_timing(path, 1.0).events
    assert track.times.tolist() == [0.125, 0.5, 7999 / 8000]
    np.testing.assert_array_equal(track.durations, [0.0625, np.nan, np.nan])
    assert track.strengths.tolist() == [1, 1, 1]


def test_positions_in_the_playlist_serve_where_samples_are_not_given(tmp_path):
    points = struct.pack("<I", 1) + struct.pack("<II4sIII", 7, 2000, b"data", 0, 0, 0)
    path = _wav(tmp_path / "x.wav", chunk(b"cue ", points))
    assert read_timing(path, 1.0).events.times.tolist() == [0.25]


def test_a_large_file_says_its_size_elsewhere(tmp_path):
    path = _wav(tmp_path / "x.wav", *_of(MARKERS))
    content = path.read_bytes()
    at = content.index(b"data")
    (size,) = struct.unpack_from("<I", content, at + 4)
    sizes = chunk(b"ds64", struct.pack("<QQQI", len(content), size, 8000, 0))
    content = (
        b"RF64"
        + b"\xff" * 4
        + b"WAVE"
        + sizes
        + content[12 : at + 4]
        + b"\xff" * 4
        + (content[at + 8 :])
    )
    path.write_bytes(content)
    assert len(read_timing(path, 1.0).events) == 3


@pytest.mark.parametrize(
    ("markers", "sentence"),
    [
        ([], "holds no markers; .* --guide"),
        (
            [Marker(4000, 0, "a"), Marker(9000, 0, "b")],
            "marker 2: the event at 1.125 s lies",
        ),
    ],
)
def test_refusals(tmp_path, markers, sentence):
    with pytest.raises(InputError, match=sentence):
        read_timing(_wav(tmp_path / "x.wav", *_of(markers)), 1.0)


def test_a_wav_without_any_marker_chunk(tmp_path):
    with pytest.raises(InputError, match="holds no markers"):
        read_timing(_wav(tmp_path / "x.wav"), 1.0)


def test_damage_anywhere_is_one_sentence_or_passed_over(tmp_path):
    rng = np.random.default_rng(0)
    whole = _wav(tmp_path / "x.wav", before=_of(MARKERS)).read_bytes()[:400]
    path = tmp_path / "damaged.wav"
    refused = 0
    for trial in range(300):
        content = bytearray(whole[: rng.integers(13, len(whole))] if trial % 2 else whole)
        for place in rng.integers(12, len(content), 2):
            content[place] = rng.integers(256)
        path.write_bytes(content)
        try:
            read_timing(path, 1.0)
        except InputError as error:
            refused += 1
            assert "damaged.wav" in str(error)
    assert refused > 50
