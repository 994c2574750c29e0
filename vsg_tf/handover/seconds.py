"""Samples as seconds in text, rounded once and exactly."""

from fractions import Fraction

from vsg_tf.timecode import rounded


def seconds_text(value: Fraction, digits: int = 12) -> str:
    """A time >= 0 in seconds with so many digits after the point."""
    whole, part = divmod(rounded(value * 10**digits), 10**digits)
    return f"{whole}.{part:0{digits}d}"


def sample_text(sample: int, sample_rate: int, digits: int = 12) -> str:
    """When a sample >= 0 is heard, in seconds."""
    return seconds_text(Fraction(sample, sample_rate), digits)
