"""How far a waveform's spectra are from those of another."""

from keras import ops

from vsg_tf.layers.spectra import short_time_spectra

RESOLUTIONS = (2048, 1024, 512, 256)  # samples of a frame; a quarter of it apart
_FLOOR = 1e-3  # magnitudes below it are alike to the ear
_TINY = 1e-9
_LEAST_NORM = 0.1  # of a whole spectrogram; below it there is nothing to follow


def magnitudes(waveform, n_fft: int):
    """Magnitudes of `short_time_spectra`, with a gradient at zero."""
    real, imaginary = short_time_spectra(waveform, n_fft)
    return ops.sqrt(ops.square(real) + ops.square(imaginary) + _TINY)


def log_magnitude_loss(target, predicted):
    """Mean difference of log magnitudes `[B, T, F]`, float32 `[B]`."""
    difference = ops.log(target + _FLOOR) - ops.log(predicted + _FLOOR)
    return ops.mean(ops.abs(difference), axis=(1, 2))


def stft_loss(target, predicted, resolutions=RESOLUTIONS):
    """Spectral convergence plus log-magnitude difference over resolutions (arXiv 1910.11480).

    Args:
        target: waveforms `[B, S]`.
        predicted: waveforms `[B, S]`.
        resolutions: frame lengths, multiples of 4.

    Returns:
        float32 `[B]`, a mean over the resolutions.
    """
    total = 0.0
    for n_fft in resolutions:
        true, made = magnitudes(target, n_fft), magnitudes(predicted, n_fft)
        # Equal spectrograms, as those of silence, would else have no gradient.
        distance = ops.sqrt(ops.sum(ops.square(true - made), axis=(1, 2)) + _TINY)
        norm = ops.sqrt(ops.sum(ops.square(true), axis=(1, 2)))
        total = total + distance / (norm + _LEAST_NORM) + log_magnitude_loss(true, made)
    return total / len(resolutions)
