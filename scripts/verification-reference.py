"""The verification protocol in numpy, SciPy and scikit-learn, written from InsightFace's eval/verification.py and
eval_ijbc.py: the reference of the tests of src/verification/.

    python3 scripts/verification-reference.py pairs EMBEDDINGS.npz       original, flipped [2N, D]; issame [N]
    python3 scripts/verification-reference.py templates TEMPLATES.npz    original, flipped [images, D]; templates, media,
                                                                         scores [images]; left, right, same [pairs]

Prints JSON. Needs numpy, scipy and scikit-learn (Debian: python3-sklearn).
"""

import json
import sys

import numpy as np
from scipy.interpolate import interp1d
from scipy.optimize import brentq
from scipy.stats import binomtest
from sklearn.metrics import auc, roc_curve
from sklearn.model_selection import KFold
from sklearn.preprocessing import normalize

FARS = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6]
FOLDS = 10


def accuracy(threshold, distances, same):
    return np.mean(np.less(distances, threshold) == same)


def fold_accuracy(distances, same):
    thresholds = np.arange(0, 4, 0.01)
    folds = []
    for train, test in KFold(n_splits=FOLDS, shuffle=False).split(distances):
        train_accuracies = [accuracy(t, distances[train], same[train]) for t in thresholds]
        best = thresholds[np.argmax(train_accuracies)]
        folds.append({"threshold": float(best), "accuracy": float(accuracy(best, distances[test], same[test]))})
    values = [fold["accuracy"] for fold in folds]
    return {"accuracy": float(np.mean(values)), "deviation": float(np.std(values)), "folds": folds}


def rates(threshold, distances, same):
    below = np.less(distances, threshold)
    return np.sum(below & same) / np.sum(same), np.sum(below & ~same) / np.sum(~same)


def tar_at_far(distances, same):
    thresholds = np.arange(0, 4, 0.001)
    results = {far: ([], []) for far in FARS}
    for train, test in KFold(n_splits=FOLDS, shuffle=False).split(distances):
        different = np.sort(distances[train][~same[train]])
        far_train = np.searchsorted(different, thresholds, side="left") / len(different)
        for far, (tars, measured) in results.items():
            # Piecewise linear through every threshold; where many have one rate, the line leaves from the last of them.
            threshold = np.interp(far, far_train, thresholds) if np.max(far_train) >= far else 0.0
            with np.errstate(invalid="ignore"):
                tar, measured_far = rates(threshold, distances[test], same[test])
            tars.append(tar)
            measured.append(measured_far)
    # A fold without pairs of one kind has no such rate.
    return [
        {"far": far, "tar": np.nanmean(tars), "deviation": np.nanstd(tars), "measuredFar": np.nanmean(measured)}
        for far, (tars, measured) in results.items()
    ]


def equal_error_rate(fpr, tpr):
    return float(brentq(lambda x: 1.0 - x - interp1d(fpr, tpr)(x), 0.0, 1.0))


def nearest(fpr, tpr, far):
    # Flipped first, so that of equally near points the one with the highest rate is taken.
    fpr, tpr = np.flipud(fpr), np.flipud(tpr)
    return float(tpr[np.argmin(np.abs(fpr - far))])


def roc_measures(scores, same):
    fpr, tpr, _ = roc_curve(same, scores)
    return {
        "points": len(fpr),
        "areaUnderCurve": float(auc(fpr, tpr)),
        "equalErrorRate": equal_error_rate(fpr, tpr),
        "tarAtNearestFar": [nearest(fpr, tpr, far) for far in FARS],
    }


def pairs(arrays):
    embeddings = normalize(arrays["original"].astype(np.float64) + arrays["flipped"].astype(np.float64))
    same = arrays["issame"].astype(bool)
    distances = np.sum(np.square(embeddings[0::2] - embeddings[1::2]), 1)
    raw = np.concatenate([arrays["original"], arrays["flipped"]]).astype(np.float64)
    result = {
        "distances": distances.tolist(),
        "meanNorm": float(np.mean(np.linalg.norm(raw, axis=1))),
        **fold_accuracy(distances, same),
        "tarAtFar": tar_at_far(distances, same),
        **roc_measures(-distances, same),
    }
    if "onlyFirst" in arrays:
        first, second = int(arrays["onlyFirst"][0]), int(arrays["onlySecond"][0])
        result["mcNemar"] = float(binomtest(first, first + second, 0.5).pvalue)
    return result


def templates(arrays):
    features = (arrays["original"].astype(np.float64) + arrays["flipped"].astype(np.float64)) * arrays["scores"][:, None]
    ids = np.unique(arrays["templates"])
    rows = np.zeros((len(ids), features.shape[1]))
    for row, template in enumerate(ids):
        members = np.where(arrays["templates"] == template)[0]
        media = arrays["media"][members]
        rows[row] = sum(np.mean(features[members[media == medium]], axis=0) for medium in np.unique(media))
    rows = normalize(rows)
    row_of = {template: row for row, template in enumerate(ids)}
    left = rows[[row_of[template] for template in arrays["left"]]]
    right = rows[[row_of[template] for template in arrays["right"]]]
    scores = np.sum(left * right, axis=1)
    return {"scores": scores.tolist(), **roc_measures(scores, arrays["same"].astype(bool))}


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("pairs", "templates"):
        sys.exit(__doc__)
    print(json.dumps({"pairs": pairs, "templates": templates}[sys.argv[1]](np.load(sys.argv[2]))))
