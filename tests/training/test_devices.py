"""Several devices do what one does with the same batch."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.training_cases import tiny_config
from vsg_tf.data.sharing import Share
from vsg_tf.errors import ConfigError
from vsg_tf.training.strategy import make_strategy

REPOSITORY = Path(__file__).parents[2]


def test_default_is_one_device_without_gpus():
    import tensorflow as tf

    if not tf.config.list_physical_devices("GPU"):
        assert make_strategy().num_replicas_in_sync == 1


def test_unequal_shares_are_refused():
    Share(devices=2).check(4)
    with pytest.raises(ConfigError, match="make it a multiple of 2"):
        Share(devices=2).check(5)


def test_two_devices_step_as_one_does(tmp_path):
    command = [sys.executable, "-m", "tests.training.test_devices", str(tmp_path)]
    result = subprocess.run(
        command, check=False, cwd=REPOSITORY, capture_output=True, text=True, timeout=300
    )
    assert result.returncode == 0, result.stderr[-3000:]


def _compare(folder: Path) -> None:
    import keras
    import numpy as np
    import tensorflow as tf

    from tests.training_cases import tiny_loop
    from vsg_tf.training.assembly import build_gan, make_reproducible
    from vsg_tf.training.variables import collect_arrays, read_variable

    # Nothing random, and descent without memory, so that any difference is the devices'.
    config = tiny_config(
        steps=2,
        checkpoint_every=2,
        model__resampling={"on_input": False, "in_units": False},
        model__temporal__lstm_layers=0,
        model__decoder__dropout=0.0,
        model__events={"enabled": True, "jitter": 0.0, "strength_noise": 0.0, "drop": 0.0},
        model__discriminators__windows=[48],
        log_every=1,
        validate_every=2,
    )
    results, terms = [], []
    for strategy in (make_strategy(2), tf.distribute.get_strategy()):
        # Tracing is most of the time, and two devices cannot do without it.
        tf.config.run_functions_eagerly(strategy.num_replicas_in_sync == 1)
        make_reproducible(0)
        gan = build_gan(config, strategy)
        with strategy.scope():
            gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
        place = folder / str(strategy.num_replicas_in_sync)
        loop = tiny_loop(config, gan, place, validated=True, strategy=strategy)
        loop.run()
        results.append(collect_arrays(gan.checkpoint_roles()))
        terms.append([values for _, _, values in loop.log.logged])
        for variable in gan.generator.trainable_variables:
            copies = getattr(variable.value, "values", (variable.value,))
            assert len(copies) == strategy.num_replicas_in_sync
            assert all(np.array_equal(copy, read_variable(variable)) for copy in copies)
        _check_resumable(loop, results[-1])
    for two, one in zip(*terms, strict=True):
        for name in two.keys() - {"clips_per_second", "memory_gb"}:
            np.testing.assert_allclose(two[name], one[name], rtol=2e-4, err_msg=name)
    for name, array in results[0].items():
        if "seed_generator" not in name:
            np.testing.assert_allclose(array, results[1][name], atol=2e-5, err_msg=name)


def _check_resumable(loop, arrays) -> None:
    import numpy as np

    from vsg_tf.model_files import load_model_dir, save_model_dir
    from vsg_tf.training.variables import collect_arrays, read_variable

    assert loop.resume()
    again = collect_arrays(loop.gan.checkpoint_roles())
    assert all(np.array_equal(arrays[name], again[name]) for name in arrays)
    place = loop.checkpoints.folder.parent / "model"
    save_model_dir(place, loop.gan.shipped, loop.config, "card")
    _, generator = load_model_dir(place)
    for loaded, weight in zip(generator.weights, loop.gan.shipped.weights, strict=True):
        assert np.array_equal(read_variable(loaded), read_variable(weight))


if __name__ == "__main__":
    _compare(Path(sys.argv[1]))
