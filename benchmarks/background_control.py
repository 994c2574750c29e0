"""What `--background` does: level of the quietest tenth of the result against its peak.

    python benchmarks/background_control.py --references RECORDINGS --background AMBIENCE

Recordings set aside for validation get an ambience set aside for validation, 20 dB below their mean
power, and are the references of a clip of 6 s with an event every 1.5 s. Every renderer plays it
with each value of the control. Intervals are 95 % bootstrap over references.
"""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from vsg_tf.command import run
from vsg_tf.inference.renderers.names import RendererName

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
CONTROLS = (0.0, 0.25, 0.5, 0.75, 1.0)
SECONDS, EVERY, SNR_DB = 6.0, 1.5, 20.0


def _chosen(folders: list[Path], match: str, fraction: float, count: int) -> list[Path]:
    """One validation recording of each family, in an order that does not depend on the others."""
    from vsg_tf.data.synthetic.sources import find_recordings, is_validation, stable_fraction

    recordings = find_recordings(folders)
    valid = is_validation(recordings, match, fraction)
    firsts = {r.family: r for r in reversed(recordings) if r.family in valid}
    return [r.path for r in sorted(firsts.values(), key=lambda r: stable_fraction(r.name))][:count]


def _mixture(recording: Path, ambience: Path, rate: int) -> np.ndarray:
    from vsg_tf.audio.reading import load_audio
    from vsg_tf.data.synthetic.arrangement import add_background, take_excerpt

    clean = load_audio(recording, rate)[: round(SECONDS * rate)]
    noise = take_excerpt(load_audio(ambience, rate), len(clean), np.random.default_rng(0))
    return add_background(clean, noise, SNR_DB)[0]


@app.command()
def main(
    references: Annotated[
        list[Path], typer.Option(help="Folder of recordings; may be given several times.")
    ],
    background: Annotated[
        list[Path], typer.Option(help="Folder of ambience; may be given several times.")
    ],
    model: Annotated[Path | None, typer.Option(help="Model folder; default: what ships.")] = None,
    renderer: Annotated[
        list[RendererName] | None, typer.Option(help="Renderers to compare; default: all.")
    ] = None,
    count: Annotated[int, typer.Option(help="References.", min=2)] = 24,
    valid_match: Annotated[str, typer.Option(help="As in vsg prepare synthetic.")] = "(^|/)4-",
    valid_fraction: Annotated[float, typer.Option(help="As in vsg prepare synthetic.")] = 0.1,
) -> None:
    """Print a Markdown table: noise floor in dB for each value of the control."""
    import tempfile

    import soundfile

    from vsg_tf.events import EventTrack
    from vsg_tf.inference.options import RenderOptions
    from vsg_tf.inference.synthesizer import Synthesizer
    from vsg_tf.metrics.background import noise_floor
    from vsg_tf.metrics.statistics import bootstrap_mean
    from vsg_tf.timing.timing import Timing

    synthesizer = Synthesizer.load(model)
    rate = synthesizer.sample_rate
    sounds = _chosen(references, valid_match, valid_fraction, count)
    rooms = _chosen(background, valid_match, valid_fraction, count)
    times = np.arange(0.5, SECONDS - 0.5, EVERY)
    unknown = np.full(len(times), np.nan)  # each sounds as long as it does in the recording
    timing = Timing(SECONDS, EventTrack(times, np.ones(len(times)), unknown))
    names = renderer or list(RendererName)
    floors = {(name, value): [] for name in names for value in CONTROLS}
    for index, path in enumerate(sounds):
        with tempfile.TemporaryDirectory() as folder:
            mixed = Path(folder) / "reference.wav"
            soundfile.write(mixed, _mixture(path, rooms[index % len(rooms)], rate), rate)
            voice = synthesizer.voice(mixed)
        for (name, value), values in floors.items():
            options = RenderOptions(background=value, renderer=name)
            made = synthesizer.render(timing, voice, options).mono(rate)
            values.append(noise_floor(made))
    print(f"{len(sounds)} references with an ambience at {SNR_DB:g} dB SNR; floor in dB\n")
    print(f"| renderer | {' | '.join(f'{value:g}' for value in CONTROLS)} |")
    print(f"|---|{'---|' * len(CONTROLS)}")
    for name in names:
        estimates = [bootstrap_mean(floors[name, value]) for value in CONTROLS]
        cells = [f"{one.mean:.1f} [{one.low:.1f}, {one.high:.1f}]" for one in estimates]
        print(f"| {name.value} | {' | '.join(cells)} |")


if __name__ == "__main__":
    run(app)
