"""Broadcast WAV files, read by wavinfo and libsndfile."""

from datetime import datetime
from fractions import Fraction

import numpy as np
import pytest
import soundfile
from wavinfo import WavInfoReader

from vsg_tf.errors import InputError
from vsg_tf.handover.samples import check_bit_depth, check_sample_rate
from vsg_tf.handover.wav import WavWriter
from vsg_tf.handover.wav_chunks import BroadcastInfo, Loudness, Marker
from vsg_tf.timecode import TimecodeRate

RATE = TimecodeRate(Fraction(30000, 1001), drop_frame=True)
INFO = BroadcastInfo(
    "Steps & keys, <layer 1>",
    time_reference=(1 << 32) + 5,
    rate=RATE,
    project="clip",
    created=datetime(2026, 11, 27, 9, 8, 7),
)
MARKERS = [Marker(10, 0, "1 step"), Marker(100, 50, "2 step, odd"), Marker(700, 1, "3")]


def _sound(samples, channels, seed=0):
    return np.random.default_rng(seed).uniform(-0.9, 0.9, (samples, channels)).astype(np.float32)


def _write(path, sound, bit_depth, blocks=7, **options):
    with WavWriter(path, 48_000, sound.shape[1], bit_depth, INFO, **options) as writer:
        for block in np.array_split(sound, blocks):
            writer.write(block)


@pytest.mark.parametrize("bit_depth", [16, 24, 32])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("samples", [0, 1, 1001])  # odd byte counts are padded
def test_libsndfile_reads_the_samples(tmp_path, bit_depth, channels, samples):
    sound = _sound(samples, channels)
    _write(tmp_path / "a.wav", sound, bit_depth, markers=MARKERS)
    read, rate = soundfile.read(tmp_path / "a.wav", dtype="float32", always_2d=True)
    assert rate == 48_000
    assert read.shape == sound.shape
    bound = {16: 0.5 / 2**15, 24: 0.5 / 2**23 + 2**-24, 32: 0}[bit_depth]
    assert np.abs(read - sound).max(initial=0) <= bound
    subtype = {16: "PCM_16", 24: "PCM_24", 32: "FLOAT"}[bit_depth]
    assert soundfile.info(tmp_path / "a.wav").subtype == subtype


@pytest.mark.parametrize("bit_depth", [16, 24, 32])
def test_wavinfo_reads_what_the_file_says_of_itself(tmp_path, bit_depth):
    with WavWriter(tmp_path / "a.wav", 44_100, 2, bit_depth, INFO, MARKERS) as writer:
        writer.write(_sound(1001, 2))
        writer.measured(Loudness(-23.456, -1.5, 7.25))
        writer.write(_sound(10, 2))
    read = WavInfoReader(tmp_path / "a.wav")
    assert read.data.frame_count == 1011
    assert read.bext.description == INFO.description
    assert read.bext.originator == "vsg_tf"
    assert read.bext.time_reference == INFO.time_reference
    assert (read.bext.originator_date, read.bext.originator_time) == ("2026-11-27", "09:08:07")
    assert read.bext.coding_history.startswith(f"A=PCM,F=44100,W={bit_depth},M=stereo")
    assert read.bext.version == 2
    assert read.bext.loudness_value == pytest.approx(-23.46)
    assert read.bext.loudness_range == pytest.approx(7.25)
    assert read.bext.max_true_peak == pytest.approx(-1.5)
    speed = read.ixml.parsed.find("SPEED")
    assert speed.findtext("TIMECODE_RATE") == "30000/1001"
    assert speed.findtext("TIMECODE_FLAG") == "DF"
    assert speed.findtext("TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI") == "1"
    assert speed.findtext("TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO") == "5"
    assert read.ixml.parsed.findtext("NOTE") == INFO.description
    labels = [read.cues.label_and_note(number)[0] for number in (1, 2, 3)]
    assert labels == [marker.text for marker in MARKERS]
    assert [point.sample_offset for point in read.cues.cues] == [10, 100, 700]
    assert read.cues.range(2) == 50
    assert read.cues.range(1) is None


def test_the_broadcast_chunk_has_602_bytes_and_the_history(tmp_path):
    _write(tmp_path / "a.wav", _sound(10, 1), 24)
    content = (tmp_path / "a.wav").read_bytes()
    at = content.index(b"bext")
    size = int.from_bytes(content[at + 4 : at + 8], "little")
    assert size == 602 + len(b"A=PCM,F=48000,W=24,M=mono,T=vsg_tf\r\n")
    assert content[at + 8 + 602 :].startswith(b"A=PCM")


@pytest.mark.parametrize("bit_depth", [16, 24, 32])
def test_a_file_that_is_too_large_for_riff_is_rf64(tmp_path, bit_depth):
    sound = _sound(3001, 1)
    _write(tmp_path / "a.wav", sound, bit_depth, markers=MARKERS, largest_riff=5000)
    content = (tmp_path / "a.wav").read_bytes()
    assert content.startswith(b"RF64\xff\xff\xff\xff")
    read, _ = soundfile.read(tmp_path / "a.wav", dtype="float32", always_2d=True)
    assert np.abs(read - sound).max() <= 0.5 / 2**15
    assert soundfile.info(tmp_path / "a.wav").format == "RF64"
    info = WavInfoReader(tmp_path / "a.wav")
    assert info.data.frame_count == 3001
    assert info.bext.time_reference == INFO.time_reference


def test_whole_numbers_stop_at_full_scale_and_floats_do_not(tmp_path):
    loud = np.array([[1.5], [-1.5], [0.25]], np.float32)
    for bit_depth, highest in ((16, 1 - 2**-15), (24, 1 - 2**-23), (32, 1.5)):
        _write(tmp_path / "a.wav", loud, bit_depth, blocks=1)
        read, _ = soundfile.read(tmp_path / "a.wav", dtype="float64")
        assert read.tolist() == [highest, -max(1, int(highest) * 1.5), 0.25]


@pytest.mark.parametrize("bit_depth", [0, 8, 20, 64])
def test_bit_depths_that_cannot_be_are_refused(bit_depth):
    with pytest.raises(InputError, match="16, 24 or 32"):
        check_bit_depth(bit_depth)


@pytest.mark.parametrize("rate", [0, -48_000, 7_999, 400_000])
def test_sample_rates_that_cannot_be_are_refused(rate):
    with pytest.raises(InputError, match="from 8000 to 192000"):
        check_sample_rate(rate)
