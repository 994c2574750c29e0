"""Tiny untrained models and their exports, made once."""

from pathlib import Path

import pytest
import tensorflow as tf

from tests.inference.conftest import CONFIGS, tiny_paper_config
from tests.onnx_exports import onnx_export
from tests.saved_model_exports import saved_model_export
from tests.vocoder_cases import networks_of
from vsg_tf.config import load_config
from vsg_tf.export.saved_model import signature_functions
from vsg_tf.inference.runtimes.keras_networks import KerasNetworks


@pytest.fixture(scope="session")
def networks() -> KerasNetworks:
    return networks_of(load_config(CONFIGS / "debug.yaml"))


@pytest.fixture(scope="session")
def paper_networks() -> KerasNetworks:
    return networks_of(tiny_paper_config())


@pytest.fixture(scope="session")
def export_folder(networks) -> Path:
    return saved_model_export(networks)


@pytest.fixture(scope="session")
def signatures(export_folder):
    # The loaded object has to stay alive as long as its signatures are called.
    loaded = tf.saved_model.load(str(export_folder))
    yield loaded.signatures


@pytest.fixture(scope="session")
def paper_signatures(paper_networks):
    """Of the paper's kind of model; not saved, which takes longest."""
    functions = signature_functions(paper_networks.config, paper_networks.generator, None)
    return {name: function.get_concrete_function() for name, function in functions.items()}


@pytest.fixture(scope="session")
def onnx_folder(networks) -> Path:
    return onnx_export(networks)


@pytest.fixture(scope="session")
def paper_onnx_folder(paper_networks) -> Path:
    return onnx_export(paper_networks)
