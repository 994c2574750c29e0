"""The files in `deploy/` fit Kubernetes' schemas, and the commands in them are ours."""

import json
from pathlib import Path

import kubernetes_validate
import pytest
import typer
import yaml

from vsg_tf import prepare, serve, train
from vsg_tf.training.cluster import find_cluster

DEPLOY = Path(__file__).parents[1] / "deploy"
KUBERNETES = "1.31"
COMMANDS = {"prepare": prepare.app, "serve": serve.app, "train": train.app}
DOCUMENTS = [
    pytest.param(document, id=f"{path.name}-{document['kind']}")
    for path in sorted(DEPLOY.glob("*.yaml"))
    for document in yaml.safe_load_all(path.read_text(encoding="utf-8"))
]


def _container(document):
    (container,) = document["spec"]["template"]["spec"]["containers"]
    return container


@pytest.mark.parametrize("document", DOCUMENTS)
def test_manifests_fit_the_schema(document):
    kubernetes_validate.validate(document, KUBERNETES, strict=True)
    broken = {**document, "spec": {**document["spec"], "noSuchField": 1}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, KUBERNETES, strict=True)


@pytest.mark.parametrize("document", [d for d in DOCUMENTS if "template" in d.values[0]["spec"]])
def test_commands_take_their_arguments_and_have_limits(document):
    container = _container(document)
    name, *arguments = [each.replace("$(INDEX)", "1") for each in container["args"]]
    command = typer.main.get_command(COMMANDS[name])
    if name == "prepare":
        name, command, arguments = command.resolve_command(typer.Context(command), arguments)
    arguments = [each.replace("/models/served", str(DEPLOY)) for each in arguments]
    context = command.make_context(name, list(arguments), resilient_parsing=False)
    assert set(context.params) and not context.args
    assert container["resources"]["requests"]["cpu"] and container["resources"]["limits"]["memory"]


def test_every_pod_of_the_training_job_finds_its_place():
    documents = {p.values[0]["kind"]: p.values[0] for p in DOCUMENTS if "train.yaml" in p.id}
    job, service = documents["Job"], documents["Service"]
    text = next(v["value"] for v in _container(job)["env"] if v["name"] == "TF_CONFIG")
    count = job["spec"]["completions"]
    assert (
        job["spec"]["parallelism"]
        == count
        == len(json.loads(text.replace("$(INDEX)", "0"))["cluster"]["worker"])
    )
    for index in range(count):
        cluster = find_cluster(None, None, {"TF_CONFIG": text.replace("$(INDEX)", str(index))}, 9)
        assert cluster.index == index
        host, port = cluster.endpoint(index)
        assert host == f"{job['metadata']['name']}-{index}.{service['metadata']['name']}"
        assert port == service["spec"]["ports"][0]["port"]
    assert job["spec"]["template"]["spec"]["subdomain"] == service["metadata"]["name"]


def test_the_parts_of_the_preparation_are_all_made():
    job = next(p.values[0] for p in DOCUMENTS if p.id.startswith("prepare.yaml"))
    part = next(each for each in _container(job)["args"] if each.startswith("--part="))
    assert part == f"--part=$(INDEX)/{job['spec']['completions']}"
    finish = next(p.values[0] for p in DOCUMENTS if p.id.startswith("prepare_finish"))
    assert _container(finish)["args"] == [each for each in _container(job)["args"] if each != part]
