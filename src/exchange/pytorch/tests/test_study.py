"""study.py by its values: the cells of a plan, the ten-fold accuracy."""

import csv
import os

import numpy
import pytest
import torch

from model import whole_file
from study import COLUMNS, Cell, cells_of, fold_accuracy, refuse_uneven, text

STUDY = {
    "name": "widths",
    "settings": {"seed": 1, "craft": True, "filters": 32},
    "conditions": [{"name": "blend", "settings": {"strategy": "blend"}}],
    "axes": [{"setting": "filters", "values": [8, 16]}, {"setting": "decayBatchNorm", "values": [True, False]}],
    "seeds": [4, 2],
    "seedSettings": ["seed"],
}


def test_cells_have_the_order_and_names_of_the_playground():
    cells = cells_of(STUDY)
    assert [cell["id"] for cell in cells[:3]] == [
        "4-standard_filters-8_decayBatchNorm-true",
        "4-blend_filters-8_decayBatchNorm-true",
        "4-standard_filters-8_decayBatchNorm-false",
    ]
    assert len(cells) == 2 * 4 * 2
    assert cells[0]["axes"] == "filters=8;decayBatchNorm=true"
    assert cells[0]["config"] == {"seed": 4, "craft": False, "filters": 8, "decayBatchNorm": True}
    assert cells[1]["config"]["craft"] is True


def test_settings_are_written_as_the_playground_writes_them():
    assert [text(value) for value in (True, 5.0, 5, 0.01, 0.00001, "3")] == ["true", "5", "5", "0.01", "0.00001", "3"]


def test_accuracy_takes_each_folds_threshold_from_the_other_nine():
    same = numpy.tile([1, 0], 50)
    distances = numpy.where(same == 1, 0.5, 1.5)
    assert fold_accuracy(distances, same) == 1
    # The first fold has it the other way round: its own threshold would be right, the others' is wrong.
    distances[:10] = 2 - distances[:10]
    assert fold_accuracy(distances, same) == 0.9


def test_two_processes_write_one_file_each_whole(tmp_path):
    path = tmp_path / "results.csv"
    with whole_file(path) as first:
        first.write(b"first, ")
        with whole_file(path) as second:
            second.write(b"second")
            assert len(list(tmp_path.iterdir())) == 2
        assert path.read_bytes() == b"second"
        first.write(b"to its end")
    assert path.read_bytes() == b"first, to its end"
    assert [file.name for file in tmp_path.iterdir()] == ["results.csv"]


def test_a_write_that_fails_leaves_the_earlier_file_alone(tmp_path):
    path = tmp_path / "results.csv"
    path.write_bytes(b"earlier")
    with pytest.raises(KeyboardInterrupt), whole_file(path) as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("results.csv", b"earlier")]


def test_a_cell_writes_rows_that_others_may_read(tmp_path):
    study = {**STUDY, "files": {}}
    cell = Cell(study, cells_of(study)[1], tmp_path)
    cell.measure(10, "loss", 0.5)
    cell.write("done", 10, torch.device("cpu"))
    path = os.path.join(cell.folder, "results.csv")
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == COLUMNS
    assert [(row["measure"], row["value"], row["condition"]) for row in rows] == [
        ("loss", "0.5", "blend"),
        ("run", "10", "blend"),
    ]
    assert cell.done()
    (tmp_path / "plain").touch()
    assert os.stat(path).st_mode == os.stat(tmp_path / "plain").st_mode
    assert os.listdir(cell.folder) == ["results.csv"]


def test_devices_that_cannot_share_the_batch_train_no_other_recipe():
    for ranks in (1, 2, 8):
        refuse_uneven(8, ranks)
    for ranks in (3, 16):
        with pytest.raises(SystemExit, match=f"batch of 8 cannot be shared evenly by {ranks} devices"):
            refuse_uneven(8, ranks)


def test_a_run_names_its_devices(tmp_path):
    cell = Cell({**STUDY, "files": {}}, cells_of(STUDY)[0], tmp_path, ranks=2)
    cell.write("done", 10, torch.device("cpu"))
    with open(os.path.join(cell.folder, "results.csv"), newline="", encoding="utf-8") as file:
        assert [row["adapter"] for row in csv.DictReader(file)] == ["CPU × 2"]
