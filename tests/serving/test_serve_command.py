"""`vsg serve` as a process: it listens, logs, drains on SIGTERM, and refuses in one sentence."""

import json
import signal
import subprocess
import sys
import threading

import pytest

from tests.serving.exports import check_answer, question
from vsg_tf.serving import logs
from vsg_tf.serving.client import Client

COMMAND = [sys.executable, "-m", "vsg_tf.serve"]


def test_from_start_to_sigterm(export):
    process = subprocess.Popen(
        [*COMMAND, "--model", export, "--port", "0"], stderr=subprocess.PIPE, text=True
    )
    killer = threading.Timer(90, process.kill)
    killer.start()
    try:
        lines = []
        for line in process.stderr:
            lines.append(json.loads(line))
            if lines[-1]["event"] == "listening":
                break
        address = lines[-1]["address"]
        assert address.startswith("127.0.0.1:")
        with Client(address, timeout_s=30) as client:
            inputs = question(2)
            check_answer(inputs, client.predict("serving_default", inputs))
            answers = []
            slow = threading.Thread(
                target=lambda: answers.append(
                    client.predict("slow", {"seconds": [1.0], "x": [5.0]})
                )
            )
            slow.start()
            while not any(line["event"] == "request" for line in lines):
                lines.append(json.loads(process.stderr.readline()))
            threading.Event().wait(0.3)
            process.send_signal(signal.SIGTERM)
            slow.join()
        rest = process.stderr.read()
        lines += [json.loads(line) for line in rest.splitlines()]
        assert process.wait(30) == 0
        assert [answer["y"].item() for answer in answers] == [5.0], "drained, not dropped"
        events = [line["event"] for line in lines]
        assert events[-1] == "stopped"
        assert {"loading", "serving", "request", "draining"} <= set(events)
    finally:
        killer.cancel()
        process.kill()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--model", "nowhere"], "Cannot read the folder nowhere"),
        (["--model", ".", "--tls-cert", "x"], "both --tls-cert and --tls-key"),
        (["--model", ".", "--tls-client-ca", "x"], "as well"),
        (["--model", ".", "--log-level", "loud"], "--log-level is"),
    ],
)
def test_wrong_options_are_one_sentence(monkeypatch, capsys, options, sentence):
    from vsg_tf import command, serve

    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    monkeypatch.setattr(logs, "log_as_json", lambda level: None)  # pytest's logs stay as they are
    monkeypatch.setattr(sys, "argv", ["vsg serve", *options])
    try:
        with pytest.raises(SystemExit) as caught:
            command.run(serve.app)
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    assert caught.value.code == 2
    error = capsys.readouterr().err
    assert f"error: {sentence}" in error or sentence in error
    assert "Traceback" not in error
