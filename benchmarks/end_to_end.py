"""File to file, warm: seconds from a clip of ten seconds and a reference to the clip with sound.

    python benchmarks/end_to_end.py

Everything `vsg generate` does but starting the process and loading the model: reading the video and
the reference, motion features, networks, renderer, WAV, and the video with its new sound. Renderers
take turns within each round, on two threads; medians, and the slowest of the rounds. The machine's
other work shows in wall time, so CPU time of the whole process is beside it.
"""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer
from long_clip import write_clip, write_reference

from vsg_tf.command import run
from vsg_tf.inference.renderers.names import RendererName

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
THREADS = 2


@app.command()
def main(
    model: Annotated[Path | None, typer.Option(help="Model folder; default: what ships.")] = None,
    renderer: Annotated[
        list[RendererName] | None, typer.Option(help="Renderers to compare; default: all.")
    ] = None,
    seconds: Annotated[float, typer.Option(help="Length of the clip.", min=1)] = 10.0,
    rounds: Annotated[int, typer.Option(help="Repetitions.", min=1)] = 9,
) -> None:
    """Print a Markdown table of times."""
    import tensorflow as tf

    from vsg_tf.inference.job import Job
    from vsg_tf.inference.jobs import JobSettings, Voices, run_job
    from vsg_tf.inference.options import RenderOptions
    from vsg_tf.inference.synthesizer import Synthesizer

    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    synthesizer = Synthesizer.load(model)
    names = renderer or list(RendererName)
    wall = {name: [] for name in names}
    busy = {name: [] for name in names}
    with tempfile.TemporaryDirectory() as folder:
        video, reference = Path(folder) / "clip.mp4", Path(folder) / "reference.wav"
        write_clip(video, seconds)
        write_reference(reference)
        for number in range(rounds + 1):
            for name in names:
                settings = JobSettings(RenderOptions(renderer=name), overwrite=True)
                job = Job((reference,), Path(folder) / "out.mp4", video)
                start, cpu = time.perf_counter(), time.process_time()
                run_job(synthesizer, Voices(synthesizer), job, settings)
                if number:  # the first round compiles
                    wall[name].append(time.perf_counter() - start)
                    busy[name].append(time.process_time() - cpu)
    print(f"{seconds:g} s of video, {rounds} rounds\n")
    print("| renderer | s, median | s, slowest | CPU s, median | times real time |")
    print("|---|---|---|---|---|")
    for name in names:
        median = statistics.median(wall[name])
        print(
            f"| {name.value} | {median:.2f} | {max(wall[name]):.2f} "
            f"| {statistics.median(busy[name]):.2f} | {seconds / median:.0f} |"
        )


if __name__ == "__main__":
    run(app)
