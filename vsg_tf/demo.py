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
    """Give a silent clip its sound twice: timed by its picture, and by a guide sound."""
    from vsg_tf.atomic import atomic_path, check_outputs
    from vsg_tf.audio.mel import LogMel
    from vsg_tf.audio.reading import load_audio
    from vsg_tf.data.synthetic.clip_files import DEMO_FILES, render_demo
    from vsg_tf.demo_picture import Panel, draw_panels
    from vsg_tf.inference.job import Job
    from vsg_tf.inference.jobs import JobSettings, Voices, run_job
    from vsg_tf.inference.synthesizer import Synthesizer
    from vsg_tf.timing.sources import PICTURE, guide_request

    synthesizer = Synthesizer.load(model)
    names = ["demo.mp4", "demo.wav", "demo.png"]
    if synthesizer.uses_events:
        names += ["demo_events.csv", "demo_guide.mp4", "demo_guide.wav", "demo_guide_events.csv"]
    check_outputs([output / name for name in (*DEMO_FILES, *names)], overwrite=overwrite)
    material = render_demo(output)
    truth = json.loads(material["truth"].read_text(encoding="utf-8"))
    voices, settings = Voices(synthesizer), JobSettings(overwrite=overwrite)
    references = (material["reference"],)
    mel, rate = LogMel(synthesizer.config.audio), synthesizer.timebase.mel_rate

    def panel(title, name, timing, expected) -> Panel:
        wav = output / f"{name}.wav"
        listing = output / f"{name}_events.csv" if synthesizer.uses_events else None
        job = Job(
            references,
            output / f"{name}.mp4",
            material["video"],
            timing=timing,
            wav=wav,
            events_out=listing,
        )
        events = run_job(synthesizer, voices, job, settings).events
        played = () if events is None else events.times
        return Panel(title, mel(load_audio(wav, synthesizer.sample_rate)), rate, expected, played)

    panels = [
        Panel("Reference recording", voices.get(references).mel, rate),
        panel(
            "From the picture: lines mark what is seen, triangles what is played",
            *("demo", PICTURE, truth["visual_onsets_s"]),
        ),
    ]
    if synthesizer.uses_events:
        request = guide_request(str(material["guide"]))
        guide = load_audio(material["guide"], synthesizer.sample_rate)
        panels += [
            Panel("Guide, as somebody performed it", mel(guide), rate),
            panel(
                "From the guide: lines mark what is performed, triangles what is played",
                *("demo_guide", request, truth["guide_onsets_s"]),
            ),
        ]
    with atomic_path(output / "demo.png", overwrite) as temporary:
        draw_panels(temporary, panels)
    for name in names:
        print(output / name)


if __name__ == "__main__":
    from vsg_tf.command import run

    run(app)
