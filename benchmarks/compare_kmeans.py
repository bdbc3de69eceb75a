#!/usr/bin/env python3
"""k-means beside scikit-learn's Lloyd and FAISS, whichever is installed: the same points, start,
number of steps and threads, in turns; the least time of each counts. On a machine that others use
too, the processor seconds of all threads say more than the clock.

    benchmarks/compare_kmeans.py build/release/benchmarks/kmeans_run [--points N] [--dimension D]
        [--clusters K] [--iterations I] [--threads T] [--rounds R] [--data gaussian|blobs]

Targets at the defaults: 3 times as fast as scikit-learn, 5 times FAISS. The bound: N D numbers read
and N K D fused operations an assignment, see kmeans_benchmark.cpp.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--dimension", type=int, default=16)
    parser.add_argument("--clusters", type=int, default=256)
    parser.add_argument("--iterations", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--data", choices=["gaussian", "blobs"], default="gaussian")
    return parser.parse_args()


options = parse()
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = str(options.threads)
import numpy as np  # noqa: E402  (after the number of threads is set)


def make_points():
    random = np.random.default_rng(1)
    shape = (options.points, options.dimension)
    points = random.standard_normal(shape, dtype=np.float32)
    if options.data == "blobs":
        centres = 3 * random.standard_normal((options.clusters, options.dimension))
        points += centres.astype(np.float32)[random.integers(options.clusters, size=len(points))]
    return points


def timed(call):
    begin, processor = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - begin, time.process_time() - processor


def ours(points, path, start):
    out = subprocess.run(
        [options.program, path, str(options.points), str(options.dimension),
         str(options.clusters), str(options.iterations), str(options.threads), start],
        check=True, capture_output=True, text=True).stdout.split()
    return float(out[0]), float(out[1]), float(out[2]), int(out[3])


def scikit_learn(points, _):
    from sklearn.cluster import KMeans
    model = KMeans(options.clusters, init=points[:options.clusters], n_init=1, tol=0,
                   max_iter=options.iterations, algorithm="lloyd")
    return *timed(lambda: model.fit(points)), model.inertia_, model.n_iter_


def faiss(points, _):
    import faiss as library
    library.omp_set_num_threads(options.threads)
    model = library.Kmeans(options.dimension, options.clusters, niter=options.iterations,
                           max_points_per_centroid=options.points)
    times = timed(lambda: model.train(points, init_centroids=points[:options.clusters]))
    return *times, float(model.obj[-1]), options.iterations


def main():
    points = make_points()
    with tempfile.NamedTemporaryFile(suffix=".f32") as file:
        points.tofile(file)
        file.flush()
        rivals = {"wquant": lambda x, path: ours(x, path, "given"),
                  "scikit-learn": scikit_learn, "faiss": faiss,
                  "wquant with k-means++": lambda x, path: ours(x, path, "seeded")}
        results = {}
        for _ in range(options.rounds):
            for name, run in list(rivals.items()):
                try:
                    result = run(points, file.name)
                except ImportError:
                    print(f"{name}: not installed", file=sys.stderr)
                    del rivals[name]
                    continue
                results[name] = min(result, results.get(name, result))
    print(f"{options.points} x {options.dimension} {options.data}, K = {options.clusters}, "
          f"{options.threads} threads")
    base = results["wquant"]
    for name, (seconds, processor, objective, steps) in results.items():
        print(f"{name:22} {seconds:7.3f} s (ratio {seconds / base[0]:5.2f})  processors "
              f"{processor:7.3f} s (ratio {processor / base[1]:5.2f})  {steps} steps  "
              f"objective {objective:.6e}")


main()
