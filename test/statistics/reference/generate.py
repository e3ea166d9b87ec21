#!/usr/bin/python3
"""Makes reference.json, which the tests of src/statistics compare against.

Run it with Debian's python3-scipy; `made` in the file says which versions that was:

    apt-get install --no-install-recommends python3-scipy
    /usr/bin/python3 test/statistics/reference/generate.py > test/statistics/reference/reference.json
    npx prettier --write test/statistics/reference/reference.json

Figures come from scipy where it has the method, and else from the definition, written out the slow way.
"""
import itertools
import json
import math
import statistics
import sys

import numpy as np
import scipy
from scipy import stats

rng = np.random.default_rng(20200415)
floats = lambda values: [float(value) for value in values]

SAMPLES = {
    "normal": floats(rng.normal(100, 5, 25)),
    "lognormal": floats(rng.lognormal(2, 0.7, 40)),
    "small": floats(rng.normal(3, 1, 7)),
    "pair": [1.5, 2.25],
    "ties": [1.0, 2.0, 2.0, 3.0, 3.0, 3.0, 4.0, 7.0, 7.0, 11.0],
    "offset": floats(1e9 + rng.normal(0, 1e-3, 30)),
}
DIFFERENCES = {
    "small": floats(rng.normal(0.3, 1, 8)),
    "ten": floats(rng.normal(0.1, 1, 10)),
    "ties": [1.0, -1.0, 2.0, 2.0, -3.0, 4.0, 4.0, 4.0, 5.0, -2.0],
    "zeros": [0.0, 0.5, -0.25, 0.0, 1.5, 2.5, -0.75, 3.0],
    "large": floats(rng.normal(0.1, 1, 80)),
    "largeTies": floats(np.round(rng.normal(0.4, 2, 90))),
}


def polished_quantile(p, degrees):
    """Its t.ppf is good to 1e-9 only; two Newton steps on its cdf make it good to 1e-14."""
    t = stats.t.ppf(p, degrees)
    for _ in range(2):
        excess = stats.t.cdf(t, degrees) - p if p < 0.5 else (1 - p) - stats.t.sf(t, degrees)
        t -= excess / stats.t.pdf(t, degrees)
    return float(t)


def distributions():
    shares = [1e-12, 1e-6, 0.001, 0.025, 0.3, 0.499, 0.6, 0.9, 0.975, 0.99999]
    degrees = [0.5, 1, 2, 3, 4.5, 9, 10, 29, 100, 1e3, 1e5]
    points = [-1e3, -40, -10, -2, -0.5, -1e-8, 0, 1e-3, 0.7, 3, 12, 500]
    return {
        "normalCdf": [[x, float(stats.norm.cdf(x))] for x in floats(np.arange(-37, 9, 0.37))],
        "normalQuantile": [[p, float(stats.norm.ppf(p))] for p in [1e-300, 1e-100, 1e-20, *shares, 0.92, 0.08]],
        "tCdf": [[t, nu, float(stats.t.cdf(t, nu))] for t in points for nu in degrees],
        "tQuantile": [[p, nu, polished_quantile(p, nu)] for p in shares for nu in degrees],
        "chiSquare": [
            [p, nu, float(stats.chi2.ppf(p, nu))] for p, nu in [
                (0.2, 1), (0.2, 2), (0.2, 5), (0.2, 9), (0.05, 30), (0.999, 4), (0.5, 0.5), (0.2, 500),
            ]
        ],
        "noncentralT": [
            [t, nu, delta, float(stats.nct.cdf(t, nu, delta))]
            for t in [-2.5, -0.5, 0, 0.8, 2.262, 6.5, 15]
            for nu in [1, 4, 9, 30, 200]
            for delta in [-1.5, 0.3, 2.0, 5.5]  # it gives NaN at 0
        ],
        "logGamma": [[x, float(scipy.special.gammaln(x))] for x in [0.1, 0.5, 1.5, 4, 9.5, 25, 1e4]],
        "incompleteBeta": [
            [x, a, b, float(scipy.special.betainc(a, b, x))]
            for x in [0.001, 0.3, 0.5, 0.95]
            for a in [0.5, 2, 40]
            for b in [0.5, 3, 15]
        ],
    }


