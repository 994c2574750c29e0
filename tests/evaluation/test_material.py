import pytest

from tests.evaluation.material import write_folders
from vsg_tf.errors import InputError
from vsg_tf.evaluation.items import Item, with_identities
from vsg_tf.evaluation.material import read_material
from vsg_tf.evaluation.pair_lists import read_pairs, write_pairs


def test_folders_are_matched_by_name(pairs):
    items = read_material(pairs)
    assert [item.identity for item in items] == ["metal/c+c", "wood/a+a", "wood/b+b"]
    assert [item.category for item in items] == ["metal", "wood", "wood"]
    assert all(item.truth.parent.parent.name == "truth" for item in items)
    assert all(item.reference_background is None for item in items)


def test_a_folder_of_videos_is_shuffled_or_its_own(pairs):
    own = read_material(pairs / "videos", pairing="own")
    assert all(item.video == item.reference == item.truth for item in own)
    assert {item.kind for item in own} == {"original"}
    shuffled = read_material(pairs / "videos", seed=3)
    assert all(item.video == item.truth != item.reference for item in shuffled)
    assert {item.kind for item in shuffled} == {"shuffled"}
    assert shuffled == read_material(pairs / "videos", seed=3)


def test_lists_come_back_as_they_were_written(tmp_path):
    items = with_identities(
        [
            Item(tmp_path / "a.mp4", tmp_path / "x" / "r.wav", tmp_path / "t.wav", "dog", "timbre"),
            Item(tmp_path / "a.mp4", tmp_path / "r.wav", None, "", "length", 0.5),
            Item(tmp_path / "a.mp4", tmp_path / "r.wav"),
            Item(
                tmp_path / "a.mp4",
                tmp_path / "r.wav",
                feature_files=(tmp_path / "rgb.npy", tmp_path / "f" / "flow.npy"),
            ),
        ]
    )
    write_pairs(tmp_path / "pairs.csv", items)
    assert read_material(tmp_path) == read_pairs(tmp_path / "pairs.csv") == items
    assert len({item.identity for item in items}) == 4
    assert read_pairs(tmp_path / "pairs.csv", track_is_truth=True)[2].truth == tmp_path / "a.mp4"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("video,reference\n", "lists no pairs"),
        ("video\na.mp4\n", "line 2 lacks a video or a reference"),
        ("video,reference,sound\na,b,c\n", "unknown column 'sound'"),
        ("video,reference,kind\na,b,new\n", "kind must be one of"),
        ("video,reference,rgb_features\na,b,c\n", "rgb_features and flow_features need each other"),
        ("video,reference,reference_length\na,b,-1\n", "reference_length must be above 0"),
        ("video,reference,reference_length\na,b,long\n", "reference_length must be above 0"),
    ],
)
def test_bad_lists_are_one_sentence(tmp_path, text, sentence):
    path = tmp_path / "list.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=sentence):
        read_material(path)


def test_unusable_folders_are_one_sentence(tmp_path):
    with pytest.raises(InputError, match="There is no"):
        read_material(tmp_path / "nowhere")
    with pytest.raises(InputError, match="holds nothing to evaluate on"):
        read_material(tmp_path)
    folder = write_folders(tmp_path / "some")
    (folder / "references" / "wood" / "b.wav").unlink()
    with pytest.raises(InputError, match=r"no sound named 'wood/b'.*1 of 3"):
        read_material(folder)
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(InputError, match="must be a CSV file"):
        read_pairs(tmp_path / "bytes.csv")
