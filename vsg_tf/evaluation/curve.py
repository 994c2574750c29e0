"""What a training has learnt at each of its checkpoints: timbre, timing, and the mel's error.

Every clip is given the sound of another source as reference and silence as background, as at
inference; sounds are made by Griffin-Lim, and references and true sounds go through it, too, so
that they differ from what is made by the mel alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vsg_tf.audio.griffin_lim import GriffinLim
from vsg_tf.config import Config, load_config
from vsg_tf.errors import InputError
from vsg_tf.evaluation.ablations import rebuilder
from vsg_tf.evaluation.curve_material import CurveMaterial
from vsg_tf.evaluation.report import cell, table
from vsg_tf.evaluation.scoring import Timbre, Truth, alignment_scores, envelope, timbre_scores
from vsg_tf.layers import EnergyMasking
from vsg_tf.metrics.retrieval import retrieval_scores
from vsg_tf.metrics.similarity import correlation
from vsg_tf.metrics.statistics import bootstrap_mean
from vsg_tf.models.build import build_generator
from vsg_tf.models.generator import Generator
from vsg_tf.training.checkpoints import CheckpointStore, read_checkpoint
from vsg_tf.training.run_folder import RunFolder
from vsg_tf.training.scores import reference_following
from vsg_tf.training.variables import restore_arrays

# Key, heading, digits.
COLUMNS = (
    ("mel_l1", "mel L1", 3),
    ("baseline_l1", "mean spectrum's", 3),
    ("follows", "follows reference", 2),
    ("follows_own", "the same, own background", 2),
    ("top1", "right reference", 2),
    ("cosine", "cosine", 2),
    ("f1_gain", "onset F1 above chance", 2),
    ("envelope_r", "envelope r", 2),
    ("leak_r", "r with the reference's", 2),
    ("floor", "floor dB", 0),
)
_BATCH = 8


@dataclass(frozen=True)
class CurveRow:
    """Scores of one checkpoint, by the keys of `COLUMNS`, each `[clips]`."""

    step: int
    scores: dict[str, np.ndarray]


def checkpoint_generators(
    run: Path, steps: Sequence[int] = ()
) -> Iterator[tuple[int, Config, Generator]]:
    """Step, configuration and generator of each checkpoint of a run, oldest first.

    The generator is the averaged one where the run keeps one, as what ships is; it is one object,
    whose weights change.

    Args:
        run: folder of a run of kind `varietysound`.
        steps: those wanted; none: all that are kept.

    Raises:
        InputError: there is no such run, no such checkpoint, or a damaged one.
    """
    folder = RunFolder(run)
    if not folder.config.is_file():
        raise InputError(f"{run} is not the folder of a run; name what vsg train had as --out.")
    config = load_config(folder.config)
    if config.model.kind != "varietysound":
        raise InputError(f"{run} trained a {config.model.kind}, which takes no reference.")
    paths = {int(path.name[-8:]): path for path in CheckpointStore(folder.checkpoints, 1).paths()}
    missing = [step for step in steps if step not in paths]
    if missing or not paths:
        there = ", ".join(map(str, paths)) or "none"
        raise InputError(f"{run} has no checkpoint of step {missing or ''} (there: {there}).")
    generator = build_generator(config)
    for step in steps or paths:
        arrays, state = read_checkpoint(paths[step])
        role = "averaged" if any(name.startswith("averaged/") for name in arrays) else "generator"
        own = {name: values for name, values in arrays.items() if name.startswith(f"{role}/")}
        restore_arrays({role: generator.variables}, own, f"The checkpoint of step {step}")
        yield state.step, config, generator


class CurveScorer:
    """Scores generators on the same clips; what does not depend on them is measured once.

    Args:
        material: from `read_curve_material`.
        config: of the model; its mel grid makes the sounds.
    """

    def __init__(self, material: CurveMaterial, config: Config):
        self.material = material
        self._rate = config.audio.sample_rate
        self._griffin_lim = GriffinLim(config.audio)
        heard = [self._sound(mel) for mel in material.references]
        self._references = [Timbre(sound) for sound in heard]
        self._reference_curves = [envelope(sound) for sound in heard]
        self._truths = [Truth.of(self._sound(mel)) for mel in material.mel]
        spectrum = material.mel.mean(axis=(0, 1))
        self._baseline = np.abs(material.mel - spectrum).mean(axis=(1, 2))

    def _sound(self, mel: np.ndarray) -> np.ndarray:
        return self._griffin_lim(np.clip(mel, 0, 1)[None], 0).numpy()[0]

    def _made(self, rebuild, references: np.ndarray, background: np.ndarray) -> np.ndarray:
        parts = []
        for first in range(0, len(references), _BATCH):
            part = slice(first, first + _BATCH)
            inputs = {
                "features": self.material.features[part],
                "reference_mel": references[part],
                "background_mel": background[part],
            }
            parts.append(np.clip(rebuild(inputs), 0, 1))
        return np.concatenate(parts)

    def ceiling(self) -> float:
        """`follows_own` of an ideal structure: the reference over the clip's own mean background.

        Below 1, because a sound with the clip's own background is like the clip.
        """
        own, swapped = self.material.mel, self.material.references[self.material.swap]
        quiet = np.asarray(EnergyMasking()(own))
        kept = np.any(quiet, axis=-1, keepdims=True).sum(axis=1, keepdims=True)
        background = quiet.sum(axis=1, keepdims=True) / np.maximum(kept, 1)
        ideal = np.maximum(swapped, background)
        return float(np.nanmean(np.asarray(reference_following(ideal, swapped, own))))

    def score(self, config: Config, generator: Generator) -> dict[str, np.ndarray]:
        """Scores by the keys of `COLUMNS`, each `[clips]`."""
        own, swapped = self.material.mel, self.material.references[self.material.swap]
        rebuild = rebuilder(config, generator)
        rebuilt = self._made(rebuild, own, own)
        made = self._made(rebuild, swapped, np.zeros_like(own))
        beside = self._made(rebuild, swapped, own)
        scores = {
            "mel_l1": np.abs(rebuilt - own).mean(axis=(1, 2)),
            "baseline_l1": self._baseline,
            "follows": np.asarray(reference_following(made, swapped, own)),
            "follows_own": np.asarray(reference_following(beside, swapped, own)),
        }
        rows = [self._heard(self._sound(mel), clip) for clip, mel in enumerate(made)]
        return scores | {key: np.array([row[key] for row in rows]) for key in rows[0]}

    def _heard(self, sound: np.ndarray, clip: int) -> dict[str, float]:
        """Scores of the sound made for one clip."""
        timbre = Timbre(sound)
        right = self.material.swap[clip]
        alike = [
            timbre.similarity(self._references[index])["mfcc"]
            for index in self.material.candidates[clip]
        ]
        own = timbre_scores(timbre, self._references[right])
        aligned = alignment_scores(sound, self._truths[clip])
        return {
            "top1": float(retrieval_scores(np.array([alike]), np.array([0]))["top1"][0]),
            "cosine": own["speaker_energy"],
            "f1_gain": aligned["f1_gain_100"],
            "envelope_r": aligned["envelope_r"],
            "leak_r": correlation(envelope(sound), self._reference_curves[right]),
            "floor": own["noise_floor"],
        }


def curve_markdown(rows: Sequence[CurveRow], intervals: bool = True) -> str:
    """A Markdown table, a row a checkpoint: means, with bootstrap intervals over clips."""
    lines = []
    for row in rows:
        cells = []
        for key, _, digits in COLUMNS:
            estimate = bootstrap_mean(row.scores[key])
            plain = key == "baseline_l1" or not intervals
            cells.append(f"{estimate.mean:.{digits}f}" if plain else cell(estimate, digits))
        lines.append([str(row.step), *cells])
    return table(["step", *(heading for _, heading, _ in COLUMNS)], lines)
