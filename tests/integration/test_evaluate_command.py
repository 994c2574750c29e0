"""`vsg evaluate` as it is typed, with systems that need no training."""

import json
import sys

import pytest

from tests.evaluation.material import write_folders
from vsg_tf import cli, command, evaluate


def _vsg(monkeypatch, *arguments) -> int:
    monkeypatch.setattr(sys, "argv", ["vsg", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        command.run(evaluate.app)
    return end.value.code


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return write_folders(tmp_path_factory.mktemp("evaluate"))


def test_evaluate_then_compare(place, tmp_path, monkeypatch, capsys):
    out = tmp_path / "R"
    code = _vsg(monkeypatch, "--model", "reference", "--model", "none=silence", "--data", place,
                "--out", out)  # fmt: skip
    assert code == 0
    assert "| reference |" in capsys.readouterr().out
    values = json.loads((out / "results.json").read_text())
    assert list(values["scores"]) == ["reference", "none"]
    assert values["summary"]["pair"]["reference"]["mfcc_distance"]["mean"] < 1
    assert _vsg(monkeypatch, "--model", "silence", "--data", place, "--out", out) == 2
    assert "pass --overwrite" in capsys.readouterr().err

    names = ("--first-system", "none", "--second-system", "reference")
    assert _vsg(monkeypatch, "compare", out, out, *names) == 0
    assert "| reference |" in capsys.readouterr().out


def test_what_cannot_be_evaluated_is_exit_code_2(place, tmp_path, monkeypatch, capsys):
    listing = tmp_path / "pairs.csv"
    rows = [f"{place}/videos/wood/a.mp4,{place}/references/wood/a.wav", "none.mp4,none.wav"]
    listing.write_text("video,reference\n" + "\n".join(rows))
    assert (
        _vsg(monkeypatch, "--model", "reference", "--data", listing, "--out", tmp_path / "R") == 2
    )
    error = capsys.readouterr().err
    assert "1 of 2 sounds could not be evaluated" in error and "Traceback" not in error
    assert len(json.loads((tmp_path / "R" / "results.json").read_text())["items"]) == 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--data", "x", "--out", "R"], "--model is missing"),
        (["--model", "silence", "--out", "R"], "--data is missing"),
        (["--model", "silence", "--data", "nowhere", "--out", "R"], "There is no nowhere"),
        (["--model", "nothing", "--data", "DATA", "--out", "R"], "no system 'nothing'"),
        (["compare", "nowhere", "nowhere"], "There is no nowhere"),
    ],
)
def test_bad_arguments_are_one_sentence(place, tmp_path, monkeypatch, capsys, arguments, sentence):
    arguments = [place if text == "DATA" else text for text in arguments]
    arguments = [tmp_path / "R" if text == "R" else text for text in arguments]
    assert _vsg(monkeypatch, *arguments) == 2
    error = capsys.readouterr().err.strip().splitlines()
    assert len(error) == 1 and sentence in error[0]
    assert not (tmp_path / "R").exists()


def test_help_explains_the_numbers(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["vsg", "evaluate", "--help"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 0
    text = capsys.readouterr().out
    assert "compare" in text and "shifted" in text and "Resemblyzer" in text
