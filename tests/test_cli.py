"""The console script: light, and each command behind its name."""

import subprocess
import sys

import pytest

from vsg_tf import __version__, cli, command

_LIGHT = """
import sys
from vsg_tf import cli
sys.argv = ["vsg", *{arguments!r}]
try:
    cli.main()
except SystemExit as end:
    assert not end.code
heavy = {{"numpy", "pydantic", "yaml", "tensorflow", "keras", "av", "cv2", "librosa", "scipy"}}
print(sorted(heavy & set(sys.modules)))
"""


def _run(monkeypatch, *arguments: str) -> int | None:
    monkeypatch.setattr(sys, "argv", ["vsg", *arguments])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    return caught.value.code


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_nothing_is_imported_that_is_not_needed(arguments):
    result = subprocess.run(
        [sys.executable, "-c", _LIGHT.format(arguments=arguments)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_is_listed_and_answers(name, monkeypatch, capsys):
    assert _run(monkeypatch, "--help") == 0
    listed = capsys.readouterr().out
    assert f" {name} " in listed and cli.COMMANDS[name][1] in listed
    assert _run(monkeypatch, name, "--help") == 0
    assert f"vsg {name}" in capsys.readouterr().out


def test_version(monkeypatch, capsys):
    assert _run(monkeypatch, "--version") == 0
    assert capsys.readouterr().out == f"vsg {__version__}\n"


def test_an_unknown_command_is_bad_input(monkeypatch, capsys):
    assert _run(monkeypatch, "generat") == command.EXIT_BAD_INPUT
    assert "No such command" in capsys.readouterr().err
