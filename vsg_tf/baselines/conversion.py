"""Sounds converted to the timbre of a reference: SpeechSplit alone, and after REGNET."""

import os
from collections.abc import Callable

import numpy as np

from vsg_tf.audio.mel import LogMel
from vsg_tf.audio.reading import load_audio
from vsg_tf.baselines.system import clip_samples, fit_samples
from vsg_tf.errors import ConfigError
from vsg_tf.inference.options import RenderOptions
from vsg_tf.inference.renderers.names import RendererName
from vsg_tf.inference.runtimes.networks import Networks, load_networks
from vsg_tf.inference.synthesizer import Synthesizer


class CascadeNetworks:
    """REGNET, then SpeechSplit: what VarietySound's authors compare with (arXiv 2211.10666).

    REGNET makes the mel of a sound for the video, SpeechSplit gives it the reference's timbre.

    Args:
        source: networks of a REGNET model.
        converter: SpeechSplit on the same mel grid.

    Raises:
        ConfigError: the mel grids differ.
    """

    def __init__(self, source: Networks, converter: Networks):
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
        mel = self.source.decode(drive, own, background, frames)
        return self.converter.decode(mel.reshape(frames, -1), timbre, background, frames)

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

    def __init__(self, name: str, networks: Networks):
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
        voice = self._synthesizer.voice(reference)
        options = RenderOptions(seed=seed, renderer=RendererName.GRIFFIN_LIM)
        timing = self._synthesizer.timing_of(grouped)
        return fit_samples(self._synthesizer.render(timing, voice, options).waveform(), samples)


def load_cascade(regnet: str | os.PathLike, speechsplit: str | os.PathLike) -> CascadeNetworks:
    """The cascade of two model folders, either of which may be an ONNX folder.

    Raises:
        InputError: a folder is missing, incomplete, damaged or of another kind.
        ConfigError: the two work on different mels.
    """
    source = load_networks(regnet, kinds=("regnet",))
    return CascadeNetworks(source, load_networks(speechsplit, kinds=("speechsplit",)))
