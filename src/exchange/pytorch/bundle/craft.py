"""CRAFT: re-activates inactive first-layer filters during training, from the context of strong ones.

    craft = Craft(network.stem.conv, network.stem.bn, optimiser, settings, total_steps, seed)
    for step in range(total_steps):
        ...                                  # forward, backward, optimiser.step()
        event = craft.after_step(step + 1)   # None, or the re-activation
    states = craft.states()                  # which filters are inactive now

Works with any first convolution (nn.Conv2d) and the batch norm behind it (or None). With the convolutions that read its
channels as `consumers`, states() also names the unused filters. Under DistributedDataParallel rank 0 decides and all ranks
take over its decision, so that they stay identical; call it on every rank.

The method follows A. Bhatta, D. Mery, H. Wu, K. W. Bowyer, CRAFT, arXiv:2312.00072; thresholds, strategies and resets
are CRAFT Playground's decisions, and its settings have the same names and meaning. Random numbers are torch's.
"""

import math

import torch
import torch.distributed as dist

CLEARANCE = 1.001
UNUSED_BELOW = 0.05
CRITERIA = ("maxAbs", "relativeNorm", "foldedMaxAbs", "foldedRelativeNorm")
STRATEGIES = ("gaussian", "per-weight", "blend", "orthogonal", "random")

# The playground's defaults; `Craft` wants all of them, so that a forgotten one is no silent default.
DEFAULTS = {
    "craft": True,
    "strategy": "blend",
    "criterion": "maxAbs",
    "epsilon": 0.01,
    "rho": 0.05,
    "strongShare": 0.5,
    "checkEvery": 5,
    "stopAt": 60,
    "resetOptimizer": True,
    "resetScale": True,
    "resetShift": True,
    "resetStatistics": True,
}


class Craft:
    """The method on one first layer. Raises ValueError where a setting is missing, or names no strategy or criterion."""

    def __init__(self, conv, bn, optimiser, settings, total_steps, seed=0, consumers=()):
        check_settings(settings)
        self.conv, self.bn, self.optimiser, self.consumers = conv, bn, optimiser, consumers
        self.settings, self.total_steps, self.seed = settings, total_steps, seed

    def after_step(self, step):
        """To be called with the number of finished steps. None where no check is due or nothing is inactive."""
        if not self.settings["craft"] or not is_check(step, self.total_steps, self.settings):
            return None
        return self.check(step)

    @torch.no_grad()
    def states(self):
        """Which filters are inactive, and which are unused: None without consumers."""
        flags, _, _ = judge(self._filters(), self._fold(), self.settings)
        states = {"inactive": flags.nonzero().flatten().tolist(), "unused": None}
        if self.consumers:
            count = len(self.conv.weight)
            gamma = torch.ones(count) if self.bn is None else self.bn.weight.detach()
            use = contributions(gamma, [(layer.weight.detach(), layer.groups) for layer in self.consumers])
            states["unused"] = unused(use).nonzero().flatten().tolist()
        return states

    @torch.no_grad()
    def check(self, step):
        device = self.conv.weight.device
        count = self.conv.weight.shape[0]
        leads = not _distributed() or dist.get_rank() == 0
        mask = torch.zeros(count, dtype=torch.int64, device=device)
        parts = [self.conv.weight.detach().clone()]
        if self.bn is not None:
            parts += [t.detach().clone() for t in (self.bn.weight, self.bn.bias, self.bn.running_mean, self.bn.running_var)]
        event = {"step": step, "strategy": self.settings["strategy"], "filters": [], "donors": []}
        if leads:
            generator = torch.Generator().manual_seed((self.seed * 1_000_003 + step) % 2**63)
            found = reactivate(self._filters(), self.settings, generator, self._folding())
            event.update(filters=found["filters"], donors=found["donors"], skipped=found["skipped"])
            if found["filters"]:
                mask[found["filters"]] = 1
                parts[0].copy_(found["kernel"].reshape(parts[0].shape))
                if self.bn is not None:
                    self._reset_batch_norm(parts, found["filters"], found["active"])
        if _distributed():
            for tensor in [mask, *parts]:
                dist.broadcast(tensor, 0)
        event["filters"] = mask.nonzero().flatten().tolist()
        if not event["filters"]:
            return None
        chosen = mask.bool()
        targets = [self.conv.weight]
        if self.bn is not None:
            targets += [self.bn.weight, self.bn.bias, self.bn.running_mean, self.bn.running_var]
        for target, part in zip(targets, parts):
            target.copy_(part)
        if self.settings["resetOptimizer"]:
            self._reset_optimiser([t for t in targets if isinstance(t, torch.nn.Parameter)], chosen)
        return event

    def _filters(self):
        return self.conv.weight.detach().double().cpu().flatten(1)

    def _folding(self):
        """Scale, variance and epsilon of the batch norm, or None."""
        if self.bn is None:
            return None
        return self.bn.weight.detach().double().cpu(), self.bn.running_var.double().cpu(), self.bn.eps

    def _fold(self):
        return _fold(self._folding(), len(self.conv.weight))

    def _reset_batch_norm(self, parts, filters, active):
        _, gamma, beta, mean, variance = parts
        if self.settings["resetScale"]:
            gamma[filters] = gamma[active].abs().mean()
        if self.settings["resetShift"]:
            beta[filters] = 0
        if self.settings["resetStatistics"]:
            mean[filters] = 0
            variance[filters] = variance[active].mean()

    def _reset_optimiser(self, parameters, chosen):
        """Every slot of the optimiser that has a row for each filter: momentum, Adam's averages."""
        for parameter in parameters:
            for slot in self.optimiser.state.get(parameter, {}).values():
                if torch.is_tensor(slot) and slot.shape[:1] == chosen.shape:
                    slot[chosen] = 0


