"""Sounds inside an AAF file, and the picture beside it."""

import uuid
from datetime import datetime
from fractions import Fraction
from urllib.parse import quote

from aaf2.mobid import MobID

from vsg_tf.audio.sound_files import open_sound
from vsg_tf.containers import open_container
from vsg_tf.handover.samples import to_bytes
from vsg_tf.handover.written import Media, Written

UNKNOWN_TIME = datetime(1970, 1, 1)
_BLOCK = 1 << 16  # samples
_DEEPEST = 24  # bits; AAF's PCM holds whole numbers


def identify(mob, written: Written, what: str):
    """Give a mob an identity that is the same for the same sounds, and return the mob."""
    identity = MobID.new()
    identity.material = uuid.uuid5(written.identity, what)
    mob.mob_id = identity
    mob["CreationTime"].value = mob["LastModified"].value = written.session.created or UNKNOWN_TIME
    return mob


def add_sound(file, written: Written, media: Media):
    """A master mob with a slot a channel, each with its samples inside the file."""
    session = written.session
    master = file.create.MasterMob(media.file.rpartition("/")[2])
    identify(master, written, media.file)
    file.content.mobs.append(master)
    rate = session.sample_rate
    depth = min(written.bit_depth, _DEEPEST)
    for channel in range(media.channels):
        source = file.create.SourceMob(f"{master.name} {channel + 1}")
        identify(source, written, f"{media.file}/{channel + 1}")
        file.content.mobs.append(source)
        essence, slot = source.create_essence(rate, "sound")
        slot.segment.length = media.samples
        source.descriptor = _describe(file, rate, depth, media.samples)
        stream = essence.open("w")
        with open_sound(written.folder / media.file) as sound:
            for block in sound.blocks(_BLOCK, dtype="float32", always_2d=True):
                stream.write(to_bytes(block[:, channel : channel + 1], depth))
        stream.close()
        slot = master.create_timeline_slot(rate)
        slot["PhysicalTrackNumber"].value = channel + 1
        slot.segment = source.create_source_clip(1, 0, media.samples, "sound")
    return master


def _describe(file, rate: int, depth: int, samples: int):
    descriptor = file.create.PCMDescriptor()
    width = depth // 8
    descriptor["ContainerFormat"].value = file.dictionary.lookup_containerdef("AAF")
    descriptor["Channels"].value = 1
    descriptor["BlockAlign"].value = width
    descriptor["SampleRate"].value = rate
    descriptor["AverageBPS"].value = rate * width
    descriptor["QuantizationBits"].value = depth
    descriptor["AudioSamplingRate"].value = rate
    descriptor.length = samples
    return descriptor


def add_picture(file, written: Written):
    """A master mob that refers to the clip's file beside the AAF."""
    session = written.session
    rate = str(session.rate.exact)
    with open_container(written.folder / written.video) as container:
        size = container.streams.video[0].codec_context
        width, height = size.width, size.height
    master = file.create.MasterMob(session.name)
    source = file.create.SourceMob(f"{session.name} file")
    identify(master, written, written.video)
    identify(source, written, f"{written.video}/file")
    file.content.mobs.extend([master, source])
    descriptor = file.create.CDCIDescriptor()
    ratio = Fraction(width, height)
    values = {
        "StoredWidth": width,
        "StoredHeight": height,
        "ComponentWidth": 8,
        "HorizontalSubsampling": 2,
        "FrameLayout": "FullFrame",
        "VideoLineMap": [0, 0],
        "ImageAspectRatio": f"{ratio.numerator}/{ratio.denominator}",
        "SampleRate": rate,
    }
    for name, value in values.items():
        descriptor[name].value = value
    descriptor.length = session.frames
    locator = file.create.NetworkLocator()
    locator["URLString"].value = quote(written.video)
    descriptor["Locator"].append(locator)
    source.descriptor = descriptor
    slot = source.create_empty_slot(rate, "picture", slot_id=1)
    slot.segment.length = session.frames
    slot = master.create_timeline_slot(rate)
    slot["PhysicalTrackNumber"].value = 1
    slot.segment = source.create_source_clip(1, 0, session.frames, "picture")
    return master
