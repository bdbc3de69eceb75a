#!/usr/bin/env python3
"""Draws what growth_benchmark measured: seconds above, certificates below, over K, d and N.

    build/release/benchmarks/growth_benchmark --benchmark_out=growth.json
    benchmarks/plot_growth.py growth.json docs/images/growth.svg

Needs matplotlib (Debian's python3-matplotlib, or from PyPI).
"""
import argparse
import collections
import json

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams.update({"svg.hashsalt": "wquant", "svg.fonttype": "none", "font.size": 9})
import matplotlib.pyplot as plt  # noqa: E402  (after the back end is set)

LINES = {"K": (0, "components K (d = 2, N = 1000)"), "d": (1, "dimension d (K = 100, N = 1000)"),
         "N": (2, "points N (K = 100, d = 2)")}

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("measured")
parser.add_argument("picture")
options = parser.parse_args()

# operation → line → its (size, seconds, certificate)
series = collections.defaultdict(lambda: collections.defaultdict(list))
with open(options.measured) as file:
    for run in json.load(file)["benchmarks"]:
        operation, line, *sizes = run["name"].split("/")[:5]
        series[operation][line].append((int(sizes[LINES[line][0]]), run["real_time"], run["w2"]))

figure, axes = plt.subplots(2, 3, figsize=(10, 6), sharex="col", constrained_layout=True)
for at, (line, (_, label)) in enumerate(LINES.items()):
    for operation, lines in series.items():
        size, seconds, w2 = zip(*sorted(lines[line])) if lines[line] else ((), (), ())
        axes[0, at].loglog(size, seconds, "o-", markersize=3, linewidth=1, label=operation)
        bounded = [(x, y) for x, y in zip(size, w2) if y > 0]
        axes[1, at].loglog(*(zip(*bounded) if bounded else ((), ())), "o-", markersize=3,
                           linewidth=1)
    slope = sorted({x for lines in series.values() for x, _, _ in lines[line]})
    axes[0, at].loglog(slope, [1e-3 * x / slope[0] for x in slope], ":", color="grey",
                       label="slope 1")
    axes[1, at].set_xlabel(label)
    for row in axes[:, at]:
        row.minorticks_off()
        row.grid(True, linewidth=0.3)
axes[0, 0].set_ylabel("seconds")
axes[1, 0].set_ylabel("certificate (of reduce: its bound)")
axes[0, 0].legend(fontsize=7)
figure.savefig(options.picture, metadata={"Date": None, "Creator": None})
