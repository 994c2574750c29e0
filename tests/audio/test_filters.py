"""The filters against SciPy's."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, gaussian_filter1d, maximum_filter1d
from scipy.signal import fftconvolve, firwin, lfilter
from scipy.signal import find_peaks as scipy_peaks

from vsg_tf.audio.filters import (
    band_pass,
    find_peaks,
    gaussian_smooth,
    one_pole,
    running_maximum,
)


@pytest.mark.parametrize("edges", ["nearest", "reflect"])
@pytest.mark.parametrize("sigma", [0.0, 0.1, 0.7, 1.0, 2.5, 12.0])
@pytest.mark.parametrize("shape, axis", [((1,), 0), ((3,), 0), ((500,), -1), ((40, 7), 0)])
def test_gaussian_is_scipys(shape, axis, sigma, edges):
    values = np.random.default_rng(0).normal(size=shape)
    expected = values if sigma == 0 else gaussian_filter1d(values, sigma, axis=axis, mode=edges)
    np.testing.assert_allclose(gaussian_smooth(values, sigma, axis, edges), expected, atol=1e-12)
    single = gaussian_smooth(values.astype(np.float32), sigma, axis, edges)
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, expected, atol=1e-6)


def test_gaussian_along_both_axes_is_scipys():
    values = np.random.default_rng(0).normal(size=(30, 20))
    twice = gaussian_smooth(gaussian_smooth(values, 1.3, axis=0), 1.3, axis=1)
    np.testing.assert_allclose(twice, gaussian_filter(values, 1.3, mode="nearest"), atol=1e-12)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 8, 33, 100])
@pytest.mark.parametrize("shape, axis", [((1,), 0), ((20,), 0), ((50, 3), 0), ((3, 50), 1)])
def test_maximum_is_scipys(shape, axis, size):
    values = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    centred = running_maximum(values, size // 2, (size - 1) // 2, axis)
    np.testing.assert_array_equal(centred, maximum_filter1d(values, size, axis, mode="nearest"))
    assert centred.dtype == np.float32


def test_maximum_of_a_window_on_one_side():
    values = np.array([3.0, 1.0, 2.0, 5.0, 4.0])
    np.testing.assert_array_equal(running_maximum(values, 2, 0), [3, 3, 3, 5, 5])
    np.testing.assert_array_equal(running_maximum(values, 0, 1), [3, 2, 5, 5, 4])
    np.testing.assert_array_equal(running_maximum(values, 99, 99), [5] * 5)
    assert running_maximum(np.zeros(0), 2, 2).shape == (0,)


@pytest.mark.parametrize("distance", [1, 2, 5, 30])
@pytest.mark.parametrize("height", [-np.inf, 0.0, 1.0, 99.0])
@pytest.mark.parametrize("frames", [0, 1, 2, 3, 10, 400])
def test_peaks_are_scipys(frames, height, distance):
    values = np.random.default_rng(frames).normal(size=frames)
    expected, _ = scipy_peaks(values, height=height, distance=distance)
    np.testing.assert_array_equal(find_peaks(values, height, distance), expected)


@pytest.mark.parametrize("frames", [0, 1, 3, 400])
def test_plateaus_are_scipys(frames):
    for values in (np.round(np.random.default_rng(1).normal(size=frames)), np.ones(frames)):
        np.testing.assert_array_equal(find_peaks(values, 0.0), scipy_peaks(values, height=0.0)[0])


def test_the_later_of_two_equal_peaks_stays():
    values = np.array([0, 1, 0, 1, 0, 0, 0, 1, 0.0])
    np.testing.assert_array_equal(find_peaks(values, distance=3), [3, 7])
    np.testing.assert_array_equal(find_peaks(values, distance=2), [1, 3, 7])


@pytest.mark.parametrize("pole", [0.0, 0.5, -0.9, 0.999])
@pytest.mark.parametrize("samples", [0, 1, 255, 256, 257, 5000])
def test_recursion_is_scipys(samples, pole):
    values = np.random.default_rng(0).normal(size=samples)
    np.testing.assert_allclose(one_pole(values, pole), lfilter([1], [1, -pole], values), atol=1e-9)


@pytest.mark.parametrize("samples", [1, 50, 5000, 40_000])
@pytest.mark.parametrize(("low", "high"), [(200, None), (None, 3000), (300, 2000), (40, 9000)])
def test_a_band_is_that_of_scipys_filter(samples, low, high):
    rate = 22050
    wave = np.random.default_rng(0).normal(size=samples).astype(np.float32)
    half = int(np.ceil(2.75 * rate / min(edge for edge in (low, high) if edge)))
    edges = [edge for edge in (low, high) if edge]
    kind = "bandpass" if len(edges) == 2 else "highpass" if high is None else "lowpass"
    taps = {"fs": rate, "scale": False, "window": "blackman"}
    kernel = firwin(2 * half + 1, edges, pass_zero=kind, **taps)
    expected = fftconvolve(wave, kernel)[half : half + samples]
    np.testing.assert_allclose(band_pass(wave, rate, low, high), expected, atol=5e-3)


def test_a_band_keeps_what_is_in_it_and_its_place():
    rate, time = 22050, np.arange(22050) / 22050
    inside, outside = np.sin(2 * np.pi * 1000 * time), np.sin(2 * np.pi * 60 * time)
    both = (inside + outside).astype(np.float32)
    kept = band_pass(both, rate, 300, 4000)[2000:-2000]
    np.testing.assert_allclose(kept, inside[2000:-2000], atol=0.01)
    assert band_pass(both, rate, None, None) is both
    assert band_pass(both[:0], rate, 100, None).shape == (0,)
