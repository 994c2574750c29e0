"""A session for Pro Tools, Nuendo and Resolve: one AAF file that holds its sounds.

After the AAF Object Specification 1.1 and the AAF Edit Protocol: each sound is a master mob with a
slot a channel, fades are transitions from and to fillers, gain is an operation around the clip,
and what is muted is an alternate of a selector whose choice is silence. All positions are samples;
only picture and timecode count frames.
"""

from fractions import Fraction

import aaf2
from aaf2.rational import AAFRational

from vsg_tf.handover.aaf_definitions import AMPLITUDE, DISSOLVE, GAIN, LEVEL, LINEAR, define
from vsg_tf.handover.aaf_media import UNKNOWN_TIME, add_picture, add_sound, identify
from vsg_tf.handover.lanes import lanes
from vsg_tf.handover.written import Media, PlacedItem, Written, whole

_GAIN_STEPS = 1 << 24  # of the rational a gain is written as


def write(written: Written) -> None:
    """Write `NAME.aaf` into the hand-over's folder."""
    with aaf2.open(str(written.folder / f"{written.slug}.aaf"), "w") as file:
        define(file)
        _Composition(file, written).build()
        _make_repeatable(file, written)


def _make_repeatable(file, written: Written) -> None:
    """What the library makes up from clock and chance becomes the sounds'."""
    time = written.session.created or UNKNOWN_TIME
    file.header["LastModified"].value = time
    for identification in file.header["IdentificationList"].value:
        identification["ProductName"].value = "vsg_tf"
        identification["CompanyName"].value = "vsg_tf"
        identification["Date"].value = time
        identification["GenerationAUID"].value = written.identity


class _Composition:
    """The timeline of one session.

    Args:
        file: open for writing.
        written: what lies in the folder.
    """

    def __init__(self, file, written: Written):
        self._file, self._written, self._session = file, written, written.session
        self._masters: dict[str, object] = {}
        self._track = self._described = 0
        self._mob = file.create.CompositionMob(self._session.name)
        identify(self._mob, written, "composition")
        self._mob.usage = "Usage_TopLevel"
        file.content.mobs.append(self._mob)

    def build(self) -> None:
        written = self._written
        self._add_timecode()
        if written.video is not None:
            self._add_picture()
        if written.guide is not None:
            self._add_track("Guide", [whole("Guide", written.guide)], muted=True)
        for layer in written.layers:
            for number, lane in enumerate(lanes(layer.items), start=1):
                self._add_track(f"{layer.name} items {number}", lane)
            stem = whole(f"{layer.name} stem", layer.stem)
            self._add_track(stem.name, [stem], muted=True)
        self._add_markers()

    def _add_timecode(self) -> None:
        rate = self._session.rate
        slot = self._mob.create_timeline_slot(edit_rate=str(rate.exact))
        slot.name = "Timecode"
        slot["PhysicalTrackNumber"].value = 1
        timecode = self._file.create.Timecode(rate.nominal, rate.drop_frame, self._session.frames)
        timecode.start = self._session.start_frame
        slot.segment = timecode
        self._described = slot.slot_id  # where markers are shown

    def _add_picture(self) -> None:
        master = add_picture(self._file, self._written)
        slot = self._mob.create_picture_slot(str(self._session.rate.exact))
        slot.name = "Video"
        slot["PhysicalTrackNumber"].value = 1
        slot.segment.components.append(master.create_source_clip(1, media_kind="picture"))
        slot.segment.length = self._session.frames
        self._described = slot.slot_id

    def _add_track(self, name: str, items: list[PlacedItem], muted: bool = False) -> None:
        """A mono track for each channel."""
        channels = items[0].media.channels
        for channel in range(channels):
            self._track += 1
            slot = self._mob.create_sound_slot(self._session.sample_rate)
            slot.name = name if channels == 1 else f"{name} {'LR'[channel]}"
            slot["PhysicalTrackNumber"].value = self._track
            for component in self._components(items, channel, muted):
                slot.segment.components.append(component)
            slot.segment.length = self._session.samples

    def _components(self, items: list[PlacedItem], channel: int, muted: bool):
        """Clips, fillers and transitions, which overlap what is before and after them."""
        position = fading = 0
        for item in items:
            if fading:
                yield self._fade(fading, out=True)
            gap = fading + item.start - position + item.fade_in
            if gap:
                yield self._file.create.Filler("sound", gap)
            if item.fade_in:
                yield self._fade(item.fade_in)
            clip = self._clip(item, channel)
            yield self._muted(clip) if muted else clip
            position, fading = item.end, item.fade_out
        if fading:
            yield self._fade(fading, out=True)
        rest = fading + self._session.samples - position
        if rest:
            yield self._file.create.Filler("sound", rest)

    def _clip(self, item: PlacedItem, channel: int):
        master = self._master(item.media)
        clip = master.create_source_clip(channel + 1, item.offset, item.length, "sound")
        if item.gain_db == 0:
            return clip
        group = self._file.create.OperationGroup(GAIN, item.length, "sound")
        factor = Fraction(round(10 ** (item.gain_db / 20) * _GAIN_STEPS), _GAIN_STEPS)
        value = f"{factor.numerator}/{factor.denominator}"
        group.parameters.append(self._file.create.ConstantValue(AMPLITUDE, value))
        group.segments.append(clip)
        return group

    def _muted(self, clip):
        selector = self._file.create.Selector("sound", clip.length)
        selector["Selected"].value = self._file.create.Filler("sound", clip.length)
        selector["Alternates"].append(clip)
        return selector

    def _fade(self, length: int, out: bool = False):
        """A straight line from what is before to what is after; the clip is heard through it."""
        transition = self._file.create.Transition("sound", length)
        group = self._file.create.OperationGroup(DISSOLVE, length, "sound")
        level = self._file.create.VaryingValue(LEVEL, LINEAR)
        for value in (AAFRational(0, 1), AAFRational(1, 1)):
            level.add_keyframe(value, value)
        group.parameters.append(level)
        transition["OperationGroup"].value = group
        transition.cutpoint = length if out else 0
        return transition

    def _master(self, media: Media):
        if media.file not in self._masters:
            self._masters[media.file] = add_sound(self._file, self._written, media)
        return self._masters[media.file]

    def _add_markers(self) -> None:
        markers = sorted(
            (marker for layer in self._written.layers for marker in layer.markers),
            key=lambda marker: marker.sample,
        )
        if not markers:
            return
        slot = self._file.create.EventMobSlot()
        slot.slot_id = max(existing.slot_id for existing in self._mob.slots) + 1
        slot.edit_rate = self._session.sample_rate
        slot.name = "Markers"
        slot["PhysicalTrackNumber"].value = 1
        sequence = self._file.create.Sequence("DescriptiveMetadata")
        for marker in markers:
            event = self._file.create.DescriptiveMarker()
            event["Position"].value = marker.sample
            event["Length"].value = max(1, marker.length)
            event["Comment"].value = marker.text
            event["DescribedSlots"].value = [self._described]
            sequence.components.append(event)
        sequence.length = self._session.samples
        slot.segment = sequence
        self._mob.slots.append(slot)
