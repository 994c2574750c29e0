"""Encoded pictures and sounds, read inside a graph: right, or refused with a sentence."""

import io
import struct
import zlib

import cv2
import librosa
import numpy as np
import pytest
import soundfile
import tensorflow as tf

from tests.media_writing import hits, picture
from vsg_tf.audio.mel import LogMel
from vsg_tf.config import AudioConfig
from vsg_tf.export.graph_resampling import resample
from vsg_tf.export.graph_wav import decode_wav, encode_wav
from vsg_tf.frontends.front_end import Pictures
from vsg_tf.frontends.graph_pictures import MOST_PIXELS, decode_pictures
from vsg_tf.frontends.motion.layout import HEIGHT, WIDTH

RATE = 22050
WANTED = Pictures(WIDTH, HEIGHT, "gray")
PICTURES = tf.function(
    lambda files: decode_pictures(files, WANTED),
    input_signature=[tf.TensorSpec([None], tf.string)],
)
WAV = tf.function(
    lambda encoded: decode_wav(encoded, RATE), input_signature=[tf.TensorSpec([], tf.string)]
)
RESAMPLE = tf.function(
    lambda waveform, rate: resample(waveform, rate, RATE),
    input_signature=[tf.TensorSpec([None], tf.float32), tf.TensorSpec([], tf.int32)],
)


def _wav(samples, rate=RATE, **options) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="WAV", **options)
    return file.getvalue()


def _image(suffix, size=(384, 256), colour=True) -> bytes:
    frame = picture(size, 0.3)
    frame[..., 1] //= 2
    frame = frame if colour else frame[..., 0]
    return cv2.imencode(suffix, frame, [cv2.IMWRITE_JPEG_QUALITY, 98])[1].tobytes()


def _png_bomb(side: int) -> bytes:
    """A PNG of a few bytes that says it is huge."""

    def chunk(kind, data):
        checksum = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data + chunk(b"IEND", b"")


def _jpeg_bomb() -> bytes:
    """A JPEG whose header says 60,000 x 60,000."""
    data = bytearray(_image(".jpg"))
    start = data.index(b"\xff\xc0")
    struct.pack_into(">HH", data, start + 5, 60_000, 60_000)
    return bytes(data)


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
@pytest.mark.parametrize("colour", [True, False])
@pytest.mark.parametrize("size", [(384, 256), (WIDTH, HEIGHT), (50, 31), (1001, 333)])
def test_pictures_are_scaled_and_grey(suffix, colour, size):
    encoded = _image(suffix, size, colour)
    decoded = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_GRAYSCALE)
    scaled = cv2.resize(decoded, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    frames = PICTURES(tf.constant([encoded, encoded])).numpy()
    assert frames.shape == (2, HEIGHT, WIDTH) and frames.dtype == np.uint8
    if size[0] >= WIDTH:  # OpenCV enlarges in another way
        assert np.abs(frames[0].astype(int) - scaled).max() <= 2
    np.testing.assert_array_equal(frames[0], frames[1])


@pytest.mark.parametrize(
    "content, sentence",
    [
        (b"", "is empty"),
        (b"\xff\xd8\xff", "is empty"),
        (b"GIF89a" + bytes(100), "neither JPEG nor PNG"),
        (_png_bomb(50_000), f"more than {MOST_PIXELS}"),
        (_png_bomb(2**31 - 1), f"more than {MOST_PIXELS}"),
        (_png_bomb(2**32 - 1), f"more than {MOST_PIXELS}"),
        (_jpeg_bomb(), f"more than {MOST_PIXELS}"),
    ],
    ids=["empty", "start", "gif", "png", "png-31-bits", "png-32-bits", "jpeg"],
)
def test_bad_pictures_are_a_sentence(content, sentence):
    with pytest.raises(tf.errors.InvalidArgumentError, match=sentence):
        PICTURES(tf.constant([_image(".png"), content]))


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_damaged_pictures_are_refused(suffix):
    encoded = _image(suffix)
    with pytest.raises(tf.errors.InvalidArgumentError):
        PICTURES(tf.constant([encoded[: len(encoded) // 3]]))


@pytest.mark.parametrize("channels", [1, 2, 3])
def test_wav_is_read_as_soundfile_does(channels):
    samples = np.stack([hits() * (1 - 0.3 * i) for i in range(channels)], axis=1)
    encoded = _wav(samples)
    own = soundfile.read(io.BytesIO(encoded), dtype="float32", always_2d=True)[0].mean(1)
    np.testing.assert_allclose(WAV(tf.constant(encoded)), own, atol=1e-6)


def test_only_a_minute_is_read():
    assert len(WAV(tf.constant(_wav(np.zeros(70 * 8000), 8000)))) == 60 * RATE


@pytest.mark.parametrize("rate", [8000, 16_000, 22_051, 32_000, 44_100, 48_000, 96_000])
def test_resampling_is_as_good_as_a_library(rate):
    rng = np.random.default_rng(rate)
    seconds = np.arange(rate) / rate
    waveform = 0.3 * np.sin(2 * np.pi * 500 * seconds) + 0.1 * rng.normal(size=rate)
    waveform = (waveform * (0.2 + hits(rate))).astype(np.float32)
    own = librosa.resample(waveform, orig_sr=rate, target_sr=RATE)
    ours = RESAMPLE(tf.constant(waveform), rate).numpy()
    assert len(ours) == len(own)
    mel = LogMel(AudioConfig(f_min=0.0, f_max=min(rate, RATE) * 0.45))
    assert np.abs(mel(ours) - mel(own)).mean() < 2e-3  # 0.2 dB


def test_a_tone_keeps_its_shape_and_what_cannot_be_kept_is_gone():
    times = np.arange(48_000) / 48_000
    low, high = (np.sin(2 * np.pi * f * times).astype(np.float32) for f in (1000, 15_000))
    inner = slice(500, -500)
    exact = np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE)
    ours = RESAMPLE(tf.constant(low), 48_000).numpy()
    np.testing.assert_allclose(ours[inner], exact[inner], atol=1e-3)
    assert np.abs(RESAMPLE(tf.constant(high), 48_000).numpy()[inner]).max() < 1e-3


@pytest.mark.parametrize(
    "content, sentence",
    [
        (b"", "empty, cut off"),
        (b"RIFF", "empty, cut off"),
        (bytes(5000), "is not a WAV file"),
        (_wav(hits(), 3000), "4000 to 192000"),
        (_wav(hits(), RATE, subtype="PCM_24"), "16-bit"),
        (_wav(hits(), RATE, subtype="FLOAT"), "PCM"),
        (_wav(np.zeros(0)), "."),
    ],
    ids=["empty", "start", "zeros", "low-rate", "24-bit", "float", "no-samples"],
)
def test_bad_wav_is_a_sentence(content, sentence):
    with pytest.raises(tf.errors.InvalidArgumentError, match=sentence):
        WAV(tf.constant(content))


def test_loud_sound_is_scaled_down_and_quiet_sound_is_kept():
    for peak, expected in ((4.0, 10 ** (-1 / 20)), (0.25, 0.25)):
        waveform = (hits() / np.abs(hits()).max() * peak).astype(np.float32)
        encoded = encode_wav(tf.constant(waveform), RATE).numpy()
        samples, rate = soundfile.read(io.BytesIO(encoded))
        assert rate == RATE and soundfile.info(io.BytesIO(encoded)).subtype == "PCM_16"
        np.testing.assert_allclose(samples, waveform * (expected / peak), atol=1e-4)
