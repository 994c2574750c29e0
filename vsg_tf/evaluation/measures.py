"""Every number that an evaluation prints, and what it means. The one place where they are named."""

from dataclasses import dataclass
from typing import Literal

Better = Literal["higher", "lower", "zero", "one", ""]


@dataclass(frozen=True)
class Measure:
    """A number.

    Args:
        key: name in results.json.
        group: heading.
        label: heading of a column.
        text: one sentence, for `--help` and the report.
        better: which values are better; empty where the number is there to judge others by.
        decimals: that are printed.
    """

    key: str
    group: str
    label: str
    text: str
    better: Better
    decimals: int = 2


RETRIEVED = {
    "speech": "cos speech",
    "none": "cos none",
    "energy": "cos energy",
    "mfcc": "MFCC",
    "mel": "mean mel",
}
WINDOWS = {50: 0.05, 100: 0.1}  # ms: s


def _timbre() -> list[Measure]:
    cosine = "Resemblyzer cosine of the sound and the reference, 0 to 1"
    rows = [
        ("speaker_speech", "cos speech", f"{cosine}; the library's default, trimmed to what it "
         "takes for speech: the paper's measure.", "higher"),
        ("speaker_none", "cos none", f"{cosine}, sounds as they are.", "higher"),
        ("speaker_energy", "cos energy", f"{cosine}, frames 40 dB below the loudest cut out.",
         "higher"),
        ("mfcc_distance", "MFCC", "Distance of MFCC means and deviations over the loudest tenth of "
         "the frames: about 4 within a recording, 11 across kinds.", "lower"),
        ("mel_correlation", "mel r", "Correlation of the mean mel spectra of those frames, -1 to "
         "1.", "higher"),
    ]  # fmt: skip
    return [Measure(key, "Timbre", label, text, better) for key, label, text, better in rows]


def _retrieval() -> list[Measure]:
    return [
        Measure(
            f"{score}_{key}",
            "Retrieval",
            f"{name} {label}",
            f"{text} among all references of the run, by {label}.",
            "higher",
        )
        for score, name, text in (
            ("top1", "top-1", "Share of sounds whose own reference is the nearest"),
            ("mrr", "MRR", "Mean reciprocal rank of the own reference"),
        )
        for key, label in RETRIEVED.items()
    ]


def _alignment() -> list[Measure]:
    measures = []
    for window in WINDOWS:
        matched = f"at {window} ms, matched one to one with the onsets of the true sound"
        rows = (
            ("f1", "F1", f"Onset F1 {matched}.", "higher"),
            ("precision", "precision", f"Share of the onsets made that are right, {matched}.",
             "higher"),
            ("recall", "recall", f"Share of the true onsets that are made, {matched}.", "higher"),
            ("f1_chance", "F1 chance", f"Mean F1 at {window} ms of the same sound shifted "
             "circularly in time.", ""),
            ("f1_gain", "F1 above chance", f"F1 at {window} ms less its chance: 0 for a metronome.",
             "higher"),
        )  # fmt: skip
        measures += [
            Measure(f"{key}_{window}", "Alignment", f"{label} {window} ms", text, better)
            for key, label, text, better in rows
        ]
    rows = (
        ("count_error", "count error", "Onsets made less true onsets; the sign shows which there "
         "are too many of.", "zero"),
        ("count_error_abs", "count error abs", "The same without its sign.", "lower"),
        ("envelope_r", "env r", "Correlation of the log loudness curves at lag 0.", "higher"),
        ("envelope_r_chance", "env r chance", "Its mean over circular shifts.", ""),
        ("envelope_r_gain", "env r above chance", "Correlation at lag 0 less its chance.",
         "higher"),
        ("envelope_best", "env best r", "Correlation at the best lag within 200 ms.", "higher"),
        ("envelope_best_chance", "env best r chance", "Its mean over circular shifts.", ""),
        ("envelope_best_gain", "env best r above chance", "Correlation at the best lag less its "
         "chance.", "higher"),
        ("envelope_lag", "lag s", "That lag in s; positive where the sound is late.", "zero"),
    )  # fmt: skip
    measures += [
        Measure(key, "Alignment", label, text, better) for key, label, text, better in rows
    ]
    return measures


def _rest() -> list[Measure]:
    cepstra = "Mel-cepstral distortion to the true sound, dB"
    same = "meaningful only where reference and true sound are one"
    rows = (
        ("mcd", "Reconstruction", "MCD", f"{cepstra}; {same}.", "lower"),
        ("mcd_level", "Reconstruction", "MCD, c0", f"{cepstra}, with the level c0.", "lower"),
        ("mcd_warp", "Reconstruction", "MCD, DTW", f"{cepstra}, after time warping.", "lower"),
        ("mcd_level_warp", "Reconstruction", "MCD, c0, DTW", f"{cepstra}, with both.", "lower"),
        ("mel_l1", "Reconstruction", "mel L1", "Mean absolute difference of mels in 0..1 (0.01 is "
         "1 dB).", "lower"),
        ("lsd", "Reconstruction", "LSD", "Log-spectral distance over the full band, dB.", "lower"),
        ("noise_floor", "Background", "floor dB", "10th percentile of the level below the loudest "
         "frame; read the cosines beside it, for a copied background raises both.", ""),
        ("noise_floor_reference", "Background", "reference's floor dB", "The same of the "
         "reference.", ""),
        ("leak", "Background", "leak dB", "How much of the reference's known background came "
         "along; 0 is all of it.", "lower"),
        ("texture", "Texture", "texture", "Change from frame to frame where it is loud, as a "
         "multiple of the reference's; below 1 is smoother.", "one"),
    )  # fmt: skip
    return [Measure(key, group, label, text, better) for key, group, label, text, better in rows]


MEASURES: dict[str, Measure] = {
    measure.key: measure for measure in [*_timbre(), *_retrieval(), *_alignment(), *_rest()]
}
# What the first table of a report shows, and which pictures are drawn.
MAIN = (
    "speaker_speech",
    "speaker_energy",
    "mfcc_distance",
    "top1_mfcc",
    "f1_100",
    "f1_gain_100",
    "envelope_r",
    "envelope_best",
    "mcd",
    "noise_floor",
    "leak",
    "texture",
)
ARROWS = {"higher": "↑", "lower": "↓", "zero": "→0", "one": "→1", "": ""}


def heading(measure: Measure) -> str:
    """Label of a column with an arrow to the better side."""
    arrow = ARROWS[measure.better]
    return f"{measure.label} {arrow}" if arrow else measure.label
