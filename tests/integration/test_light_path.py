"""What `vsg generate` imports with the default renderer: nothing that costs seconds."""

import subprocess
import sys

import pytest
import soundfile

from tests.media_writing import hits, write_video

# Of other people; each is there because the work needs it (docs/dependencies.md), or is needed by
# one that is. SciPy, librosa, numba, scikit-learn, TensorFlow and Keras would cost seconds.
LIBRARIES = {
    "annotated_doc",
    "annotated_types",
    "av",
    "cffi",
    "cv2",
    "cython_runtime",
    "google",
    "markdown_it",
    "mdurl",
    "mido",
    "numpy",
    "onnxruntime",
    "packaging",
    "pydantic",
    "pydantic_core",
    "pygments",
    "rich",
    "shellingham",
    "soundfile",
    "soxr",
    "typer",
    "typing_extensions",
    "typing_inspection",
    "yaml",
}
ROOMS = {
    "atomic",
    "audio",
    "command",
    "config",
    "containers",
    "errors",
    "events",
    "extras",
    "frontends",
    "generate",
    "generate_options",
    "grains",
    "handover",
    "inference",
    "media",
    "model_folder",
    "progress_bar",
    "timebase",
    "timecode",
    "timing",
    "video",
}
_SCRIPT = """
import sys
from pathlib import Path
from vsg_tf import generate
from vsg_tf.command import run
try:
    run(generate.app)
except SystemExit as end:
    assert not end.code, end.code
Path("modules.txt").write_text("\\n".join(sorted(sys.modules)))
"""


def _imported(folder, *arguments: str) -> set[str]:
    """Names of all modules after a real run in `folder`."""
    result = subprocess.run(
        [sys.executable, "-c", _SCRIPT, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return set((folder / "modules.txt").read_text().split())


@pytest.fixture
def material(tmp_path):
    write_video(tmp_path / "clip.mp4", size=(128, 96))
    soundfile.write(tmp_path / "hits.wav", hits(), 22050)
    (tmp_path / "list.csv").write_text("time_s,strength,duration_s\n0.3,1,0.2\n")
    return tmp_path


@pytest.mark.parametrize(
    "timing, needs",
    [((), True), (("--events-in", "list.csv"), False), (("--guide", "hits.wav"), False)],
    ids=["picture", "list", "guide"],
)
def test_only_these_modules_are_imported(material, timing, needs):
    names = _imported(
        material,
        *("--video", "clip.mp4", "--reference", "hits.wav", "--output", "out.mp4", *timing),
    )
    roots = {name.partition(".")[0] for name in names if not name.startswith("_")}
    others = roots - sys.stdlib_module_names - {"vsg_tf", "pydevd", "sitecustomize"}
    editable = {name for name in others if name.startswith("__editable__")}
    assert others - editable <= LIBRARIES
    assert ("onnxruntime" in roots) == needs
    rooms = {name.split(".")[1] for name in names if name.startswith("vsg_tf.")}
    assert rooms <= ROOMS
