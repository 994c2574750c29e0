"""A trained model ready to make sound: the one path that every way of generating shares."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from vsg_tf.audio.reading import Sound
from vsg_tf.audio.resampling import resampled_blocks
from vsg_tf.errors import InputError
from vsg_tf.events import EventTrack
from vsg_tf.grains.performance import EventSound
from vsg_tf.inference.chunking import join_chunks, plan_chunks
from vsg_tf.inference.decoding import decode_mel
from vsg_tf.inference.options import DEFAULTS, RenderOptions
from vsg_tf.inference.renderers.choice import make_renderer
from vsg_tf.inference.renderers.names import RendererName
from vsg_tf.inference.renderers.protocol import RenderPlan
from vsg_tf.inference.runtimes.names import Runtime
from vsg_tf.inference.runtimes.networks import Networks, load_networks
from vsg_tf.inference.visual import clip_features
from vsg_tf.inference.voice import Voice
from vsg_tf.inference.watching import Cancel, Progress, watched
from vsg_tf.timing.picture import timing_from_curves
from vsg_tf.timing.timing import Timing
from vsg_tf.video.clip import Clip

ENCODER_FRAMES, ENCODER_OVERLAP = 1024, 128  # feature frames; the overlap exceeds half the
# receptive field of the default's convolutions, so that its chunks agree with one pass


def default_model_dir() -> Path:
    """Folder of the model that ships: inside an installed package, or of this repository."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "default_model"
    return installed if installed.is_dir() else package.parent / "saved_models" / "default"


@dataclass(frozen=True)
class Rendering:
    """A sound that is made while it is read.

    Args:
        blocks: consecutive blocks `[samples, channels]` float32; they add up to `samples`.
        sample_rate: samples per second.
        channels: 1 or 2.
        samples: length of the whole, that of the clip.
        timing: what is played: events with the takes, pitches and gains that the renderer chose,
            and the level curve if it is followed. Rendered again, it gives the same samples.
        runs: gives, once the blocks are read, what is heard of each event of the timing, see
            `renderers.protocol.Performance`; None: the renderer makes one sound.
        runs_rate: samples per second of the runs; None: as the blocks.
    """

    blocks: Iterator[np.ndarray]
    sample_rate: int
    channels: int
    samples: int
    timing: Timing
    runs: Callable[[], Iterator[EventSound]] | None = None
    runs_rate: int | None = None

    def at_rate(self, sample_rate: int | None) -> "Rendering":
        """The same sound at another rate; None: its own. The runs keep theirs."""
        if sample_rate in (None, self.sample_rate):
            return self
        samples = max(1, round(self.timing.duration_s * sample_rate))
        blocks = resampled_blocks(self.blocks, self.sample_rate, sample_rate)
        return replace(
            self,
            blocks=_of_length(blocks, samples, self.channels),
            sample_rate=sample_rate,
            samples=samples,
            runs_rate=self.runs_rate or self.sample_rate,
        )

    def waveform(self) -> np.ndarray:
        """Make all of it: `[samples]` float32, or `[samples, 2]` where it is stereo."""
        joined = np.concatenate(list(self.blocks))
        return joined[:, 0] if self.channels == 1 else joined

    def mono(self, sample_rate: int) -> np.ndarray:
        """Make all of it, at another rate and with one channel: `[samples]` float32."""
        return Sound(np.concatenate(list(self.blocks)), self.sample_rate).mono(sample_rate)


