"""Held-out clips and references of other sources, for a training's curve."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf

from vsg_tf.config import Config
from vsg_tf.data.manifest import open_prepared
from vsg_tf.data.records import Example, deserialize
from vsg_tf.errors import InputError

SPLIT = "valid"
CANDIDATES = 24  # references among which the right one is looked for


@dataclass(frozen=True)
class CurveMaterial:
    """Clips of a validation split, each with another source's sound as reference.

    Args:
        features: `[clips, T, F]`.
        mel: `[clips, 4T, M]`, the clips' own sounds.
        references: `[clips, 4T, M]`, the same sources at other times.
        swap: `[clips]` int, whose reference each clip is given; of another source.
        candidates: `[clips, N]` int, references of different sources; the right one is the first.
        sources: how many sources the clips are of.
    """

    features: np.ndarray
    mel: np.ndarray
    references: np.ndarray
    swap: np.ndarray
    candidates: np.ndarray
    sources: int


def _one_a_source_first(examples: list[Example], clips: int) -> list[Example]:
    seen, firsts, others = set(), [], []
    for example in examples:
        (others if example.source in seen else firsts).append(example)
        seen.add(example.source)
    return [*firsts, *others][:clips]


def _next_of_another_source(sources: list[str]) -> np.ndarray:
    count = len(sources)
    following = [[(i + k) % count for k in range(1, count)] for i in range(count)]
    return np.array(
        [next(j for j in row if sources[j] != sources[i]) for i, row in enumerate(following)]
    )


def _candidates(sources: list[str], right: int, wanted: int, rng: np.random.Generator) -> list[int]:
    chosen = {sources[right]: right}
    for index in rng.permutation(len(sources)):
        if len(chosen) < wanted:
            chosen.setdefault(sources[index], int(index))
    return list(chosen.values())


def read_curve_material(
    data: Path, config: Config, clips: int = 64, candidates: int = CANDIDATES, seed: int = 0
) -> CurveMaterial:
    """Read clips, as many sources as there are, and choose references.

    Args:
        data: prepared data with a `valid` split.
        config: of the model; the data must fit it.
        clips: at most so many.
        candidates: at most so many, and no more than there are sources.
        seed: of the candidates.

    Raises:
        InputError: a damaged shard, or fewer than two sources have another sound for reference.
        ConfigError: the data was prepared for another grid or front end.
    """
    manifest = open_prepared(data, config)
    paths = [str(Path(data) / shard.name) for shard in manifest.of_split(SPLIT)]
    examples = [deserialize(record.numpy()) for record in tf.data.TFRecordDataset(paths)]
    examples = [example for example in examples if example.reference_mel is not None]
    examples = _one_a_source_first(examples, clips)
    sources = [example.source for example in examples]
    if len(set(sources)) < 2:
        raise InputError(
            f"{data} holds fewer than two validation clips of different sources that have another "
            "sound of theirs; prepare more, for example with vsg prepare synthetic."
        )
    swap = _next_of_another_source(sources)
    rng = np.random.default_rng(seed)
    wanted = min(candidates, len(set(sources)))
    return CurveMaterial(
        features=np.stack([example.features for example in examples]),
        mel=np.stack([example.mel for example in examples]),
        references=np.stack([example.reference_mel for example in examples]),
        swap=swap,
        candidates=np.array([_candidates(sources, right, wanted, rng) for right in swap]),
        sources=len(set(sources)),
    )
