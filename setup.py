"""Package metadata; tool settings are in pyproject.toml, exact versions in constraints.txt."""

import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
VERSION = re.search(r'__version__ = "(.+?)"', (HERE / "vsg_tf/__init__.py").read_text()).group(1)

SIGNALS = ["librosa>=0.11,<0.12", "scipy>=1.12"]
TRAINING = ["keras>=3.12,<4", "tensorboard>=2.20,<2.22", "threadpoolctl>=3.1", *SIGNALS]

EXTRAS = {
    # To prepare data and train, on the full package (GPU) or the smaller CPU build; choose one.
    "tensorflow": ["tensorflow>=2.20,<2.22", *TRAINING],
    "tensorflow-cpu": ["tensorflow-cpu>=2.20,<2.22", *TRAINING],
    # To make the graphs that the base runs.
    "onnx-export": ["onnx>=1.17", "tf2onnx>=1.16.1"],
    # REGNET features from videos: importing weights, and TV-L1, in the contrib build of OpenCV.
    # That build holds all of the plain one, which the base needs, under the same name `cv2`.
    "features": ["onnx>=1.17", "opencv-contrib-python-headless>=4.9"],
    # Encoders of pictures for video.front_end: keras_hub. It brings tensorflow-text and with that
    # the full TensorFlow; beside the CPU build, install it with --no-deps as the Makefile does.
    "keras-hub": ["keras-hub>=0.25"],
    "serving": [
        "grpcio>=1.70",
        "grpcio-health-checking>=1.70",
        "grpcio-reflection>=1.70",
        "prometheus-client>=0.20",
    ],
    # The page in which events are seen, heard and moved.
    "studio": ["starlette>=0.45,<2", "uvicorn>=0.34"],
    # Experiment trackers beside TensorBoard: vsg train --log.
    "mlflow": ["mlflow-skinny>=2.14"],
    "wandb": ["wandb>=0.18", "pillow"],
    # Preparation on Apache Beam. It holds back packages that `serving` has newer: give it an
    # environment of its own, with constraints-beam.txt.
    "beam": ["apache-beam>=2.70,<3"],
    # Sessions for Pro Tools, Nuendo and Resolve.
    "hand-over": ["opentimelineio>=0.17", "pyaaf2>=1.7"],
    "eval": [
        *SIGNALS,
        "matplotlib>=3.8",
        "mir_eval>=0.8",
        "resemblyzer>=0.1.4",
        "setuptools<81",  # resemblyzer's voice detector imports pkg_resources
        "torch==2.13.0",
    ],
    "dev": [
        "pytest>=8",
        "pytest-xdist>=3.6",
        "hypothesis>=6",
        "packaging",
        "ruff>=0.9",
        "kubernetes-validate>=1.31",  # the schemas that deploy/ is checked against
        # Read back what is handed over.
        "otio-aaf-adapter>=2",
        "rpp>=0.5",
        "wavinfo>=3",
        "pyloudnorm>=0.1.1",  # a second loudness meter
        "httpx>=0.28",
        "playwright>=1.49",  # pages in a real browser
    ],
}

setup(
    name="vsg-tf",
    version=VERSION,
    description="VarietySound: sound for a silent clip, in the timbre of a reference recording.",
    long_description=(HERE / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    license_files=["LICENSE"],
    # The model that ships is part of an installed package, too.
    packages=[*find_packages(include=["vsg_tf", "vsg_tf.*"]), "vsg_tf.default_model"],
    package_dir={"vsg_tf.default_model": "saved_models/default"},
    package_data={
        "vsg_tf.default_model": ["*"],
        "vsg_tf.evaluation": ["listening_page.html"],
        "vsg_tf.serving": ["descriptors.binpb"],
        "vsg_tf.studio": ["page/*"],
    },
    python_requires=">=3.10,<3.14",
    # What `vsg generate` needs; whatever costs seconds or a hundred megabytes is an extra.
    install_requires=[
        "av>=14,<19",
        "mido>=1.3",
        "numpy>=1.26,<3",
        "onnxruntime>=1.20",
        "opencv-python-headless>=4.9",
        "pydantic>=2.8,<3",
        "pyyaml>=6",
        "rich>=13.7",
        "soundfile>=0.13",
        "soxr>=0.5",
        "typer>=0.12",
    ],
    extras_require=EXTRAS,
    entry_points={"console_scripts": ["vsg = vsg_tf.cli:main"]},
)
