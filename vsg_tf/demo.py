"""`python -m vsg_tf.demo`: the main job on material that the project renders itself."""

import json
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from vsg_tf.extras import require

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def draw_picture(path: Path, reference, result, timebase, visual_events, played_events) -> None:
    """Mels of reference and result as a PNG, with the visual events marked.

    Args:
        path: PNG to write.
        reference: mel `[frames, n_mels]` of the reference, 0..1.
        result: mel `[frames, n_mels]` of the result, 0..1.
        timebase: gives the time axis.
        visual_events: seconds at which something visibly strikes.
        played_events: seconds at which the model let it sound.
    """
    matplotlib = require("matplotlib", extra="ui")
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(2, 1, figsize=(12, 7), constrained_layout=True)
    for axis, mel, title in zip(
        axes,
        (reference, result),
        ("Reference recording", "Result: lines mark what is seen, triangles what is played"),
        strict=True,
    ):
        extent = (0, len(mel) / timebase.mel_rate, 0, mel.shape[1])
        axis.imshow(mel.T, origin="lower", aspect="auto", extent=extent, vmin=0, vmax=0.9)
        axis.set(title=title, ylabel="mel band", xlabel="time (s)")
    for time in visual_events:
        axes[1].axvline(time, color="white", linestyle="--", linewidth=1)
    axes[1].plot(
        played_events,
        np.full(len(played_events), 2.0),
        "^",
        color="red",
        markersize=9,
        clip_on=False,
    )
    figure.savefig(path, dpi=90)
    pyplot.close(figure)


@app.command()
def demo(
    output: Annotated[Path, typer.Option(help="Folder for clip, reference and results.")] = Path(
        "out/demo"
    ),
    model: Annotated[
        Path | None, typer.Option(help="Model folder; default: the model that ships.")
    ] = None,
    overwrite: Annotated[bool, typer.Option(help="Replace outputs that exist.")] = False,
) -> None:
    """Render a silent clip with visible strikes and a reference, and give the clip a sound."""
    require("matplotlib", extra="ui")
    from vsg_tf.atomic import atomic_path, check_outputs
    from vsg_tf.audio.mel import LogMel
    from vsg_tf.audio.reading import load_audio
    from vsg_tf.data.synthetic.clip_files import DEMO_FILES, render_demo
    from vsg_tf.inference.jobs import Job, JobSettings, Voices, run_job
    from vsg_tf.inference.synthesizer import Synthesizer

    names = (*DEMO_FILES, "demo.mp4", "demo.wav", "demo.png", "demo_events.csv")
    check_outputs([output / name for name in names], overwrite=overwrite)
    material = render_demo(output)
    reference = material["reference"]
    truth = json.loads(material["truth"].read_text(encoding="utf-8"))
    synthesizer = Synthesizer.load(model)
    wav = output / "demo.wav"
    voices = Voices(synthesizer)
    job = Job(
        (reference,),
        output / "demo.mp4",
        material["video"],
        wav=wav,
        events_out=output / "demo_events.csv" if synthesizer.uses_events else None,
    )
    events = run_job(synthesizer, voices, job, JobSettings(overwrite=overwrite)).events
    waveform = load_audio(wav, synthesizer.sample_rate)
    with atomic_path(output / "demo.png", overwrite) as temporary:
        draw_picture(
            temporary,
            voices.get((reference,)).mel,
            LogMel(synthesizer.config.audio)(waveform),
            synthesizer.timebase,
            truth["visual_onsets_s"],
            [] if events is None else events.times,
        )
    for name in ("demo.mp4", "demo.wav", "demo.png"):
        print(output / name)


if __name__ == "__main__":
    from vsg_tf.command import run

    run(app)
