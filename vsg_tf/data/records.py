"""One prepared example, and its form inside a TFRecord file."""

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import tensorflow as tf

from vsg_tf.config.schema import Config
from vsg_tf.errors import InputError


@dataclass
class Example:
    """What training needs to know about one clip.

    Args:
        identity: unique name inside the corpus.
        source: recording family; examples of one source never sit in two splits.
        category: class of the sound, or of the scene.
        features: `[T, F]` float32 visual features.
        mel: `[4T, M]` float32 in 0..1 (4 = `video.mel_per_feature`).
        envelope: `[T]` float32 in 0..1.
        events: `[N, 3]` float32: time (s), strength (0..1), duration (s), sorted by time.
        reference_mel: `[4T, M]` another arrangement of the same source, or None.
        truth: what is known about the clip, JSON-able.
    """

    identity: str
    source: str
    category: str
    features: np.ndarray
    mel: np.ndarray
    envelope: np.ndarray
    events: np.ndarray
    reference_mel: np.ndarray | None = None
    truth: dict[str, Any] = field(default_factory=dict)

    def check(self) -> None:
        """Raise InputError where lengths disagree or values are not finite."""
        frames = len(self.features)
        if not frames or len(self.envelope) != frames or len(self.mel) % frames:
            raise InputError(
                f"The lengths of features, envelope and mel of {self.identity} differ."
            )
        if self.reference_mel is not None and self.reference_mel.shape != self.mel.shape:
            raise InputError(f"The reference mel of {self.identity} has another shape.")
        for name in ("features", "mel", "envelope", "events", "reference_mel"):
            values = getattr(self, name)
            if values is not None and not np.isfinite(values).all():
                raise InputError(f"The {name} of {self.identity} hold values that are not finite.")

    def serialize(self) -> bytes:
        """Its record; features, mels and envelope are stored as float16."""
        self.check()
        events = np.asarray(self.events, "<f4").reshape(-1, 3)
        shape = [len(self.features), self.features.shape[1], *self.mel.shape]
        feature = {
            "id": _bytes(self.identity.encode()),
            "source": _bytes(self.source.encode()),
            "category": _bytes(self.category.encode()),
            "truth": _bytes(json.dumps(self.truth, sort_keys=True).encode()),
            "shape": tf.train.Feature(int64_list=tf.train.Int64List(value=shape)),
            "features": _half(self.features),
            "mel": _half(self.mel),
            "reference_mel": _half(self.reference_mel),
            "envelope": _half(self.envelope),
            "events": _bytes(events.tobytes()),
        }
        return tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString(
            deterministic=True
        )


def clip_frames(config: Config, seconds: float | None = None) -> int:
    """Whole feature frames in `seconds` (default: a prepared clip); 215 in 10 s."""
    seconds = config.data.clip_seconds if seconds is None else seconds
    timebase = config.timebase
    return max(1, timebase.samples_for(seconds) // timebase.feature_hop)


def fit_length(values: np.ndarray, length: int) -> np.ndarray:
    """Crop, or pad with zeros at the end, the first axis to `length`."""
    if len(values) >= length:
        return values[:length]
    widths = [(0, length - len(values))] + [(0, 0)] * (values.ndim - 1)
    return np.pad(values, widths)


def _bytes(value: bytes) -> tf.train.Feature:
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))


def _half(values: np.ndarray | None) -> tf.train.Feature:
    # Half precision: 0.05 dB of mel, at half the disk and reading time.
    return _bytes(b"" if values is None else np.ascontiguousarray(values, "<f2").tobytes())


def deserialize(record: bytes) -> Example:
    """The example inside a record (arrays come back as float32)."""
    stored = tf.train.Example.FromString(record).features.feature
    raw = {key: stored[key].bytes_list.value[0] for key in stored if key != "shape"}
    frames, width, mel_frames, bands = stored["shape"].int64_list.value

    def half(name: str, *shape: int) -> np.ndarray:
        return np.frombuffer(raw[name], "<f2").astype(np.float32).reshape(shape)

    reference = half("reference_mel", mel_frames, bands) if raw["reference_mel"] else None
    return Example(
        identity=raw["id"].decode(),
        source=raw["source"].decode(),
        category=raw["category"].decode(),
        features=half("features", frames, width),
        mel=half("mel", mel_frames, bands),
        envelope=half("envelope", frames),
        events=np.frombuffer(raw["events"], "<f4").reshape(-1, 3).copy(),
        reference_mel=reference,
        truth=json.loads(raw["truth"]),
    )


def parse(record: tf.Tensor, feature_width: int, bands: int) -> dict[str, tf.Tensor]:
    """The tensors of a record, inside a graph.

    Returns:
        `features [T, F]`, `mel [4T, M]`, `reference_mel [4T or 0, M]`, `envelope [T]`,
        `events [N, 3]`, all float32.
    """
    names = ("features", "mel", "reference_mel", "envelope", "events")
    stored = tf.io.parse_single_example(
        record, {name: tf.io.FixedLenFeature([], tf.string) for name in names}
    )

    def half(name: str, shape: list[int]) -> tf.Tensor:
        return tf.cast(tf.reshape(tf.io.decode_raw(stored[name], tf.float16), shape), tf.float32)

    return {
        "features": half("features", [-1, feature_width]),
        "mel": half("mel", [-1, bands]),
        "reference_mel": half("reference_mel", [-1, bands]),
        "envelope": half("envelope", [-1]),
        "events": tf.reshape(tf.io.decode_raw(stored["events"], tf.float32), [-1, 3]),
    }
