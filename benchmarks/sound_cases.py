"""Named cases: the recording's own value beside the result's."""

import itertools
from pathlib import Path

import numpy as np
from sound_probes import HIT, likeness, loop_autocorrelation, played, within

from vsg_tf.audio.levels import rms_db
from vsg_tf.audio.reading import Sound, load_reference
from vsg_tf.grains.levels import level_curve
from vsg_tf.grains.material import prepare

RATES = (22050, 48000)
TAILS = {
    "thunder": "*thunder_01*",
    "explosion": "*explosion_01*",
    "wolf howl": "*wolf_howl*",
    "door creak": "*creak1*",
    "glass": "*glass*_1*",
    "bell": "*perc_bell*",
}
LASTING = {"chainsaw": "*chainsaw/1-1*", "rain": "*rain/1-5*", "sea": "*sea_waves/1-9*"}
TAKES = {"clock tick": "*clock_tick/1-48*", "dog bark": "*dog_bark/1-3*", "glass": "*glass*_1*"}


def _find(folders: list[Path], pattern: str) -> tuple[str, Sound] | None:
    """The first recording of a name, and its sound."""
    for folder in folders:
        for path in sorted(folder.rglob("*.*")):
            if path.match(pattern):
                return path.stem, load_reference(path).within(*RATES)
    return None


def _head(*cells: str) -> None:
    print(f"\n| {' | '.join(cells)} |\n|{'---|' * len(cells)}")


def _row(*cells) -> None:
    print("| " + " | ".join(f"{c:.2f}" if isinstance(c, float) else str(c) for c in cells) + " |")


def print_cases(folders: list[Path]) -> None:
    """Print tables of tails, of sounds that last, of takes, and of bursts in noise."""
    _head("one event, `duration_s` 8: seconds within 20 / 40 dB", "recording", "result")
    for name, pattern in TAILS.items():
        if (found := _find(folders, pattern)) is None:
            continue
        stem, sound = found
        made = played(prepare([sound]), [0.5], [8.0])
        values = [
            f"{within(one, sound.sample_rate, 20):.2f} / {within(one, sound.sample_rate, 40):.2f}"
            for one in (sound.waveform, made)
        ]
        _row(f"{name} ({stem})", *values)
    _head("one event of 8 s", "recording", "result")
    for name, pattern in LASTING.items():
        if (found := _find(folders, pattern)) is None:
            continue
        stem, sound = found
        material = prepare([sound])
        inside = played(material, [0.5], [8.0])[sound.sample_rate : 8 * sound.sample_rate]
        recorded = sound.waveform * np.float32(10 ** (material.gain_db / 20))
        rate = sound.sample_rate
        _row(f"{name} ({stem}): level, dB", rms_db(recorded), rms_db(inside))
        loops = [loop_autocorrelation(one, rate) for one in (recorded, inside)]
        _row(f"{name}: loop autocorrelation", *loops)
        quiet = [
            level_curve(one, rate, 0.2)[20:-20].min() - rms_db(one) for one in (recorded, inside)
        ]
        _row(f"{name}: quietest 0.2 s, dB below the mean", *map(float, quiet))
    _head("13 events at strength 1", "takes", "likeness of successive hits", "level spread, dB")
    for name, pattern in TAKES.items():
        if (found := _find(folders, pattern)) is None:
            continue
        stem, sound = found
        material, rate = prepare([sound]), sound.sample_rate
        times = np.arange(0.5, 9.5, 0.7)
        made = played(material, times)
        starts = [round((time - 0.005) * rate) for time in times]
        hits = [made[s : s + round(HIT * rate)].mean(axis=1) for s in starts]
        alike = [likeness(a, b) for a, b in itertools.pairwise(hits)]
        levels = [level_curve(hit[:, None], rate, 0.02).max() for hit in hits]
        _row(
            f"{name} ({stem})",
            len(material.takes),
            f"{np.mean(alike):.2f}, at most {max(alike):.2f}",
            float(np.ptp(levels)),
        )
    _bursts()


def _bursts() -> None:
    """Three bursts of 0.15 s in 5 s of steady noise, 32 dB under their peak."""
    rate, rng = 44_100, np.random.default_rng(0)
    wave = 10 ** (-32 / 20) * rng.normal(size=5 * rate)
    for start in (1.0, 2.3, 3.9):
        first = round(start * rate)
        wave[first : first + round(0.15 * rate)] += rng.normal(size=round(0.15 * rate))
    sound = Sound((0.2 * wave).astype(np.float32)[:, None], rate)
    made = played(prepare([sound]), [0.5, 2.0, 3.5], seconds=5.0)
    _head("bursts in noise, background 0: level between them, dB below the peak", "")
    for name, one, at in (("recording", sound.waveform, 1.5), ("result", made, 1.2)):
        level = level_curve(one, rate, 0.1)
        _row(name, float(level[round(at / 0.005)] - level.max()))
