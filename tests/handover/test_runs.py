"""Runs as items: nothing is lost at the clip's ends, nor at another rate."""

from fractions import Fraction

import numpy as np
import pytest

from tests.handover.sessions import event_track, make_session, noise, read, worst_db, write_handover
from vsg_tf.audio.resampling import resample, resampled_blocks
from vsg_tf.handover.description import Layer
from vsg_tf.handover.runs import Run, items_of_runs

SECONDS = 2


def _runs(rate, count=40):
    """Overlapping sounds with soft ends, some of which reach beyond the clip."""
    generator = np.random.default_rng(0)
    starts = np.sort(generator.integers(-1000, SECONDS * rate, count))
    runs = []
    for event, start in enumerate(starts):
        length = int(generator.integers(50, rate // 3))
        shape = np.minimum(1, np.minimum(np.arange(length), length - 1 - np.arange(length)) / 20)
        sound = noise(length, 2, event, 0.03) * shape[:, None].astype("f4")
        runs.append(Run(int(start), sound, event))
    return runs


def _sum(parts, samples):
    total = np.zeros((samples, 2))
    for start, waveform in parts:
        first, last = max(0, start), min(samples, start + len(waveform))
        total[first:last] += waveform[first - start : last - start]
    return total


@pytest.mark.parametrize(
    ("rate", "wanted"),
    [(48_000, 48_000), (44_100, 48_000), (48_000, 44_100), (22_050, 48_000), (48_000, 47_952)],
)
def test_items_sum_to_the_runs(rate, wanted):
    samples = SECONDS * wanted
    runs = _runs(rate)
    items = list(items_of_runs(iter(runs), samples, rate, wanted, gain_db=-6))
    assert [item.start for item in items] == sorted(item.start for item in items)
    assert all(item.start + item.length <= samples for item in items)
    assert {item.event for item in items} == set(range(len(runs)))
    total = _sum([(item.start, item.heard()) for item in items], samples)
    # The sum of all runs with what is before and after the clip, at the other rate in one piece.
    step = rate // np.gcd(rate, wanted)
    lead = 40 * step if rate != wanted else 2000
    whole = _sum([(start + lead, wave) for start, wave, *_ in runs], SECONDS * rate + lead + rate)
    expected = resample(whole, rate, wanted)[lead * wanted // rate :][:samples] * 10 ** (-6 / 20)
    assert np.abs(total).max() > 0.05
    assert worst_db(total, expected) < -100


def test_a_session_at_another_rate_is_the_stem_too(tmp_path):
    rate, wanted = 44_100, 48_000
    runs = _runs(rate)
    stem = _sum([(start, wave) for start, wave, *_ in runs], SECONDS * rate).astype("f4")
    times = [max(0, run.start) / rate for run in runs]
    layer = Layer(
        "steps",
        event_track(times),
        2,
        lambda: resampled_blocks(np.array_split(stem, 7), rate, wanted),
        lambda: items_of_runs(runs, SECONDS * wanted, rate, wanted),
    )
    session = make_session(
        tmp_path / "in", layers=(layer,), duration_s=Fraction(SECONDS), sample_rate=wanted
    )
    folder = write_handover(tmp_path / "out", session, ["stems"], 24)
    found = read(folder / "stems/steps.wav")
    assert len(found) == SECONDS * wanted
    assert worst_db(found, resample(stem, rate, wanted)) < -120
    items = sum(len(read(path)) > 0 for path in (folder / "items/steps").glob("steps_0*.wav"))
    assert items == len(runs)
    # A run that is cut off at the clip's end rings there; nothing else is left for the rest.
    rest = folder / "items/steps/steps_rest.wav"
    assert not rest.exists() or np.abs(read(rest))[600:-600].max() < 10 ** (-95 / 20)


def test_handles_fades_and_gains_of_runs_become_the_items(tmp_path):
    rate = 48_000
    sound = noise(20_000, 2, 1, 0.05)
    runs = [
        Run(3000, sound, 0, before=2000, after=5000, fade_in=100, fade_out=900),
        Run(rate * SECONDS - 100, sound, 1, before=2000, after=5000, fade_in=100, fade_out=900),
    ]
    gains = np.array([-6.0, np.nan])
    inside, cut = items_of_runs(runs, SECONDS * rate, rate, rate, gain_db=2.0, gains=gains)
    assert (inside.start, inside.length, inside.before, inside.after) == (3000, 13_000, 2000, 5000)
    assert (inside.fade_in, inside.fade_out, inside.gain_db) == (100, 900, -6.0)
    np.testing.assert_allclose(inside.waveform, sound * 10 ** (8 / 20), rtol=1e-5)
    # What does not lie within the clip is cut, and so are its handles.
    assert (cut.start, cut.length, cut.before, cut.after) == (rate * SECONDS - 100, 100, 0, 0)
    expected = sound[2000:2100] * np.arange(100)[:, None] / 100 * 10 ** (2 / 20)
    np.testing.assert_allclose(cut.heard(), expected, atol=1e-6)
    (moved,) = items_of_runs(runs[:1], SECONDS * 44_100, rate, 44_100)
    fades = np.minimum(1, np.minimum(np.arange(13_000) / 100, np.arange(13_000, 0, -1) / 900))
    heard = np.zeros((rate * SECONDS, 2))
    heard[3000:16_000] = sound[2000:15_000] * fades[:, None]
    total = _sum([(moved.start, moved.heard())], SECONDS * 44_100)
    assert worst_db(total, resample(heard, rate, 44_100)) < -100
