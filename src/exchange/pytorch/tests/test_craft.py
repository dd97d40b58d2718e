"""craft.py by its values: draws, norms, resets, schedule, use, and refusals."""

import math

import pytest
import torch

from craft import CRITERIA, DEFAULTS, STRATEGIES, Craft, contributions, draw_filter, is_check, judge, reactivate, unused


def rows(values):
    return torch.tensor(values, dtype=torch.float64)


def given(numbers):
    """A source of normal numbers that gives these."""
    return lambda count: rows(numbers[:count])


def close(found, expected, tolerance=1e-7):
    torch.testing.assert_close(torch.as_tensor(found, dtype=torch.float64), rows(expected), rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_each_strategy_draws_the_golden_filter(golden, strategy):
    numbers = golden("craft/testing/draws.golden.json")
    context = [rows(numbers[name]) for name in ("strong", "active", "drawn")]
    found = draw_filter(strategy, *context, given(numbers["numbers"]))
    close(found, numbers["filters"][strategy])


def test_orthogonal_filters_are_orthogonal_to_all_active_and_drawn_ones(golden):
    numbers = golden("craft/testing/draws.golden.json")
    strong, active, drawn = (rows(numbers[name]) for name in ("strong", "active", "drawn"))
    found = draw_filter("orthogonal", strong, active, drawn, given(numbers["numbers"]))
    assert found.norm() > 0.1
    cosines = torch.cat([active, drawn]) @ found / found.norm()
    assert cosines.abs().max() < 1e-12


@pytest.mark.parametrize("strategy", [name for name in STRATEGIES if name != "gaussian"])
def test_new_filters_take_the_median_norm_of_the_strong(golden, strategy):
    numbers = golden("craft/testing/draws.golden.json")
    active = rows(numbers["active"])
    bank = torch.cat([active, torch.zeros(2, 12, dtype=torch.float64)])
    # 3 of 7 active filters are strong: round(0.43 * 7).
    settings = {**DEFAULTS, "strategy": strategy, "strongShare": 0.43}
    found = reactivate(bank, settings, torch.Generator().manual_seed(1))
    assert found["filters"] == [7, 8]
    close(found["kernel"][7:].norm(dim=1), [numbers["norm"]] * 2)
    assert torch.equal(found["kernel"][:7], active)
    # The strong are the golden file's first three, strongest first.
    expected = sorted(range(3), key=lambda f: -active[f].norm())
    assert found["donors"] == ([] if strategy in ("orthogonal", "random") else expected)


def test_an_unknown_strategy_is_an_error_and_not_random():
    with pytest.raises(ValueError, match="knows no strategy 'blnd'; it knows gaussian, per-weight, blend, orthogonal, random"):
        craft_on(first_layer(), {"strategy": "blnd"})
    strong = torch.ones(2, 4, dtype=torch.float64)
    with pytest.raises(ValueError, match="knows no strategy"):
        draw_filter("blnd", strong, strong, [], given([1, 2, 3, 4]))


def test_an_unknown_criterion_and_a_missing_setting_are_errors():
    with pytest.raises(ValueError, match="knows no criterion 'l1'; it knows maxAbs"):
        craft_on(first_layer(), {"criterion": "l1"})
    with pytest.raises(ValueError, match="needs the settings rho, stopAt"):
        layer = first_layer()
        settings = {name: value for name, value in DEFAULTS.items() if name not in ("rho", "stopAt")}
        Craft(layer.conv, layer.bn, None, settings, 100)


@pytest.mark.parametrize(
    ("criterion", "values", "threshold", "inactive"),
    [
        ("maxAbs", [2, 0.005, 0.5, 0.02], 0.01, [1]),
        ("relativeNorm", [math.sqrt(8), 0.005, math.sqrt(0.5), 0.02], 0.05 * math.sqrt(8), [1, 3]),
        ("foldedMaxAbs", [2 * 0.004, 0.005 * 3, 0.5, 0.02 * 0.4], 0.01, [0, 3]),
        (
            "foldedRelativeNorm",
            [math.sqrt(8) * 0.004, 0.005 * 3, math.sqrt(0.5), 0.02 * 0.4],
            0.05 * math.sqrt(0.5),
            [0, 1, 3],
        ),
    ],
)
def test_each_criterion_measures_and_judges_by_hand(criterion, values, threshold, inactive):
    filters = rows([[2, -2], [0.005, 0], [-0.5, 0.5], [0.02, 0]])
    flags, found, bar = judge(filters, rows([0.004, 3, 1, 0.4]), {**DEFAULTS, "criterion": criterion})
    close(found, values)
    assert float(bar) == pytest.approx(threshold)
    assert flags.nonzero().flatten().tolist() == inactive


def test_checks_come_every_five_percent_until_sixty():
    every = [step for step in range(2401) if is_check(step, 2400, DEFAULTS)]
    assert every == list(range(120, 1441, 120))
    assert not any(is_check(step, 2400, {**DEFAULTS, "stopAt": 0}) for step in range(2401))
    often = {**DEFAULTS, "checkEvery": 0.1, "stopAt": 100}
    assert [step for step in range(5) if is_check(step, 4, often)] == [1, 2, 3]


class Layer:
    def __init__(self, conv, bn):
        self.conv, self.bn = conv, bn


def first_layer(count=6):
    """A first layer whose filters 1 and 4 are dead, and nothing else random but its strong weights."""
    torch.manual_seed(5)
    conv, bn = torch.nn.Conv2d(3, count, 3, bias=False), torch.nn.BatchNorm2d(count)
    with torch.no_grad():
        conv.weight.copy_(torch.randn(conv.weight.shape) / 3)
        conv.weight[[1, 4]] *= 1e-4
    return Layer(conv, bn)


def craft_on(layer, settings=None, optimiser=None, seed=0, consumers=()):
    optimiser = optimiser or torch.optim.SGD(layer.conv.parameters(), lr=0)
    return Craft(layer.conv, layer.bn, optimiser, {**DEFAULTS, **(settings or {})}, 100, seed, consumers)


def optimiser_of(layer, kind=torch.optim.SGD, **settings):
    """An optimiser after one step with a gradient of one everywhere, so that no slot is zero, and no weight moves."""
    optimiser = kind([*layer.conv.parameters(), *layer.bn.parameters()], lr=0, **settings)
    for parameter in (layer.conv.weight, layer.bn.weight, layer.bn.bias):
        parameter.grad = torch.ones_like(parameter)
    optimiser.step()
    return optimiser


def slots_of(optimiser, layer):
    return [
        slot
        for parameter in (layer.conv.weight, layer.bn.weight, layer.bn.bias)
        for slot in optimiser.state[parameter].values()
        if torch.is_tensor(slot) and slot.shape[:1] == parameter.shape[:1]
    ]


@pytest.mark.parametrize(("kind", "settings", "count"), [(torch.optim.SGD, {"momentum": 0.9}, 3), (torch.optim.Adam, {}, 6)])
def test_every_slot_of_the_optimiser_is_reset_for_the_new_filters_alone(kind, settings, count):
    layer = first_layer()
    optimiser = optimiser_of(layer, kind, **settings)
    event = craft_on(layer, optimiser=optimiser).check(10)
    assert event["filters"] == [1, 4]
    slots = slots_of(optimiser, layer)
    assert len(slots) == count
    for slot in slots:
        assert slot[[1, 4]].abs().max() == 0
        assert slot[[0, 2, 3, 5]].abs().min() > 0


def test_slots_stay_where_their_reset_is_switched_off():
    layer = first_layer()
    optimiser = optimiser_of(layer, momentum=0.9)
    craft_on(layer, {"resetOptimizer": False}, optimiser).check(10)
    assert all(slot.abs().min() > 0 for slot in slots_of(optimiser, layer))


def golden_layer(numbers):
    layer = first_layer()
    with torch.no_grad():
        for name, target in zip(("gamma", "beta", "mean", "variance"), parts(layer.bn)):
            target.copy_(torch.tensor(numbers["before"][name]))
    return layer


def parts(bn):
    return bn.weight, bn.bias, bn.running_mean, bn.running_var


def test_batch_norm_of_new_channels_takes_the_golden_values(golden):
    numbers = golden("craft/testing/resets.golden.json")
    layer = golden_layer(numbers)
    craft = craft_on(layer)
    found = [part.detach().clone() for part in (layer.conv.weight, *parts(layer.bn))]
    craft._reset_batch_norm(found, numbers["filters"], numbers["active"])
    for name, part in zip(("gamma", "beta", "mean", "variance"), found[1:]):
        close(part, numbers["after"][name], 1e-6)


def test_a_check_resets_the_batch_norm_with_the_filters():
    layer = first_layer()
    with torch.no_grad():
        layer.bn.weight.copy_(torch.tensor([2, 1e-5, -4, 3, 1e-5, 1]))
        layer.bn.bias.copy_(torch.arange(6) + 1.0)
        layer.bn.running_mean.copy_(torch.arange(6) + 1.0)
        layer.bn.running_var.copy_(torch.tensor([1, 1e-9, 3, 8, 1e-9, 4]))
    craft_on(layer).check(10)
    # Of the active channels 0, 2, 3, 5: mean |gamma| is 10 / 4, mean variance 16 / 4.
    close(layer.bn.weight, [2, 2.5, -4, 3, 2.5, 1])
    close(layer.bn.bias, [1, 0, 3, 4, 0, 6])
    close(layer.bn.running_mean, [1, 0, 3, 4, 0, 6])
    close(layer.bn.running_var, [1, 4, 3, 8, 4, 4])


@pytest.mark.parametrize(("switch", "kept"), [("resetScale", [0]), ("resetShift", [1]), ("resetStatistics", [2, 3])])
def test_each_reset_can_be_switched_off(golden, switch, kept):
    numbers = golden("craft/testing/resets.golden.json")
    layer = golden_layer(numbers)
    found = [part.detach().clone() for part in (layer.conv.weight, *parts(layer.bn))]
    craft_on(layer, {switch: False})._reset_batch_norm(found, numbers["filters"], numbers["active"])
    for index, name in enumerate(("gamma", "beta", "mean", "variance")):
        close(found[1 + index], numbers["before" if index in kept else "after"][name], 1e-6)


def test_draws_differ_from_check_to_check_and_from_seed_to_seed():
    def drawn(step, seed):
        layer = first_layer()
        craft_on(layer, seed=seed).check(step)
        return layer.conv.weight[[1, 4]].detach()

    assert torch.equal(drawn(10, 1), drawn(10, 1))
    assert not torch.allclose(drawn(10, 1), drawn(20, 1))
    assert not torch.allclose(drawn(10, 1), drawn(10, 2))


def test_a_layer_without_batch_norm_is_reactivated_and_an_all_dead_one_left_alone():
    layer = first_layer()
    layer.bn = None
    assert craft_on(layer).check(10)["filters"] == [1, 4]
    with torch.no_grad():
        layer.conv.weight.zero_()
    assert craft_on(layer).check(20) is None
    assert layer.conv.weight.abs().max() == 0


def test_after_step_checks_on_schedule_and_only_with_craft():
    layer = first_layer()
    assert craft_on(layer).after_step(4) is None
    assert craft_on(layer, {"craft": False}).after_step(5) is None
    assert craft_on(layer).after_step(5)["filters"] == [1, 4]


def test_contributions_and_unused_channels_are_the_golden_ones(golden):
    for case in golden("craft/testing/contributions.golden.json"):
        consumers = [(rows(c["weight"]).reshape(c["shape"]), c["groups"]) for c in case["consumers"]]
        found = contributions(rows(case["gamma"]), consumers)
        close(found, case["contributions"])
        assert unused(found).int().tolist() == case["unused"]


def test_states_name_inactive_and_unused_filters():
    layer = first_layer()
    reader = torch.nn.Conv2d(6, 4, 3, bias=False)
    with torch.no_grad():
        reader.weight.fill_(0.1)
        reader.weight[:, 2] = 1e-4
        layer.bn.weight[5] = -1e-3
    assert craft_on(layer).states() == {"inactive": [1, 4], "unused": None}
    assert craft_on(layer, consumers=[reader]).states() == {"inactive": [1, 4], "unused": [2, 5]}


def test_criteria_are_the_four_that_judge_knows():
    assert set(CRITERIA) == {"maxAbs", "relativeNorm", "foldedMaxAbs", "foldedRelativeNorm"}
