"""Golden numbers: right values from PyTorch, committed as JSON, so that the tests hold without Python too.

    python scripts/golden.py [NAME ...]     # writes the files anew; without a name all of them

Every value is computed here from its definition and with PyTorch's own operations, never with the code under test. Inputs
are drawn from a fixed seed and rounded, so that the files stay small and readable.
"""

import json
import pathlib
import sys

import torch

ROOT = pathlib.Path(__file__).parent.parent / "src"


def drawn(generator, *shape, size=1.0):
    """Numbers from N(0, size), rounded to three digits: exactly what the file holds."""
    return (size * torch.randn(*shape, generator=generator, dtype=torch.float64) * 1000).round() / 1000


def listed(values):
    """A tensor as the list of its numbers, with the nine digits that tell all float32 apart."""
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


MAKERS = [contributions]


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
