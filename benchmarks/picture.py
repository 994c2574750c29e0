"""One pair as a picture: mels of the reference, of the clip's own sound, and of what was made.

    python benchmarks/picture.py --video CLIP --reference SOUND --out PICTURE.png

Lines mark the onsets of the clip's own sound, triangles the events that were played.
"""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from vsg_tf.atomic import atomic_path
from vsg_tf.command import run
from vsg_tf.extras import require
from vsg_tf.inference.renderers.names import DEFAULT_RENDERER, RendererName

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    video: Annotated[Path, typer.Option(help="Clip with its own sound.")],
    reference: Annotated[Path, typer.Option(help="Recording whose timbre is wanted.")],
    out: Annotated[Path, typer.Option(help="PNG to write.")],
    truth: Annotated[Path | None, typer.Option(help="The clip's sound, if it has none.")] = None,
    model: Annotated[Path | None, typer.Option(help="Model folder; default: what ships.")] = None,
    renderer: Annotated[RendererName, typer.Option(help="How it is rendered.")] = DEFAULT_RENDERER,
    title: Annotated[str, typer.Option(help="Over the picture.")] = "",
) -> None:
    """Write a picture of what the model makes of a pair."""
    from vsg_tf.audio.mel import LogMel
    from vsg_tf.audio.onsets import events_from_audio
    from vsg_tf.audio.reading import load_audio
    from vsg_tf.inference.options import RenderOptions
    from vsg_tf.inference.synthesizer import Synthesizer
    from vsg_tf.video.clip import Clip

    matplotlib = require("matplotlib", extra="eval")
    matplotlib.use("Agg")
    from matplotlib import pyplot

    synthesizer = Synthesizer.load(model)
    rate, timebase = synthesizer.sample_rate, synthesizer.timebase
    with Clip.open(video) as clip:
        timing = synthesizer.picture(clip)
    voice = synthesizer.voice(reference)
    rendering = synthesizer.render(timing, voice, RenderOptions(renderer=renderer))
    events, made = rendering.timing.events, rendering.mono(rate)
    own = load_audio(truth or video, rate)[: len(made)]
    onsets = events_from_audio(own, timebase)[0]
    log_mel = LogMel(synthesizer.config.audio)
    shown = {
        "reference": voice.sounds[0].mono(rate)[: len(made)],
        "the clip's own sound": own,
        "made": made,
    }
    figure, axes = pyplot.subplots(3, 1, figsize=(8, 6), sharex=True, constrained_layout=True)
    for axis, (name, waveform) in zip(axes, shown.items(), strict=True):
        mel = log_mel(waveform)
        extent = (0, len(mel) / timebase.mel_rate, 0, mel.shape[1])
        axis.imshow(mel.T, origin="lower", aspect="auto", extent=extent, vmin=0, vmax=0.9)
        axis.set(ylabel=name, yticks=[], xlim=(0, len(made) / rate))
    for axis in axes[1:]:
        for onset in onsets:
            axis.axvline(onset, color="white", linestyle="--", linewidth=0.8)
    axes[2].plot(events.times, np.full(len(events), 3.0), "^", color="red", clip_on=False)
    axes[0].set_title(title)
    axes[2].set_xlabel("time (s)")
    with atomic_path(out, overwrite=True) as temporary:
        figure.savefig(temporary, dpi=70, format="png")


if __name__ == "__main__":
    run(app)
