import pytest

from tests.baselines.cases import SPEECHSPLIT, small_config
from tests.model_cases import BEYOND, PAPER
from vsg_tf import summary


def test_counts_add_up():
    counts = summary.parameter_counts(BEYOND)
    parts = ["temporal_encoder", "acoustic_encoder", "background_encoder", "mel_decoder"]
    assert counts["generator"] == sum(counts[part] for part in [*parts, "event_head"])
    assert counts["event_head"] == 3 * (8 + 1)
    assert min(counts.values()) > 0


def test_other_kinds_are_counted():
    counts = summary.parameter_counts(small_config(SPEECHSPLIT))
    parts = ["sound_embedding", "content_pitch_encoder", "rhythm_encoder", "generator"]
    assert list(counts) == parts and counts["generator"] > sum(counts[part] for part in parts[:3])


def test_table_and_errors(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(summary, "load_config", lambda path: PAPER)
    assert summary.main([]) == 0
    assert "temporal_encoder" in capsys.readouterr().out
    monkeypatch.undo()
    assert summary.main(["--config", str(tmp_path / "none.yaml")]) == 2
    assert "no configuration file" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        summary.main(["--wrong"])
