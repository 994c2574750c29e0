"""The background inside sounds, with known truth: clean recordings mixed with ambience.

    python benchmarks/cleaning.py --references RECORDINGS

Recordings whose quietest moments are silent are mixed with rain, wind, machines or sea at 5 to
25 dB under their loud moments (95th percentile of 50 ms). Printed, by that ratio: how much of the
background is left between the sounds; the distance of the sounds to the clean ones (log-mel, where
the clean sound is within 30 dB of its peak) without and with cleaning; signal-to-noise ratio of the
sounds likewise; and the MFCC distance of what is played to the clean recording when the material
was noisy and not cleaned, cleaned, and clean from the start.
"""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from sound_probes import played

from vsg_tf.audio.levels import rms_db
from vsg_tf.audio.mel import LogMel, level_db
from vsg_tf.audio.reading import Sound, load_reference
from vsg_tf.command import run
from vsg_tf.data.synthetic.sources import find_recordings
from vsg_tf.grains.cleaning import clean_waveform
from vsg_tf.grains.levels import level_curve
from vsg_tf.grains.material import prepare
from vsg_tf.grains.noise import find_noise
from vsg_tf.metrics.timbre import full_band, mfcc_distance

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
RATE = 22050
RATIOS = (5, 10, 15, 20, 25)
_SILENT_DB = 70.0  # below their loud moments the clean recordings get so quiet
_HEARD_DB = 30.0
_QUIET_DB = 55.0


def _mixed(clean: np.ndarray, noise: np.ndarray, ratio: float) -> np.ndarray:
    loud = np.percentile(level_curve(clean[:, None], RATE, 0.05), 95)
    noise = np.resize(noise, len(clean))
    return clean + noise * 10 ** ((loud - ratio - rms_db(noise)) / 20)


def _score(clean: np.ndarray, noisy: np.ndarray) -> dict[str, float]:
    found = find_noise(noisy[:, None], RATE)
    made = noisy if found is None else clean_waveform(noisy[:, None], RATE, found)[:, 0]
    level = level_curve(clean[:, None], RATE, 0.05)
    at = np.minimum(np.arange(len(clean)) * len(level) // len(clean), len(level) - 1)
    heard, quiet = (level > level.max() - _HEARD_DB)[at], (level < level.max() - _QUIET_DB)[at]
    mel = LogMel(full_band(RATE))
    truth, before, after = (np.maximum(level_db(mel(one)), -60) for one in (clean, noisy, made))
    frames = heard[:: len(clean) // len(truth) + 1]
    frames = np.interp(np.arange(len(truth)), np.linspace(0, len(truth), len(level)), level)
    frames = frames > level.max() - _HEARD_DB
    power = np.mean(clean[heard] ** 2)
    scores = {
        "found": float(found is not None),
        "left": rms_db(made[quiet]) - rms_db(noisy[quiet]) if quiet.sum() > RATE // 5 else np.nan,
        "distance before": float(np.abs(truth - before)[frames].mean()),
        "distance after": float(np.abs(truth - after)[frames].mean()),
        "SNR before": 10 * np.log10(power / np.mean((noisy - clean)[heard] ** 2)),
        "SNR after": 10 * np.log10(power / np.mean((made - clean)[heard] ** 2)),
    }
    noisy_material = prepare([Sound(noisy.astype(np.float32)[:, None], RATE)])
    raw = replace(noisy_material, clean=noisy.astype(np.float32)[:, None])
    for name, material in (
        ("MFCC noisy", raw),
        ("MFCC cleaned", noisy_material),
        ("MFCC clean", prepare([Sound(clean.astype(np.float32)[:, None], RATE)])),
    ):
        result = played(material, np.arange(0.5, 9, 1.1))[:, 0]
        scores[name] = mfcc_distance(result, clean, RATE)
    return scores


@app.command()
def main(
    references: Annotated[
        list[Path], typer.Option(help="Folder of recordings; may be given several times.")
    ],
    ambience: Annotated[
        str, typer.Option(help="Names of recordings that are ambience, separated by commas.")
    ] = "rain,sea_waves,helicopter,windloop,fanloop",
    count: Annotated[int, typer.Option(help="Clean recordings.", min=1)] = 24,
    seed: Annotated[int, typer.Option(help="Of the choice.")] = 0,
) -> None:
    """Print a Markdown table."""
    rng = np.random.default_rng(seed)
    recordings = find_recordings(references)
    noises = [r for r in recordings if any(word in r.name for word in ambience.split(","))]
    order = rng.permutation(len(recordings))
    clean = []
    for index in order:
        recording = recordings[index]
        if recording in noises:
            continue
        wave = load_reference(recording.path).mono(RATE)
        level = level_curve(wave[:, None], RATE, 0.05)
        if len(wave) > 2 * RATE and level.max() - np.percentile(level, 15) > _SILENT_DB:
            clean.append(wave)
        if len(clean) == count:
            break
    rows: dict[float, list[dict[str, float]]] = {ratio: [] for ratio in RATIOS}
    for wave in clean:
        noise = load_reference(noises[rng.integers(len(noises))].path).mono(RATE)
        for ratio in RATIOS:
            rows[ratio].append(_score(wave, _mixed(wave, noise, ratio)))
    names = list(rows[RATIOS[0]][0])
    print(f"{len(clean)} recordings\n\n| noise, dB under the sounds | {' | '.join(names)} |")
    print(f"|---|{'---|' * len(names)}")
    for ratio, scores in rows.items():
        means = [np.nanmean([score[name] for score in scores]) for name in names]
        print(f"| {ratio} | {' | '.join(f'{mean:.2f}' for mean in means)} |")


if __name__ == "__main__":
    run(app)
