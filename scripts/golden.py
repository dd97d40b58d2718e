"""Golden numbers: right values from PyTorch, committed as JSON, so that the tests hold without Python too.

    python scripts/golden.py [NAME ...]     # writes the files anew; without a name all of them

Every value is computed here from its definition and with PyTorch's own operations, never with the code under test. Inputs
are drawn from a fixed seed and rounded, so that the files stay small and readable.
"""

import json
import math
import pathlib
import sys

import numpy
import torch

ROOT = pathlib.Path(__file__).parent.parent / "src"


def drawn(generator, *shape, size=1.0):
    """Numbers from N(0, size), rounded to three digits: exactly as in the file."""
    return (size * torch.randn(*shape, generator=generator, dtype=torch.float64) * 1000).round() / 1000


def listed(values):
    """A tensor as the list of its numbers, with the nine digits that identify every float32."""
    return [float(f"{value:.9g}") for value in torch.as_tensor(values, dtype=torch.float64).flatten().tolist()]


def middle(values):
    """The median; the mean of the middle two where their number is even."""
    return torch.quantile(torch.as_tensor(values, dtype=torch.float64), 0.5)


def contributions():
    """c_f = |gamma_f| * norm of all consumers' weights for channel f; unused below 5 % of the median of the top quarter."""
    generator = torch.Generator().manual_seed(1)
    cases = []
    for name, filters, groups, outputs in [
        ("one consumer", 8, [1], [5]),
        ("two consumers", 6, [1, 1], [4, 3]),
        ("a depthwise consumer", 9, [9], [18]),
    ]:
        gamma = drawn(generator, filters)
        gamma[1] = 0.001
        consumers = []
        for group, out in zip(groups, outputs):
            size = 1 if name == "two consumers" and consumers else 3
            weight = drawn(generator, out, filters // group, size, size)
            if group == 1:
                # Nobody listens to channel 3, though its scale is large.
                weight[:, 3] *= 0.001
            consumers.append({"groups": group, "weight": weight})
        gamma[3] = 2
        squares = torch.zeros(filters, dtype=torch.float64)
        for consumer in consumers:
            for channel in range(filters):
                # The weights for a channel are those that see it: set it to one, alone.
                probe = torch.zeros(1, filters, *consumer["weight"].shape[2:], dtype=torch.float64)
                for y in range(probe.shape[2]):
                    for x in range(probe.shape[3]):
                        probe.zero_()[0, channel, y, x] = 1
                        seen = torch.nn.functional.conv2d(probe, consumer["weight"], groups=consumer["groups"])
                        squares[channel] += seen.square().sum()
        values = gamma.abs() * squares.sqrt()
        top = values.sort(descending=True).values[: -(-filters // 4)]
        threshold = 0.05 * middle(top)
        cases.append(
            {
                "name": name,
                "gamma": listed(gamma),
                "consumers": [
                    {"groups": c["groups"], "shape": list(c["weight"].shape), "weight": listed(c["weight"])} for c in consumers
                ],
                "contributions": listed(values),
                "threshold": listed(threshold)[0],
                "unused": [int(value < threshold) for value in values],
            }
        )
    return {"craft/testing/contributions.golden.json": cases}


def draws():
    """One new filter of each strategy from given N(0, 1) numbers, and the bank after its norm is matched."""
    generator = torch.Generator().manual_seed(2)
    strong, weak = drawn(generator, 3, 12), drawn(generator, 4, 12, size=0.4)
    # A mean that counts, so that a blend without it shows; a norm far from the others', so that a mean is no median.
    strong[:, :6] += 0.5
    strong[0] *= 3
    active = torch.cat([strong, weak])
    earlier = drawn(generator, 2, 12)
    numbers = drawn(generator, 12)
    he = math.sqrt(2 / 12) * numbers
    # Rows of a QR factor have the span of the rows; the part outside it is the rest of the direction.
    basis = torch.linalg.qr(torch.cat([active, earlier]).T).Q
    covariance = torch.cov(strong.T, correction=0)
    centred = strong - strong.mean(dim=0)
    assert torch.allclose(centred.T @ centred / 3, covariance)
    expected = {
        "gaussian": strong.mean() + torch.std(strong, correction=0) * numbers,
        "per-weight": strong.mean(dim=0) + torch.std(strong, dim=0, correction=0) * numbers,
        "blend": strong.mean(dim=0) + sum(numbers[j] / math.sqrt(3) * centred[j] for j in range(3)),
        "orthogonal": he - basis @ (basis.T @ he),
        "random": he,
    }
    # The bank: strong, weak, two dead ones, which take the median norm of the strong.
    target = middle(strong.norm(dim=1))
    return {
        "craft/testing/draws.golden.json": {
            "strong": [listed(row) for row in strong],
            "active": [listed(row) for row in active],
            "drawn": [listed(row) for row in earlier],
            "numbers": listed(numbers),
            "filters": {name: listed(value) for name, value in expected.items()},
            "norm": listed(target)[0],
        }
    }


def resets():
    """A batch norm and optimiser slots whose channels 1 and 4 were re-activated; 0, 2 and 5 are active, 3 is neither."""
    generator = torch.Generator().manual_seed(3)
    before = {name: drawn(generator, 6) for name in ("gamma", "beta", "mean", "variance")}
    before["variance"] = before["variance"].abs() + 0.25
    before["gamma"][2] = -before["gamma"][2].abs()
    filters, active = [1, 4], [0, 2, 5]
    after = {name: value.clone() for name, value in before.items()}
    after["gamma"][filters] = before["gamma"][active].abs().mean()
    after["beta"][filters] = 0
    after["mean"][filters] = 0
    after["variance"][filters] = before["variance"][active].mean()
    return {
        "craft/testing/resets.golden.json": {
            "filters": filters,
            "active": active,
            "before": {name: listed(value) for name, value in before.items()},
            "after": {name: listed(value) for name, value in after.items()},
        }
    }


def rates():
    """Learning rates as PyTorch's own schedulers give them, for every step of short runs."""
    cases = []
    for schedule, warmup, steps in [
        ("cosine", 4, 20),
        ("cosine", 0, 9),
        ("polynomial", 3, 12),
        ("constant", 5, 8),
        ("step", 2, 20),
    ]:
        parameter = torch.nn.Parameter(torch.zeros(1))
        optimiser = torch.optim.SGD([parameter], lr=0.1)
        rest = {
            "cosine": lambda o, n: torch.optim.lr_scheduler.CosineAnnealingLR(o, T_max=n, eta_min=0),
            "polynomial": lambda o, n: torch.optim.lr_scheduler.PolynomialLR(o, total_iters=n, power=1),
            "constant": lambda o, n: torch.optim.lr_scheduler.ConstantLR(o, factor=1, total_iters=n),
            # At 50, 75 and 90 % of the whole run, warm-up included.
            "step": lambda o, n: torch.optim.lr_scheduler.MultiStepLR(o, [n - 10, n - 5, n - 2], gamma=0.2),
        }[schedule](optimiser, steps - warmup)
        found = [0.1 * (step + 1) / warmup for step in range(warmup)]
        for _ in range(warmup, steps):
            found.append(optimiser.param_groups[0]["lr"])
            optimiser.step()
            rest.step()
        settings = {"learningRate": 0.1, "schedule": schedule, "warmupSteps": warmup, "steps": steps}
        settings.update(dropsAt="50 75 90", dropFactor=0.2)
        cases.append({"settings": settings, "rates": listed(found)})
    return {"config/testing/rates.golden.json": cases}


def margins():
    """Loss and gradients of each margin head by autograd, from the cosine's angle as the papers write it."""
    generator = torch.Generator().manual_seed(4)
    embeddings, centres = drawn(generator, 3, 5), drawn(generator, 4, 5)
    labels = [2, 0, 3]
    cases = []
    for kind, gradient, scale, margin in [
        ("arcface", "literal", 8, 0.5),
        ("arcface", "insightface", 8, 0.5),
        ("cosface", "insightface", 8, 0.4),
        ("softmax", "insightface", 8, 0.5),
    ]:
        e, w = embeddings.clone().requires_grad_(), centres.clone().requires_grad_()
        cosine = torch.nn.functional.normalize(e) @ torch.nn.functional.normalize(w).T
        target = cosine[range(3), labels]
        if kind == "arcface":
            moved = torch.cos(torch.arccos(target) + margin)
            # InsightFace adds the margin under no_grad: the value is moved, the slope stays one.
            target = moved if gradient == "literal" else target + (moved - target).detach()
        elif kind == "cosface":
            target = target - margin
        logits = scale * cosine.index_put((torch.arange(3), torch.tensor(labels)), target)
        loss = torch.nn.functional.cross_entropy(logits, torch.tensor(labels))
        loss.backward()
        head = {"kind": kind, "scale": scale, "margin": margin, "gradient": gradient}
        cases.append({"head": head, "loss": listed(loss)[0], "byEmbeddings": listed(e.grad), "byCentres": listed(w.grad)})
    return {
        "kernels/testing/margins.golden.json": {
            "embeddings": listed(embeddings),
            "centres": listed(centres),
            "labels": labels,
            "cases": cases,
        }
    }


def verification():
    """TAR at FAR over ten folds with numpy.interp between thresholds 0.001 apart, as InsightFace's calculate_val."""
    generator = torch.Generator().manual_seed(5)
    same = torch.arange(120) % 2 == 0
    distances = torch.where(same, 1.0, 1.6) + 0.45 * drawn(generator, 120)
    # One fold is unlike the others: its own threshold must come from them alone.
    distances[:12] += 0.5
    distances = (distances.clamp(0.05, 3.9) * 10_000).round().numpy() / 10_000
    same = same.numpy()
    thresholds = numpy.arange(0, 4, 0.001)
    rates = {far: [] for far in (0.1, 0.05, 0.02)}
    for fold in range(10):
        held = numpy.arange(120) // 12 == fold
        others = distances[~held & ~same]
        fars = numpy.array([(others < t).mean() for t in thresholds])
        for far, found in rates.items():
            threshold = numpy.interp(far, fars, thresholds) if fars.max() >= far else 0.0
            below = distances[held] < threshold
            found.append((float(below[same[held]].mean()), float(below[~same[held]].mean())))
    return {
        "verification/testing/tar-at-far.golden.json": {
            "distances": distances.tolist(),
            "same": same.astype(int).tolist(),
            "rates": [
                {
                    "far": far,
                    "tar": float(numpy.mean([tar for tar, _ in found])),
                    "deviation": float(numpy.std([tar for tar, _ in found])),
                    "measuredFar": float(numpy.mean([measured for _, measured in found])),
                }
                for far, found in rates.items()
            ],
        }
    }


MAKERS = [contributions, draws, resets, rates, margins, verification]


def main(names):
    for maker in MAKERS:
        if names and maker.__name__ not in names:
            continue
        for path, content in maker().items():
            target = ROOT / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(json.dumps(content) + "\n")
            print(f"{target.relative_to(ROOT.parent)}: {target.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
