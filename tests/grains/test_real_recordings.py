"""Two hundred recordings of all kinds: no click, no offset, tails and levels as they were."""

from pathlib import Path

import numpy as np
import pytest

from vsg_tf.audio.reading import load_reference
from vsg_tf.audio.true_peak import true_peak_db
from vsg_tf.errors import InputError
from vsg_tf.events import EventTrack
from vsg_tf.grains.kinds import Kind
from vsg_tf.grains.levels import level_curve
from vsg_tf.grains.material import prepare
from vsg_tf.grains.performance import perform
from vsg_tf.timing.timing import Timing

COUNT, PARTS = 200, 10


def _recordings(folder: Path) -> list[Path]:
    found = sorted([*(folder / "esc10").rglob("*.opus"), *(folder / "effects").rglob("*.opus")])
    return found[:: max(1, len(found) // COUNT)][:COUNT]


def _bends(waveform: np.ndarray, rate: int) -> np.ndarray:
    """How much more each sample bends the waveform than those in the 2 ms on both sides do."""
    bend = np.abs(np.diff(waveform, n=2, axis=0)).max(axis=1)
    size = round(0.002 * rate)
    sums = np.concatenate([[0.0], np.cumsum(np.square(bend, dtype=np.float64))])
    mean = np.sqrt(np.maximum(sums[2 * size :] - sums[: -2 * size], 0) / (2 * size))
    return bend[size : size + len(mean)] / (mean + 1e-4)


def _play(material, times, durations, seconds):
    track = EventTrack(np.array(times), np.ones(len(times)), np.array(durations))
    made = perform(material, Timing(seconds, track))
    return np.concatenate(list(made.blocks()))


@pytest.mark.parametrize("part", range(PARTS))
def test_no_click_no_offset_and_whole_tails(shared_data, part):
    wrong = []
    for path in _recordings(shared_data)[part::PARTS]:
        try:
            sound = load_reference(path).within(22050, 48000)
        except InputError:
            continue
        material, rate = prepare([sound]), sound.sample_rate
        made = _play(material, [0.2, 0.9, 1.3, 2.2], [np.nan, 0.2, np.nan, 1.2], 4.0)
        gain = np.float32(10 ** (material.gain_db / 20))
        if _bends(made, rate).max() > max(1.15 * _bends(material.clean * gain, rate).max(), 9.0):
            wrong.append(f"{path.name}: a click")
        if made[0].any() or made[-1].any() or abs(made.mean(dtype=np.float64)) > 2e-3:
            wrong.append(f"{path.name}: an offset")
        one = _play(material, [0.4], [8.0], 8.5)
        least = -6 if {take.kind for take in material.takes} == {Kind.SINGLE} else -15
        if not least < true_peak_db(one) < 1.5:
            wrong.append(f"{path.name}: a peak of {true_peak_db(one):.1f} dB")
        takes = [take for take in material.takes if take.part_of < 0]
        if len(takes) == 1 and takes[0].kind is Kind.SINGLE:
            lengths = []
            for waveform in (one, material.clean):
                level = level_curve(waveform, rate, 0.01)
                lengths.append(np.sum(level > level.max() - 20))
            if lengths[0] < 0.9 * lengths[1] - 4:
                wrong.append(f"{path.name}: a tail of {lengths[0] / lengths[1]:.2f}")
    assert not wrong
