"""study.py by its values: the cells of a plan, the ten-fold accuracy."""

import numpy

from study import cells_of, fold_accuracy, text

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
