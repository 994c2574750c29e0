"""A layer into its stem, one file an item, and what the items leave of the stem."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile

from vsg_tf.audio.levels import apply_gain, peak_db
from vsg_tf.audio.loudness import LoudnessMeter
from vsg_tf.audio.sound_files import open_sound
from vsg_tf.audio.true_peak import TruePeakMeter
from vsg_tf.handover.cutting import cut_at_events
from vsg_tf.handover.description import Item, Layer, Session, fade_factors
from vsg_tf.handover.samples import FLOAT, BitDepth, quantised
from vsg_tf.handover.summing import Summing, exactly
from vsg_tf.handover.wav import WavWriter
from vsg_tf.handover.wav_chunks import BroadcastInfo, Loudness, Marker
from vsg_tf.handover.written import Media, PlacedItem, WrittenLayer

_BLOCK = 1 << 16  # samples
_SILENT = 3e-6  # -110 dB; what is left of a stem below this, or a step of its numbers, is rounding
_FULL_SCALE = 1 - 2.0**-15


class LayerWriter:
    """Writes one layer.

    Args:
        folder: of the hand-over.
        session: it belongs to.
        layer: what is written.
        slug: its name in file names.
        bit_depth: of all files.
    """

    def __init__(
        self, folder: Path, session: Session, layer: Layer, slug: str, bit_depth: BitDepth
    ):
        self._folder, self._session, self._layer = folder, session, layer
        self._slug, self._depth = slug, bit_depth
        self.notes: tuple[str, ...] = ()  # sentences for the user
        self._events, self._markers = session.heard(layer), session.markers(layer)

    def write(self, with_items: bool) -> WrittenLayer:
        """Write the stem and, if wanted, the items."""
        stem, loudness = self._write_stem()
        items = self._write_items(stem) if with_items else ()
        name = self._layer.name
        return WrittenLayer(name, self._slug, self._events, self._markers, stem, items, loudness)

    def _write_stem(self) -> tuple[Media, Loudness]:
        file = f"stems/{self._slug}.wav"
        layer, session, peak = self._layer, self._session, 0.0
        meter = LoudnessMeter(session.sample_rate, layer.channels)
        true_peak = TruePeakMeter(layer.channels)
        with self._writer(file, layer.name, 0, self._markers) as writer:
            for block in exactly(layer.stem(), session.samples, layer.channels):
                writer.write(block)
                meter.add(block)
                true_peak.add(block)
                peak = max(peak, float(np.abs(block).max(initial=0)))
            loudness = Loudness(meter.integrated, true_peak.peak_db, meter.range)
            writer.measured(loudness)
        if peak > 1 and self._depth != FLOAT:
            self.notes += (
                f"{layer.name} is up to {20 * np.log10(peak):.1f} dB louder than full scale, where "
                "it is cut off: turn it down (--gain), or write floating point (--bit-depth 32).",
            )
        return Media(file, session.samples, layer.channels), loudness

    def _write_items(self, stem: Media) -> tuple[PlacedItem, ...]:
        with open_sound(self._folder / stem.file) as sound:
            if self._layer.items is None:
                placed = list(self._cut(sound, stem))
                rest = self._write_rest(sound, _heard(sound, placed))
            else:
                placed = []
                rest = self._write_rest(sound, self._write_each(placed))
        return (*placed, *rest)

    def _cut(self, sound: soundfile.SoundFile, stem: Media) -> Iterator[PlacedItem]:
        times = self._events.times
        for cut in cut_at_events(
            lambda start, stop: _read(sound, start, stop),
            stem.samples,
            times,
            self._session.sample_rate,
        ):
            length = cut.stop - cut.start
            fades = cut.fade_in, cut.fade_out
            name = self._item_name(cut.event)
            yield PlacedItem(name, stem, cut.start, cut.start, length, *fades, event=cut.event)

    def _write_each(self, placed: list[PlacedItem]) -> Iterator[tuple[int, np.ndarray]]:
        """Write an item at a time; gives where it is heard, and what."""
        for number, item in enumerate(self._layer.items(), start=1):
            if placed and item.start < placed[-1].start:
                raise ValueError("items are given in order of their start")
            if item.start + item.length > self._session.samples:
                raise ValueError("an item ends within its clip")
            stored = self._storable(item)
            placed.append(self._write_item(number, stored))
            yield stored.start, stored.heard()

    def _storable(self, item: Item) -> Item:
        """The same sound as a file can hold it, which is what the sum is made of."""
        # A file that begins before midnight cannot say when: its handle is shortened.
        cropped = max(0, item.before - item.start - self._session.start_sample)
        waveform, gain_db = item.waveform[cropped:], item.gain_db
        if self._depth != FLOAT:  # one sound of a sum may be louder than full scale
            excess = max(0.0, peak_db(waveform) - 20 * float(np.log10(_FULL_SCALE)))
            waveform, gain_db = apply_gain(waveform, -excess), gain_db + excess
        waveform = quantised(waveform, self._depth)
        return replace(item, waveform=waveform, before=item.before - cropped, gain_db=gain_db)

    def _write_item(self, number: int, item: Item) -> PlacedItem:
        name = self._item_name(item.event)
        file = f"items/{self._slug}/{self._slug}_{number:04d}.wav"
        starts_at = item.start - item.before
        marker = Marker(item.before, 0, name)
        with self._writer(file, name, starts_at, (marker,)) as writer:
            writer.write(item.waveform)
        media = Media(file, len(item.waveform), self._layer.channels, starts_at)
        return PlacedItem(
            name,
            media,
            item.before,
            item.start,
            item.length,
            item.fade_in,
            item.fade_out,
            item.gain_db,
            item.event,
        )

    def _write_rest(
        self, sound: soundfile.SoundFile, heard: Iterable[tuple[int, np.ndarray]]
    ) -> list[PlacedItem]:
        """What the stem holds beyond its items: room tone; none where that is silence."""
        name = f"{self._layer.name} rest"
        file = f"items/{self._slug}/{self._slug}_rest.wav"
        peak, step = 0.0, 0.0 if self._depth == FLOAT else 2.0 ** (1 - self._depth)
        samples = self._session.samples
        total = Summing(heard, self._layer.channels)
        with self._writer(file, name, 0, ()) as writer:
            for start in range(0, samples, _BLOCK):
                stop = min(samples, start + _BLOCK)
                rest = _read(sound, start, stop) - total.until(stop)
                peak = max(peak, float(np.abs(rest).max(initial=0)))
                writer.write(rest)
        if peak < max(_SILENT, step):
            (self._folder / file).unlink()
            return []
        return [PlacedItem(name, Media(file, samples, self._layer.channels), 0, 0, samples)]

    def _item_name(self, event: int | None) -> str:
        return self._layer.name if event is None else f"{self._layer.name} {event + 1}"

    def _writer(self, file: str, what: str, starts_at: int, markers) -> WavWriter:
        session = self._session
        path = self._folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        info = BroadcastInfo(
            what,
            session.start_sample + starts_at,
            session.rate,
            project=session.name,
            scene=self._layer.name,
            created=session.created,
        )
        channels = self._layer.channels
        return WavWriter(path, session.sample_rate, channels, self._depth, info, markers)


def _heard(
    sound: soundfile.SoundFile, items: Iterable[PlacedItem]
) -> Iterator[tuple[int, np.ndarray]]:
    """Parts of a stem with their fades, as `Summing` takes them, in pieces of limited length."""
    for item in items:
        starts = range(0, max(1, item.length - _BLOCK), _BLOCK)
        for start in starts:
            stop = item.length if start == starts[-1] else start + _BLOCK
            piece = _read(sound, item.offset + start, item.offset + stop)
            factors = fade_factors(item.length, item.fade_in, item.fade_out, start, stop)
            yield item.start + start, piece * factors[:, None]


def _read(sound: soundfile.SoundFile, start: int, stop: int) -> np.ndarray:
    sound.seek(start)
    return sound.read(stop - start, dtype="float32", always_2d=True)
