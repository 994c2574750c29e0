"""Imports point one way, and the command line stays light."""

import ast
import subprocess
import sys
from pathlib import Path

import vsg_tf

PACKAGE = Path(vsg_tf.__file__).parent

# A module may import modules of lower rank, or of its own folder.
RANK = {
    "errors": 0,
    "extras": 1,
    "command": 1.5,
    "progress_bar": 1,
    "timebase": 1,
    "timecode": 1,
    "atomic": 1,
    "model_folder": 2,
    "config": 2,
    "events": 2,
    "containers": 2,
    "media": 2.5,
    "serving": 3,
    "audio": 3,
    "timing": 4.2,
    "grains": 4.5,
    "video": 4,
    "frontends.front_end": 1.4,
    "frontends.joined": 1.45,
    "frontends.registry": 1.5,
    "frontends": 4.6,
    "graph_checks": 1,
    "layers": 4,
    "models": 5,
    "losses": 5,
    "metrics": 5,
    "data": 5,
    "baselines.networks": 5.3,
    "model_kinds": 5.6,
    "summary": 6,
    "model_files": 6,
    "training": 7,
    "handover": 6.5,
    "inference": 7,
    "export": 8,
    "baselines": 8,
    "evaluation": 9,
    "evaluate": 10,
    "prepare": 9,
    "train": 9,
    "runs": 9,
    "data_service": 9,
    "generate_options": 8,
    "studio": 8.5,
    "render": 9,
    "studio_command": 9,
    "generate": 9,
    "export_model": 9,
    "serve": 9,
    "weights": 9,
    "demo": 10,
    "demo_picture": 1,
    "cli": 11,
}
PURE = ("layers", "models", "losses", "metrics", "baselines.networks")
FILE_MODULES = {"pathlib", "shutil", "tempfile", "soundfile", "av", "h5py", "pickle"}


def _room_of(parts: tuple[str, ...]) -> str:
    """A folder inside a folder may be a room of its own."""
    inner = ".".join(parts[:2])
    return inner if inner in RANK else parts[0]


def _room(path: Path) -> str:
    return _room_of(path.relative_to(PACKAGE).with_suffix("").parts)


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"relative import in {path}"
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _modules():
    return [path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py"]


def test_every_module_has_a_rank():
    assert {_room(path) for path in _modules()} <= set(RANK)


def test_imports_point_one_way():
    wrong = []
    for path in _modules():
        room = _room(path)
        for name in _imported(path):
            parts = name.split(".")
            if parts[0] != "vsg_tf" or len(parts) == 1:
                continue
            target = _room_of(tuple(parts[1:]))
            if target in RANK and target != room and RANK[target] >= RANK[room]:
                wrong.append(f"{room} imports {name}")
    assert not wrong


def test_layers_models_losses_and_metrics_touch_no_files_and_no_backend():
    for path in _modules():
        if _room(path) not in PURE:
            continue
        roots = {name.split(".")[0] for name in _imported(path)}
        assert not roots & FILE_MODULES, path
        if path.name != "replica.py":  # the one place that asks TensorFlow which replica it is
            assert not roots & {"tensorflow", "jax", "torch"}, path


def test_help_imports_no_framework():
    script = (
        "import sys\n"
        "from vsg_tf import cli, export_model, generate, prepare, train\n"
        "heavy = {'tensorflow', 'keras', 'av', 'cv2', 'librosa', 'scipy'} & set(sys.modules)\n"
        "print(sorted(heavy))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
