"""Renderers side by side: timbre, texture, timing and floor of what each makes.

    python benchmarks/renderers.py --videos CLIPS --references RECORDINGS

Each recording set aside for validation is given to one real clip with sound, whose onsets are
found in its sound (oracle timing) or, with --pixels, in its pictures; clips have at least 4 s and
at most 3 onsets a second. Every renderer plays the same events. The first column is
a bound, the recording repeated; the second is the sampler of vsg_tf/baselines, which pastes the
recording's loudest events at the same events. Recordings are used one of a family; the right
reference has to be nearest among 8 of them (MFCC, then mean mel). Onsets are compared with those of
the clip's own sound at 100 ms. Intervals are 95 % bootstrap over pairs.
"""

import time
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from likeness import MARKS, clips_of, marks_of, print_table, recordings_of, retrieval

from vsg_tf.command import run
from vsg_tf.errors import InputError
from vsg_tf.inference.renderers.names import RendererName

BOUND, SAMPLER = "recording, repeated", "sampler"
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
MEASURES = {**MARKS, "rtf": "real-time factor"}


def _timing(synthesizer, clip, pixels: bool):
    from vsg_tf.timing.timing import Timing
    from vsg_tf.video.clip import Clip

    if not pixels:
        return Timing(clip.seconds, clip.events)
    with Clip.open(clip.path) as opened:
        return synthesizer.picture(opened)


def _available(synthesizer) -> list[RendererName]:
    names = []
    for name in RendererName:
        try:
            synthesizer.check_renderer(name)
        except InputError as error:
            print(f"left out: {error}")
        else:
            names.append(name)
    return names


def _play(synthesizer, renderer, voice, timing):
    """Waveform `[samples]` at the model's rate, and the real-time factor."""
    from vsg_tf.inference.options import RenderOptions

    start = time.perf_counter()
    rendering = synthesizer.render(timing, voice, RenderOptions(renderer=renderer))
    waveform = rendering.mono(synthesizer.sample_rate)
    return waveform, (time.perf_counter() - start) / timing.duration_s


@app.command()
def main(
    videos: Annotated[
        list[Path],
        typer.Option(help="Folder of real clips with sound; may be given several times."),
    ],
    references: Annotated[
        list[Path], typer.Option(help="Folder of recordings; may be given several times.")
    ],
    model: Annotated[Path | None, typer.Option(help="Model folder; default: what ships.")] = None,
    renderer: Annotated[
        list[RendererName] | None,
        typer.Option(help="Renderers to compare; default: all that the model has networks for."),
    ] = None,
    pixels: Annotated[bool, typer.Option(help="Events from the picture.")] = False,
    count: Annotated[int, typer.Option(help="Pairs.", min=2)] = 48,
    skip: Annotated[
        int, typer.Option(help="Recordings left out first, as those that settings were tuned on.")
    ] = 0,
    valid_match: Annotated[str, typer.Option(help="As in vsg prepare synthetic.")] = "(^|/)4-",
    valid_fraction: Annotated[float, typer.Option(help="As in vsg prepare synthetic.")] = 0.1,
    keep: Annotated[Path | None, typer.Option(help="Folder to keep the sounds in.")] = None,
    seed: Annotated[int, typer.Option(help="Of the choice of recordings.")] = 0,
) -> None:
    """Print Markdown tables: recordings of single sounds, then sounds that last."""
    import soundfile

    from vsg_tf.baselines.sampler import cut_takes, paste
    from vsg_tf.grains.kinds import Kind
    from vsg_tf.inference.renderers.grains import material_of
    from vsg_tf.inference.synthesizer import Synthesizer

    synthesizer = Synthesizer.load(model)
    timebase, rate = synthesizer.timebase, synthesizer.sample_rate
    clips = clips_of(videos)
    recordings = recordings_of(references, valid_match, valid_fraction, count, skip, seed)
    names = renderer or _available(synthesizer)
    systems = [BOUND, SAMPLER, *(name.value for name in names)]
    rows = {name: {key: [] for key in MEASURES} for name in systems}
    made = {name: [] for name in systems}
    heard, lasting = [], []
    for index, recording in enumerate(recordings):
        clip = clips[index % len(clips)]
        timing = _timing(synthesizer, clip, pixels)
        voice = synthesizer.voice(recording.path)
        heard.append(voice.sounds[0].mono(rate))
        lasting.append(material_of(voice).takes[0].kind is Kind.LASTING)
        for name in rows:
            taken = np.nan
            if name == BOUND:
                waveform = np.resize(heard[-1], len(clip.sound))
            elif name == SAMPLER:
                takes = cut_takes(heard[-1], timebase)
                waveform = paste(takes, timing.events, len(clip.sound), rate)
            else:
                waveform, taken = _play(synthesizer, name, voice, timing)
            made[name].append(waveform)
            for key, value in marks_of(waveform, heard[-1], clip).items():
                rows[name][key].append(value)
            rows[name]["rtf"].append(taken)
            if keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                stem = recording.name.replace("/", "-")
                soundfile.write(keep / f"{index:02d}-{stem}-{name}.wav", waveform, rate)
    for name, row in rows.items():
        row.update(retrieval(made[name], heard))
    last = np.array(lasting)
    for title, mask in (
        ("All", np.ones(len(last), bool)),
        ("Single sounds", ~last),
        ("Sounds that last", last),
    ):
        if mask.any():
            print_table(title, MEASURES, rows, mask)


if __name__ == "__main__":
    run(app)
