"""From a renderer's name to the renderer."""

from vsg_tf.inference.renderers.grains import GrainRenderer
from vsg_tf.inference.renderers.mel_inversion import MelInversion
from vsg_tf.inference.renderers.names import RendererName
from vsg_tf.inference.renderers.protocol import Renderer
from vsg_tf.inference.renderers.vocoder import VocoderRenderer
from vsg_tf.inference.runtimes.networks import Networks


def make_renderer(name: RendererName, networks: Networks) -> Renderer:
    """The renderer called `name` for a model.

    Args:
        name: one of `RendererName`, or its value.
        networks: of the model.

    Raises:
        ValueError: there is no such renderer.
        InputError: it needs a network that the model does not have.
    """
    timebase = networks.config.timebase
    makers = {
        RendererName.GRAINS: lambda: GrainRenderer(timebase),
        RendererName.VOCODER: lambda: VocoderRenderer(networks.vocoder(), timebase),
        RendererName.GRIFFIN_LIM: lambda: MelInversion(networks.waveform, timebase),
    }
    return makers[RendererName(name)]()
