"""Serialisable layers, one a file, written with `keras.ops` and `keras.random` alone."""

from vsg_tf.layers.attention_pooling import AttentionPooling
from vsg_tf.layers.cell_attention import CellAttention
from vsg_tf.layers.convnext_block import ConvNeXtBlock
from vsg_tf.layers.copy_head import CopyHead
from vsg_tf.layers.energy_masking import EnergyMasking
from vsg_tf.layers.event_rendering import EventRendering
from vsg_tf.layers.fft_block import FFTBlock
from vsg_tf.layers.inverse_stft import InverseSTFT
from vsg_tf.layers.loudest_frames import LoudestFrames
from vsg_tf.layers.random_resampling import RandomResampling
from vsg_tf.layers.random_window import RandomWindow
from vsg_tf.layers.sgau import SGAU
from vsg_tf.layers.sinusoidal_positions import SinusoidalPositions
from vsg_tf.layers.stft import STFT
from vsg_tf.layers.time_resizing import TimeResizing

__all__ = [
    "SGAU",
    "STFT",
    "AttentionPooling",
    "CellAttention",
    "ConvNeXtBlock",
    "CopyHead",
    "EnergyMasking",
    "EventRendering",
    "FFTBlock",
    "InverseSTFT",
    "LoudestFrames",
    "RandomResampling",
    "RandomWindow",
    "SinusoidalPositions",
    "TimeResizing",
]
