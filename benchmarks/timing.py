"""Timing on real clips: what the model hears in the picture against the clip's own sound.

    python benchmarks/timing.py --model saved_models/default --videos FOLDER

Onset F1 at 100 ms (one-to-one matching by mir_eval) above its own chance level, the mean F1 of the
same events shifted circularly in time; and the correlation of the predicted envelope with the log
level of the sound, at lag 0 and at the best lag within 200 ms. Real onsets are themselves detected
in the sound, so that 1 is out of reach. Intervals are 95 % bootstrap over clips.
"""

from pathlib import Path
from typing import Annotated

import mir_eval
import numpy as np
import typer

from vsg_tf.command import run
from vsg_tf.errors import InputError, VsgError

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
WINDOW, SHIFTS, MOST_LAG = 0.1, 24, 0.2


def _f1(truth: np.ndarray, found: np.ndarray) -> float:
    if len(truth) == 0 or len(found) == 0:
        return 0.0
    return mir_eval.onset.f_measure(np.sort(truth), np.sort(found), window=WINDOW)[0]


def _chance(truth: np.ndarray, found: np.ndarray, duration: float) -> float:
    shifts = (np.arange(SHIFTS) + 0.5) / SHIFTS * duration
    return float(np.mean([_f1(truth, (found + shift) % duration) for shift in shifts]))


def _correlation(first: np.ndarray, second: np.ndarray) -> float:
    flat = first.std() < 1e-6 or second.std() < 1e-6
    return 0.0 if flat else float(np.corrcoef(first, second)[0, 1])


def _score(synthesizer, video: Path) -> dict[str, float]:
    from vsg_tf.audio.onsets import envelope_from_audio, events_from_audio
    from vsg_tf.audio.reading import load_audio

    timebase = synthesizer.timebase
    features = synthesizer.features(video)
    count = len(features)
    sound = load_audio(video, synthesizer.sample_rate)
    truth = events_from_audio(sound, timebase)[0]
    if len(truth) == 0:
        raise InputError(f"{video} has no onset in its sound.")
    level = envelope_from_audio(sound, timebase, count)
    found = synthesizer.detect_events(features).times
    predicted = synthesizer.networks.event_logits(features)[:, 0]
    duration = count / timebase.feature_rate
    most = round(MOST_LAG * timebase.feature_rate)
    lags = [
        _correlation(
            predicted[max(0, -lag) : count - max(0, lag)], level[max(0, lag) : count + min(0, lag)]
        )
        for lag in range(-most, most + 1)
    ]
    f1, chance = _f1(truth, found), _chance(truth, found, duration)
    return {
        "F1 at 100 ms": f1,
        "its chance": chance,
        "F1 above chance": f1 - chance,
        "envelope r, lag 0": lags[most],
        "envelope r, best lag": max(lags),
        "events found": len(found),
        "onsets in the sound": len(truth),
    }


@app.command()
def main(
    videos: Annotated[Path, typer.Option(help="Folder of videos with sound.")],
    model: Annotated[Path | None, typer.Option(help="Model folder; default: what ships.")] = None,
) -> None:
    """Print a Markdown table of timing scores."""
    from vsg_tf.inference.synthesizer import Synthesizer

    synthesizer = Synthesizer.load(model)
    scores = []
    for video in sorted(videos.rglob("*.mp4")):
        try:
            scores.append(_score(synthesizer, video))
        except VsgError as error:
            print(f"left out: {error}")
    if not scores:
        raise InputError(f"No clip under {videos} could be scored.")
    print(f"{len(scores)} clips\n\n| measure | mean | 95 % interval |\n|---|---|---|")
    rng = np.random.default_rng(0)
    for name in scores[0]:
        values = np.array([score[name] for score in scores])
        means = rng.choice(values, (2000, len(values))).mean(axis=1)
        low, high = np.percentile(means, [2.5, 97.5])
        print(f"| {name} | {values.mean():.3f} | {low:.3f} to {high:.3f} |")


if __name__ == "__main__":
    run(app)
