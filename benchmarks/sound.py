"""What the default renderer makes of recordings: what an editor hears, and marks beside others.

    python benchmarks/sound.py --videos CLIPS --references RECORDINGS

First a table of named cases: tails, sounds that last, takes, in the recording and in the result.
Then, for 40 recordings on which settings were chosen and 57 on which none was, the probes of
`sound_probes.py`, and the marks of `renderers.py` with true events (the onsets of a real clip's own
sound, with their strengths and durations) for the recording itself, repeated, for the sampler of
vsg_tf/baselines with the same events, and for grains. No network is run. Intervals are 95 %
bootstrap over recordings.
"""

import time
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from likeness import (
    BASE,
    MARKS,
    TUNED,
    UNTOUCHED,
    clips_of,
    marks_of,
    print_table,
    recordings_of,
    retrieval,
)
from sound_cases import print_cases
from sound_probes import PROBES, probe

from vsg_tf.audio.reading import Sound, load_reference
from vsg_tf.baselines.sampler import cut_takes, paste
from vsg_tf.command import run
from vsg_tf.grains.kinds import Kind
from vsg_tf.grains.material import Material, prepare
from vsg_tf.grains.options import GrainOptions
from vsg_tf.grains.performance import perform
from vsg_tf.timing.timing import Timing

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
BOUND, SAMPLER, GRAINS = "recording, repeated", "sampler", "grains"
RATES = (22050, 48000)


def play(material: Material, clip, options: GrainOptions) -> tuple[np.ndarray, float]:
    """A clip's events: waveform `[samples]` at the time base's rate, and the real-time factor."""
    start = time.process_time()
    made = perform(material, Timing(clip.seconds, clip.events), options)
    waveform = np.concatenate(list(made.blocks()))
    taken = (time.process_time() - start) / clip.seconds
    return Sound(waveform, material.sample_rate).mono(BASE.sample_rate), taken


def measure(recordings, clips, options: GrainOptions, keep: Path | None):
    """Marks of each system, probes, and which recordings last."""
    import soundfile

    marks = {name: {key: [] for key in MARKS} for name in (BOUND, SAMPLER, GRAINS)}
    made = {name: [] for name in marks}
    probes = {GRAINS: {key: [] for key in PROBES}}
    heard, lasting = [], []
    for index, recording in enumerate(recordings):
        clip = clips[index % len(clips)]
        sound = load_reference(recording.path).within(*RATES)
        material = prepare([sound])
        lasting.append(material.takes[0].kind is Kind.LASTING)
        heard.append(sound.mono(BASE.sample_rate))
        found = probe(material, sound)
        count = len(clip.sound)
        ours, found["rtf"] = play(material, clip, options)
        for key, value in found.items():
            probes[GRAINS][key].append(value)
        pasted = paste(cut_takes(heard[-1], BASE), clip.events, count, BASE.sample_rate)
        results = {BOUND: np.resize(heard[-1], count), SAMPLER: pasted, GRAINS: ours}
        for name, waveform in results.items():
            made[name].append(waveform)
            for key, value in marks_of(waveform, heard[-1], clip).items():
                marks[name][key].append(value)
            if keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                stem = f"{index:02d}-{recording.name.replace('/', '-')}-{name.split(',')[0]}"
                soundfile.write(keep / f"{stem}.wav", waveform, BASE.sample_rate)
    for name, rows in marks.items():
        rows.update(retrieval(made[name], heard))
    return marks, probes, np.array(lasting)


@app.command()
def main(
    videos: Annotated[
        list[Path],
        typer.Option(help="Folder of real clips with sound; may be given several times."),
    ],
    references: Annotated[
        list[Path], typer.Option(help="Folder of recordings; may be given several times.")
    ],
    untouched: Annotated[
        bool, typer.Option(help="Also the recordings on which no setting was chosen.")
    ] = True,
    cases: Annotated[bool, typer.Option(help="Also the table of named cases.")] = True,
    valid_match: Annotated[str, typer.Option(help="As in vsg prepare synthetic.")] = "(^|/)4-",
    valid_fraction: Annotated[float, typer.Option(help="As in vsg prepare synthetic.")] = 0.1,
    variation: Annotated[float, typer.Option(help="As in vsg generate.")] = 1.0,
    keep: Annotated[Path | None, typer.Option(help="Folder to keep the sounds in.")] = None,
    seed: Annotated[int, typer.Option(help="Of the choice of recordings.")] = 0,
) -> None:
    """Print Markdown tables."""
    clips = clips_of(videos)
    if cases:
        print_cases(references)
    sets = [("settings were chosen on these", TUNED, 0)]
    if untouched:
        sets.append(("no setting was chosen on these", UNTOUCHED, TUNED))
    for title, count, skip in sets:
        recordings = recordings_of(references, valid_match, valid_fraction, count, skip, seed)
        options = GrainOptions(variation=variation)
        marks, probes, lasting = measure(recordings, clips, options, keep)
        everything = np.ones(len(lasting), bool)
        print_table(f"Probes, {title}", PROBES, probes, everything)
        for kind, mask in (
            ("all", everything),
            ("single sounds", ~lasting),
            ("sounds that last", lasting),
        ):
            if mask.any():
                print_table(f"Marks, {title}, {kind}", MARKS, marks, mask)


if __name__ == "__main__":
    run(app)
