"""A listening test in one page: random order, blind, nothing to install.

The three questions are the authors' (realism, temporal alignment, timbre similarity, each 1 to 5);
their exact wording is not published, so the words of the scales are ours [R].
"""

import base64
import hashlib
import json
import tempfile
from importlib.resources import files
from pathlib import Path

import numpy as np
import soundfile

from vsg_tf.atomic import atomic_path
from vsg_tf.audio.levels import limit_peak
from vsg_tf.audio.reading import load_audio, load_reference
from vsg_tf.errors import InputError
from vsg_tf.evaluation.items import Item
from vsg_tf.evaluation.results import SOUNDS, Results, sound_name
from vsg_tf.video.clip import Clip

TRUTH = "truth"
FORMAT = 1
QUESTIONS = {
    "realism": {
        "text": "Realism: how natural does the sound itself seem, whatever the picture shows?",
        "scale": ["a real recording", "almost real", "partly real", "mostly artificial", "noise"],
    },
    "alignment": {
        "text": "Temporal alignment: does the sound happen when the picture shows it?",
        "scale": [
            "always, exactly",
            "almost always",
            "about half of it",
            "seldom",
            "picture and sound have nothing to do with each other",
        ],
    },
    "timbre": {
        "text": "Timbre similarity: does the same kind of thing sound in the clip and here?",
        "scale": [
            "the very same thing",
            "very much alike",
            "somewhat alike",
            "hardly alike",
            "something else altogether",
        ],
    },
}
_RATE = 44_100
_LONGEST_REFERENCE = 20.0  # s
_MOST_BYTES = 300 * 2**20  # more than browsers take in one page


def _uri(path: Path, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"


def _with_sound(item: Item, system: str, run: Path, folder: Path) -> str:
    """The clip with a system's sound, or with its true one."""
    sound = run / SOUNDS / system / sound_name(item.identity)
    if system == TRUTH:
        sound = folder / "truth.wav"
        soundfile.write(sound, limit_peak(load_audio(item.truth, _RATE)), _RATE)
    elif not sound.is_file():
        raise InputError(f"{sound} is missing; evaluate again.")
    video = folder / "clip.mp4"
    with Clip.open(item.video) as clip:
        clip.mux(sound, video, overwrite=True)
    return _uri(video, "video/mp4")


def _reference(item: Item, folder: Path) -> str:
    path = folder / "reference.ogg"
    sound = load_reference(item.reference, _LONGEST_REFERENCE).mono(_RATE)
    soundfile.write(path, limit_peak(sound), _RATE, format="OGG", subtype="VORBIS")
    return _uri(path, "audio/ogg")


def plan_trials(
    results: Results, items: dict[str, Item], clips: int, seed: int
) -> list[tuple[str, str]]:
    """Which (system, item) are heard, in random order.

    Items that every system could render are drawn in turns from the categories; the true sound of
    each, where it is known, is one more system.
    """
    common = [
        identity for identity in items if all(identity in rows for rows in results.scores.values())
    ]
    if not common:
        raise InputError("No clip was rendered by all systems of the run.")
    rng = np.random.default_rng(seed)
    by_category: dict[str, list[str]] = {}
    for place in rng.permutation(len(common)):
        by_category.setdefault(items[common[place]].category, []).append(common[place])
    chosen: list[str] = []
    while len(chosen) < min(clips, len(common)):
        for identities in by_category.values():
            if identities and len(chosen) < clips:
                chosen.append(identities.pop())
    trials = [
        (system, identity)
        for identity in sorted(chosen)
        for system in (*results.systems, *([TRUTH] if items[identity].truth else []))
    ]
    return [trials[place] for place in rng.permutation(len(trials))]


def write_kit(
    page: Path,
    key: Path,
    run: Path,
    results: Results,
    items: list[Item],
    *,
    clips: int = 10,
    seed: int = 0,
    overwrite: bool = False,
) -> int:
    """Write the page and the key that tells which trial is which system.

    Args:
        page: HTML file with everything in it.
        key: JSON file; raters must not see it.
        run: folder of the run, for its sounds.
        results: of that run.
        items: that it was made on.
        clips: how many clips are heard, each from all systems.
        seed: of the choice and the order.
        overwrite: replace files that exist.

    Returns:
        Number of trials.

    Raises:
        InputError: the data is not the run's, a file is missing or cannot be written, or the page
            would be too large.
    """
    known = {item.identity: item for item in items if item.identity in results.items}
    if not known:
        raise InputError("The data does not belong to this run: no clip is in both.")
    trials = plan_trials(results, known, clips, seed)
    shown, meaning, size = [], {}, 0
    with tempfile.TemporaryDirectory() as scratch:
        for number, (system, identity) in enumerate(trials, start=1):
            item = known[identity]
            media = {
                "id": f"t{number:03d}",
                "video": _with_sound(item, system, run, Path(scratch)),
                "reference": _reference(item, Path(scratch)),
            }
            size += len(media["video"]) + len(media["reference"])
            if size > _MOST_BYTES:
                raise InputError(
                    f"The page would be larger than {_MOST_BYTES >> 20} MB; pass a smaller --clips."
                )
            shown.append(media)
            meaning[media["id"]] = {
                "system": system,
                "item": identity,
                "category": item.category,
            }
    name = hashlib.sha256(json.dumps([seed, meaning], sort_keys=True).encode()).hexdigest()[:8]
    text = files("vsg_tf.evaluation").joinpath("listening_page.html").read_text(encoding="utf-8")
    text = text.replace("@KIT@", name).replace("@QUESTIONS@", json.dumps(QUESTIONS))
    text = text.replace("@TRIALS@", json.dumps(shown))
    with atomic_path(page, overwrite) as temporary:
        temporary.write_text(text, encoding="utf-8")
    values = {"format": FORMAT, "kit": name, "trials": meaning}
    with atomic_path(key, overwrite) as temporary:
        temporary.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    return len(trials)
