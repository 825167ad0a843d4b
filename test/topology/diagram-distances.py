"""Distances between pairs of diagrams by GUDHI (bottleneck exact, Wasserstein by POT): JSON in, JSON out."""
import json
import sys
import warnings

warnings.filterwarnings("ignore")
import gudhi
import numpy as np
from gudhi.wasserstein import wasserstein_distance


def read(pairs):
    return np.array([[b, np.inf if d is None else d] for b, d in pairs]).reshape(-1, 2)


answers = []
for pair in json.load(sys.stdin):
    a, b = read(pair["a"]), read(pair["b"])
    answers.append(
        {
            "bottleneck": gudhi.bottleneck_distance(a, b, 0),
            "wasserstein1": wasserstein_distance(a, b, order=1, internal_p=np.inf),
            "wasserstein2": wasserstein_distance(a, b, order=2, internal_p=np.inf),
            "wasserstein2Euclidean": wasserstein_distance(a, b, order=2, internal_p=2),
        }
    )
print(json.dumps(answers))
