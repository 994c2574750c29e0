"""Encoded pictures as the small grey ones that the motion front end measures, as a graph."""

import tensorflow as tf

from vsg_tf.frontends.motion.cells import HEIGHT, WIDTH
from vsg_tf.graph_checks import checked

MOST_BYTES = 16_000_000  # of one encoded picture
MOST_PIXELS = 16_777_216  # of one picture, by its header: 50 MB decoded
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_PNG_SIZE = (16, 8)  # where a PNG's header tells width and height
_LUMA = (0.299, 0.587, 0.114)


def decode_pictures(encoded: tf.Tensor) -> tf.Tensor:
    """JPEG and PNG files `[frames]` string to grey `[frames, 64, 96]` uint8.

    Raises:
        tf.errors.InvalidArgumentError: a file is neither, is damaged, or is too large; its size
            is read from its header before it is decoded.
    """
    return tf.map_fn(
        _decode,
        encoded,
        fn_output_signature=tf.TensorSpec([HEIGHT, WIDTH], tf.uint8),
        parallel_iterations=2,
    )


def _decode(encoded: tf.Tensor) -> tf.Tensor:
    size = tf.strings.length(encoded)
    encoded = checked(
        encoded,
        (size > sum(_PNG_SIZE)) & (size <= MOST_BYTES),
        f"A picture in frames is empty or larger than {MOST_BYTES} bytes; send small JPEG or PNG "
        "files.",
    )
    is_jpeg = tf.strings.substr(encoded, 0, len(_JPEG)) == _JPEG
    is_png = tf.strings.substr(encoded, 0, len(_PNG)) == _PNG
    encoded = checked(
        encoded, is_jpeg | is_png, "A picture in frames is neither JPEG nor PNG; encode it so."
    )
    shape = tf.cond(
        is_jpeg, lambda: tf.image.extract_jpeg_shape(encoded)[:2], lambda: _png_shape(encoded)
    )
    height, width = tf.unstack(tf.cast(shape, tf.int64), num=2)
    encoded = checked(
        encoded,
        (height > 0) & (width > 0) & (height * width <= MOST_PIXELS),
        f"A picture in frames has no pixels or more than {MOST_PIXELS}; scale it down, "
        f"{WIDTH} x {HEIGHT} is enough.",
    )
    grey = tf.cond(
        is_jpeg,
        lambda: tf.cast(_jpeg(encoded), tf.float32),
        lambda: tf.tensordot(
            tf.cast(tf.io.decode_png(encoded, channels=3), tf.float32), tf.constant(_LUMA), 1
        )[..., None],
    )
    small = tf.image.resize(grey, (HEIGHT, WIDTH), method=tf.image.ResizeMethod.AREA)
    return tf.saturate_cast(tf.round(small[..., 0]), tf.uint8)


def _jpeg(encoded: tf.Tensor) -> tf.Tensor:
    # The usual transform of the decoder, a fast one, is off by up to 16 grey levels.
    return tf.io.decode_jpeg(encoded, channels=1, dct_method="INTEGER_ACCURATE")


def _png_shape(encoded: tf.Tensor) -> tf.Tensor:
    """Height and width by a PNG's header, `[2]` int32; negative where they are absurd."""
    header = tf.io.decode_raw(tf.strings.substr(encoded, *_PNG_SIZE), tf.int32, little_endian=False)
    return header[::-1]
