"""One model on every runtime: latency, peak memory, start of a process, difference, size.

Exports the model, then measures each runtime in a process of its own, one after the other. The
waveform comes from Griffin-Lim, so that all of it is the runtime's work.
"""

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from long_clip import write_clip, write_reference

# Name and, for ONNX Runtime, threads.
RUNTIMES = {
    "TF eager": None,
    "TF tf.function": None,
    "TF SavedModel": None,
    "ONNX 1 thread": 1,
    "ONNX 2 threads": 2,
    "ONNX int8, 1 thread": 1,
    "ONNX int8, 2 threads": 2,
}
REFERENCE = "TF tf.function"


@dataclass
class Measurement:
    """Of one runtime: warm latencies and their CPU times (s), peak memory (MB), decoded mel."""

    seconds: list[float]
    cpu_seconds: list[float]
    memory: float
    mel: np.ndarray


class SavedModelNetworks:
    """The exported network signatures, called in this process; see `Networks`."""

    def __init__(self, folder: Path):
        import tensorflow as tf

        from vsg_tf.config import load_config

        self.config = load_config(folder / "config.yaml")
        self._tf, self._loaded = tf, tf.saved_model.load(str(folder))

    def _call(self, name, **inputs):
        signature = self._loaded.signatures[f"network_{name}"]
        return signature(**{key: self._tf.constant(value) for key, value in inputs.items()})

    def event_logits(self, features):
        return self._call("event_logits", features=features[None])["event_logits"].numpy()[0]

    def encode_reference(self, mel):
        return self._call("encode_reference", mel=mel[None])

    def decode(self, drive, reference, background, frames):
        inputs = {"drive": drive[None], "background": background[None], **reference}
        frames = np.array([frames], np.int32)
        return self._call("decode", **inputs, frames=frames)["mel"].numpy()[0]

    def waveform(self, mel, seed):
        seed = np.array([seed], np.int32)
        return self._call("waveform", mel=mel[None], seed=seed)["waveform"].numpy()[0]


def _networks(runtime: str, folder: Path):
    if RUNTIMES[runtime] is not None:
        from vsg_tf.inference.runtimes.onnx_networks import OnnxNetworks

        return OnnxNetworks(folder, threads=RUNTIMES[runtime])
    from vsg_tf.extras import start_tensorflow
    from vsg_tf.inference.runtimes.networks import load_networks

    start_tensorflow()
    if runtime == "TF SavedModel":
        return SavedModelNetworks(folder)
    if runtime == "TF eager":
        import tensorflow as tf

        networks = load_networks(folder, runtime="tensorflow")
        tf.config.run_functions_eagerly(True)
        return networks
    return load_networks(folder, runtime="tensorflow")


def _measure(
    runtime: str, folder: Path, features: np.ndarray, sound: Path, repeats: int
) -> Measurement:
    """Features and reference to waveform, in this process."""
    from vsg_tf.inference.options import RenderOptions
    from vsg_tf.inference.renderers.names import RendererName
    from vsg_tf.inference.synthesizer import Synthesizer

    synthesizer = Synthesizer(_networks(runtime, folder))
    voice, timing = synthesizer.voice(sound), synthesizer.timing_of(features)
    options = RenderOptions(renderer=RendererName.GRIFFIN_LIM)
    seconds, cpu_seconds = [], []
    for _ in range(repeats + 1):
        start, busy = time.perf_counter(), time.process_time()
        synthesizer.render(timing, voice, options).waveform()
        seconds.append(time.perf_counter() - start)
        cpu_seconds.append(time.process_time() - busy)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 1024 if sys.platform == "darwin" else 1  # bytes there, KiB elsewhere
    # The first time is the one that warms up.
    mel = synthesizer.mel(timing, voice)
    return Measurement(seconds[1:], cpu_seconds[1:], memory / unit / 1024, mel)


def _features(folder: Path, clip: Path) -> np.ndarray:
    from vsg_tf.config import load_config
    from vsg_tf.inference.visual import clip_features
    from vsg_tf.video.clip import Clip

    with Clip.open(clip) as opened:
        return clip_features(load_config(folder / "config.yaml"), opened)


