"""The base install alone, without TensorFlow, librosa or SciPy, makes the same sound."""

import os
import subprocess
import venv
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
import soundfile
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.inference.conftest import CONFIGS
from tests.media_writing import hits, write_video
from tests.onnx_exports import onnx_export

ROOT = Path(__file__).parents[2]
ABSENT = ("tensorflow", "keras", "torch", "onnx", "tf2onnx", "librosa", "scipy", "numba", "sklearn")


def _needed(name: str, extras: tuple[str, ...] = ()) -> dict[str, metadata.Distribution]:
    """A distribution and all that it requires, by name."""
    found, left = {}, [(name, extras)]
    seen = set()
    while left:
        name, extras = left.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        found[name] = metadata.distribution(name)
        for text in found[name].requires or ():
            wanted = Requirement(text)
            cases = [{"extra": extra} for extra in ("", *extras)]
            if wanted.marker is None or any(wanted.marker.evaluate(case) for case in cases):
                left.append((canonicalize_name(wanted.name), tuple(sorted(wanted.extras))))
    return found


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory) -> Path:
    """Python of a new environment that holds what `vsg-tf` asks for, and nothing else."""
    folder = tmp_path_factory.mktemp("environment") / "venv"
    venv.create(folder, symlinks=os.name != "nt", with_pip=False)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    show = "import sysconfig; print(sysconfig.get_path('purelib'))"
    place = subprocess.run([python, "-c", show], check=True, capture_output=True, text=True)
    packages = Path(place.stdout.strip())
    (packages / "vsg_tf.pth").write_text(str(ROOT))
    needed = _needed("vsg-tf")
    del needed["vsg-tf"]
    assert {"numpy", "onnxruntime"} <= set(needed)
    for distribution in needed.values():
        for top in {file.parts[0] for file in distribution.files} - {"..", "__pycache__"}:
            if not (packages / top).exists():
                (packages / top).symlink_to(distribution.locate_file(top))
    return python


def test_generate_makes_the_same_sound(bare_python, tmp_path):
    from tests.vocoder_cases import networks_of
    from vsg_tf.config import load_config
    from vsg_tf.inference.options import RenderOptions
    from vsg_tf.inference.renderers.names import RendererName
    from vsg_tf.inference.synthesizer import Synthesizer

    networks = networks_of(load_config(CONFIGS / "debug.yaml"))
    write_video(tmp_path / "clip.mp4")
    soundfile.write(tmp_path / "hits.wav", hits(), 22050)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

    def run(*arguments):
        return subprocess.run(
            [bare_python, *map(str, arguments)],
            check=False,
            capture_output=True,
            text=True,
            env=environment,
            cwd=tmp_path,
        )

    for name in ABSENT:
        assert "No module named" in run("-c", f"import {name}").stderr
    arguments = ["--video", "clip.mp4", "--reference", "hits.wav", "--output", "out.mp4"]
    arguments += [
        "--wav",
        "out.wav",
        "--gain",
        "40",
        "--renderer",
        "griffin-lim",
        "--model",
        onnx_export(networks),
    ]
    result = run("-m", "vsg_tf.generate", *arguments)
    assert result.returncode == 0, result.stderr
    sound, _ = soundfile.read(tmp_path / "out.wav")
    wanted, _ = Synthesizer(networks)(
        tmp_path / "clip.mp4",
        tmp_path / "hits.wav",
        options=RenderOptions(renderer=RendererName.GRIFFIN_LIM),
    )
    wanted = wanted[: len(sound)].reshape(-1)
    sound = sound[: len(wanted)]
    gain = np.abs(sound).max() / np.abs(wanted).max()
    assert np.linalg.norm(sound - gain * wanted) < 0.02 * np.linalg.norm(sound)
    # The model that ships needs nothing more, either.
    (tmp_path / "out.mp4").unlink()
    result = run("-m", "vsg_tf.generate", *arguments[:6])
    assert result.returncode == 0, result.stderr
    # What needs more says so in one sentence.
    result = run(
        "-m", "vsg_tf.train", "--config", CONFIGS / "debug.yaml", "--data", ".", "--out", "r"
    )
    assert result.returncode == 2
    assert "vsg-tf[tensorflow]" in result.stderr and "Traceback" not in result.stderr
