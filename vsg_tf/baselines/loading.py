"""From a name or a model folder to a system."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vsg_tf.audio.reading import Sound
from vsg_tf.baselines.sampler import Sampler
from vsg_tf.baselines.system import System, clip_samples, fit_samples
from vsg_tf.baselines.trivial import MeanSound, OtherSound, ReferenceItself, Silence
from vsg_tf.config import load_config
from vsg_tf.errors import InputError
from vsg_tf.inference.options import RenderOptions
from vsg_tf.inference.renderers.names import DEFAULT_RENDERER, RendererName
from vsg_tf.inference.runtimes.networks import load_networks
from vsg_tf.inference.synthesizer import Synthesizer
from vsg_tf.model_folder import CONFIG_FILE, find_model

SHIPPED = "default"
CASCADE = "cascade:"
CASCADE_FORM = f"{CASCADE}REGNET_FOLDER+SPEECHSPLIT_FOLDER"
UNTRAINED = {system.name: system for system in (Sampler, ReferenceItself, OtherSound, Silence)}
UNTRAINED[MeanSound.name] = MeanSound


class ModelSystem:
    """A trained model as a system.

    Args:
        name: what results are listed under.
        synthesizer: the model.
        renderer: how its waveforms are made.

    Attributes:
        reads_features: whether it can read `feature_files` in place of the clip.
        plays_background: whether it can be asked for the reference's background.
    """

    def __init__(
        self, name: str, synthesizer: Synthesizer, renderer: RendererName = DEFAULT_RENDERER
    ):
        self.name = name
        self.synthesizer = synthesizer
        self.renderer = renderer
        self.sample_rate = synthesizer.sample_rate
        self.plays_background = synthesizer.config.model.kind == "varietysound"
        self.reads_features = bool(synthesizer.config.video.visual.feature_files)

    def __call__(
        self,
        video,
        reference,
        *,
        seed: int = 0,
        feature_files: Sequence[Path] | None = None,
        background: float = 0.0,
    ) -> np.ndarray:
        """As `System`; other arguments as `Synthesizer`."""
        samples = clip_samples(video, self.sample_rate)
        files = None if feature_files is None else list(map(str, feature_files))
        waveform, rate = self.synthesizer(
            video,
            reference,
            feature_files=files,
            options=RenderOptions(background=background, seed=seed, renderer=self.renderer),
        )
        sound = Sound(waveform.reshape(len(waveform), -1), rate)
        return fit_samples(sound.mono(self.sample_rate), samples)


def load_system(name: str | os.PathLike) -> System:
    """The system of a name, or of a model folder.

    Args:
        name: `default` (the model that ships); a model folder of any kind, where one of kind
            `speechsplit` converts the clip's own sound; `cascade:REGNET_FOLDER+SPEECHSPLIT_FOLDER`;
            or one of `sampler` (pastes the reference's events at motion peaks), `reference`
            (repeats the reference), `other` (plays another sound of the reference's folder),
            `silence`, `mean` (the mean spectrum of the reference's folder).

    Models of other kinds than VarietySound's are heard through Griffin-Lim: a renderer that copies
    from the reference would give them a timbre that they do not have.

    Raises:
        InputError: no such system, or a model folder is incomplete, damaged or of a wrong kind.
        ConfigError: the two models of a cascade do not fit together.
    """
    text = os.fspath(name)
    if text in UNTRAINED:
        return UNTRAINED[text]()
    if text == SHIPPED:
        return ModelSystem(SHIPPED, Synthesizer.load())
    if text.startswith(CASCADE):
        return _load_cascade(text)
    if not Path(text).exists():
        known = ", ".join((SHIPPED, *UNTRAINED))
        raise InputError(
            f"There is no system {text!r}; name a model folder, {CASCADE_FORM}, or one of {known}."
        )
    return _load_model(Path(text))


def _load_model(path: Path) -> System:
    settings = find_model(path) / CONFIG_FILE
    if settings.is_file() and load_config(settings).model.kind == "speechsplit":
        from vsg_tf.baselines.conversion import ConversionSystem

        networks = load_networks(path, kinds=("speechsplit",))
        return ConversionSystem(networks.config.name, networks)
    synthesizer = Synthesizer.load(path)
    own = synthesizer.config.model.kind == "varietysound"
    renderer = DEFAULT_RENDERER if own else RendererName.GRIFFIN_LIM
    return ModelSystem(synthesizer.config.name, synthesizer, renderer)


def _load_cascade(text: str) -> System:
    from vsg_tf.baselines.conversion import load_cascade

    # A folder's own name may hold the sign that stands between the two.
    parts = text.removeprefix(CASCADE).split("+")
    pairs = [("+".join(parts[:i]), "+".join(parts[i:])) for i in range(1, len(parts))]
    pairs = [pair for pair in pairs if all(part and Path(part).is_dir() for part in pair)]
    if not pairs:
        raise InputError(f"{text!r} does not name two model folders; write it {CASCADE_FORM}.")
    synthesizer = Synthesizer(load_cascade(*pairs[0]))
    return ModelSystem("cascade", synthesizer, RendererName.GRIFFIN_LIM)