def _cold(arguments: list[str]) -> tuple[float, float]:
    """Seconds and CPU seconds of one `vsg generate`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    command = [sys.executable, "-m", "vsg_tf.generate", *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, busy


def _export(model: Path, out: Path, *options: str) -> Path:
    if out.is_dir():
        return out
    command = [sys.executable, "-m", "vsg_tf.export_model", "--model", str(model)]
    command += ["--out", str(out), *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return out


def _size(folder: Path) -> float:
    suffixes = (".onnx", ".h5", ".pb")
    files = [
        path for path in folder.rglob("*") if path.suffix in suffixes or "variables" in str(path)
    ]
    return sum(path.stat().st_size for path in files if path.is_file()) / 1e6


def main(
    model: Annotated[Path, typer.Option(help="Model folder.")] = Path("saved_models/default"),
    seconds: Annotated[float, typer.Option(help="Length of the clip in s.")] = 10.0,
    repeats: Annotated[int, typer.Option(help="Warm runs of each runtime.")] = 10,
    exports: Annotated[
        Path | None, typer.Option(help="Keeps the exports, which take a minute, for the next time.")
    ] = None,
    starts: Annotated[int, typer.Option(help="Cold starts of each kind of model.")] = 3,
) -> None:
    """Print a table of runtimes; times are medians, with the quartiles of the warm latency."""
    with tempfile.TemporaryDirectory() as place:
        clip, sound = Path(place) / "clip.mp4", Path(place) / "reference.wav"
        write_clip(clip, seconds)
        write_reference(sound)
        kept = Path(place) if exports is None else exports
        # The model's weights alone: a folder with graphs beside them runs those.
        graphs = shutil.ignore_patterns("*.onnx", "graphs.json")
        weights = shutil.copytree(model, Path(place) / "weights", ignore=graphs)
        onnx = _export(model, kept / "onnx", "--format", "onnx")
        int8 = _export(model, kept / "int8", "--format", "onnx", "--quantize")
        saved = _export(model, kept / "saved", "--format", "saved_model") / "1"
        folders = {
            name: int8 if "int8" in name else onnx if threads else weights
            for name, threads in RUNTIMES.items()
        }
        folders["TF SavedModel"] = saved
        cold = {}
        for folder in (weights, onnx, int8):
            arguments = ["--video", str(clip), "--reference", str(sound), "--overwrite"]
            arguments += ["--renderer", "griffin-lim"]
            arguments += ["--output", str(Path(place) / "out.mp4"), "--model", str(folder)]
            times = [_cold(arguments) for _ in range(starts)]
            cold[folder] = [statistics.median(column) for column in zip(*times, strict=True)]
        results: dict[str, Measurement] = {}
        with get_context("spawn").Pool(1) as pool:
            features = pool.apply(_features, (model, clip))
        for name, folder in folders.items():
            with get_context("spawn").Pool(1) as pool:
                results[name] = pool.apply(_measure, (name, folder, features, sound, repeats))
        _print_table(results, folders, cold)


def _print_table(results, folders, cold) -> None:
    print("Warm: features and reference to waveform. Cold: a process of `vsg generate`.")
    print("Difference: of the decoded mel (0 to 1) from tf.function, largest and mean.\n")
    print(
        f"{'':22}{'warm s':>8}{'quartiles':>14}{'CPU s':>7}{'MB peak':>9}{'cold s':>8}"
        f"{'CPU s':>7}{'largest':>10}{'mean':>10}{'MB disk':>9}"
    )
    for name, result in results.items():
        first, middle, last = statistics.quantiles(result.seconds, n=4)
        wall, busy = cold.get(folders[name], (float("nan"),) * 2)
        difference = np.abs(result.mel - results[REFERENCE].mel)
        print(
            f"{name:22}{middle:8.3f}{f'{first:.3f}-{last:.3f}':>14}"
            f"{statistics.median(result.cpu_seconds):7.3f}{result.memory:9.0f}{wall:8.1f}"
            f"{busy:7.1f}{difference.max():10.1e}{difference.mean():10.1e}"
            f"{_size(folders[name]):9.1f}"
        )


if __name__ == "__main__":
    typer.run(main)
