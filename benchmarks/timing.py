"""Timing on real clips: what the model hears in the picture against the clip's own sound.

    python benchmarks/timing.py --model saved_models/default --videos FOLDER

Onset F1 at 100 ms (one-to-one matching by mir_eval) above its own chance level, the mean F1 of the
same events shifted circularly in time; and the correlation of the predicted envelope with the log
level of the sound, at lag 0 and at the best lag within 200 ms. Real onsets are themselves detected
in the sound, so that 1 is out of reach. Clips with at most 3 onsets a second, as strikes have, and
denser ones (machines, voices, crowds), of which no one could say where an event is, stand apart.
Intervals are 95 % bootstrap over clips.
"""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from vsg_tf.command import run
from vsg_tf.errors import InputError, VsgError

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
WINDOW = 0.1  # s
MOST_RATE = 3.0  # onsets a second of clips whose events can be told apart


def score_timing(synthesizer, video: Path) -> dict[str, float]:
    """What the table has means of, for one clip."""
    from vsg_tf.audio.onsets import envelope_from_audio, events_from_audio
    from vsg_tf.audio.reading import load_audio
    from vsg_tf.metrics.alignment import envelope_correlation, onset_chance, onset_scores
    from vsg_tf.video.clip import Clip

    timebase = synthesizer.timebase
    with Clip.open(video) as clip:
        features = synthesizer.features(clip)
    count = len(features)
    sound = load_audio(video, synthesizer.sample_rate)
    truth = events_from_audio(sound, timebase)[0]
    if len(truth) == 0:
        raise InputError(f"{video} has no onset in its sound.")
    level = envelope_from_audio(sound, timebase, count)
    found = synthesizer.timing_of(features).events.times
    predicted = 1 / (1 + np.exp(-synthesizer.event_logits(features)[:, 0]))
    duration = count / timebase.feature_rate
    f1 = onset_scores(truth, found, WINDOW)["f1"]
    chance = onset_chance(truth, found, WINDOW, duration)["f1"]
    envelope = envelope_correlation(predicted, level, timebase.feature_rate)
    return {
        "F1 at 100 ms": f1,
        "its chance": chance,
        "F1 above chance": f1 - chance,
        "envelope r, lag 0": envelope["r"],
        "envelope r, best lag": envelope["best"],
        "events found": len(found),
        "onsets in the sound": len(truth),
        "onsets a second": len(truth) / duration,
    }


@app.command()
def main(
    videos: Annotated[Path, typer.Option(help="Folder of videos with sound.")],
    model: Annotated[Path | None, typer.Option(help="Model folder; default: what ships.")] = None,
) -> None:
    """Print a Markdown table of timing scores."""
    from vsg_tf.inference.synthesizer import Synthesizer
    from vsg_tf.metrics.statistics import bootstrap_mean

    synthesizer = Synthesizer.load(model)
    scores = []
    for video in sorted(videos.rglob("*.mp4")):
        try:
            scores.append(score_timing(synthesizer, video))
        except VsgError as error:
            print(f"left out: {error}")
    if not scores:
        raise InputError(f"No clip under {videos} could be scored.")
    sparse = np.array([score["onsets a second"] <= MOST_RATE for score in scores])
    groups = {"all": np.ones(len(scores), bool), "at most 3 onsets a second": sparse}
    groups["more"] = ~sparse
    heads = [f"{name} ({mask.sum()} clips)" for name, mask in groups.items()]
    print(f"| measure | {' | '.join(heads)} |\n|---|{'---|' * len(heads)}")
    for name in scores[0]:
        values = np.array([score[name] for score in scores])
        estimates = [bootstrap_mean(values[mask]) for mask in groups.values()]
        cells = [f"{one.mean:.3f} [{one.low:.3f}, {one.high:.3f}]" for one in estimates]
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    run(app)