class Synthesizer:
    """A trained model ready to make sound.

    Args:
        networks: the trained networks, on whichever runtime.

    Example: `Synthesizer.load()("clip.mp4", "wood.wav")` gives a waveform and its sample rate.
    Step by step, to render one clip again and again without reading anything twice:

        synthesizer = Synthesizer.load()
        voice = synthesizer.voice("wood.wav")
        with Clip.open("clip.mp4") as clip:
            timing = synthesizer.picture(clip)
        sound = synthesizer.render(timing, voice).waveform()
    """

    def __init__(self, networks: Networks):
        self.networks = networks
        self.config = networks.config
        self.timebase = networks.config.timebase

    @classmethod
    def load(
        cls,
        model_dir: str | os.PathLike | None = None,
        runtime: Runtime | str = Runtime.AUTO,
    ) -> "Synthesizer":
        """Load a model.

        Args:
            model_dir: a model folder, or that of a training run; None loads the model that ships.
            runtime: see `load_networks`.

        Raises:
            InputError: the folder is missing, incomplete or damaged.
        """
        folder = default_model_dir() if model_dir is None else model_dir
        return cls(load_networks(folder, runtime=runtime))

    @property
    def sample_rate(self) -> int:
        """Samples per second of the waveforms that the networks work on."""
        return self.config.audio.sample_rate

    @property
    def uses_events(self) -> bool:
        """Whether this model's timing is an event list that can be read, written and edited."""
        return self.config.model.events.enabled

    def check_renderer(self, renderer: RendererName) -> None:
        """Find out before any work whether a renderer works with this model.

        Raises:
            InputError: it needs a network that the model does not have.
        """
        make_renderer(renderer, self.networks)

    def require_events(self, purpose: str) -> None:
        """Raise an `InputError` unless this model's timing is an event list."""
        if not self.uses_events:
            raise InputError(
                f"The model {self.config.name!r} was trained without event supervision and cannot "
                f"{purpose}; use a model with model.events.enabled: true."
            )

    def voice(
        self,
        references: str | os.PathLike | Sequence[str | os.PathLike],
        span: tuple[float, float] | None = None,
        sample_rate: int | None = None,
    ) -> Voice:
        """Read one recording with the wanted timbre, or several takes that are pooled.

        Args:
            references: paths.
            span: s between which they are used; None: all of them.
            sample_rate: at which they are played, within 22,050 to 48,000 Hz; None: their own.

        Raises:
            InputError: a file cannot be used: missing, damaged, silent, too short, no sound.
        """
        return Voice.open(references, self.config, span, sample_rate)

    def picture(
        self,
        clip: Clip | None,
        feature_files: Sequence[str] | None = None,
        progress: Progress | None = None,
        cancel: Cancel | None = None,
    ) -> Timing:
        """When something sounds in a clip, as far as its pictures tell.

        Args:
            clip: the clip; None where feature files alone are given.
            feature_files: for models on REGNET features: the RGB and the flow file.
            progress, cancel: see `watching`.

        Raises:
            InputError: the input is unusable or does not fit the model's front end.
            Cancelled: `cancel` said so.
        """
        features = self.features(clip, feature_files, progress, cancel)
        timing = self.timing_of(features)
        return timing if clip is None else replace(timing, duration_s=clip.duration_s)

    def features(
        self,
        clip: Clip | None,
        feature_files: Sequence[str] | None = None,
        progress: Progress | None = None,
        cancel: Cancel | None = None,
    ) -> np.ndarray:
        """Visual features `[feature_frames, feature_width]`; arguments as `picture`."""
        return clip_features(self.config, clip, feature_files, progress, cancel)

    def timing_of(self, features: np.ndarray) -> Timing:
        """The timing that visual features `[feature_frames, feature_width]` give."""
        duration = len(features) / self.timebase.feature_rate
        if not self.uses_events:
            return Timing(duration, EventTrack.empty(), features=features)
        curves = self.event_logits(features)
        return timing_from_curves(curves, self.timebase, self.config.model.events, duration)

    def event_logits(self, features: np.ndarray) -> np.ndarray:
        """Logits of envelope, onset and strength, `[feature_frames, 3]`; in chunks if long."""
        self.require_events("detect events")
        plan = plan_chunks(len(features), ENCODER_FRAMES, ENCODER_OVERLAP)
        blocks = (
            (chunk, self.networks.event_logits(features[chunk.start : chunk.stop]))
            for chunk in plan
        )
        return np.concatenate(list(join_chunks(blocks)))

    def mel(self, timing: Timing, voice: Voice, background: float = 0.0) -> np.ndarray:
        """What the networks decode, `[mel_frames, n_mels]` in 0..1."""
        return np.concatenate(list(decode_mel(self.networks, timing, voice, background)))

    def render(
        self,
        timing: Timing,
        voice: Voice,
        options: RenderOptions = DEFAULTS,
        progress: Progress | None = None,
        cancel: Cancel | None = None,
    ) -> Rendering:
        """The sound of a timing in the timbre of a voice.

        Args:
            timing: what sounds when, from whichever source.
            voice: the timbre.
            options: see there.
            progress, cancel: told and asked while the blocks are read, see `watching`.

        Raises:
            InputError: the timing is none that this model can play.
            Cancelled: while the blocks are read.
        """
        renderer = make_renderer(options.renderer, self.networks)
        if timing.features is None:
            self.require_events("play an event list or a guide")
        options = replace(options, follow=_follow(timing, options))
        plan = RenderPlan(
            timing,
            voice,
            options,
            self.timebase,
            self.timebase.mel_frames(self.timebase.feature_frames_for(timing.duration_s)),
            lambda: decode_mel(self.networks, timing, voice, options.background, options.follow),
        )
        performance = renderer.perform(plan)
        rate = renderer.sample_rate(voice)
        samples = max(1, round(timing.duration_s * rate))
        level = timing.level if options.follow > 0 else None
        done = 0

        def position(block):
            nonlocal done
            done += len(block)
            return done / samples

        blocks = watched(performance.blocks, position, "sound", progress, cancel)
        return Rendering(
            _of_length(blocks, samples, renderer.channels(voice)),
            rate,
            renderer.channels(voice),
            samples,
            replace(timing, events=performance.events, level=level, estimated=False),
            performance.runs,
        )

    def __call__(
        self,
        video: str | os.PathLike | None,
        reference: str | os.PathLike | Sequence[str | os.PathLike],
        *,
        feature_files: Sequence[str] | None = None,
        timing: Timing | None = None,
        options: RenderOptions = DEFAULTS,
    ) -> tuple[np.ndarray, int]:
        """Sound for a video in the timbre of a reference.

        Args:
            video: path of the clip; its own sound is not listened to. Not opened where the timing
                is given.
            reference: path of a recording of any length, or of several that are pooled.
            feature_files: for models on REGNET features: the RGB and the flow file.
            timing: what is played instead of what the pictures tell, see `vsg_tf.timing`.
            options: see there.

        Returns:
            The waveform, `[samples]` float32, or `[samples, 2]` where the renderer keeps a stereo
            reference; and its samples per second.

        Raises:
            InputError: an input cannot be used.
        """
        if timing is None:
            if video is None:
                timing = self.picture(None, feature_files)
            else:
                with Clip.open(video) as clip:
                    timing = self.picture(clip, feature_files)
        rendering = self.render(timing, self.voice(reference), options)
        return rendering.waveform(), rendering.sample_rate


def _follow(timing: Timing, options: RenderOptions) -> float:
    """How far the level curve is followed: as asked, else only one that was performed."""
    if options.follow is not None:
        return options.follow
    return 0.0 if timing.level is None or timing.estimated else 1.0


def _of_length(blocks: Iterator[np.ndarray], samples: int, channels: int) -> Iterator[np.ndarray]:
    """The same blocks, cut or filled with silence to so many samples."""
    left = samples
    for block in blocks:
        if left <= 0:
            break
        yield block[:left]
        left -= len(block)
    if left > 0:
        yield np.zeros((left, channels), np.float32)
