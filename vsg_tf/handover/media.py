"""The sounds and the clip, written before everything that refers to them."""

import itertools
import re
import shutil
from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path

import numpy as np

from vsg_tf.audio.channels import as_pair
from vsg_tf.audio.resampling import resampled_blocks
from vsg_tf.audio.tracks import iterate_track
from vsg_tf.handover.description import Session
from vsg_tf.handover.layers import LayerWriter
from vsg_tf.handover.samples import BitDepth
from vsg_tf.handover.summing import exactly
from vsg_tf.handover.wav import WavWriter
from vsg_tf.handover.wav_chunks import BroadcastInfo
from vsg_tf.handover.written import Media, Written, WrittenLayer

_UNSAFE = re.compile(r"[^\w.-]+")


class Needs(IntEnum):
    """What a format refers to; each includes the ones before."""

    EVENTS = 0
    STEMS = 1
    ITEMS = 2
    PICTURE = 3  # and the guide


def write_media(folder: Path, session: Session, bit_depth: BitDepth, needs: Needs) -> Written:
    """Write what `needs` says into `folder`, in constant memory.

    Raises:
        InputError: the guide cannot be read.
    """
    layers, used, notes = [], set(), session.notes
    for layer in session.layers:
        slug = slug_of(layer.name, used)
        if needs >= Needs.STEMS:
            writer = LayerWriter(folder, session, layer, slug, bit_depth)
            layers.append(writer.write(with_items=needs >= Needs.ITEMS))
            notes += writer.notes
        else:
            events, markers = session.heard(layer), session.markers(layer)
            layers.append(WrittenLayer(layer.name, slug, events, markers, None))
    video = guide = None
    if needs >= Needs.PICTURE:
        if session.clip is not None:
            video = f"video/{slug_of(session.clip.stem, set())}{session.clip.suffix.lower()}"
            (folder / "video").mkdir()
            shutil.copyfile(session.clip, folder / video)
        if session.guide is not None:
            guide = _write_guide(folder, session, bit_depth)
    slug, made = slug_of(session.name, set()), tuple(layers)
    return Written(folder, slug, session, bit_depth, made, video, guide, notes)


def slug_of(name: str, used: set[str]) -> str:
    """A name that every file system takes, unlike those in `used`, to which it is added."""
    base = _UNSAFE.sub("_", name).strip("._")[:60] or "layer"
    slug, number = base, 2
    while slug.lower() in used:
        slug, number = f"{base}_{number}", number + 1
    used.add(slug.lower())
    return slug


def _write_guide(folder: Path, session: Session, bit_depth: BitDepth) -> Media:
    blocks = _guide_blocks(session)
    first = next(blocks, np.zeros((0, 1), np.float32))
    channels = first.shape[1]
    info = BroadcastInfo(
        "Guide", session.start_sample, session.rate, project=session.name, created=session.created
    )
    (folder / "guide").mkdir()
    file = "guide/guide.wav"
    with WavWriter(folder / file, session.sample_rate, channels, bit_depth, info) as writer:
        everything = itertools.chain([first], blocks)
        for block in exactly(everything, session.samples, channels):
            writer.write(block)
    return Media(file, session.samples, channels)


def _guide_blocks(session: Session) -> Iterator[np.ndarray]:
    found = iterate_track(session.guide, track=session.guide_track)
    first = next(found, None)
    if first is None:
        return
    rate = first[1]
    blocks = (as_pair(block.T) for block, _ in itertools.chain([first], found))
    blocks = resampled_blocks(blocks, rate, session.sample_rate)
    yield from _later(blocks, round(session.guide_offset_s * session.sample_rate))


def _later(blocks: Iterator[np.ndarray], samples: int) -> Iterator[np.ndarray]:
    """The same sound, later by so many samples; earlier if negative."""
    early = max(0, -samples)
    for block in blocks:
        if samples > 0:
            yield np.zeros((samples, block.shape[1]), np.float32)
            samples = 0
        yield block[early:]
        early = max(0, early - len(block))
