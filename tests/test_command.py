"""What every command shares: exit codes, interruption, a quick `--help`."""

import os
import signal
import subprocess
import sys
import time

import pytest
import typer

from vsg_tf import command
from vsg_tf.errors import InputError

_SCRIPT = """
import sys, typer
from vsg_tf import command
from vsg_tf.errors import InputError
app = typer.Typer()
@app.command()
def show(name: str):
    print(name)
    raise InputError(f"{name} is of no use.")
command.run(app)
"""


def _exit_code(action) -> int:
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(action)
    with pytest.raises(SystemExit) as caught:
        command.run(app)
    return caught.value.code


@pytest.fixture(autouse=True)
def plain_command_line(monkeypatch):
    monkeypatch.setattr("sys.argv", ["vsg"])
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    # A job in the background of a shell starts with SIGINT ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


def test_bad_input_is_one_sentence_and_exit_code_2(capsys):
    def fail():
        raise InputError("There is no such file.")

    assert _exit_code(fail) == 2
    assert capsys.readouterr().err == "error: There is no such file.\n"


def test_a_module_of_an_extra_is_one_sentence_and_another_one_is_not(capsys):
    def need(name):
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    assert _exit_code(lambda: need("librosa.core")) == 2
    shown = capsys.readouterr().err
    assert "needs librosa" in shown and "vsg-tf[tensorflow]" in shown and shown.count("\n") == 1
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(lambda: need("vsg_tf.gone"))
    with pytest.raises(ModuleNotFoundError):
        command.run(app)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_cleans_up_and_says_so(number, capsys):
    cleaned = []

    def stop():
        try:
            os.kill(os.getpid(), number)
            time.sleep(30)  # the signal ends this at once
            pytest.fail("the signal was not heard")
        finally:
            cleaned.append(True)

    assert _exit_code(stop) == 130
    assert cleaned
    assert capsys.readouterr().err == "Interrupted.\n"


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
@pytest.mark.parametrize(
    "name, shown", [("日本.mp4", "\\u65e5\\u672c.mp4"), (os.fsdecode(b"d\xe9"), "d\\udce9")]
)
def test_any_name_can_be_printed(name, shown, encoding):
    result = subprocess.run(
        [sys.executable, "-c", _SCRIPT, name],
        check=False,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
    )
    if encoding == "utf-8" and name.isprintable():
        shown = name
    assert result.returncode == 2
    assert result.stdout.decode(encoding).strip() == shown
    assert result.stderr.decode(encoding).strip() == f"error: {shown} is of no use."
