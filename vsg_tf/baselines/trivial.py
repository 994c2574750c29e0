"""Systems that know nothing of the picture: where a scale begins, and where it may end.

A measure on which one of them does well measures something else than what it is named after.
"""

import os
from pathlib import Path

import numpy as np

from vsg_tf.audio.griffin_lim import GriffinLim
from vsg_tf.audio.mel import LogMel
from vsg_tf.audio.reading import load_reference
from vsg_tf.baselines.system import WIDE_BAND, clip_samples, fit_samples
from vsg_tf.containers import AUDIO_SUFFIXES, VIDEO_SUFFIXES
from vsg_tf.errors import InputError

_MOST_SOUNDS = 64  # of a folder, that a mean is taken over


def sounds_beside(reference: str | os.PathLike) -> list[Path]:
    """The files of a reference's folder that may hold sound, itself among them, by name."""
    folder = Path(reference).resolve().parent
    suffixes = AUDIO_SUFFIXES | VIDEO_SUFFIXES
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in suffixes and not path.name.startswith(".") and path.is_file()
    )


class Silence:
    """Nothing at all."""

    name = "silence"
    sample_rate = WIDE_BAND.sample_rate

    def __call__(self, video, reference, *, seed: int = 0) -> np.ndarray:
        """As `System`; neither the reference nor the seed matters."""
        return np.zeros(clip_samples(video, self.sample_rate), np.float32)


class ReferenceItself:
    """The reference, repeated or cut to the clip's length: the right timbre at the wrong times."""

    name = "reference"
    sample_rate = WIDE_BAND.sample_rate

    def __call__(self, video, reference, *, seed: int = 0) -> np.ndarray:
        """As `System`; the seed does not matter."""
        samples = clip_samples(video, self.sample_rate)
        return np.resize(load_reference(reference).mono(self.sample_rate), samples)


class OtherSound:
    """Another recording than the reference: the wrong timbre at the wrong times.

    It is one of those in the reference's folder, `seed + 1` places further on by name.
    """

    name = "other"
    sample_rate = WIDE_BAND.sample_rate

    def __call__(self, video, reference, *, seed: int = 0) -> np.ndarray:
        """As `System`.

        Raises:
            InputError: also where the reference has no other sound beside it.
        """
        samples = clip_samples(video, self.sample_rate)
        load_reference(reference)  # a bad pair is bad for every system
        itself = Path(reference).resolve()
        sounds = sounds_beside(itself)
        place = sounds.index(itself) if itself in sounds else -1
        others = [*sounds[place + 1 :], *sounds[: max(0, place)]]
        if not others:
            raise InputError(
                f"The system 'other' plays another sound of the reference's folder, but "
                f"{reference} is alone there; put the references of several pairs into one folder."
            )
        return np.resize(load_reference(others[seed % len(others)]).mono(self.sample_rate), samples)


class MeanSound:
    """The mean spectrum of all references, from beginning to end.

    The mean is over the mels of the sounds in the reference's folder (64 at most), each sound
    counting alike; Griffin-Lim makes it a waveform.
    """

    name = "mean"
    sample_rate = WIDE_BAND.sample_rate

    def __init__(self):
        self._log_mel = LogMel(WIDE_BAND)
        self._griffin_lim = GriffinLim(WIDE_BAND)
        self._spectra: dict[Path, np.ndarray] = {}

    def __call__(self, video, reference, *, seed: int = 0) -> np.ndarray:
        """As `System`; the seed is that of the phases."""
        samples = clip_samples(video, self.sample_rate)
        load_reference(reference)  # a bad pair is bad for every system
        spectrum = self._spectrum(reference)
        mel = np.tile(spectrum, (self._log_mel.frames_for(samples), 1))
        return fit_samples(self._griffin_lim(mel[None], seed=seed).numpy()[0], samples)

    def _spectrum(self, reference) -> np.ndarray:
        folder = Path(reference).resolve().parent
        if folder not in self._spectra:
            means = []
            for path in (sounds_beside(reference) or [reference])[:_MOST_SOUNDS]:
                try:
                    waveform = load_reference(path).mono(self.sample_rate)
                except InputError:
                    continue  # silent, or a video without sound: nothing that a mean is made of
                means.append(self._log_mel(waveform).mean(axis=0))
            self._spectra[folder] = np.mean(means, axis=0)
        return self._spectra[folder]
