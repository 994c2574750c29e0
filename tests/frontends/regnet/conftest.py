"""Random weights of BN-Inception, imported as published ones are."""

import pytest


@pytest.fixture(scope="session")
def torch_net():
    pytest.importorskip("torch")
    from tests.frontends.regnet.torch_twin import random_net

    return random_net()


@pytest.fixture(scope="session")
def published(torch_net, tmp_path_factory):
    """A file as published, of random weights."""
    from tests.frontends.regnet.torch_twin import published_state, write_published

    return write_published(tmp_path_factory.mktemp("published"), published_state(torch_net))


@pytest.fixture(scope="session")
def imported(published, tmp_path_factory):
    """The folder of weights into which that file was imported."""
    from vsg_tf.frontends.regnet.weights import import_weights

    folder = tmp_path_factory.mktemp("imported")
    import_weights(published, folder)
    return folder


@pytest.fixture
def weights(imported, monkeypatch):
    """Those weights are the user's."""
    from vsg_tf.frontends import registry

    monkeypatch.setenv("VSG_WEIGHTS", str(imported))
    registry._build.cache_clear()
    yield imported
    registry._build.cache_clear()
