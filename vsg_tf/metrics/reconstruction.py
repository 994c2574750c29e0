"""How far a rebuilt sound is from the one it should equal.

Mel levels in dB come from `audio.mel.level_db`; distances are in dB unless said otherwise.
"""

import librosa
import numpy as np
from scipy.fft import dct

ORDER = 13  # cepstral coefficients beyond the level
FLOOR_DB = -100.0  # of spectra, below their loudest bin
N_FFT, HOP = 1024, 256
CONVERGENCE_FRAMES = (2048, 1024, 512, 256)


def mel_cepstra(levels: np.ndarray) -> np.ndarray:
    """Cosine series of each mel frame's log magnitude.

    With L(k) the natural logarithm of the magnitude in band k of K,
    `L(k) = c0 + sum over m of c_m cos(pi m (k + 1/2) / K)`.

    Args:
        levels: `[frames, K]` in dB.

    Returns:
        `[frames, 1 + 13]`: c0 (the level), c1 .. c13.
    """
    log_magnitude = np.asarray(levels, np.float64) * (np.log(10) / 20)
    cepstra = dct(log_magnitude, type=2, axis=-1) / log_magnitude.shape[-1]
    cepstra[:, 0] /= 2
    return cepstra[:, : ORDER + 1]


def mel_cepstral_distortion(
    made: np.ndarray, truth: np.ndarray, *, level: bool = False, warp: bool = False
) -> float:
    """MCD in dB: mean over frames of `10 / ln 10 * sqrt(2 * sum of (c_m - c'_m)^2)`.

    The sum runs over m = 1 .. 13, and m = 0 where `level`. A difference that is a ripple of
    amplitude a dB over the bands gives `a / sqrt(2)`, its root mean square.

    Args:
        made: mel levels `[frames, K]` in dB.
        truth: likewise; without `warp` the longer one is cut.
        level: count the level, c0, too.
        warp: compare along the cheapest path (dynamic time warping), which forgives timing; the
            mean is then over the path.
    """
    first = 0 if level else 1
    made, truth = mel_cepstra(made)[:, first:], mel_cepstra(truth)[:, first:]
    scale = 10 / np.log(10) * np.sqrt(2)
    if warp:
        costs, path = librosa.sequence.dtw(made.T, truth.T, metric="euclidean")
        return float(scale * costs[-1, -1] / len(path))
    count = min(len(made), len(truth))
    return float(scale * np.linalg.norm(made[:count] - truth[:count], axis=1).mean())


def mel_l1(made: np.ndarray, truth: np.ndarray) -> float:
    """Mean absolute difference of mels `[frames, M]`, in their unit; the longer one is cut."""
    count = min(len(made), len(truth))
    return float(np.abs(np.asarray(made[:count]) - np.asarray(truth[:count])).mean())


def log_spectral_distance(made: np.ndarray, truth: np.ndarray) -> float:
    """Mean over frames of the root mean square difference of log power spectra, dB.

    Args:
        made: `[samples]`.
        truth: likewise, at the same rate; the longer one is cut.

    Spectra: 1024 samples, hop 256, up to half the sample rate; bins more than 100 dB below the
    loudest of `truth` count as being there.
    """
    count = min(len(made), len(truth))
    made, truth = (
        np.abs(librosa.stft(np.asarray(w[:count], np.float32), n_fft=N_FFT, hop_length=HOP))
        for w in (made, truth)
    )
    least = max(truth.max(initial=0.0) * 10 ** (FLOOR_DB / 20), 1e-10)
    difference = 20 * np.log10(np.maximum(made, least) / np.maximum(truth, least))
    return float(np.sqrt(np.square(difference).mean(axis=0)).mean())


def spectral_convergence(made: np.ndarray, truth: np.ndarray) -> float:
    """Size of the difference of magnitude spectrograms, relative to the truth's (Frobenius norms).

    The mean over frames of 2048, 1024, 512 and 256 samples, a quarter of it apart: long frames see
    pitch, short ones attacks. 0 is perfect; silence gives 1, twice the level too. NaN where
    `truth` is silent.

    Args:
        made: `[samples]`.
        truth: likewise, at the same rate; the longer one is cut.
    """
    count = min(len(made), len(truth))
    ratios = []
    for n_fft in CONVERGENCE_FRAMES:
        spectra = [
            np.abs(librosa.stft(np.asarray(w[:count], np.float32), n_fft=n_fft))
            for w in (made, truth)
        ]
        norm = np.linalg.norm(spectra[1])
        ratios.append(np.linalg.norm(spectra[0] - spectra[1]) / norm if norm else np.nan)
    return float(np.mean(ratios))
