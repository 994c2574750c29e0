"""Recordings beside what is played with them, as spectrograms.

    python benchmarks/sound_picture.py --references RECORDINGS --output sounds.png

Two columns: the recording, and five events with it, of 0.15, 0.3, 0.6, 1 and 2 s where it lasts or
can be held, otherwise as long as the sound is. Lines mark the events.
"""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from vsg_tf.audio.mel import LogMel
from vsg_tf.audio.reading import Sound, load_reference
from vsg_tf.command import run
from vsg_tf.errors import InputError
from vsg_tf.grains.kinds import Kind
from vsg_tf.grains.material import prepare
from vsg_tf.metrics.timbre import full_band

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
RATE = 22050
CASES = (
    "dog_bark/4-184575*",
    "clock_tick/4-175945*",
    "explosion_01*",
    "wolf_howl*",
    "chainsaw/1-19898-A*",
    "rain/4-160999*",
    "fire_crackling/3-104958*",
    "laugh_evil_01*",
)
TIMES, LENGTHS, SECONDS = (0.3, 1.1, 1.9, 3.0, 4.5), (0.15, 0.3, 0.6, 1.0, 2.0), 7.0


@app.command()
def main(
    references: Annotated[
        list[Path], typer.Option(help="Folder of recordings; may be given several times.")
    ],
    output: Annotated[Path, typer.Option(help="PNG file to write.")],
    case: Annotated[
        list[str] | None, typer.Option(help="Pattern of a recording's path, instead of ours.")
    ] = None,
) -> None:
    """Draw the picture."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt
    from sound_probes import played

    files = sorted(path for folder in references for path in folder.rglob("*.*"))
    mel, cases = LogMel(full_band(RATE)), case or CASES
    figure, axes = plt.subplots(len(cases), 2, figsize=(11, 1.35 * len(cases)), squeeze=False)
    for (left, right), pattern in zip(axes, cases, strict=True):
        path = next((p for p in files if p.match(f"*{pattern}")), None)
        if path is None:
            raise InputError(f"No recording matches {pattern!r}.")
        sound = load_reference(path).within(22050, 48000)
        material = prepare([sound])
        held = material.takes[0].kind is not Kind.SINGLE
        made = played(material, TIMES, LENGTHS if held else None, SECONDS)
        gain = np.float32(10 ** (material.gain_db / 20))
        recorded = Sound(sound.waveform * gain, sound.sample_rate).mono(RATE)
        result = Sound(made, sound.sample_rate).mono(RATE)
        for axis, wave in ((left, recorded), (right, result)):
            values = mel(wave[: round(SECONDS * RATE)])
            extent = (0, len(values) * 256 / RATE, 0, 1)
            axis.imshow(values.T, origin="lower", aspect="auto", extent=extent, vmin=0.2, vmax=1)
            axis.set(xlim=(0, SECONDS), yticks=[])
            axis.tick_params(labelsize=6)
        right.vlines(TIMES, 0.93, 1, color="white", linewidth=1)
        left.set_title(f"{path.parent.name}/{path.stem}", fontsize=7, pad=2)
        right.set_title(material.takes[0].kind.value, fontsize=7, pad=2)
    figure.tight_layout(pad=0.4)
    figure.savefig(output, dpi=64)
    print(output)


if __name__ == "__main__":
    run(app)