def check_settings(settings):
    """Raises ValueError with the setting named; a wrong name must not become another strategy."""
    missing = [name for name in DEFAULTS if name not in settings]
    if missing:
        raise ValueError(f"CRAFT needs the settings {', '.join(missing)}; DEFAULTS of craft.py has the playground's.")
    for name, known in (("strategy", STRATEGIES), ("criterion", CRITERIA)):
        if settings[name] not in known:
            raise ValueError(f"CRAFT knows no {name} {settings[name]!r}; it knows {', '.join(known)}.")


def is_check(step, total_steps, settings):
    """At every multiple of checkEvery percent of the run, none after stopAt percent, none after the last step."""
    every = max(1, math.floor(settings["checkEvery"] * total_steps / 100 + 0.5))
    last = min(math.floor(settings["stopAt"] * total_steps / 100), total_steps - 1)
    return step > 0 and step % every == 0 and step <= last


def judge(filters, fold, settings):
    """Which rows of filters [F, n] are inactive, their measure, and the threshold; fold is [F]."""
    criterion = settings["criterion"]
    relative = criterion in ("relativeNorm", "foldedRelativeNorm")
    values = filters.norm(dim=1) if relative else filters.abs().amax(dim=1)
    if criterion.startswith("folded"):
        values = fold * values
    threshold = settings["rho"] * _strong_norm(values) if relative else settings["epsilon"]
    return (values < threshold) | (values == 0), values, threshold


def strong_set(norms, active, share):
    """Of the active filters the top share by norm, at least 2; none where fewer than 2 are active."""
    if len(active) < 2:
        return []
    size = min(len(active), max(2, math.floor(share * len(active) + 0.5)))
    return sorted(active, key=lambda f: (-norms[f].item(), f))[:size]


def reactivate(filters, settings, generator, folding=None):
    """One check of filters [F, n] in double precision; folding is (gamma, variance, eps) or None."""
    fold = _fold(folding, len(filters))
    flags, values, _ = judge(filters, fold, settings)
    inactive = flags.nonzero().flatten().tolist()
    active = (~flags).nonzero().flatten().tolist()
    strong = strong_set(filters.norm(dim=1), active, settings["strongShare"])
    skipped = "too-few-active" if inactive and not strong else None
    if not inactive or not strong:
        return {"kernel": filters, "filters": [], "active": active, "donors": [], "skipped": skipped}

    def normal(count):
        return torch.randn(count, generator=generator, dtype=torch.float64)

    target = _median(filters[strong].norm(dim=1))
    newcomers = []
    for _ in inactive:
        weights = draw_filter(settings["strategy"], filters[strong], filters[active], newcomers, normal)
        if weights.norm() <= 1e-9 * target:
            weights = draw_filter("random", filters[strong], filters[active], newcomers, normal)
        if settings["strategy"] != "gaussian":
            weights = weights * (target / weights.norm())
        newcomers.append(weights)

    fold_after = fold.clone()
    if folding is not None:
        gamma, variance, eps = folding
        fold_after[inactive] = gamma[active].abs().mean() / (variance[active].mean() + eps).sqrt()
    kernel = _fit(filters, inactive, newcomers, fold_after, values[active].min().item(), settings)
    donors = [] if settings["strategy"] in ("orthogonal", "random") else strong
    return {"kernel": kernel, "filters": inactive, "active": active, "donors": donors, "skipped": None}