def moments(values):
    shares = [0, 0.05, 0.25, 1 / 3, 0.5, 0.9, 1]
    interval = stats.t.interval(0.9, len(values) - 1, np.mean(values), stats.sem(values))
    return {
        "values": values,
        "mean": float(np.mean(values)),
        "variance": statistics.variance(values),  # in exact fractions: numpy loses 8 digits of "offset"
        "sd": statistics.stdev(values),
        "geometricMean": float(stats.gmean(values)),
        "median": float(np.median(values)),
        "mad": float(stats.median_abs_deviation(values)),
        "quantiles": [[p, float(np.quantile(values, p))] for p in shares],
        "interval90": floats(interval),
        "against": (against := float(np.mean(values)) * (1 - 1e-12) + 0.25 * float(np.std(values))),
        "p": {
            name: float(stats.ttest_1samp(values, against, alternative=name).pvalue)
            for name in ["two-sided", "less", "greater"]
        },
    }


def exact_signed_rank(differences):
    """Two-sided p over all assignments of signs to the midranks, zeros left out."""
    kept = np.array([d for d in differences if d != 0])
    ranks = stats.rankdata(np.abs(kept))
    seen = ranks[kept > 0].sum()
    sums = [sum(chosen) for chosen in itertools.product(*[(0, r) for r in ranks])]
    low = sum(w <= seen + 1e-9 for w in sums) / len(sums)
    high = sum(w >= seen - 1e-9 for w in sums) / len(sums)
    return float(seen), min(1.0, 2 * min(low, high))


def signed_rank(name, differences):
    if len(differences) <= 10:
        statistic, p = exact_signed_rank(differences)
        if name in ("small", "ten"):
            assert abs(p - stats.wilcoxon(differences, mode="exact").pvalue) < 1e-12
    else:
        kept = [d for d in differences if d != 0]
        p = float(stats.wilcoxon(kept, mode="approx", correction=True).pvalue)
        statistic = float(stats.rankdata(np.abs(kept))[np.array(kept) > 0].sum())
    return {"differences": differences, "statistic": statistic, "p": p}


def hodges_lehmann(values, confidence):
    n = len(values)
    walsh = sorted((values[i] + values[j]) / 2 for i in range(n) for j in range(i, n))
    if n <= 10:
        sums = [sum(chosen) for chosen in itertools.product(*[(0, r) for r in range(1, n + 1)])]
        cut = next(c for c in range(len(walsh)) if sum(w <= c for w in sums) / len(sums) > (1 - confidence) / 2)
    else:
        spread = math.sqrt(n * (n + 1) * (2 * n + 1) / 24)
        cut = math.floor(n * (n + 1) / 4 - stats.norm.ppf((1 + confidence) / 2) * spread)
    ends = [walsh[cut - 1], walsh[len(walsh) - cut]] if cut > 0 else [None, None]
    return {
        "values": values, "confidence": confidence,
        "estimate": float(np.median(walsh)), "low": ends[0], "high": ends[1],
    }


def mann_whitney(one, other, method):
    result = stats.mannwhitneyu(one, other, alternative="two-sided", method=method, use_continuity=True)
    return {"one": one, "other": other, "exact": method == "exact",
            "statistic": float(result.statistic), "p": float(result.pvalue)}


def adjusted(p):
    """From the definitions: Holm (1979), Benjamini & Hochberg (1995)."""
    m = len(p)
    order = np.argsort(p, kind="stable")
    holm, bh = np.empty(m), np.empty(m)
    for k, i in enumerate(order):
        holm[i] = max(min(1, (m - j) * p[order[j]]) for j in range(k + 1))
        bh[i] = min(min(1, m / (j + 1) * p[order[j]]) for j in range(k, m))
    return {"p": p, "holm": floats(holm), "benjaminiHochberg": floats(bh)}


def bca(values, statistic, confidence):
    result = stats.bootstrap((np.array(values),), statistic, method="BCa", n_resamples=200_000, batch=10_000,
                             confidence_level=confidence, vectorized=True, random_state=7)
    interval = result.confidence_interval
    return {"values": values, "confidence": confidence, "low": float(interval.low), "high": float(interval.high),
            "standardError": float(result.standard_error)}


def autocorrelation(values, lags):
    centred = np.array(values) - np.mean(values)
    return floats([np.dot(centred[: len(values) - k], centred[k:]) / np.dot(centred, centred) for k in range(lags)])


def power(n, effect, sd, alpha):
    degrees, delta = n - 1, math.log1p(effect) / sd * math.sqrt(n)
    critical = polished_quantile(1 - alpha / 2, degrees)
    share = stats.nct.sf(critical, degrees, delta) + stats.nct.cdf(-critical, degrees, delta)
    return [n, effect, sd, alpha, float(share)]


def gate_power(effect, margin, sd, comparisons, n):
    """Of Welch's test of two runs of n blocks each, with equal spreads, at the first step of Holm's adjustment."""
    degrees, delta = 2 * n - 2, (math.log1p(effect) - math.log1p(margin)) / (sd * math.sqrt(2 / n))
    critical = polished_quantile(1 - 0.05 / comparisons / 2, degrees)
    return [effect, margin, sd, comparisons, n, float(stats.nct.sf(critical, degrees, delta))]


