"""Waveform to mel and back: a trained vocoder beside Griffin-Lim, on recordings it never heard.

    python benchmarks/copy_synthesis.py --vocoder RUN/model --valid-match '(^|/)4-' \\
        RECORDINGS...

The recordings set aside for validation are found as `vsg prepare audio` finds them, from the same
folders and options; one of each family is used, its first seconds. All systems get the same mels
and are scored on the same clips, in this process, on two threads. Means with 95 % bootstrap
intervals over clips, then the difference of each vocoder to Griffin-Lim with the p of Wilcoxon's
signed-rank test. The real-time factor is that of one mel of ten seconds, warm, the median of 5.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from vsg_tf.command import run
from vsg_tf.errors import InputError, VsgError
from vsg_tf.extras import require

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
THREADS = 2
PEAK = 0.9
RTF_SECONDS, RTF_RUNS = 10.0, 5

System = Callable[[np.ndarray], np.ndarray]  # mel [frames, M] to waveform


def _clips(folders, config, match, fraction, exclude, count, seconds) -> dict[str, np.ndarray]:
    from vsg_tf.audio.reading import load_audio
    from vsg_tf.data.synthetic.sources import find_recordings, is_validation, stable_fraction

    recordings = find_recordings(folders, exclude)
    valid = is_validation(recordings, match, fraction)
    firsts = {r.family: r for r in reversed(recordings) if r.family in valid}
    # By a hash, so that kinds of sound are mixed and more clips contain fewer.
    chosen = sorted(firsts.values(), key=lambda r: stable_fraction(r.name))
    clips = {}
    for recording in chosen:
        try:
            waveform = load_audio(recording.path, config.audio.sample_rate, seconds)
        except VsgError as error:
            print(f"left out: {error}")
            continue
        peak = np.abs(waveform).max()
        if peak > 1e-3 and len(waveform) > config.audio.n_fft:
            clips[recording.name] = waveform * (PEAK / peak)
        if len(clips) == count:
            break
    return clips


def _systems(config, vocoders: dict[str, Path]) -> dict[str, System]:
    import tensorflow as tf

    from vsg_tf.audio.griffin_lim import GriffinLim
    from vsg_tf.model_files import load_vocoder_dir

    systems: dict[str, System] = {}
    for name, path in vocoders.items():
        own, vocoder = load_vocoder_dir(path)
        if own.audio != config.audio:
            raise InputError(f"The vocoder {path} is for other mels than the first one.")
        signature = [tf.TensorSpec([None, None, config.audio.n_mels], tf.float32)]
        graph = tf.function(vocoder, input_signature=signature)
        systems[name] = lambda mel, graph=graph: graph(mel[None]).numpy()[0]
    for iterations in (32, 60):
        audio = config.audio.model_copy(update={"griffin_lim_iterations": iterations})
        griffin_lim = GriffinLim(audio)
        name = f"Griffin-Lim, {iterations} iterations"
        systems[name] = lambda mel, invert=griffin_lim: invert(mel[None]).numpy()[0]
    return systems


def _scores(made: np.ndarray, truth: np.ndarray, log_mel, rate: int) -> dict[str, float]:
    from vsg_tf.metrics.reconstruction import (
        log_spectral_distance,
        mel_l1,
        spectral_convergence,
    )
    from vsg_tf.metrics.speaker import speaker_cosine
    from vsg_tf.metrics.timbre import mfcc_distance

    return {
        "Resemblyzer cosine (energy trim)": speaker_cosine(made, truth, rate, "energy"),
        "log-spectral distance, dB": log_spectral_distance(made, truth),
        "spectral convergence, 4 resolutions": spectral_convergence(made, truth),
        "mel L1 (0.01 is 1 dB)": mel_l1(log_mel(made), log_mel(truth)),
        "MFCC distance": mfcc_distance(made, truth, rate),
    }


def _real_time_factor(system: System, mel: np.ndarray, seconds: float) -> float:
    system(mel)
    times = []
    for _ in range(RTF_RUNS):
        start = time.perf_counter()
        system(mel)
        times.append(time.perf_counter() - start)
    return float(np.median(times)) / seconds


@app.command()
def main(
    recordings: Annotated[list[Path], typer.Argument(help="Folders of recordings.")],
    vocoder: Annotated[
        list[Path], typer.Option(help="Model folder of a trained vocoder. Repeatable.")
    ],
    valid_match: Annotated[
        str | None, typer.Option(metavar="REGEX", help="As for vsg prepare audio.")
    ] = None,
    valid_fraction: Annotated[
        float, typer.Option(min=0, max=1, help="As for vsg prepare audio.")
    ] = 0.1,
    exclude: Annotated[str | None, typer.Option(metavar="REGEX", help="Leave these out.")] = None,
    clips: Annotated[int, typer.Option(min=2, help="Recordings to use at most.")] = 60,
    seconds: Annotated[float, typer.Option(min=0.5, help="Of each recording.")] = 5.0,
) -> None:
    """Print Markdown tables: scores of all systems, and differences to Griffin-Lim."""
    tf = require("tensorflow", extra="tensorflow")
    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    from vsg_tf.audio.mel import LogMel
    from vsg_tf.metrics.statistics import bootstrap_mean, compare_paired
    from vsg_tf.model_files import load_vocoder_dir

    config, _ = load_vocoder_dir(vocoder[0])
    names = {f"vocoder {path}" if len(vocoder) > 1 else "vocoder": path for path in vocoder}
    systems = _systems(config, names)
    log_mel, rate = LogMel(config.audio), config.audio.sample_rate
    sounds = _clips(recordings, config, valid_match, valid_fraction, exclude, clips, seconds)
    if len(sounds) < 2:
        raise InputError("Fewer than two recordings are for validation; see --valid-match.")
    scores: dict[str, list[dict[str, float]]] = {name: [] for name in systems}
    for sound in sounds.values():
        mel = log_mel(sound)
        for name, system in systems.items():
            scores[name].append(_scores(system(mel)[: len(sound)], sound, log_mel, rate))
    long = np.resize(np.concatenate(list(sounds.values())), round(RTF_SECONDS * rate))
    factors = {
        name: _real_time_factor(system, log_mel(long), RTF_SECONDS)
        for name, system in systems.items()
    }

    def values(system: str, measure: str) -> np.ndarray:
        return np.array([score[measure] for score in scores[system]])

    print(f"{len(sounds)} held-out recordings, {THREADS} threads\n")
    print(f"| measure | {' | '.join(systems)} |\n|---|{'---|' * len(systems)}")
    measures = list(next(iter(scores.values()))[0])
    for measure in measures:
        cells = [bootstrap_mean(values(name, measure)) for name in systems]
        text = " | ".join(f"{c.mean:.4f} [{c.low:.4f}, {c.high:.4f}]" for c in cells)
        print(f"| {measure} | {text} |")
    print(f"| real-time factor | {' | '.join(f'{f:.4f}' for f in factors.values())} |")
    base = list(systems)[-1]
    print(f"\n| vocoder less {base} | difference | p |\n|---|---|---|")
    for name in names:
        for measure in measures:
            (mean, low, high, _), p = compare_paired(values(base, measure), values(name, measure))
            print(f"| {name}: {measure} | {mean:+.4f} [{low:+.4f}, {high:+.4f}] | {p:.2g} |")


if __name__ == "__main__":
    run(app)
