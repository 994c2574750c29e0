"""Runs saved cases on the backend that KERAS_BACKEND names: `python jax_runner.py FOLDER`.

Each case is `NAME.json` (layer, input structure, arguments), `NAME.npz` (inputs and the outputs
of the other backend) and `NAME.weights.h5`. Prints the largest difference of each case as JSON.
"""

import json
import sys
from pathlib import Path

import keras
import numpy as np

import vsg_tf.models  # noqa: F401 - registers every layer and model
from tests.layer_harness import Holder, from_config_text


def difference(path: Path) -> float:
    """Runs one case for inference and for training; the largest difference in inference."""
    case = json.loads(path.read_text())
    arrays = np.load(path.with_suffix(".npz"))
    inputs = keras.tree.map_structure(lambda i: arrays[f"in_{i}"], case["inputs"])
    holder = Holder(from_config_text(case["layer"]))
    holder.layer(inputs, **case["arguments"])
    weights = path.with_suffix(".weights.h5")
    if weights.exists():
        holder.load_weights(weights)
    outputs = keras.tree.flatten(holder.layer(inputs, **case["arguments"]))
    if case["takes_training"]:
        trained = holder.layer(inputs, **case["arguments"], training=True)
        shapes = [x.shape for x in keras.tree.flatten(trained)]
        assert shapes == [x.shape for x in outputs], path.stem
    differences = [
        np.max(np.abs(np.asarray(x, "float32") - arrays[f"out_{i}"])) for i, x in enumerate(outputs)
    ]
    return float(max(differences))


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    found = {path.stem: difference(path) for path in sorted(folder.glob("*.json"))}
    print(json.dumps({"backend": keras.backend.backend(), "differences": found}))
