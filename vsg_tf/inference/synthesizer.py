"""Video and reference in, waveform out: the one path that every way of generating shares."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vsg_tf.config import Config
from vsg_tf.errors import InputError
from vsg_tf.events import EventTrack
from vsg_tf.inference.chunking import Chunk, join_chunks, plan_chunks
from vsg_tf.inference.reference import Reference, background_mel, read_reference
from vsg_tf.inference.renderers.choice import make_renderer
from vsg_tf.inference.renderers.names import DEFAULT_RENDERER, RendererName
from vsg_tf.inference.renderers.protocol import Score
from vsg_tf.inference.runtimes.networks import Networks, load_networks
from vsg_tf.inference.visual import video_features
from vsg_tf.timing.picture import pick_events

OVERLAP_SECONDS = 1.5  # shared by neighbouring chunks of the decoder
SOUNDING_MARGIN = 0.5  # s around a chunk in which an event still counts as sounding
ENCODER_FRAMES, ENCODER_OVERLAP = 1024, 128  # feature frames; the overlap exceeds half the
# receptive field of the default's convolutions, so that its chunks agree with one pass


def default_model_dir() -> Path:
    """Folder of the model that ships: inside an installed package, or of this repository."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "default_model"
    return installed if installed.is_dir() else package.parent / "saved_models" / "default"


