import pytest

from tests.layer_harness import check_layer
from tests.model_cases import MODEL_CASES


@pytest.mark.parametrize("name", MODEL_CASES)
def test_contract(name, tmp_path):
    check_layer(MODEL_CASES[name], tmp_path)
