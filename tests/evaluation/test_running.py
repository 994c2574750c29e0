from dataclasses import replace

import librosa
import numpy as np
import pytest
import soundfile

from tests.evaluation.material import Copier, Knower
from tests.media_writing import RATE
from vsg_tf.errors import InputError
from vsg_tf.evaluation.items import Item, with_identities
from vsg_tf.evaluation.material import read_material
from vsg_tf.evaluation.measures import MEASURES
from vsg_tf.evaluation.results import SOUNDS, sound_name
from vsg_tf.evaluation.running import evaluate_systems


def _means(results, system):
    return {key: results.estimate(system, key).mean for key in MEASURES}


def test_who_copies_the_reference_has_its_timbre_alone(evaluated):
    mean = _means(evaluated[0], "copier")
    assert mean["speaker_speech"] == pytest.approx(1, abs=1e-5)
    assert mean["speaker_none"] == pytest.approx(1, abs=1e-5)
    assert mean["mfcc_distance"] == pytest.approx(0, abs=1e-6) and mean["texture"] == 1
    assert mean["top1_mfcc"] == mean["mrr_mel"] == 1
    assert mean["f1_50"] < 1 and mean["mcd"] > 1


def test_who_knows_the_truth_has_its_timing_alone(evaluated):
    mean = _means(evaluated[0], "knower")
    for key in ("f1_50", "precision_50", "recall_100", "envelope_r", "envelope_best"):
        assert mean[key] == pytest.approx(1, abs=1e-6)
    for key in ("count_error", "envelope_lag", "mcd", "mcd_level_warp", "mel_l1"):
        assert mean[key] == pytest.approx(0, abs=0.01)  # 16 bits
    assert 0 < mean["f1_gain_50"] == pytest.approx(1 - mean["f1_chance_50"])
    assert mean["top1_mfcc"] == pytest.approx(1 / 3) and mean["mfcc_distance"] > 3


def test_silence_gives_numbers_everywhere(evaluated):
    for row in evaluated[0].scores["mute"].values():
        assert {key for key, value in row.items() if np.isnan(value)} <= {"envelope_lag"}
        assert row["speaker_speech"] == row["f1_100"] == row["envelope_r"] == row["top1_mfcc"] == 0
        assert row["noise_floor"] == -120


def test_sounds_are_kept(evaluated):
    results, folder = evaluated
    for identity in results.items:
        sound, rate = soundfile.read(folder / SOUNDS / "copier" / sound_name(identity))
        assert rate == RATE and np.abs(sound).max() > 0.1


def test_one_bad_item_does_not_stop_the_others(pairs, tmp_path):
    items = read_material(pairs)[:1]
    silent = tmp_path / "silent.wav"
    soundfile.write(silent, np.zeros(RATE), RATE)
    bad = Item(tmp_path / "none.mp4", items[0].reference)
    items = with_identities([*items, bad, Item(items[0].video, silent)])
    lines = []
    results, _ = evaluate_systems({"copier": Copier()}, items, tmp_path, report=lines.append)
    assert list(results.scores["copier"]) == [items[0].identity]
    reasons = {failure["item"]: failure["reason"] for failure in results.failures}
    assert "does not exist" in reasons[items[1].identity]
    assert "is silent" in reasons[items[2].identity]
    assert sum("error: " in line for line in lines) == 2
    with pytest.raises(InputError, match=r"Nothing could be evaluated.*does not exist"):
        evaluate_systems({"copier": Copier()}, [items[1]], tmp_path)


def test_reference_length_reaches_the_system(pairs, tmp_path):
    item = read_material(pairs)[0]
    lengths = []

    class Listening(Copier):
        def __call__(self, video, reference, *, seed=0):
            sound = super().__call__(video, reference)
            lengths.append(len(sound))
            return sound

    items = with_identities(
        [
            Item(item.video, item.reference, kind="length", reference_length=factor)
            for factor in (0.5, 1.0, 2.0)
        ]
    )
    results, _ = evaluate_systems({"listening": Listening()}, items, tmp_path)
    assert lengths == [RATE // 2, RATE, 2 * RATE]
    assert not results.failures
    assert all(row["mfcc_distance"] < 0.1 for row in results.scores["listening"].values())


def test_a_system_at_another_rate_scores_alike(pairs, tmp_path):
    class Wide(Knower):
        sample_rate = 44_100

        def __call__(self, video, reference, *, seed=0):
            sound = super().__call__(video, reference)
            return librosa.resample(sound, orig_sr=RATE, target_sr=44_100)

    results, _ = evaluate_systems({"wide": Wide()}, read_material(pairs)[:1], tmp_path)
    row = next(iter(results.scores["wide"].values()))
    assert row["f1_50"] == 1 and row["envelope_r"] > 0.999 and row["mcd"] < 0.5


def test_features_reach_the_models_that_read_them(pairs, tmp_path):
    class Reader(Copier):
        name, reads_features, seen = "reader", True, []

        def __call__(self, video, reference, *, seed=0, feature_files=None):
            self.seen.append(feature_files)
            return super().__call__(video, reference, seed=seed)

    first, second, _ = read_material(pairs)
    files = (tmp_path / "rgb.npy", tmp_path / "flow.npy")
    items = [replace(first, feature_files=files), second]
    results, _ = evaluate_systems({"reader": Reader(), "copier": Copier()}, items, tmp_path)
    assert Reader.seen == [files, None] and not results.failures
