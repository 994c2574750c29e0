"""`python -m vsg_tf.demo`: the main job on material that the project renders itself."""

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


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
    from vsg_tf.atomic import atomic_path, check_outputs
    from vsg_tf.audio.mel import LogMel
    from vsg_tf.audio.reading import load_audio
    from vsg_tf.data.synthetic.clip_files import DEMO_FILES, render_demo
    from vsg_tf.demo_picture import Panel, draw_panels
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
    mel, rate = LogMel(synthesizer.config.audio), synthesizer.timebase.mel_rate
    panels = [
        Panel("Reference recording", voices.get((reference,)).mel, rate),
        Panel(
            "Result: lines mark what is seen, triangles what is played",
            mel(load_audio(wav, synthesizer.sample_rate)),
            rate,
            truth["visual_onsets_s"],
            () if events is None else events.times,
        ),
    ]
    with atomic_path(output / "demo.png", overwrite) as temporary:
        draw_panels(temporary, panels)
    for name in ("demo.mp4", "demo.wav", "demo.png"):
        print(output / name)


if __name__ == "__main__":
    from vsg_tf.command import run

    run(app)
