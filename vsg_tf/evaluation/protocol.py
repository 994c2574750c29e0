"""The authors' selection of test pairs (arXiv 2211.10666, section 4), seeded.

[P] For each of 5 random sounds of a category 3 random videos, for timbre; 10 original pairs for
reconstruction; 10 shuffled pairs for realism and alignment; references at 0.5, 1 and 2 times their
length. [R] Videos are of the reference's category and never the reference itself; a shuffled pair
stays in its category; each timbre reference meets its first video at each length, cut or repeated.
"""

from pathlib import Path

import numpy as np

from vsg_tf.errors import InputError
from vsg_tf.evaluation.items import Item, with_identities
from vsg_tf.evaluation.pairing import derangement

REFERENCES, VIDEOS = 5, 3
ORIGINALS = SHUFFLED = 10
LENGTHS = (0.5, 1.0, 2.0)


def _timbre(category: str, clips: list[Path], rng: np.random.Generator) -> list[Item]:
    chosen = rng.permutation(len(clips))[:REFERENCES]
    items = []
    for index in chosen:
        others = [clip for place, clip in enumerate(clips) if place != index]
        for place in rng.permutation(len(others))[:VIDEOS]:
            video = others[place]
            items.append(Item(video, clips[index], video, category, "timbre"))
    return items


def _lengths(timbre: list[Item]) -> list[Item]:
    firsts = {}
    for item in timbre:
        firsts.setdefault(item.reference, item)
    return [
        Item(item.video, item.reference, item.truth, item.category, "length", length)
        for item in firsts.values()
        for length in LENGTHS
    ]


def select_pairs(categories: dict[str, list[Path]], seed: int = 0) -> list[Item]:
    """The pairs of every category; the same clips and seed give the same pairs.

    Args:
        categories: clips with sound, by category. A category with fewer clips than the protocol
            asks for gives what it can; one clip gives its original pair alone.
        seed: of every choice.

    Raises:
        InputError: there is no clip.
    """
    items: list[Item] = []
    for number, category in enumerate(sorted(categories)):
        clips = sorted(categories[category])
        rng = np.random.default_rng([seed, number])
        order = [clips[place] for place in rng.permutation(len(clips))]
        items += [Item(clip, clip, clip, category, "original") for clip in order[:ORIGINALS]]
        if len(clips) < 2:
            continue
        some = order[: max(2, SHUFFLED)]
        items += [
            Item(clip, some[image], clip, category, "shuffled")
            for clip, image in zip(some, derangement(len(some), rng), strict=True)
        ]
        timbre = _timbre(category, clips, rng)
        items += timbre + _lengths(timbre)
    if not items:
        raise InputError("There is no clip to choose from.")
    return with_identities(items)
