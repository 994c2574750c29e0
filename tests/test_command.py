"""What every command shares: exit codes, interruption, a quick `--help`."""

import os
import signal
import time

import pytest
import typer

from vsg_tf import command
from vsg_tf.errors import InputError


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
