"""One small evaluation of systems whose scores are known, shared by the tests."""

import pytest

from tests.evaluation.material import Copier, Knower, Mute, write_folders


@pytest.fixture(scope="session")
def pairs(tmp_path_factory):
    return write_folders(tmp_path_factory.mktemp("pairs"))


@pytest.fixture(scope="session")
def evaluated(pairs, tmp_path_factory):
    from vsg_tf.evaluation.material import read_material
    from vsg_tf.evaluation.running import evaluate_systems
    from vsg_tf.evaluation.saving import save_run

    folder = tmp_path_factory.mktemp("run")
    systems = {system.name: system for system in (Copier(), Knower(), Mute())}
    results, curves = evaluate_systems(systems, read_material(pairs), folder)
    save_run(folder, results, curves)
    return results, folder
