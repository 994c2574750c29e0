"""The background of a recording, taken out of its waveform where it can be heard."""

import numpy as np
from scipy.ndimage import gaussian_filter, maximum_filter1d
from scipy.signal import istft, stft

WINDOW_SECONDS = 0.04
QUIETEST, LOUDEST = 0.2, 0.2  # shares of the frames that show the background, and the events
_MOST_DB = 40.0  # by which a bin is lowered at most
# A recording whose events stand out this little is itself the wanted sound, such as rain.
_NO_CONTRAST_DB, _FULL_CONTRAST_DB = 6.0, 15.0
_BARED_DB, _HIDDEN_DB = 6.0, 20.0
_AROUND = 3  # frames next to a loud one that stay, so that attacks are whole
_SMOOTHING = 1.0  # frames and bins; without it single bins ring
_TINY = 1e-12


def window_samples(sample_rate: int) -> int:
    """An even number of samples in `WINDOW_SECONDS`."""
    return 2 * round(WINDOW_SECONDS * sample_rate / 2)


def clean_waveform(waveform: np.ndarray, sample_rate: int) -> np.ndarray:
    """Spectral subtraction, as `audio.background.suppress_background` does it on the mel.

    Args:
        waveform: `[samples, channels]`.
        sample_rate: samples per second.

    Returns:
        The same shape, float32; the same sound where nothing stands out of it. All channels get
        one gain, so that the picture in stereo stays.
    """
    size = window_samples(sample_rate)
    if len(waveform) < 2 * size:
        return waveform
    _, _, spectrum = stft(waveform.T, nperseg=size, padded=True)
    power = np.mean(np.abs(spectrum) ** 2, axis=0) + _TINY  # [bins, frames]
    energy = power.mean(axis=0)
    order = np.argsort(energy, kind="stable")
    few, many = (max(1, round(share * len(energy))) for share in (QUIETEST, LOUDEST))
    floor = power[:, order[:few]].mean(axis=1, keepdims=True)
    contrast = 10 * np.log10(energy[order[-many:]].mean() / energy[order[:few]].mean())
    amount = np.clip((contrast - _NO_CONTRAST_DB) / (_FULL_CONTRAST_DB - _NO_CONTRAST_DB), 0, 1)
    if amount == 0:
        return waveform
    # Where the sound is this much louder than the background, it hides it, and stays as it is.
    above = 10 * np.log10(energy / floor.mean())
    above = maximum_filter1d(above, 2 * _AROUND + 1)
    hidden = np.clip((above - _BARED_DB) / (_HIDDEN_DB - _BARED_DB), 0, 1)
    removed = amount * (1 - hidden) * floor / power
    kept = np.maximum(1 - removed, 10 ** (-_MOST_DB / 10))
    gain = np.exp(gaussian_filter(np.log(kept), _SMOOTHING, mode="nearest") / 2)
    _, cleaned = istft(spectrum * gain, nperseg=size)
    return cleaned.T[: len(waveform)].astype(np.float32)
