"""The authors' selection of test pairs (arXiv 2211.10666, section 4), seeded.

[P] For each of 5 random sounds of a category 3 random videos, for timbre; 10 original pairs for
reconstruction; 10 shuffled pairs for realism and alignment; references at 0.5, 1 and 2 times their
length. [R] Videos are of the reference's category and never the reference itself; a shuffled pair
stays in its category; each timbre reference meets its first video at each length, cut or repeated.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from vsg_tf.data.vas import read_list
from vsg_tf.errors import InputError
from vsg_tf.evaluation.items import Item, with_identities
from vsg_tf.evaluation.pairing import derangement
from vsg_tf.frontends.regnet.files import feature_paths

REFERENCES, VIDEOS = 5, 3
ORIGINALS = SHUFFLED = 10
LENGTHS = (0.5, 1.0, 2.0)


def listed(categories: dict[str, list[Path]], folder: Path, names: Path) -> dict[str, list[Path]]:
    """Of the clips in a folder, those that a list file names, `category/id` a line.

    Raises:
        InputError: the list cannot be read, or none of its clips is there.
    """
    wanted = set(read_list(names))
    kept = {
        category: [
            clip for clip in clips if clip.relative_to(folder).with_suffix("").as_posix() in wanted
        ]
        for category, clips in categories.items()
    }
    if not any(kept.values()):
        raise InputError(f"None of the clips that {names} lists is in {folder}.")
    return {category: clips for category, clips in kept.items() if clips}


def with_features(items: list[Item], folder: Path) -> list[Item]:
    """Items with the feature files of their clips, where there are both of them."""
    found = []
    for item in items:
        paths = feature_paths(folder, item.category, item.video.stem)[:2]
        there = all(path.is_file() for path in paths)
        found.append(replace(item, feature_files=paths if there else None))
    return found


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
