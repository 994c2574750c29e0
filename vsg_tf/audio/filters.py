"""Small filters of curves and spectrograms in NumPy.

They give the numbers of `scipy.ndimage` and `scipy.signal`, whose import takes longer than all the
filtering of a clip.
"""

from typing import Literal

import numpy as np

TRUNCATE = 4.0  # standard deviations at which the Gaussian ends
_BLOCK = 256  # samples that a recursion takes at once
_PADDING = {"nearest": "edge", "reflect": "symmetric"}


def gaussian_smooth(
    values: np.ndarray,
    sigma: float,
    axis: int = -1,
    edges: Literal["nearest", "reflect"] = "nearest",
) -> np.ndarray:
    """Smooth along one axis, as `scipy.ndimage.gaussian_filter1d`.

    Args:
        values: any shape, at least one value along `axis`.
        sigma: standard deviation in values; 0 changes nothing.
        axis: the axis.
        edges: beyond the ends, the last value holds ("nearest") or the curve is mirrored, its last
            value twice ("reflect").

    Returns:
        The same shape; float32 where `values` are float32, otherwise float64.
    """
    values = np.asarray(values)
    dtype = values.dtype if values.dtype == np.float32 else np.float64
    radius = int(TRUNCATE * sigma + 0.5)
    if radius == 0:
        return values.astype(dtype)
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    moved = np.moveaxis(values, axis, -1)
    padding = [(0, 0)] * (moved.ndim - 1) + [(radius, radius)]
    padded = np.pad(moved.astype(np.float64), padding, mode=_PADDING[edges])
    if padded.ndim == 1:
        smooth = np.convolve(padded, kernel, mode="valid")
    else:
        count = moved.shape[-1]
        smooth = kernel[radius] * padded[..., radius : radius + count]
        for step in range(radius):  # both sides at once, because the kernel is even
            last = 2 * radius - step
            both = padded[..., step : step + count] + padded[..., last : last + count]
            smooth += kernel[step] * both
    return np.moveaxis(smooth, -1, axis).astype(dtype)


def running_maximum(values: np.ndarray, before: int, after: int, axis: int = -1) -> np.ndarray:
    """The largest of `values[i - before]` to `values[i + after]`, both included, at each i.

    Args:
        values: any shape; beyond the ends there is nothing.
        before, after: values on each side, at least 0.
        axis: the axis.

    Returns:
        The same shape and type.
    """
    moved = np.moveaxis(np.asarray(values), axis, -1)
    count = moved.shape[-1]
    before, after = min(before, count), min(after, count)
    if count == 0 or before + after == 0:
        return np.array(values)
    # The last value on each side once more changes no maximum of a window that reaches it.
    padding = [(0, 0)] * (moved.ndim - 1) + [(before, after)]
    highest = np.pad(moved, padding, mode="edge")
    size, width = before + after + 1, 1  # maxima of `width` values, doubled until they suffice
    while 2 * width <= size:
        highest = np.maximum(highest[..., :-width], highest[..., width:])
        width *= 2
    rest = size - width
    if rest:
        highest = np.maximum(highest[..., : highest.shape[-1] - rest], highest[..., rest:])
    return np.moveaxis(highest, -1, axis)


def find_peaks(values: np.ndarray, height: float = -np.inf, distance: int = 1) -> np.ndarray:
    """Local maxima, as `scipy.signal.find_peaks` with a height and a distance.

    Args:
        values: `[frames]`; its first and its last value are no peaks. A plateau is one peak in its
            middle, rounded down.
        height: peaks below it do not count.
        distance: of two peaks that are fewer frames apart, the lower goes; the later one stays
            where both are equal.

    Returns:
        `[peaks]` int, ascending.
    """
    values = np.asarray(values)
    if len(values) < 3:
        return np.zeros(0, int)
    change = np.flatnonzero(np.diff(values)) + 1
    starts = np.concatenate([[0], change])  # runs of equal values
    ends = np.concatenate([change, [len(values)]]) - 1
    levels = values[starts]
    inner = np.zeros(len(levels), bool)
    inner[1:-1] = (levels[1:-1] > levels[:-2]) & (levels[1:-1] > levels[2:])
    peaks = ((starts + ends) // 2)[inner]
    peaks = peaks[values[peaks] >= height]
    kept = np.ones(len(peaks), bool)
    for index in np.argsort(values[peaks], kind="stable")[::-1]:
        if kept[index]:
            near = np.abs(peaks - peaks[index]) < distance
            near[index] = False
            kept[near] = False
    return peaks[kept]


def one_pole(values: np.ndarray, pole: float) -> np.ndarray:
    """`y[i] = values[i] + pole * y[i - 1]`, as `scipy.signal.lfilter([1], [1, -pole], values)`.

    Args:
        values: `[samples]` float.
        pole: within -1..1; a positive one lowers what is high.

    Returns:
        `[samples]` float64.
    """
    count = len(values)
    blocks = np.zeros((-(-count // _BLOCK), _BLOCK))
    blocks.reshape(-1)[:count] = values
    powers = pole ** np.arange(_BLOCK + 1)
    lag = np.subtract.outer(np.arange(_BLOCK), np.arange(_BLOCK))
    filtered = blocks @ np.where(lag >= 0, powers[np.maximum(lag, 0)], 0.0).T
    last = 0.0
    for index in range(len(filtered)):  # each block goes on from where the one before it ended
        filtered[index] += powers[1:] * last
        last = filtered[index, -1]
    return filtered.reshape(-1)[:count]


def band_pass(
    waveform: np.ndarray, sample_rate: int, low_hz: float | None, high_hz: float | None
) -> np.ndarray:
    """Keep a frequency band, without delay.

    A windowed sinc (Blackman: what is outside goes down by 74 dB), whose edges are as wide as the
    lowest frequency that bounds the band; -6 dB at the edges themselves.

    Args:
        waveform: `[samples]` float.
        sample_rate: samples per second.
        low_hz, high_hz: edges, 0 < low < high < half the rate; None: none on that side.

    Returns:
        The same shape, float32; beyond both ends of the input there is silence.
    """
    waveform = np.asarray(waveform, np.float32)
    edges = [edge for edge in (low_hz, high_hz) if edge is not None]
    if not edges or not len(waveform):
        return waveform
    half = int(np.ceil(2.75 * sample_rate / min(edges)))
    steps = np.arange(-half, half + 1)

    def low_pass(edge: float) -> np.ndarray:
        kernel = np.sinc(2 * edge / sample_rate * steps) * np.blackman(len(steps))
        return kernel / kernel.sum()

    kernel = (steps == 0).astype(np.float64) if high_hz is None else low_pass(high_hz)
    if low_hz is not None:
        kernel = kernel - low_pass(low_hz)
    return _convolve_same(waveform, kernel).astype(np.float32)


def _convolve_same(waveform: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Convolution with an odd kernel in blocks, the waveform's length and middle."""
    half, size = len(kernel) // 2, 1 << max(14, (4 * len(kernel)).bit_length())
    step = size - len(kernel) + 1
    spectrum = np.fft.rfft(kernel, size)
    sums = np.zeros(len(waveform) + len(kernel) - 1 + size)
    for first in range(0, len(waveform), step):
        block = np.fft.irfft(np.fft.rfft(waveform[first : first + step], size) * spectrum, size)
        sums[first : first + size] += block
    return sums[half : half + len(waveform)]
