import pytest

from tests.layer_cases import LAYER_CASES
from tests.layer_harness import check_layer
from vsg_tf import layers


@pytest.mark.parametrize("name", LAYER_CASES)
def test_contract(name, tmp_path):
    check_layer(LAYER_CASES[name], tmp_path)


def test_every_layer_has_a_case():
    covered = {type(case.make()).__name__ for case in LAYER_CASES.values()}
    assert covered == set(layers.__all__)
