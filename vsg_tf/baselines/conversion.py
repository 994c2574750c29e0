"""Sounds converted to the timbre of a reference: SpeechSplit alone, and after REGNET."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import tensorflow as tf

from vsg_tf.audio.griffin_lim import GriffinLim
from vsg_tf.audio.mel import LogMel
from vsg_tf.audio.reading import load_audio
from vsg_tf.baselines.networks import SpeechSplitGenerator
from vsg_tf.baselines.system import clip_samples, fit_samples
from vsg_tf.config import Config
from vsg_tf.errors import ConfigError
from vsg_tf.inference.keras_networks import KerasNetworks
from vsg_tf.inference.networks import Networks
from vsg_tf.inference.renderers.names import RendererName
from vsg_tf.inference.synthesizer import Synthesizer
from vsg_tf.model_files import load_model_dir


class SpeechSplitNetworks:
    """A SpeechSplit generator as `inference.networks.Networks`.

    Its `drive` is the mel of the sound to convert, grouped to the rate of features:
    `[frames, mel_per_feature * M]`.

    Args:
        config: of the model.
        generator: built, with trained weights.
    """

    def __init__(self, config: Config, generator: SpeechSplitGenerator):
        self.config = config
        self.generator = generator
        self._griffin_lim = GriffinLim(config.audio)
        mel = tf.TensorSpec([1, None, config.audio.n_mels], tf.float32)
        timbre = tf.TensorSpec([1, config.model.embedding_size], tf.float32)
        self._encode_reference = tf.function(generator.encode_reference, input_signature=[mel])
        self._convert = tf.function(self._convert_graph, input_signature=[mel, timbre])

    @classmethod
    def load(cls, path: str | os.PathLike) -> "SpeechSplitNetworks":
        """Load a model folder.

        Raises:
            InputError: the folder is missing, incomplete, damaged or of another kind.
        """
        return cls(*load_model_dir(path, kinds=("speechsplit",)))

    def encode_reference(self, mel: np.ndarray) -> tf.Tensor:
        return self._encode_reference(tf.constant(mel[None]))["timbre"]

    def convert(self, mel: np.ndarray, timbre: tf.Tensor) -> np.ndarray:
        """Mel `[frames, M]` with another timbre, in 0..1."""
        return self._convert(tf.constant(mel[None]), timbre).numpy()[0]

    def decode(
        self, drive: np.ndarray, reference: tf.Tensor, background: np.ndarray, frames: int
    ) -> np.ndarray:
        mel = np.ascontiguousarray(drive).reshape(-1, self.config.audio.n_mels)
        return self.convert(mel, reference)

    def waveform(self, mel: np.ndarray, seed: int) -> np.ndarray:
        return self._griffin_lim(mel[None], seed=seed).numpy()[0]

    def _convert_graph(self, mel, timbre):
        converted = self.generator.convert(mel, {"timbre": timbre}, training=False)
        return tf.clip_by_value(converted, 0.0, 1.0)


class CascadeNetworks:
    """REGNET, then SpeechSplit: what VarietySound's authors compare with (arXiv 2211.10666).

    REGNET makes the mel of a sound for the video, SpeechSplit gives it the reference's timbre.

    Args:
        source: networks of a REGNET model.
        converter: SpeechSplit on the same mel grid.

    Raises:
        ConfigError: the mel grids differ.
    """

    def __init__(self, source: Networks, converter: SpeechSplitNetworks):
        if source.config.audio.mel_grid != converter.config.audio.mel_grid:
            raise ConfigError(
                f"The models {source.config.name!r} and {converter.config.name!r} of a cascade "
                "work on different mels; train both with the same audio settings."
            )
        self.config = source.config
        self.source = source
        self.converter = converter

    def encode_reference(self, mel: np.ndarray) -> tuple:
        return self.source.encode_reference(mel), self.converter.encode_reference(mel)

    def decode(
        self, drive: np.ndarray, reference: tuple, background: np.ndarray, frames: int
    ) -> np.ndarray:
        own, timbre = reference
        return self.converter.convert(self.source.decode(drive, own, background, frames), timbre)

    def waveform(self, mel: np.ndarray, seed: int) -> np.ndarray:
        return self.source.waveform(mel, seed)

    def vocoder(self) -> Callable[[np.ndarray], np.ndarray]:
        return self.source.vocoder()


class ConversionSystem:
    """SpeechSplit as a system: the clip's own sound in the timbre of the reference.

    With it goes the limit of any cascade: a source whose timing is true.

    Args:
        name: what results are listed under.
        networks: of the model.
    """

    def __init__(self, name: str, networks: SpeechSplitNetworks):
        self.name = name
        self._synthesizer = Synthesizer(networks)
        self.sample_rate = self._synthesizer.sample_rate
        self._log_mel = LogMel(networks.config.audio)

    def __call__(self, video, reference, *, seed: int = 0) -> np.ndarray:
        """As `System`; the seed is that of the phases.

        Raises:
            InputError: also where the clip has no sound.
        """
        samples = clip_samples(video, self.sample_rate)
        mel = self._log_mel(fit_samples(load_audio(video, self.sample_rate), samples))
        ratio = self._synthesizer.timebase.mel_per_feature
        mel = np.pad(mel, [(0, -len(mel) % ratio), (0, 0)])
        grouped = mel.reshape(len(mel) // ratio, -1)
        sound = self._synthesizer.read_reference(reference)
        pieces = list(
            self._synthesizer.stream(grouped, sound, seed=seed, renderer=RendererName.GRIFFIN_LIM)
        )
        return fit_samples(np.concatenate(pieces)[:, 0], samples)


def load_cascade(regnet: str | os.PathLike, speechsplit: str | os.PathLike) -> CascadeNetworks:
    """The cascade of two model folders.

    Raises:
        InputError: a folder is missing, incomplete, damaged or of another kind.
        ConfigError: the two work on different mels.
    """
    source = KerasNetworks(*load_model_dir(Path(regnet), kinds=("regnet",)))
    return CascadeNetworks(source, SpeechSplitNetworks.load(speechsplit))