def decoder_chunk(config: Config) -> tuple[int, int]:
    """Feature frames that the decoder is given at once, and how many neighbours share."""
    size = config.timebase.feature_frames_for(config.data.clip_seconds)
    return size, min(config.timebase.feature_frames_for(OVERLAP_SECONDS), (size - 1) // 3)


class Synthesizer:
    """A trained model ready to make sound.

    Args:
        networks: the trained networks, on whichever runtime.

    Example: `Synthesizer.load("saved_models/default")("clip.mp4", "wood.wav")` gives a waveform
    and its sample rate.
    """

    def __init__(self, networks: Networks):
        self.networks = networks
        self.config = networks.config
        self.timebase = networks.config.timebase

    @classmethod
    def load(cls, model_dir: str | os.PathLike | None = None) -> "Synthesizer":
        """Load a model folder; None loads the model that ships.

        Raises:
            InputError: the folder is missing, incomplete or damaged.
        """
        return cls(load_networks(default_model_dir() if model_dir is None else model_dir))

    @property
    def sample_rate(self) -> int:
        """Samples per second of the waveforms that the networks work on."""
        return self.config.audio.sample_rate

    def output_rate(self, reference: Reference, renderer: RendererName = DEFAULT_RENDERER) -> int:
        """Samples per second of what `stream` gives for this reference and renderer."""
        return make_renderer(renderer, self.networks).sample_rate(reference)

    def check_renderer(self, renderer: RendererName) -> None:
        """Find out before any work whether this model can be heard through a renderer.

        Raises:
            InputError: it needs a network that the model does not have.
        """
        make_renderer(renderer, self.networks)

    @property
    def hears_events(self) -> bool:
        """Whether this model's timing is an event list that can be read and edited."""
        return self.config.model.events.enabled

    def features(
        self, video: str | os.PathLike | None, feature_files: list[str] | None = None
    ) -> np.ndarray:
        """Visual features `[feature_frames, feature_width]` of a video, or from feature files.

        Raises:
            InputError: the input is unusable or does not fit the model's front end.
        """
        return video_features(self.config, video, feature_files)

    def detect_events(self, features: np.ndarray) -> EventTrack:
        """What the model hears in the picture.

        Raises:
            InputError: the model was trained without event supervision.
        """
        self.require_events("tell the events")
        plan = plan_chunks(len(features), ENCODER_FRAMES, ENCODER_OVERLAP)
        blocks = (
            (chunk, self.networks.event_logits(features[chunk.start : chunk.stop]))
            for chunk in plan
        )
        logits = np.concatenate(list(join_chunks(blocks)))
        return pick_events(logits, self.timebase, self.config.model.events)

    def read_reference(self, path: str | os.PathLike) -> Reference:
        """Read a recording with the wanted timbre, of any length.

        Raises:
            InputError: the file cannot be used: missing, damaged, silent, too short, no sound.
        """
        return read_reference(path, self.config)

    def plan_events(self, features: np.ndarray, reference: Reference) -> EventTrack:
        """What is played unless an event list is given: the picture's events, which sound as long
        as the reference's.

        Raises:
            InputError: the model was trained without event supervision.
        """
        return reference.fit_durations(self.detect_events(features))

    def __call__(
        self,
        video: str | os.PathLike | None,
        reference: str | os.PathLike,
        *,
        feature_files: list[str] | None = None,
        events: EventTrack | None = None,
        background: float = 0.0,
        seed: int = 0,
        renderer: RendererName = DEFAULT_RENDERER,
    ) -> tuple[np.ndarray, int]:
        """Sound for a video in the timbre of a reference.

        Args:
            video: path of the clip; its own sound is not listened to.
            reference: path of a recording, of any length.
            feature_files: for models on REGNET features: the RGB and the flow file.
            events: plays this event list instead of the detected one.
            background: 0 (none) to 1 (as in the reference).
            seed: of everything that is drawn at random.
            renderer: how the waveform is made.

        Returns:
            The waveform, `[samples]` float32, or `[samples, 2]` where the renderer keeps a stereo
            reference; and its samples per second.

        Raises:
            InputError: an input cannot be used.
        """
        features = self.features(video, feature_files)
        sound = self.read_reference(reference)
        options = {"events": events, "background": background, "seed": seed, "renderer": renderer}
        waveform = np.concatenate(list(self.stream(features, sound, **options)))
        mono = waveform.shape[1] == 1
        return waveform[:, 0] if mono else waveform, self.output_rate(sound, renderer)

    def stream(
        self,
        features: np.ndarray,
        reference: Reference,
        *,
        events: EventTrack | None = None,
        background: float = 0.0,
        seed: int = 0,
        renderer: RendererName = DEFAULT_RENDERER,
    ) -> Iterator[np.ndarray]:
        """Consecutive pieces of the waveform, in memory that does not grow with the length.

        Arguments as `__call__`, with features and a reference already read.

        Yields:
            `[samples, channels]` float32 at `output_rate`; they add up to the time of all features.
        """
        if not 0 <= background <= 1:
            raise InputError(f"The background must be from 0 to 1, not {background:g}.")
        if self.hears_events:
            events = self.plan_events(features, reference) if events is None else events
        elif events is not None:
            self.require_events("play an event list")
        score = Score(
            self.timebase,
            join_chunks(self._mel_chunks(features, reference, events, background)),
            self.timebase.mel_frames(len(features)),
            reference,
            events,
            background,
            seed,
        )
        yield from make_renderer(renderer, self.networks).render(score)

    def mel(
        self,
        features: np.ndarray,
        reference: Reference,
        *,
        events: EventTrack | None = None,
        background: float = 0.0,
    ) -> np.ndarray:
        """The mel before phase reconstruction, `[mel_frames, n_mels]` in 0..1."""
        if self.hears_events and events is None:
            events = self.plan_events(features, reference)
        return np.concatenate(
            list(join_chunks(self._mel_chunks(features, reference, events, background)))
        )

    def require_events(self, purpose: str) -> None:
        """Raise an `InputError` unless this model's timing is an event list."""
        if not self.hears_events:
            raise InputError(
                f"The model {self.config.name!r} was trained without event supervision and cannot "
                f"{purpose}; use a model with model.events.enabled: true."
            )

    def _mel_chunks(
        self,
        features: np.ndarray,
        reference: Reference,
        events: EventTrack | None,
        background: float,
    ) -> Iterator[tuple[Chunk, np.ndarray]]:
        code = self.networks.encode_reference(reference.clean)
        per_feature = self.timebase.mel_per_feature
        for chunk in plan_chunks(len(features), *decoder_chunk(self.config)):
            frames = self.timebase.mel_frames(len(chunk))
            noise = background_mel(reference.mel, background, frames)
            if self.hears_events:
                drive = self._local_events(events, chunk)
            else:
                drive = features[chunk.start : chunk.stop]
            values = self.networks.decode(drive, code, noise, len(chunk))
            yield chunk.scaled(per_feature), values

    def _local_events(self, events: EventTrack, chunk: Chunk) -> np.ndarray:
        """Events that sound in a chunk, `[events, 3]`, times from the chunk's first frame."""
        start = chunk.start / self.timebase.feature_rate
        stop = chunk.stop / self.timebase.feature_rate
        rows = events.to_array()
        ends = rows[:, 0] + rows[:, 2]
        sounding = (ends > start - SOUNDING_MARGIN) & (rows[:, 0] < stop + SOUNDING_MARGIN)
        rows = rows[sounding] - np.array([start, 0, 0], np.float32)
        return rows if len(rows) else np.zeros((1, 3), np.float32)
