"""train.py and model.py by their values: learning rates, margins, gradients, the optimiser."""

import pytest
import torch

from model import FaceNetwork, MarginHead, read_safetensors, write_safetensors
from train import learning_rate_at, make_optimiser, train_step, weight_decay_at

CONFIG = {
    "imageSize": 16,
    "kernelSize": "3",
    "filters": 4,
    "body": "plain",
    "width": 4,
    "embeddingSize": 5,
    "head": "arcface",
    "arcfaceGradient": "insightface",
    "scale": 8,
    "margin": 0.5,
    "momentum": 0.9,
    "weightDecay": 0.01,
    "weightDecaySchedule": "constant",
    "laterWeightDecay": 0.001,
    "laterDecayFrom": 50,
    "decayBatchNorm": True,
    "dropout": 0,
    "learningRate": 0.1,
    "schedule": "constant",
    "warmupSteps": 0,
    "steps": 10,
    "clipNorm": 0.5,
}


def close(found, expected, tolerance=1e-5):
    expected = torch.as_tensor(expected, dtype=torch.float64)
    torch.testing.assert_close(torch.as_tensor(found, dtype=torch.float64), expected, rtol=tolerance, atol=tolerance)


def test_learning_rates_are_those_of_pytorchs_schedulers(golden):
    for case in golden("config/testing/rates.golden.json"):
        settings = case["settings"]
        close([learning_rate_at(step, settings) for step in range(settings["steps"])], case["rates"], 1e-7)


def test_margin_heads_have_the_golden_loss_and_gradients(golden):
    numbers = golden("kernels/testing/margins.golden.json")
    for case in numbers["cases"]:
        head = case["head"]
        config = {"head": head["kind"], "arcfaceGradient": head["gradient"], "embeddingSize": 5, **head}
        module = MarginHead(config, 4)
        with torch.no_grad():
            module.weight.copy_(torch.tensor(numbers["centres"]).reshape(4, 5))
        embeddings = torch.tensor(numbers["embeddings"]).reshape(3, 5).requires_grad_()
        loss = module(embeddings, torch.tensor(numbers["labels"]))
        loss.backward()
        close(loss, case["loss"])
        close(embeddings.grad.flatten(), case["byEmbeddings"])
        close(module.weight.grad.flatten(), case["byCentres"])


def test_an_unknown_head_and_body_are_errors():
    with pytest.raises(ValueError, match="no head 'arcfase'"):
        MarginHead({**CONFIG, "head": "arcfase"}, 3)
    with pytest.raises(ValueError, match="no body 'resnet'"):
        FaceNetwork({**CONFIG, "body": "resnet"})


def test_an_unknown_schedule_is_an_error():
    with pytest.raises(ValueError, match="no schedule 'cosin'"):
        learning_rate_at(5, {"learningRate": 0.1, "schedule": "cosin", "warmupSteps": 0, "steps": 10})


def test_the_clip_takes_the_backbones_gradient_alone_and_decay_comes_after_it():
    torch.manual_seed(1)
    network, head = FaceNetwork(CONFIG), MarginHead(CONFIG, 3)
    model = torch.nn.Module()
    model.forward = lambda images, labels: head(network(images), labels)
    images, labels = torch.rand(6, 3, 16, 16) * 2 - 1, torch.tensor([0, 1, 2, 0, 1, 2])
    kernel, centres = network.stem.conv.weight, head.weight
    raw_loss = model(images, labels)
    trained = [parameter for parameter in network.parameters() if parameter.requires_grad]
    raw = torch.autograd.grad(raw_loss, [*trained, centres])
    norm = torch.stack([gradient.norm() for gradient in raw[:-1]]).norm()
    factor = 0.5 / (norm + 1e-6)
    assert factor < 0.9
    before = [kernel.detach().clone(), centres.detach().clone()]
    optimiser = make_optimiser(network, head, CONFIG)
    loss = train_step(model, network, optimiser, images, labels, 0, CONFIG)
    close(loss, raw_loss.detach())
    close(kernel, before[0] - 0.1 * (factor * raw[0] + 0.01 * before[0]))
    close(centres, before[1] - 0.1 * (raw[-1] + 0.01 * before[1]))


