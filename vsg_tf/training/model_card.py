"""The README of a model that a run saves."""

from collections.abc import Mapping
from pathlib import Path

from vsg_tf import __version__
from vsg_tf.config import Config
from vsg_tf.model_files import CONFIG_FILE, VOCODER_CONFIG_FILE

_USE = {
    "varietysound": "VarietySound generator of vsg-tf {version}: "
    "`vsg generate --model <this folder>`.",
    "regnet": "REGNET generator of vsg-tf {version}, which hears no reference: "
    "`vsg generate --model <this folder>`.",
    "speechsplit": "SpeechSplit generator of vsg-tf {version}, which converts sounds: "
    "`vsg evaluate --model cascade:<REGNET folder>+<this folder>`.",
    "vocoder": "Vocoder of vsg-tf {version}: copy `vocoder.yaml` and `vocoder.weights.h5` beside a "
    "generator's files, then `vsg generate --renderer vocoder --model <that folder>`.",
}
_FOLLOWING = """`follows_reference` is the share of clips that resemble a swapped reference more
than their own (chance: 0.5)."""
_WAVEFORMS = "`stft` is the spectral loss of `losses.spectral` between waveforms."


def model_card(config: Config, data: str, examples: int, step: int, metrics: Mapping[str, float]):
    """Markdown: what was trained on what, for how long, and how good it is on held-out clips.

    Args:
        data: path of the prepared data; only its name is told.
        metrics: of the last validation; may be empty.
    """
    rows = "\n".join(f"| {name} | {value:.4f} |" for name, value in metrics.items())
    scores = f"| held-out clips | |\n|---|---|\n{rows}\n" if rows else "Not validated.\n"
    vocoder = config.model.kind == "vocoder"
    settings = f"`{VOCODER_CONFIG_FILE if vocoder else CONFIG_FILE}`"
    front_end = "" if vocoder else f"Visual front end: {config.video.visual.name}. "
    more = _WAVEFORMS if vocoder else _FOLLOWING
    averaged = f", weights averaged ({config.training.ema})" if config.training.ema else ""
    return f"""# {config.name}

{_USE[config.model.kind].format(version=__version__)}

- Step {step} of {config.training.steps}, batches of {config.training.batch_size}{averaged}.
- Data: `{Path(data).resolve().name}`, {examples} training clips.
- {front_end}Settings: {settings}.

{scores}
`mel_l1` is the mean difference of mels scaled to 0..1 and `baseline_l1` that of the data's mean
spectrum; {more}
"""
