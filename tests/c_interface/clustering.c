#include <math.h>
#include <string.h>

#include "check.h"

// Four points in two pairs, and a fifth without weight.
static double points[] = {0, 0, 0, 2, 10, 0, 10, 2, 50, 50};
static float few_points[] = {0, 0, 0, 2, 10, 0, 10, 2, 50, 50};
static double weights[] = {1, 1, 1, 3, 0};
static int64_t points_shape[] = {5, 2};

static void check_clustering(const wquant_clustering* clustering, bool as_floats) {
  wquant_clustering_info info;
  CHECK_OK(wquant_clustering_get_info(clustering, &info, sizeof info));
  // About (0, 1): 1 + 1; about (10, 1.5): 2.25 + 3 · 0.25.
  CHECK(info.centres == 2 && info.objective == 5 && info.records >= 1);
  wquant_kmeans_record record;
  CHECK_OK(wquant_clustering_record(clustering, info.records - 1, &record, sizeof record));
  CHECK(record.objective == 5 && record.re_seeded == 0 && record.seconds >= 0);

  DLManagedTensor* centres = NULL;
  DLManagedTensor* labels = NULL;
  CHECK_OK(wquant_clustering_centres(clustering, true, &centres));
  CHECK_OK(wquant_clustering_labels(clustering, true, &labels));
  CHECK(centres->dl_tensor.shape[0] == 2 && centres->dl_tensor.shape[1] == 2);
  CHECK(centres->dl_tensor.dtype.bits == (as_floats ? 32 : 64));
  CHECK(labels->dl_tensor.ndim == 1 && labels->dl_tensor.shape[0] == 5);
  CHECK(labels->dl_tensor.dtype.code == kDLInt && labels->dl_tensor.dtype.bits == 64);
  const int64_t* l = (const int64_t*)labels->dl_tensor.data;
  CHECK(l[0] == l[1] && l[2] == l[3] && l[0] != l[2] && l[4] == l[2]);
  double x[4];
  for (int i = 0; i < 4; ++i)
    x[i] = as_floats ? ((const float*)centres->dl_tensor.data)[i] : values_of(centres)[i];
  CHECK(x[2 * l[0]] == 0 && x[2 * l[0] + 1] == 1);
  CHECK(x[2 * l[2]] == 10 && x[2 * l[2] + 1] == 1.5);
  centres->deleter(centres);
  labels->deleter(labels);
}

void test_clustering(const wquant_context* context) {
  for (int as_floats = 0; as_floats < 2; ++as_floats) {
    const DLTensor x =
        as_floats ? floats(few_points, 2, points_shape) : doubles(points, 2, points_shape);
    const DLTensor w = doubles(weights, 1, points_shape);
    wquant_kmeans_options options;
    CHECK_OK(wquant_kmeans_options_init(&options, sizeof options));
    CHECK(options.clusters == 100 && options.iterations == 100 && options.tolerance == 1e-6);
    options.clusters = 2;
    options.weights = &w;
    wquant_clustering* clustering = NULL;
    CHECK_OK(wquant_kmeans(context, &x, &options, &clustering));
    check_clustering(clustering, as_floats);
    wquant_clustering_destroy(clustering);

    // From a start, which stays as it is without iterations.
    int64_t start_shape[] = {2, 2};
    double near[] = {0, 1, 10, 1.5};
    float few_near[] = {0, 1, 10, 1.5f};
    const DLTensor start =
        as_floats ? floats(few_near, 2, start_shape) : doubles(near, 2, start_shape);
    options.start = &start;
    options.iterations = 0;
    CHECK_OK(wquant_kmeans(context, &x, &options, &clustering));
    check_clustering(clustering, as_floats);
    wquant_clustering_destroy(clustering);
  }
}
