"""Face alignment in numpy and SciPy, written from Umeyama's paper (1991, equations 34 to 43) and the documentation of
cv2.warpAffine: the reference of src/faces/import/similarity.ts and align-face.ts.

    python3 scripts/alignment-reference.py INPUT.npz    points [faces, 5, 2]; target [5, 2]; picture [H, W, 3] uint8

Prints JSON: for each face the 2 × 3 matrix, and the picture brought to the target by it, [112, 112, 3] as a flat list.
"""

import json
import sys

import numpy as np
from scipy.ndimage import map_coordinates

SIDE = 112


def umeyama(source, target):
    """The similarity of least squares, by singular values, with no reflection."""
    source_mean, target_mean = source.mean(axis=0), target.mean(axis=0)
    source_centred, target_centred = source - source_mean, target - target_mean
    covariance = target_centred.T @ source_centred / len(source)
    u, singular, vt = np.linalg.svd(covariance)
    signs = np.array([1.0, np.sign(np.linalg.det(u) * np.linalg.det(vt))])
    rotation = u @ np.diag(signs) @ vt
    scale = (singular * signs).sum() / source_centred.var(axis=0).sum()
    return np.column_stack([scale * rotation, target_mean - scale * rotation @ source_mean])


def warp(picture, matrix):
    back = np.linalg.inv(np.vstack([matrix, [0, 0, 1]]))
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    from_x = back[0, 0] * x + back[0, 1] * y + back[0, 2]
    from_y = back[1, 0] * x + back[1, 1] * y + back[1, 2]
    channels = [
        # Every pixel beyond the picture is 0, also next to its edge.
        map_coordinates(picture[..., c].astype(np.float64), [from_y, from_x], order=1, mode="grid-constant", cval=0)
        for c in range(3)
    ]
    return np.stack(channels, axis=-1)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    arrays = np.load(sys.argv[1])
    matrices = [umeyama(points.astype(np.float64), arrays["target"]) for points in arrays["points"]]
    print(
        json.dumps(
            {
                "matrices": [matrix.tolist() for matrix in matrices],
                "aligned": [np.round(warp(arrays["picture"], matrix), 3).ravel().tolist() for matrix in matrices],
            }
        )
    )