def test_the_weight_decay_changes_at_its_share_of_the_run():
    change = {**CONFIG, "weightDecaySchedule": "change"}
    assert [weight_decay_at(step, change) for step in (0, 4, 5, 9)] == [0.01, 0.01, 0.001, 0.001]
    assert weight_decay_at(9, CONFIG) == 0.01
    with pytest.raises(ValueError, match="no decay schedule 'chang'"):
        weight_decay_at(0, {**CONFIG, "weightDecaySchedule": "chang"})


@pytest.mark.parametrize("decay_batch_norm", [True, False])
def test_a_step_without_gradient_shrinks_what_decays(decay_batch_norm):
    torch.manual_seed(3)
    config = {**CONFIG, "decayBatchNorm": decay_batch_norm, "weightDecaySchedule": "change"}
    network, head = FaceNetwork(config), MarginHead(config, 3)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if name.endswith("bn.bias"):
                parameter.fill_(0.5)
    optimiser = make_optimiser(network, head, config)
    before = {name: p.detach().clone() for name, p in [*network.named_parameters(), *head.named_parameters()]}
    model = torch.nn.Module()
    # A loss that reaches every parameter with a gradient of zero.
    model.forward = lambda *_: sum((0 * p).sum() for p in [*network.parameters(), *head.parameters()])
    train_step(model, network, optimiser, None, None, 5, config)
    for name, parameter in [*network.named_parameters(), *head.named_parameters()]:
        kept = name == "embedding.bn.weight" or (not decay_batch_norm and ".bn." in name)
        close(parameter, (before[name] * (1 if kept else 1 - 0.1 * 0.001)).detach(), 1e-7)


def test_dropout_leaves_features_out_in_training_alone():
    torch.manual_seed(4)
    network = FaceNetwork({**CONFIG, "dropout": 0.5})
    features = torch.ones(4, network.embedding.weight.shape[1], 1, 1)
    kept = network.embedding.dropout(features).flatten()
    assert set(kept.tolist()) == {0, 2}
    network.eval()
    assert torch.equal(network.embedding.dropout(features), features)
    images = torch.rand(2, 3, 16, 16)
    with torch.no_grad():
        close(network(images), network(images), 0)
        network.train()
        assert not torch.allclose(network(images), network(images))


def test_first_weights_are_the_recipes_and_the_last_scale_is_frozen():
    torch.manual_seed(2)
    network = FaceNetwork({**CONFIG, "filters": 32, "width": 32})
    assert network.body[1].conv.weight.std().item() == pytest.approx(0.1, rel=0.05)
    assert set(network.stem.prelu.weight.tolist()) == {0.25}
    assert not network.embedding.bn.weight.requires_grad
    assert {bn.momentum for bn in network.modules() if hasattr(bn, "momentum")} == {0.1}


@pytest.mark.parametrize("body", ["plain", "iresnet10"])
def test_the_first_consumers_read_all_channels_of_the_first_layer(body):
    network = FaceNetwork({**CONFIG, "body": body, "filters": 20})
    reading = [m for m in network.modules() if isinstance(m, torch.nn.Conv2d) and m.in_channels == 20]
    assert network.first_consumers() == reading


def test_safetensors_come_back_as_they_were(tmp_path):
    tensors = {"a": torch.randn(2, 3), "b.c": torch.tensor([1.5, -2.0])}
    write_safetensors(tmp_path / "x.safetensors", tensors, {"step": 3})
    found, metadata = read_safetensors(tmp_path / "x.safetensors")
    assert metadata == {"step": "3"}
    assert found.keys() == tensors.keys()
    assert all(torch.equal(found[name], value) for name, value in tensors.items())
