"""VarietySound: timbre-controllable video-to-sound generation in TensorFlow and Keras."""

__version__ = "0.1.0"