def welch(one, other, against):
    """Its degrees of freedom from the definition: ttest_ind does not tell them."""
    a, b = (np.var(values, ddof=1) / len(values) for values in (one, other))
    degrees = float((a + b) ** 2 / (a**2 / (len(one) - 1) + b**2 / (len(other) - 1)))
    difference, half = np.mean(one) - np.mean(other), polished_quantile(0.975, degrees) * math.sqrt(a + b)
    return {
        "one": one, "other": other, "degrees": degrees,
        "t": float(stats.ttest_ind(one, other, equal_var=False).statistic),
        "low95": float(difference - half), "high95": float(difference + half),
        "against": against,
        "p": {
            name: float(stats.ttest_ind(one, np.array(other) + against, equal_var=False, alternative=name).pvalue)
            for name in ["less", "greater"]
        },
    }


def trend(values):
    line = stats.linregress(range(len(values)), values)
    return {"values": values, "slope": float(line.slope), "p": float(line.pvalue)}


def wilson(found, of, confidence):
    interval = stats.binomtest(found, of).proportion_ci(confidence, method="wilson")
    return [found, of, confidence, float(interval.low), float(interval.high)]


json.dump(
    {
        "made": f"scipy {scipy.__version__}, numpy {np.__version__}",
        "distributions": distributions(),
        "moments": {name: moments(values) for name, values in SAMPLES.items()},
        "signedRank": {name: signed_rank(name, values) for name, values in DIFFERENCES.items()},
        "hodgesLehmann": [
            hodges_lehmann(values, confidence)
            for values in DIFFERENCES.values()
            for confidence in (0.8, 0.95)
        ],
        "mannWhitney": [
            mann_whitney(floats(rng.normal(0, 1, 6)), floats(rng.normal(1, 1, 9)), "exact"),
            mann_whitney(floats(rng.normal(0, 1, 3)), floats(rng.normal(3, 1, 3)), "exact"),
            mann_whitney(floats(rng.normal(0, 1, 30)), floats(rng.normal(0.2, 1, 70)), "asymptotic"),
            mann_whitney([1.0, 2, 2, 3, 5, 5, 9], [2.0, 3, 4, 5, 8, 8, 8, 10], "asymptotic"),
        ],
        "adjusted": [
            adjusted([0.01, 0.04, 0.03, 0.005, 0.5]),
            adjusted([0.9, 0.02, 0.02, 0.0001, 1.0, 0.3]),
            adjusted(floats(rng.uniform(0, 0.2, 20))),
        ],
        "bca": {
            "meanOfNormal": bca(SAMPLES["normal"], np.mean, 0.95),
            "meanOfLognormal": bca(SAMPLES["lognormal"], np.mean, 0.95),
            "sdOfNormal": bca(SAMPLES["normal"], lambda x, axis: np.std(x, axis=axis, ddof=1), 0.9),
        },
        "autocorrelation": {
            "values": (series := floats(np.cumsum(rng.normal(0, 1, 50)))),
            "expected": autocorrelation(series, 12),
        },
        "power": [power(*case) for case in [
            (10, 0.02, 0.02, 0.05), (6, 0.05, 0.04, 0.05), (20, -0.03, 0.05, 0.01), (3, 0.1, 0.05, 0.05),
            (100, 0.005, 0.02, 0.05), (12, 0.0, 0.02, 0.05),
        ]],
        "gatePower": [gate_power(*case) for case in [
            (0.02, 0, 0.01, 1, 10), (0.05, 0, 0.04, 20, 20), (0.05, 0.02, 0.015, 20, 12), (0.1, 0.03, 0.02, 4, 3),
        ]],
        "welch": [
            welch([1.5, 2.25, 3.0, 4.5, 2.0], [2.5, 3.75, 9.0, 4.0, 6.5, 5.0, 4.25], -1),
            welch(DIFFERENCES["large"], SAMPLES["small"], -2.5),
            welch(SAMPLES["pair"], DIFFERENCES["ten"], 0.5),
        ],
        "trend": [trend(values) for values in [
            [1.0, 2.5, 2.0, 4.0, 3.5, 6.0], [1.0, 3.0, 2.0], SAMPLES["normal"], SAMPLES["lognormal"],
        ]],
        "wilson": [wilson(*case) for case in [(3, 20, 0.95), (0, 7, 0.95), (500, 1000, 0.9), (1, 1, 0.99)]],
    },
    sys.stdout,
    allow_nan=False,
)
