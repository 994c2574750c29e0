"""A timeline in OpenTimelineIO's format, for Resolve and everything that has an adapter for it.

Sounds count samples; picture and start count frames, whose rate the format holds as a floating
point number (the exact one is in the metadata). The format has no gain of a clip: a sound that has
one is written once more with it.
"""

from collections.abc import Iterator
from urllib.parse import quote

import opentimelineio as otio

from vsg_tf.audio.levels import apply_gain
from vsg_tf.audio.sound_files import create_sound, open_sound
from vsg_tf.handover.lanes import lanes
from vsg_tf.handover.written import Media, PlacedItem, Written, whole

_BLOCK = 1 << 16  # samples
_AT_LEVEL = "otio"  # folder of the sounds whose gain is applied
_NAMESPACE = "vsg_tf"  # of metadata
_Time, _Range = otio.opentime.RationalTime, otio.opentime.TimeRange


def write(written: Written) -> None:
    """Write `NAME.otio` into the hand-over's folder."""
    timeline = _Timeline(written).build()
    path = written.folder / f"{written.slug}.otio"
    path.write_text(timeline.to_json_string(), encoding="utf-8")


class _Timeline:
    """The timeline of one session.

    Args:
        written: what lies in the folder.
    """

    def __init__(self, written: Written):
        self._written, self._session = written, written.session
        self._frame_rate = float(self._session.rate.exact)

    def build(self) -> otio.schema.Timeline:
        session, written = self._session, self._written
        start = _Time(session.start_frame, self._frame_rate)
        timeline = otio.schema.Timeline(session.name, global_start_time=start)
        timeline.metadata[_NAMESPACE] = {
            "frame_rate": str(session.rate.exact),
            "drop_frame": session.rate.drop_frame,
            "start_timecode": session.rate.format(session.start_frame),
            "sample_rate": session.sample_rate,
        }
        tracks = timeline.tracks
        if written.video is not None:
            tracks.append(self._picture())
        if written.guide is not None:
            tracks.append(self._track("Guide", [whole("Guide", written.guide)], muted=True))
        for layer in written.layers:
            for number, lane in enumerate(lanes(layer.items), start=1):
                tracks.append(self._track(f"{layer.name} items {number}", lane))
            stem = whole(f"{layer.name} stem", layer.stem)
            tracks.append(self._track(stem.name, [stem], muted=True))
            tracks.markers.extend(self._markers(layer))
        return timeline

    def _picture(self) -> otio.schema.Track:
        whole = _Range(_Time(0, self._frame_rate), _Time(self._session.frames, self._frame_rate))
        file = otio.schema.ExternalReference(quote(self._written.video), whole)
        clip = otio.schema.Clip(self._session.name, file, whole)
        return otio.schema.Track("Video", [clip], kind=otio.schema.TrackKind.Video)

    def _track(self, name: str, items: list[PlacedItem], muted: bool = False):
        kind = otio.schema.TrackKind.Audio
        track = otio.schema.Track(name, list(self._children(items)), kind=kind)
        track.enabled = not muted
        return track

    def _children(self, items: list[PlacedItem]) -> Iterator[otio.core.Composable]:
        """Clips, gaps and transitions, which lie over the ends of clips and take no time."""
        position = fading = 0
        for item in items:
            if fading:
                yield self._fade(fading, 0)
            gap = item.start - position
            if gap or (position and (fading or item.fade_in)):
                yield otio.schema.Gap(source_range=self._span(0, gap))
            if item.fade_in:
                yield self._fade(0, item.fade_in)
            yield self._clip(item)
            position, fading = item.end, item.fade_out
        if fading:
            yield self._fade(fading, 0)
        if position < self._session.samples or fading:
            rest = self._session.samples - position
            yield otio.schema.Gap(source_range=self._span(0, rest))

    def _clip(self, item: PlacedItem) -> otio.schema.Clip:
        media = item.media if item.gain_db == 0 else self._at_level(item)
        file = otio.schema.ExternalReference(quote(media.file), self._span(0, media.samples))
        clip = otio.schema.Clip(item.name, file, self._span(item.offset, item.length))
        if item.event is not None:
            clip.metadata[_NAMESPACE] = {"event": item.event + 1}
        return clip

    def _at_level(self, item: PlacedItem) -> Media:
        """The sound with its gain, in floating point because it may exceed full scale."""
        media = item.media
        file = f"{_AT_LEVEL}/{media.file.rpartition('/')[2]}"
        (self._written.folder / _AT_LEVEL).mkdir(exist_ok=True)
        shape = self._session.sample_rate, media.channels
        with (
            open_sound(self._written.folder / media.file) as source,
            create_sound(self._written.folder / file, *shape, "WAV", "FLOAT") as target,
        ):
            for block in source.blocks(_BLOCK, dtype="float32", always_2d=True):
                target.write(apply_gain(block, item.gain_db))
        return Media(file, media.samples, media.channels, media.starts_at)

    def _fade(self, before: int, after: int) -> otio.schema.Transition:
        rate = self._session.sample_rate
        kind = otio.schema.TransitionTypes.SMPTE_Dissolve
        return otio.schema.Transition("Fade", kind, _Time(before, rate), _Time(after, rate))

    def _span(self, start: int, length: int) -> _Range:
        rate = self._session.sample_rate
        return _Range(_Time(start, rate), _Time(length, rate))

    def _markers(self, layer) -> Iterator[otio.schema.Marker]:
        strengths = layer.events.strengths
        for marker, strength in zip(layer.markers, strengths, strict=True):
            span = self._span(marker.sample, marker.length)
            metadata = {_NAMESPACE: {"layer": layer.name, "strength": float(strength)}}
            green = otio.schema.MarkerColor.GREEN
            yield otio.schema.Marker(marker.text, span, green, metadata)
