"""The same layers and weights on JAX; needs jax here, or in the Python VSG_JAX_PYTHON names."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import keras
import numpy as np
import pytest

from tests.layer_cases import LAYER_CASES
from tests.layer_harness import Holder, outputs_of, to_config_text
from tests.model_cases import MODEL_CASES

TESTS = Path(__file__).parent
# The generators run the encoders and the decoder.
WHOLE = ("generator", "generator_beyond", "mel_discriminator", "alignment_discriminator")


def _save(case, stem: Path):
    holder = Holder(case.make())
    inputs, arguments = case.inputs(7), case.arguments(7)
    outputs = outputs_of(case, holder.layer, 7)
    arrays = keras.tree.flatten(inputs)
    structure = keras.tree.pack_sequence_as(inputs, list(range(len(arrays))))
    named = {f"in_{i}": x for i, x in enumerate(arrays)}
    named |= {f"out_{i}": x for i, x in enumerate(outputs)}
    np.savez(stem.with_suffix(".npz"), **named)
    if holder.weights:
        holder.save_weights(stem.with_suffix(".weights.h5"))
    description = {
        "layer": to_config_text(holder.layer),
        "inputs": structure,
        "arguments": arguments,
        "takes_training": case.takes_training,
    }
    stem.with_suffix(".json").write_text(json.dumps(description))


def test_jax_gives_the_same_outputs(tmp_path):
    python = os.environ.get("VSG_JAX_PYTHON", sys.executable)
    if python == sys.executable and find_spec("jax") is None:
        pytest.skip("jax is not installed and VSG_JAX_PYTHON names no Python that has it")
    cases = LAYER_CASES | {name: MODEL_CASES[name] for name in WHOLE}
    for name, case in cases.items():
        _save(case, tmp_path / name)
    result = subprocess.run(
        [python, str(TESTS / "jax_runner.py"), str(tmp_path)],
        env={**os.environ, "KERAS_BACKEND": "jax", "PYTHONPATH": str(TESTS.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-2000:]
    report = json.loads(result.stdout.splitlines()[-1])
    assert report["backend"] == "jax"
    assert set(report["differences"]) == set(cases)
    wrong = {name: value for name, value in report["differences"].items() if not value < 2e-5}
    assert not wrong
