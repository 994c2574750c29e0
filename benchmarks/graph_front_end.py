"""The motion front end inside an exported graph against OpenCV's, on real clips.

    python benchmarks/graph_front_end.py --videos FOLDER

Correlation of features, by group, and F1 at 50 ms between the events that the model picks from
either; once from the same pixels, once from pictures sent as JPEG.
"""

from pathlib import Path
from typing import Annotated

import cv2
import mir_eval
import numpy as np
import typer

from vsg_tf.command import run
from vsg_tf.errors import InputError

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
_WINDOW = 0.05  # s
_JPEG_SIZE, _JPEG_QUALITY = (384, 256), 90


def _jpeg(picture: np.ndarray) -> bytes:
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])[1].tobytes()


def _correlations(own: np.ndarray, other: np.ndarray) -> dict[str, float]:
    from vsg_tf.frontends.motion.layout import CELL_CHANNELS, CELL_QUANTITIES, CELLS

    cells = CELLS * CELL_CHANNELS
    groups = {}
    for name, part in (("cells", slice(0, cells)), ("global", slice(cells, None))):
        groups[name] = np.corrcoef(own[:, part].ravel(), other[:, part].ravel())[0, 1]
    for name in ("speed", "acceleration", "difference"):
        column = slice(CELL_QUANTITIES.index(name), cells, CELL_CHANNELS)
        groups[name] = np.corrcoef(own[:, column].ravel(), other[:, column].ravel())[0, 1]
    return groups


def _agreement(own: np.ndarray, other: np.ndarray) -> float:
    if len(own) == 0 or len(other) == 0:
        return float(len(own) == len(other))
    return mir_eval.onset.f_measure(np.sort(own), np.sort(other), window=_WINDOW)[0]


@app.command()
def main(
    videos: Annotated[Path, typer.Option(help="Folder of videos.")],
    model: Annotated[Path | None, typer.Option(help="Model folder; default: what ships.")] = None,
) -> None:
    """Print a Markdown table."""
    import tensorflow as tf

    from vsg_tf.frontends.graph_pictures import decode_pictures
    from vsg_tf.frontends.motion import Motion
    from vsg_tf.frontends.motion.extraction import MotionFrontEnd
    from vsg_tf.frontends.motion.graph_motion import motion_features
    from vsg_tf.frontends.motion.layout import HEIGHT, WIDTH
    from vsg_tf.inference.synthesizer import Synthesizer
    from vsg_tf.video.clip import Clip

    synthesizer = Synthesizer.load(model)
    front_end = MotionFrontEnd(synthesizer.timebase)
    times_spec = tf.TensorSpec([None], tf.float64)
    pixels_spec = tf.TensorSpec([None, HEIGHT, WIDTH], tf.uint8)
    in_graph = tf.function(
        lambda pictures, times: motion_features(pictures, times, synthesizer.timebase),
        input_signature=[pixels_spec, times_spec],
    )
    from_files = tf.function(
        lambda files: decode_pictures(files, Motion.pictures),
        input_signature=[tf.TensorSpec([None], tf.string)],
    )
    rows: dict[str, list[dict[str, float]]] = {"same pixels": [], "pictures as JPEG": []}
    for video in sorted(videos.rglob("*.mp4")):
        with Clip.open(video) as clip:
            timed = list(clip.frames(WIDTH, HEIGHT))
            files = [_jpeg(picture) for _, picture in clip.frames(*_JPEG_SIZE)]
        times = np.array([time for time, _ in timed])
        own = front_end.extract_frames(timed)
        events = synthesizer.timing_of(own).events.times
        pixels = np.stack([picture for _, picture in timed])
        for name, pictures in (
            ("same pixels", pixels),
            ("pictures as JPEG", from_files(tf.constant(files))),
        ):
            other = in_graph(pictures, tf.constant(times)).numpy()
            scores = {f"r, {key}": value for key, value in _correlations(own, other).items()}
            found = synthesizer.timing_of(other).events.times
            scores["F1 of events, 50 ms"] = _agreement(events, found)
            scores["largest difference"] = float(np.abs(own - other).max())
            rows[name].append(scores)
    if not rows["same pixels"]:
        raise InputError(f"There is no .mp4 file under {videos}.")
    print(f"{len(rows['same pixels'])} clips; mean (worst clip)\n")
    print(f"| | {' | '.join(rows)} |\n|---|{'---|' * len(rows)}")
    for key in rows["same pixels"][0]:
        worst = max if key.startswith("largest") else min
        cells = [
            f"{np.mean([s[key] for s in scores]):.4f} ({worst(s[key] for s in scores):.4f})"
            for scores in rows.values()
        ]
        print(f"| {key} | {' | '.join(cells)} |")


if __name__ == "__main__":
    run(app)
