"""Right values for the statistics of studies, from SciPy, committed as JSON.

    python scripts/study-reference.py     # writes src/study/testing/study.golden.json anew

Differences are drawn from a fixed seed and rounded, so that the file holds exactly the numbers of the computation.
"""

import json
import pathlib

import numpy
from scipy import stats

OUT = pathlib.Path(__file__).parent.parent / "src" / "study" / "testing" / "study.golden.json"


def samples():
    generator = numpy.random.default_rng(1)
    yield "six, skewed", numpy.round(generator.exponential(0.01, 6) - 0.004, 5)
    yield "eight, no effect", numpy.round(generator.normal(0, 0.01, 8), 5)
    yield "twelve, an effect", numpy.round(generator.normal(0.012, 0.01, 12), 5)
    yield "sixteen, with ties", numpy.round(generator.normal(0.004, 0.01, 16), 2)
    yield "five, all of one sign", numpy.array([0.011, 0.002, 0.007, 0.03, 0.001])


def case(name, differences):
    count = len(differences)
    interval = stats.ttest_1samp(differences, 0).confidence_interval(0.95)
    flips = stats.permutation_test(
        (differences,), numpy.mean, permutation_type="samples", n_resamples=numpy.inf, alternative="two-sided"
    )
    bca = stats.bootstrap(
        (differences,), numpy.mean, n_resamples=200_000, method="BCa", vectorized=True, batch=5000, random_state=1
    )
    deviation = differences.std(ddof=1)
    return {
        "name": name,
        "differences": differences.tolist(),
        "mean": float(differences.mean()),
        "deviation": float(deviation),
        "interval": [float(interval.low), float(interval.high)],
        "p": float(flips.pvalue),
        "bca": [float(bca.confidence_interval.low), float(bca.confidence_interval.high)],
        "detectable": float((stats.t.ppf(0.975, count - 1) + stats.t.ppf(0.8, count - 1)) * deviation / count**0.5),
    }


def seeds_needed(deviation, difference):
    """At least six, by trying one after the other."""
    for count in range(6, 10_001):
        if (stats.t.ppf(0.975, count - 1) + stats.t.ppf(0.8, count - 1)) * deviation / count**0.5 <= difference:
            return count
    return None


def main():
    needs = [(0.011, 0.01), (0.011, 0.005), (0.002, 0.01), (0.03, 0.005), (0.5, 0.005)]
    golden = {
        "cases": [case(name, differences) for name, differences in samples()],
        "needs": [{"deviation": d, "difference": x, "seeds": seeds_needed(d, x)} for d, x in needs],
        "normal": [{"z": float(z), "share": float(stats.norm.cdf(z))} for z in (-3, -1.96, -0.5, 0, 1.25, 2.5)],
    }
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
