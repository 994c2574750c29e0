"""Integrated loudness, ITU-R BS.1770-4, and its range, EBU Tech 3342, measured block by block."""

import numpy as np

SHORTEST_S, STEP_S = 0.4, 0.1  # s of a gating block, and from one to the next
ABSOLUTE_GATE, RELATIVE_GATE = -70.0, -10.0  # LUFS; LU below what passes the first
# EBU Tech 3342: the range is that of the loudness of so many seconds, between percentiles.
RANGE_S, RANGE_GATE, RANGE_SHARES = 3.0, -20.0, (10.0, 95.0)
_OFFSET = -0.691  # so that a 997 Hz sine at full scale in one channel is at -3.01 LUFS
_KERNEL_S = 0.12  # the filters have died away by 150 dB
_FFT = 1 << 15
# The two filters in analogue terms; they give the standard's coefficients at 48 kHz. De Man,
# "Evaluation of implementations of the EBU R128 loudness measurement", AES 145, 2018.
_SHELF_HZ, _SHELF_DB, _SHELF_Q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
_HIGH_PASS_HZ, _HIGH_PASS_Q = 38.13547087602444, 0.5003270373238773


def k_weighting(hertz: np.ndarray, sample_rate: int) -> np.ndarray:
    """Response of the filters before the power is taken, complex, same shape as `hertz`."""
    z = np.exp(-2j * np.pi * np.asarray(hertz) / sample_rate)
    k = np.tan(np.pi * _SHELF_HZ / sample_rate)
    high = 10 ** (_SHELF_DB / 20)
    band = high**0.4996667741545416
    numerator = (
        (high + band * k / _SHELF_Q + k * k)
        + 2 * (k * k - high) * z
        + (high - band * k / _SHELF_Q + k * k) * z**2
    )
    shelf = numerator / (
        (1 + k / _SHELF_Q + k * k) + 2 * (k * k - 1) * z + (1 - k / _SHELF_Q + k * k) * z**2
    )
    k = np.tan(np.pi * _HIGH_PASS_HZ / sample_rate)
    scale = 1 + k / _HIGH_PASS_Q + k * k
    low = 1 + 2 * (k * k - 1) / scale * z + (1 - k / _HIGH_PASS_Q + k * k) / scale * z**2
    return shelf * (1 - z) ** 2 / low


class LoudnessMeter:
    """Loudness of a sound that comes in blocks.

    Args:
        sample_rate: samples per second.
        channels: 1 or 2; both count alike.
    """

    def __init__(self, sample_rate: int, channels: int):
        kernel = np.fft.irfft(k_weighting(np.fft.rfftfreq(_FFT, 1 / sample_rate), sample_rate))
        self._kernel_size = min(round(_KERNEL_S * sample_rate), _FFT // 2)
        self._kernel = np.fft.rfft(kernel[: self._kernel_size], _FFT)
        self._step = round(STEP_S * sample_rate)
        self._before = np.zeros((self._kernel_size - 1, channels))
        self._rest = np.zeros(0)  # weighted power that fills no step yet
        self._steps: list[np.ndarray] = []  # mean power of whole steps
        self._samples = 0

    def add(self, block: np.ndarray) -> None:
        """Measure the next samples, `[samples, channels]` float."""
        size = _FFT - self._kernel_size + 1
        for first in range(0, len(block), size):
            self._add(np.asarray(block[first : first + size], np.float64))

    def _add(self, block: np.ndarray) -> None:
        joined = np.concatenate([self._before, block])
        self._before = joined[len(joined) - self._kernel_size + 1 :]
        spectrum = np.fft.rfft(joined, _FFT, axis=0) * self._kernel[:, None]
        weighted = np.fft.irfft(spectrum, _FFT, axis=0)[self._kernel_size - 1 :][: len(block)]
        power = np.concatenate([self._rest, np.square(weighted).sum(axis=1)])
        whole = len(power) // self._step
        self._steps.append(power[: whole * self._step].reshape(whole, self._step).mean(axis=1))
        self._rest = power[whole * self._step :]
        self._samples += len(block)

    @property
    def integrated(self) -> float:
        """LUFS of what was added; -inf for silence. Of less than 0.4 s the ungated loudness."""
        steps = np.concatenate([np.zeros(0), *self._steps])
        count = round(SHORTEST_S / STEP_S)
        if len(steps) < count:
            total = steps.sum() * self._step + self._rest.sum()
            return _lufs(total / max(self._samples, 1))
        blocks = _gated(steps, count, RELATIVE_GATE)
        return _lufs(blocks.mean()) if len(blocks) else -np.inf

    @property
    def range(self) -> float:
        """Loudness range in LU, >= 0; 0 for silence and for less than 3 s."""
        steps = np.concatenate([np.zeros(0), *self._steps])
        blocks = _gated(steps, round(RANGE_S / STEP_S), RANGE_GATE)
        if not len(blocks):
            return 0.0
        low, high = np.percentile(10 * np.log10(blocks), RANGE_SHARES)
        return float(high - low)


def _gated(steps: np.ndarray, count: int, relative_db: float) -> np.ndarray:
    """Power of all stretches of `count` steps that pass both gates."""
    if len(steps) < count:
        return np.zeros(0)
    blocks = np.lib.stride_tricks.sliding_window_view(steps, count).mean(axis=1)
    blocks = blocks[blocks > 10 ** ((ABSOLUTE_GATE - _OFFSET) / 10)]
    if not len(blocks):
        return blocks
    return blocks[blocks > blocks.mean() * 10 ** (relative_db / 10)]


def _lufs(power: float) -> float:
    return _OFFSET + 10 * float(np.log10(power)) if power > 0 else -np.inf


def integrated_loudness(waveform: np.ndarray, sample_rate: int) -> float:
    """LUFS of a whole waveform `[samples, channels]`; -inf for silence."""
    meter = LoudnessMeter(sample_rate, waveform.shape[1])
    meter.add(waveform)
    return meter.integrated
