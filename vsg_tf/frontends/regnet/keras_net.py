"""BN-Inception in Keras, for any backend and for GPUs; the flow's twin differs in its first kernel.

Traps: the convolutions of stride 2 pad by (3, 3) and (1, 1), which Keras' "same" does not; average
pools count the zeros around the picture, which "same" does not; "same" is right for the max pools.
"""

from collections.abc import Mapping, Sequence

import keras
import numpy as np

from vsg_tf.frontends.regnet import inception
from vsg_tf.frontends.regnet.inception import Convolution
from vsg_tf.frontends.regnet.onnx_net import flow_kernel


def build_keras_net(weights: Mapping[str, np.ndarray] | None, flow: bool = False) -> keras.Model:
    """The net of one stream.

    Args:
        weights: arrays by their published names; None: as Keras initialises them.
        flow: of the flow instead of the pictures.

    Returns:
        A model of uint8 `[frames, 224, 224, 3 or 2]` (blue first; x and y) that gives float32
        `[frames, 1024]`; in inference mode, whatever it is called with.
    """
    mean = inception.FLOW_MEAN if flow else inception.RGB_MEAN
    size = inception.PICTURE_SIZE
    inputs = keras.Input((size, size, len(mean)), dtype="uint8")
    x = keras.ops.cast(inputs, "float32") - np.asarray(mean, np.float32)
    builder = _KerasBuilder()
    x = inception.build(builder, builder.convolution(x, inception.STEM[0]))
    features = keras.layers.GlobalAveragePooling2D()(x)
    model = keras.Model(inputs, features, name="bn_inception_flow" if flow else "bn_inception")
    model.trainable = False
    if weights is not None:
        _load(model, weights, flow)
    return model


class _KerasBuilder:
    def convolution(self, x, layer: Convolution):
        if layer.padding:
            x = keras.layers.ZeroPadding2D(layer.padding)(x)
        x = keras.layers.Conv2D(layer.filters, layer.kernel, layer.stride, name=layer.name)(x)
        name = f"{layer.name}_bn"
        x = keras.layers.BatchNormalization(epsilon=inception.EPSILON, name=name)(x, training=False)
        return keras.layers.ReLU()(x)

    def pool(self, x, kind: str, stride: int):
        if kind == "max":
            return keras.layers.MaxPooling2D(3, stride, padding="same")(x)
        return keras.layers.AveragePooling2D(3, stride)(keras.layers.ZeroPadding2D(1)(x))

    def concatenate(self, parts: Sequence):
        return keras.layers.Concatenate()(parts)


def _load(model: keras.Model, weights: Mapping[str, np.ndarray], flow: bool) -> None:
    for layer in inception.convolutions():
        kernel = weights[f"{layer.name}.weight"]
        if flow and layer is inception.STEM[0]:
            kernel = flow_kernel(kernel)
        bias = weights[f"{layer.name}.bias"]
        model.get_layer(layer.name).set_weights([kernel.transpose(2, 3, 1, 0), bias])
        values = [weights[f"{layer.name}_bn.{name}"] for name in inception.NORMALISATION]
        model.get_layer(f"{layer.name}_bn").set_weights(values)
