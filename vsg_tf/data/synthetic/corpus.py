"""A corpus of synthetic clips: from folders of recordings to shards."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from rich.console import Console

from vsg_tf.config.schema import Config
from vsg_tf.data.manifest import Manifest, settings_hash
from vsg_tf.data.shards import Workers, local_workers, open_output, write_shards
from vsg_tf.data.synthetic import sources
from vsg_tf.data.synthetic.bank import BANK_NAME, Bank, Piece, load_bank
from vsg_tf.data.synthetic.cutting import read_bank
from vsg_tf.errors import ConfigError, InputError

_SPLITS = ("train", "valid")
# Validation seeds begin far above any training seed, so that no clip is in both.
_SPLIT_OFFSET = {"train": 0, "valid": 1 << 30}


@dataclass(frozen=True)
class SyntheticSettings:
    """What to make and from what.

    Args:
        count: training clips.
        valid_count: validation clips.
        events: folders of recordings of things that sound; none: rendered timbres.
        backgrounds: folders of steady sounds; none: rendered noise.
        valid_match: regular expression on `<folder>/<relative path>`; matching files and their
            families are for validation.
        valid_fraction: of the other families, chosen by hash, also for validation.
        exclude: regular expression; matching files are left out.
        seed: of the whole corpus.
    """

    count: int
    valid_count: int
    events: tuple[Path, ...] = ()
    backgrounds: tuple[Path, ...] = ()
    valid_match: str | None = None
    valid_fraction: float = 0.1
    exclude: str | None = None
    seed: int = 0

    def items(self, split: str, count: int) -> list[tuple[str, int]]:
        """(split, seed of the clip) of the first `count` clips."""
        first = (self.seed << 32) + _SPLIT_OFFSET[split]
        return [(split, first + i) for i in range(count)]


@dataclass
class ClipBuilder:
    """Seeds to examples, in a worker process; the bank is read once there."""

    config: Config
    bank_path: Path | None
    sources: dict[str, list[str]]
    backgrounds: dict[str, list[str]] = field(default_factory=dict)

    @cached_property
    def bank(self) -> Bank:
        """The cut recordings."""
        return load_bank(self.bank_path)[0] if self.bank_path else Bank()

    @cached_property
    def _log_mel(self):
        from vsg_tf.audio.mel import LogMel

        return LogMel(self.config.audio)

    def clip(self, item: tuple[str, int]):
        """The clip of (split, seed)."""
        from vsg_tf.data.synthetic.clip import make_clip

        split, seed = item
        pictures = self.config.video.visual.pictures
        return make_clip(
            seed,
            self.bank,
            self.sources[split],
            self.backgrounds[split],
            duration=self.config.data.clip_seconds,
            timebase=self.config.timebase,
            size=(pictures.width, pictures.height),
        )

    def __call__(self, item: tuple[str, int]) -> list:
        """The example of (split, seed)."""
        from vsg_tf.audio.onsets import envelope_from_audio
        from vsg_tf.data.records import Example, clip_frames, fit_length
        from vsg_tf.frontends.sources import list_source

        clip, config = self.clip(item), self.config
        log_mel = self._log_mel
        frames = clip_frames(self.config)
        length = frames * self.config.video.mel_per_feature
        features = config.video.visual.extract(
            list_source(clip.film.times, clip.film.frames),
            config.timebase,
            config.data.clip_seconds,
        )
        return [
            Example(
                identity=f"synthetic-{item[0]}-{item[1]:010d}",
                source=clip.source,
                category=clip.family,
                features=fit_length(features, frames),
                mel=fit_length(log_mel(clip.waveform), length),
                reference_mel=fit_length(log_mel(clip.alternate), length),
                envelope=envelope_from_audio(clip.clean, self.config.timebase, frames),
                events=clip.events.to_array(),
                truth=clip.truth,
            )
        ]


def _split(families: dict[str, Any], valid: set[str]) -> dict[str, list[str]]:
    return {
        "train": sorted(name for name in families if name not in valid),
        "valid": sorted(name for name in families if name in valid),
    }


def prepare_synthetic(
    config: Config,
    settings: SyntheticSettings,
    out: Path,
    *,
    workers: Workers = 1,
    overwrite: bool = False,
    console: Console | None = None,
) -> tuple[Manifest, ClipBuilder]:
    """Make a corpus.

    Returns:
        The manifest, and the builder that can make each clip again.

    Raises:
        ConfigError: the front end understands no synthetic clips.
        InputError: folders without recordings, a split without sources, or an unusable output.
    """
    if not config.video.visual.synthetic:
        raise ConfigError(
            f"The drawn scenes of synthetic clips say nothing to the front end "
            f"{config.video.visual.name}; set video.front_end: motion."
        )
    sources.check_pattern(settings.valid_match, "--valid-match")
    sources.check_pattern(settings.exclude, "--exclude")
    found = {
        kind: sources.find_recordings(folders, settings.exclude) if folders else []
        for kind, folders in (("events", settings.events), ("backgrounds", settings.backgrounds))
    }
    described = {
        **{kind: [[r.name, r.path.stat().st_size] for r in found[kind]] for kind in found},
        "count": settings.count,
        "valid_count": settings.valid_count,
        "valid_match": settings.valid_match,
        "valid_fraction": settings.valid_fraction,
        "seed": settings.seed,
    }
    manifest = open_output(
        out, config, "synthetic", described, overwrite, config.video.visual.weights()
    )
    # Recordings of events are used cut and whole.
    uses = {"events": "events", "recordings": "events", "backgrounds": "backgrounds"}
    pieces = [
        Piece(recording, config.timebase, kind)
        for kind, given in uses.items()
        for recording in found[given]
    ]
    bank_path = out / BANK_NAME if pieces else None
    bank = Bank()
    if bank_path:
        key = settings_hash(
            config, "bank", {kind: described[given] for kind, given in uses.items()}
        )
        bank = read_bank(bank_path, pieces, key, local_workers(workers), console)
    recordings = found["events"] + found["backgrounds"]
    valid = sources.is_validation(recordings, settings.valid_match, settings.valid_fraction)
    builder = ClipBuilder(
        config, bank_path, _split(bank.events, valid), _split(bank.backgrounds, valid)
    )
    counts = dict(zip(_SPLITS, (settings.count, settings.valid_count), strict=True))
    for split in _SPLITS:
        if counts[split] and settings.events and not builder.sources[split]:
            raise InputError(
                f"No recording is left for the split {split!r}; change --valid-match, "
                "--valid-fraction or --exclude."
            )
    manifest.notes = {
        "unreadable_recordings": bank.failures,
        "sources": {split: len(builder.sources[split]) for split in _SPLITS},
    }
    items = {split: settings.items(split, counts[split]) for split in _SPLITS}
    write_shards(out, manifest, items, builder, workers=workers, console=console)
    return manifest, builder
