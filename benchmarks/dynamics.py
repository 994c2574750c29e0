"""How far strengths that are seen in a picture should spread.

    python benchmarks/dynamics.py --videos CLIPS

Events from the picture within 100 ms of an onset of the clip's own sound are compared with it: the
true strength (30 dB for the whole range) against the predicted one, each less its mean over the
clip. Printed for several `--dynamics`: the mean absolute level error of an event in dB. 0 plays all
events alike.
"""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from timing import WINDOW

from vsg_tf.command import run
from vsg_tf.errors import InputError, VsgError
from vsg_tf.events import STRENGTH_RANGE_DB

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
AMOUNTS = (0.0, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0)
FEWEST = 3  # matched events in a clip


def _strengths(synthesizer, path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Predicted and true strengths of events that are both seen and heard, dB."""
    from vsg_tf.audio.onsets import events_from_audio
    from vsg_tf.audio.reading import load_audio
    from vsg_tf.video.clip import Clip

    sound = load_audio(path, synthesizer.sample_rate)
    times, strengths, _ = events_from_audio(sound, synthesizer.timebase)
    with Clip.open(path) as clip:
        seen = synthesizer.picture(clip).events
    predicted, true = [], []
    for time, strength in zip(seen.times, seen.strengths, strict=True):
        near = int(np.abs(times - time).argmin()) if len(times) else -1
        if near >= 0 and abs(times[near] - time) <= WINDOW:
            predicted.append(strength)
            true.append(strengths[near])
    return STRENGTH_RANGE_DB * np.array(predicted), STRENGTH_RANGE_DB * np.array(true)


@app.command()
def main(
    videos: Annotated[
        list[Path],
        typer.Option(help="Folder of real clips with sound; may be given several times."),
    ],
    model: Annotated[Path | None, typer.Option(help="Model folder; default: what ships.")] = None,
) -> None:
    """Print a Markdown table."""
    from vsg_tf.inference.synthesizer import Synthesizer

    synthesizer = Synthesizer.load(model)
    pairs = []
    for path in sorted(path for folder in videos for path in folder.rglob("*.mp4")):
        try:
            predicted, true = _strengths(synthesizer, path)
        except VsgError as error:
            print(f"left out: {error}")
            continue
        if len(predicted) >= FEWEST:
            pairs.append((predicted - predicted.mean(), true - true.mean()))
    if not pairs:
        raise InputError("No clip has three events that are both seen and heard.")
    predicted, true = (np.concatenate(each) for each in zip(*pairs, strict=True))
    r = np.corrcoef(predicted, true)[0, 1]
    print(f"{len(pairs)} clips, {len(true)} events, r {r:.2f}\n\n| dynamics | level error, dB |")
    print("|---|---|")
    for amount in AMOUNTS:
        print(f"| {amount:g} | {np.abs(true - amount * predicted).mean():.2f} |")


if __name__ == "__main__":
    run(app)
