"""What is evaluated on: pairs of clip and reference, with the true sound where it is known."""

from pathlib import Path

from vsg_tf.containers import AUDIO_SUFFIXES, VIDEO_SUFFIXES
from vsg_tf.errors import InputError
from vsg_tf.evaluation.items import Item, with_identities
from vsg_tf.evaluation.pair_lists import read_pairs
from vsg_tf.evaluation.pairing import Pairing, pair_own_sounds

PAIRS_FILE = "pairs.csv"


def _files(folder: Path, suffixes: set[str]) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.suffix.lower() in suffixes)
    return sorted(path for path in found if path.is_file() and not path.name.startswith("."))


def _by_name(folder: Path, suffixes: set[str]) -> dict[str, Path]:
    """Files by path inside the folder without suffix."""
    if not folder.is_dir():
        return {}
    return {
        path.relative_to(folder).with_suffix("").as_posix(): path
        for path in _files(folder, suffixes)
    }


def _folder_items(data: Path, track_is_truth: bool) -> list[Item]:
    sounds = AUDIO_SUFFIXES | VIDEO_SUFFIXES
    videos = _by_name(data / "videos", VIDEO_SUFFIXES)
    references = _by_name(data / "references", sounds)
    truths = _by_name(data / "truth", sounds)
    backgrounds = _by_name(data / "backgrounds", sounds)
    if not videos:
        raise InputError(f"{data / 'videos'} holds no video files; put the clips there.")
    missing = [name for name in videos if name not in references]
    if missing:
        raise InputError(
            f"{data / 'references'} holds no sound named {missing[0]!r}, as the video of that name "
            f"needs ({len(missing)} of {len(videos)} are missing)."
        )
    return with_identities(
        [
            Item(
                video,
                references[name],
                truths.get(name) or (video if track_is_truth else None),
                name.rpartition("/")[0],
                reference_background=backgrounds.get(name),
            )
            for name, video in videos.items()
        ]
    )


def clips_by_category(folder: Path) -> dict[str, list[Path]]:
    """Videos of a folder by the sub-folder they lie in.

    Raises:
        InputError: there is no video.
    """
    categories: dict[str, list[Path]] = {}
    for path in _files(folder, VIDEO_SUFFIXES):
        name = path.parent.relative_to(folder).as_posix()
        categories.setdefault("" if name == "." else name, []).append(path)
    if not categories:
        raise InputError(
            f"{folder} holds nothing to evaluate on; it needs {PAIRS_FILE}, or the folders videos "
            "and references, or videos with sound."
        )
    return categories


def read_material(
    data: Path,
    *,
    pairing: Pairing = "shuffled",
    seed: int = 0,
    track_is_truth: bool = False,
) -> list[Item]:
    """What a path holds to be evaluated on.

    Args:
        data: a CSV file; or a folder with `pairs.csv`; or with `videos/`, `references/` and, if
            wanted, `truth/` and `backgrounds/`, matched by name, sub-folders being categories; or
            any folder of videos with sound.
        pairing: for a folder of videos: a clip's reference is its `own` sound or, `shuffled`,
            that of another clip.
        seed: of the shuffling.
        track_is_truth: where no truth is named, the video's own sound is it. For a folder of
            videos it always is.

    Raises:
        InputError: nothing is there, or it cannot be used.
    """
    if data.is_file():
        return read_pairs(data, track_is_truth)
    if not data.is_dir():
        raise InputError(f"There is no {data}; name a folder of clips, or a CSV list of pairs.")
    if (data / PAIRS_FILE).exists():
        return read_pairs(data / PAIRS_FILE, track_is_truth)
    if (data / "videos").is_dir() and (data / "references").is_dir():
        return _folder_items(data, track_is_truth)
    categories = clips_by_category(data)
    clips = [(name, path) for name, paths in categories.items() for path in paths]
    items = [
        Item(video, reference, video, category, kind="original" if pairing == "own" else "shuffled")
        for (category, video), reference in zip(
            clips, pair_own_sounds([path for _, path in clips], pairing, seed), strict=True
        )
    ]
    return with_identities(items)
