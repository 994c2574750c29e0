"""Systems rendered on items, and every sound scored."""

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from vsg_tf.audio.levels import limit_peak
from vsg_tf.audio.reading import load_audio, load_reference
from vsg_tf.baselines import System
from vsg_tf.containers import check_input
from vsg_tf.errors import InputError, VsgError
from vsg_tf.evaluation import scoring
from vsg_tf.evaluation.items import Item
from vsg_tf.evaluation.results import SOUNDS, Results, sound_name
from vsg_tf.metrics.retrieval import retrieval_scores

_LONGEST_REFERENCE = 60.0  # s


@dataclass
class Curves:
    """What plots show beside the numbers.

    Args:
        envelopes: by identity, then by system or `truth`: `[frames]`.
        similarity: by system: `[items, references]` by MFCC, with the items' own columns.
    """

    envelopes: dict[str, dict[str, np.ndarray]] = field(default_factory=dict)
    similarity: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)


class Listener:
    """References and true sounds, each read and measured once."""

    def __init__(self):
        self._timbres: dict[tuple[Path, float], scoring.Timbre] = {}
        self._truths: dict[Path, scoring.Truth] = {}

    def reference(self, item: Item) -> scoring.Timbre:
        """Timbre of an item's reference, at its wanted length."""
        key = (item.reference, item.reference_length)
        if key not in self._timbres:
            waveform = load_reference(item.reference, _LONGEST_REFERENCE).mono(scoring.RATE)
            self._timbres[key] = scoring.Timbre(_resized(waveform, item.reference_length))
        return self._timbres[key]

    def truth(self, item: Item) -> scoring.Truth | None:
        """What an item's clip really sounds like; None where it is not known."""
        if item.truth is None:
            return None
        if item.truth not in self._truths:
            self._truths[item.truth] = scoring.Truth.of(load_audio(item.truth, scoring.RATE))
        return self._truths[item.truth]


def _resized(waveform: np.ndarray, factor: float) -> np.ndarray:
    return np.resize(waveform, max(1, round(len(waveform) * factor)))


@contextlib.contextmanager
def _reference_file(item: Item) -> Iterator[Path]:
    """The reference, cut or repeated where the item wants another length."""
    if item.reference_length == 1:
        yield item.reference
        return
    sound = load_reference(item.reference)
    waveform = _resized(sound.mono(sound.sample_rate), item.reference_length)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{item.reference.stem}.wav"
        soundfile.write(path, waveform, sound.sample_rate, subtype="FLOAT")
        yield path


def _render(system: System, item: Item, seed: int) -> np.ndarray:
    options: dict[str, Any] = {"seed": seed}
    if getattr(system, "reads_features", False) and item.feature_files is not None:
        options["feature_files"] = item.feature_files
    with _reference_file(item) as reference:
        return np.asarray(system(item.video, reference, **options), np.float32)


def _score(made: np.ndarray, item: Item, listener: Listener) -> tuple[dict, scoring.Timbre]:
    timbre = scoring.Timbre(made)
    scores = scoring.timbre_scores(timbre, listener.reference(item))
    truth = listener.truth(item)
    if truth is not None:
        scores |= scoring.alignment_scores(made, truth)
        if item.kind in ("pair", "original"):
            scores |= scoring.reconstruction_scores(made, truth.waveform)
    if item.reference_background is not None:
        waveforms = (
            load_audio(path, scoring.RATE, _LONGEST_REFERENCE, align=False)
            for path in (item.reference, item.reference_background)
        )
        scores |= scoring.leak_scores(made, *waveforms)
    return scores, timbre


def _rank_references(
    results: Results, curves: Curves, timbres: dict[str, scoring.Timbre], system: str,
    items: dict[str, Item], listener: Listener,
) -> None:  # fmt: skip
    """Retrieval among the distinct references of the items that this system could render."""
    columns = {}
    for item in items.values():
        columns.setdefault((item.reference, item.reference_length), len(columns))
    references = [
        listener.reference(
            next(i for i in items.values() if key == (i.reference, i.reference_length))
        )
        for key in columns
    ]
    if len(references) < 2 or not timbres:
        return
    own = np.array([columns[items[i].reference, items[i].reference_length] for i in timbres])
    alike = [[made.similarity(reference) for reference in references] for made in timbres.values()]
    for name in alike[0][0]:
        matrix = np.array([[cell[name] for cell in row] for row in alike])
        ranked = retrieval_scores(matrix, own)
        for row, identity in enumerate(timbres):
            for score, values in ranked.items():
                results.scores[system][identity][f"{score}_{name}"] = float(values[row])
        if name == "mfcc":
            curves.similarity[system] = (matrix, own)


def evaluate_systems(
    systems: dict[str, System],
    items: list[Item],
    folder: Path,
    *,
    seed: int = 0,
    report: Callable[[str], None] = lambda text: None,
) -> tuple[Results, Curves]:
    """Render and score everything; what fails is listed and the rest goes on.

    Args:
        systems: by the names they are listed under.
        items: from `material.read_material`.
        folder: the sounds are written to `sounds/<system>/` in it.
        seed: given to every system.
        report: is told of progress and failures, a line each.

    Raises:
        InputError: nothing at all could be evaluated.
    """
    results = Results(
        {
            item.identity: {
                "video": item.video.name,
                "reference": item.reference.name,
                "truth": item.truth.name if item.truth else None,
                "category": item.category,
                "kind": item.kind,
                "reference_length": item.reference_length,
            }
            for item in items
        },
        {name: {} for name in systems},
    )
    curves, listener = Curves(), Listener()
    for name, system in systems.items():
        timbres = {}
        target = folder / SOUNDS / name
        target.mkdir(parents=True, exist_ok=True)
        for number, item in enumerate(items, start=1):
            try:
                check_input(item.video)
                listener.reference(item)
                truth = listener.truth(item)
                made = _render(system, item, seed)
                mono = scoring.at_rate(made, system.sample_rate)
                if not np.isfinite(mono).all():
                    raise InputError(f"{name} made a sound of {item.video} that is not finite.")
                scores, timbre = _score(mono, item, listener)
            except VsgError as error:
                results.failures.append(
                    {"system": name, "item": item.identity, "reason": str(error)}
                )
                report(f"{name} [{number}/{len(items)}] error: {error}")
                continue
            results.scores[name][item.identity] = scores
            timbres[item.identity] = timbre
            soundfile.write(
                target / sound_name(item.identity),
                limit_peak(made),
                system.sample_rate,
                subtype="PCM_16",
            )
            if truth is not None:
                shown = curves.envelopes.setdefault(item.identity, {})
                shown["truth"] = scoring.envelope(truth.waveform)
                shown[name] = scoring.envelope(mono)
            report(f"{name} [{number}/{len(items)}] {item.identity}")
        by_identity = {item.identity: item for item in items}
        for kind in results.kinds():
            some = {i: t for i, t in timbres.items() if by_identity[i].kind == kind}
            _rank_references(
                results, curves, some, name, {i: by_identity[i] for i in some}, listener
            )
    if not any(results.scores.values()):
        reason = results.failures[0]["reason"] if results.failures else "there are no items"
        raise InputError(f"Nothing could be evaluated; the first reason: {reason}")
    return results, curves
