"""Encoded pictures as the small ones that a front end wants, as a graph."""

import tensorflow as tf

from vsg_tf.frontends.front_end import Pictures
from vsg_tf.graph_checks import checked

MOST_BYTES = 16_000_000  # of one encoded picture
MOST_PIXELS = 16_777_216  # of one picture, by its header: 50 MB decoded
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_PNG_SIZE = (16, 8)  # where a PNG's header tells width and height
_LUMA = (0.299, 0.587, 0.114)


def decode_pictures(encoded: tf.Tensor, wanted: Pictures) -> tf.Tensor:
    """JPEG and PNG files to pictures of the wanted size and colour; the rate is not looked at.

    Args:
        encoded: files, `[frames]` string.
        wanted: see `Pictures`.

    Returns:
        uint8 `[frames, height, width]` where grey is wanted, else `[frames, height, width, 3]`.

    Raises:
        tf.errors.InvalidArgumentError: a file is neither, is damaged, or is too large; its size
            is read from its header before it is decoded.
    """
    channels = () if wanted.colour == "gray" else (3,)
    return tf.map_fn(
        lambda file: _decode(file, wanted),
        encoded,
        fn_output_signature=tf.TensorSpec([wanted.height, wanted.width, *channels], tf.uint8),
        parallel_iterations=2,
    )


def _decode(encoded: tf.Tensor, wanted: Pictures) -> tf.Tensor:
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
        f"{wanted.width} x {wanted.height} is enough.",
    )
    picture = tf.cond(is_jpeg, lambda: _jpeg(encoded, wanted), lambda: _png(encoded, wanted))
    size = (wanted.height, wanted.width)
    small = tf.image.resize(picture, size, method=tf.image.ResizeMethod.AREA)
    if wanted.colour == "gray":
        small = small[..., 0]
    elif wanted.colour == "bgr":
        small = small[..., ::-1]
    return tf.saturate_cast(tf.round(small), tf.uint8)


def _jpeg(encoded: tf.Tensor, wanted: Pictures) -> tf.Tensor:
    """`[height, width, 1 or 3]` float32 in 0..255."""
    channels = 1 if wanted.colour == "gray" else 3
    # The usual transform of the decoder, a fast one, is off by up to 16 grey levels.
    picture = tf.io.decode_jpeg(encoded, channels=channels, dct_method="INTEGER_ACCURATE")
    return tf.cast(picture, tf.float32)


def _png(encoded: tf.Tensor, wanted: Pictures) -> tf.Tensor:
    """As `_jpeg`."""
    picture = tf.cast(tf.io.decode_png(encoded, channels=3), tf.float32)
    if wanted.colour == "gray":
        return tf.tensordot(picture, tf.constant(_LUMA), 1)[..., None]
    return picture


def _png_shape(encoded: tf.Tensor) -> tf.Tensor:
    """Height and width by a PNG's header, `[2]` int32; negative where they are absurd."""
    header = tf.io.decode_raw(tf.strings.substr(encoded, *_PNG_SIZE), tf.int32, little_endian=False)
    return header[::-1]
