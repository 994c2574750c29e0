"""From a name or a model folder to a system."""

import os
from pathlib import Path

import numpy as np

from vsg_tf.audio.reading import Sound
from vsg_tf.baselines.sampler import Sampler
from vsg_tf.baselines.system import System, clip_samples, fit_samples
from vsg_tf.baselines.trivial import MeanSound, OtherSound, ReferenceItself, Silence
from vsg_tf.errors import InputError
from vsg_tf.inference.synthesizer import Synthesizer

SHIPPED = "default"
UNTRAINED = {system.name: system for system in (Sampler, ReferenceItself, OtherSound, Silence)}
UNTRAINED[MeanSound.name] = MeanSound


class ModelSystem:
    """A trained model as a system.

    Args:
        name: what results are listed under.
        synthesizer: the model.
    """

    def __init__(self, name: str, synthesizer: Synthesizer):
        self.name = name
        self.synthesizer = synthesizer
        self.sample_rate = synthesizer.sample_rate

    def __call__(self, video, reference, *, seed: int = 0) -> np.ndarray:
        """As `System`, with the model's default renderer."""
        samples = clip_samples(video, self.sample_rate)
        waveform, rate = self.synthesizer(video, reference, seed=seed)
        sound = Sound(waveform.reshape(len(waveform), -1), rate)
        return fit_samples(sound.mono(self.sample_rate), samples)


def load_system(name: str | os.PathLike) -> System:
    """The system of a name, or of a model folder.

    Args:
        name: `default` (the model that ships), a model folder, or one of `sampler` (pastes the
            reference's events at motion peaks), `reference` (repeats the reference), `other`
            (plays another sound of the reference's folder), `silence`, `mean` (the mean spectrum of
            the reference's folder).

    Raises:
        InputError: no such system, or the model folder is incomplete or damaged.
    """
    text = os.fspath(name)
    if text in UNTRAINED:
        return UNTRAINED[text]()
    if text == SHIPPED:
        return ModelSystem(SHIPPED, Synthesizer.load())
    if not Path(text).exists():
        known = ", ".join((SHIPPED, *UNTRAINED))
        raise InputError(f"There is no system {text!r}; name a model folder, or one of {known}.")
    synthesizer = Synthesizer.load(text)
    return ModelSystem(synthesizer.config.name, synthesizer)
