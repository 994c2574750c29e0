import base64
import io
import json
import re

import av
import pytest

from vsg_tf.errors import InputError
from vsg_tf.evaluation.listening import QUESTIONS, TRUTH, plan_trials, write_kit
from vsg_tf.evaluation.material import read_material
from vsg_tf.evaluation.opinions import COLUMNS, opinion_table, read_answers, read_key


@pytest.fixture(scope="module")
def kit(evaluated, pairs, tmp_path_factory):
    results, run = evaluated
    folder = tmp_path_factory.mktemp("kit")
    paths = folder / "test.html", folder / "test.key.json"
    count = write_kit(*paths, run, results, read_material(pairs), clips=2, seed=1)
    return *paths, count


def test_page_holds_everything_and_names_nobody(kit):
    page, key, count = kit
    text, trials = page.read_text(), json.loads(key.read_text())["trials"]
    assert count == len(trials) == 2 * 4  # three systems and the truth
    outside = re.sub(r"data:[a-z/0-9]+;base64,[A-Za-z0-9+/=]+", "", text)
    assert not any(name in outside for name in ("copier", "knower", "mute", "wood", "http"))
    assert all(question["text"] in text for question in QUESTIONS.values())
    assert not re.search("@[A-Z]+@", text), "every placeholder is filled"
    shown = json.loads(re.search(r"const TRIALS = (\[.*\]);", text)[1])
    assert {trial["id"] for trial in shown} == set(trials)
    data = base64.b64decode(shown[0]["video"].partition(",")[2])
    with av.open(io.BytesIO(data)) as clip:
        assert clip.streams.video and clip.streams.audio


def test_choice_is_seeded_and_takes_turns(evaluated, pairs):
    results, _ = evaluated
    items = {item.identity: item for item in read_material(pairs)}
    plans = [plan_trials(results, items, 2, seed) for seed in (0, 0, 1)]
    assert plans[0] == plans[1] != plans[2]
    assert {items[identity].category for _, identity in plans[0]} == {"wood", "metal"}
    assert {system for system, _ in plans[0]} == {"copier", "knower", "mute", TRUTH}


def test_other_data_is_refused(evaluated, tmp_path):
    results, run = evaluated
    with pytest.raises(InputError, match="does not belong to this run"):
        write_kit(tmp_path / "a.html", tmp_path / "a.json", run, results, [])


def _answers(path, key, rows):
    kit = json.loads(key.read_text())["kit"]
    lines = [",".join(COLUMNS), *(f"{kit},{row}" for row in rows)]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_known_means_with_t_intervals(kit, tmp_path):
    _, key, _ = kit
    trials = read_key(key)["trials"]
    value = {"knower": 5, "copier": 2, "mute": 1, TRUTH: 4}
    paths = [
        _answers(
            tmp_path / f"{rater}.csv",
            key,
            [f"{rater},{trial},{value[meaning['system']]},{3 + shift},2"
             for trial, meaning in trials.items()],
        )
        for rater, shift in (("ann", -1), ("bob", 1))
    ]  # fmt: skip
    text = opinion_table(read_answers(paths, read_key(key)))
    # Four ratings 2, 4, 2, 4: 3 +- t(3) * s / 2 = 3 +- 3.182 * 1.1547 / 2.
    assert (
        "| all | knower | 5.00 [5.00, 5.00] | 3.00 [1.16, 4.84] | 2.00 [2.00, 2.00] | 4 |" in text
    )
    assert "| all | truth | 4.00 [4.00, 4.00] | 3.00 [1.16, 4.84] | - | 4 |" in text
    assert "| metal | mute | 1.00" in text


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("ann,t001,6,1,1", "realism must be 1 to 5 or empty, not '6'"),
        ("ann,t001,2.5,1,1", "must be 1 to 5"),
        ("ann,t999,1,1,1", "no trial 't999'"),
        ("ann,t001,1,1", "does not have 6 values"),
        ("ann,t001,1,1,1,1", "does not have 6 values"),
    ],
)
def test_broken_answers_are_refused_with_a_sentence(kit, tmp_path, row, sentence):
    path = _answers(tmp_path / "a.csv", kit[1], [row])
    with pytest.raises(InputError, match=sentence):
        read_answers([path], read_key(kit[1]))


def test_answers_that_do_not_belong_are_refused(kit, tmp_path):
    key = read_key(kit[1])
    path = _answers(tmp_path / "a.csv", kit[1], ["ann,t001,1,,3"])
    assert len(read_answers([path], key)) == 1
    with pytest.raises(InputError, match="has answered trial t001 before"):
        read_answers([path, path], key)
    with pytest.raises(InputError, match="but the key is of 'other'"):
        read_answers([path], {**key, "kit": "other"})
    for content, sentence in (
        ("", "lacks the column kit"),
        (",".join(COLUMNS), "holds no answers"),
        ("\0", "lacks the column|must be a CSV"),
    ):
        (tmp_path / "b.csv").write_text(content)
        with pytest.raises(InputError, match=sentence):
            read_answers([tmp_path / "b.csv"], key)
    for content in ("{", "[]", "{}", '{"format": 1, "kit": "a", "trials": {"t": 3}}'):
        (tmp_path / "key.json").write_text(content)
        with pytest.raises(InputError, match=r"key"):
            read_key(tmp_path / "key.json")
