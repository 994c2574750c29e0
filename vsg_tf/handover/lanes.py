"""Items that overlap, spread over as few tracks as can hold them: AAF and OTIO need that."""

from collections.abc import Iterable

from vsg_tf.handover.written import PlacedItem


def lanes(items: Iterable[PlacedItem]) -> list[list[PlacedItem]]:
    """Items in order of their start, in lists within which none overlaps another."""
    found: list[list[PlacedItem]] = []
    for item in sorted(items, key=lambda item: item.start):
        free = next((lane for lane in found if lane[-1].end <= item.start), None)
        if free is None:
            found.append([item])
        else:
            free.append(item)
    return found