def draw_filter(strategy, strong, active, drawn, normal):
    """One new filter before its norm is matched; strong and active are [S, n] and [A, n], normal(k) draws k numbers."""
    n = strong.shape[1]
    if strategy == "gaussian":
        return strong.mean() + strong.std(unbiased=False) * normal(n)
    if strategy == "per-weight":
        return strong.mean(dim=0) + strong.std(dim=0, unbiased=False) * normal(n)
    if strategy == "blend":
        centre = strong.mean(dim=0)
        return centre + (normal(len(strong)) / math.sqrt(len(strong))) @ (strong - centre)
    if strategy == "orthogonal":
        direction = math.sqrt(2 / n) * normal(n)
        for taken in (torch.cat([active, *[d[None] for d in drawn]]), active, strong):
            basis = _basis(taken)
            if len(basis) < n:
                return _residual(direction, basis)
        return direction
    if strategy == "random":
        return math.sqrt(2 / n) * normal(n)
    raise ValueError(f"CRAFT knows no strategy {strategy!r}; it knows {', '.join(STRATEGIES)}.")


def contributions(gamma, consumers):
    """c_f = |gamma_f| * norm of all weights for channel f, [F].

    consumers are pairs (weight [out, F / groups, k, k], groups), of all layers that read the channels.
    """
    squares = torch.zeros(len(gamma), dtype=torch.float64)
    for weight, groups in consumers:
        own = weight.double().cpu().reshape(groups, weight.shape[0] // groups, weight.shape[1], -1)
        squares += own.square().sum(dim=(1, 3)).flatten()
    return gamma.double().cpu().abs() * squares.sqrt()


def unused(use):
    """[F], true where a contribution is below 5 % of the median of the top quarter, or nothing."""
    return (use < UNUSED_BELOW * _strong_norm(use)) | (use == 0)


def _basis(vectors):
    basis = []
    for vector in vectors:
        rest = _residual(vector, basis)
        if rest.norm() > 1e-6 * vector.norm():
            basis.append(rest / rest.norm())
    return basis


def _residual(vector, basis):
    for _ in range(2):
        for axis in basis:
            vector = vector - (vector @ axis) * axis
    return vector


def _fit(filters, inactive, newcomers, fold, weakest, settings):
    """Puts the newcomers in, scaled as little as leaves no filter inactive."""
    caps = [math.inf]
    if settings["criterion"] in ("relativeNorm", "foldedRelativeNorm"):
        cap = weakest / settings["rho"] / CLEARANCE
        while cap > weakest:
            caps.append(cap)
            cap /= 2
        caps.append(weakest)
    for cap in caps:
        bank = filters.clone()
        bank[inactive] = torch.stack(newcomers)
        _, values, _ = judge(bank, fold, settings)
        for f in inactive:
            if values[f] > cap:
                bank[f] *= cap / values[f]
        for _ in range(8):
            flags, values, threshold = judge(bank, fold, settings)
            if not flags.any():
                return bank
            for f in inactive:
                if 0 < values[f] < threshold:
                    bank[f] *= threshold * CLEARANCE / values[f]
    return bank


def _fold(folding, count):
    """The factor by which folding the batch norm in scales each filter, [F]."""
    if folding is None:
        return torch.ones(count, dtype=torch.float64)
    gamma, variance, eps = folding
    return gamma.abs() / (variance + eps).sqrt()


def _strong_norm(values):
    quarter = math.ceil(len(values) / 4)
    return _median(values.sort().values[len(values) - quarter :])


def _median(values):
    """The mean of the middle two where their number is even; torch.median takes the lower."""
    values = values.sort().values
    return ((values[len(values) // 2] + values[(len(values) - 1) // 2]) / 2).item()


def _distributed():
    return dist.is_available() and dist.is_initialized() and dist.get_world_size() > 1
