#include <math.h>

#include "check.h"

enum { TRAIN = 400, EVALUATION = 3000 };

static double train[2 * TRAIN];
static double evaluation[2 * EVALUATION];
static float few_train[2 * TRAIN];
static float few_evaluation[2 * EVALUATION];
static double lower[] = {0, 0};
static double upper[] = {1, 1};
static int64_t train_shape[] = {TRAIN, 2};
static int64_t evaluation_shape[] = {EVALUATION, 2};
static int64_t box_shape[] = {2};

/// The product of two uniform numbers, and one.
static void draw(void) {
  uint64_t state = 1;
  for (int i = 0; i < TRAIN + EVALUATION; ++i) {
    double* x = i < TRAIN ? train + 2 * i : evaluation + 2 * (i - TRAIN);
    float* y = i < TRAIN ? few_train + 2 * i : few_evaluation + 2 * (i - TRAIN);
    x[0] = uniform(&state) * uniform(&state);
    x[1] = uniform(&state);
    y[0] = (float)x[0];
    y[1] = (float)x[1];
  }
}

static wquant_learned* learn(const wquant_context* context, const wquant_learn_options* options,
                             bool as_floats) {
  const DLTensor t = as_floats ? floats(few_train, 2, train_shape) : doubles(train, 2, train_shape);
  const DLTensor e = as_floats ? floats(few_evaluation, 2, evaluation_shape)
                               : doubles(evaluation, 2, evaluation_shape);
  const DLTensor from = doubles(lower, 1, box_shape);
  const DLTensor to = doubles(upper, 1, box_shape);
  wquant_learned* learned = NULL;
  CHECK_OK(wquant_learn(context, &t, &e, &from, &to, options, &learned));
  return learned;
}

/// The points are in the box, their probabilities multiples of 1 / N.
static void check_points(const wquant_learned* learned, int64_t support) {
  DLManagedTensor* locations = NULL;
  DLManagedTensor* probabilities = NULL;
  CHECK_OK(wquant_learned_locations(learned, &locations));
  CHECK_OK(wquant_learned_probabilities(learned, &probabilities));
  CHECK(locations->dl_tensor.ndim == 2 && locations->dl_tensor.shape[1] == 2);
  CHECK(locations->dl_tensor.shape[0] == support && probabilities->dl_tensor.shape[0] == support);
  double sum = 0;
  bool whole = true;
  for (int64_t a = 0; a < support; ++a) {
    const double count = values_of(probabilities)[a] * EVALUATION;
    sum += values_of(probabilities)[a];
    whole = whole && fabs(count - floor(count + 0.5)) < 1e-9;
    for (int k = 0; k < 2; ++k) {
      const double x = values_of(locations)[2 * a + k];
      whole = whole && x >= 0 && x <= 1;
    }
  }
  CHECK(whole && fabs(sum - 1) < 1e-12);
  locations->deleter(locations);
  probabilities->deleter(probabilities);
}

static void check_statistics(const wquant_learned* learned) {
  wquant_learn_statistics s;
  CHECK_OK(wquant_learned_statistics(learned, &s, sizeof s));
  CHECK(s.train_samples == TRAIN && s.evaluation_samples == EVALUATION);
  CHECK(s.regions == 11 && s.support <= 11 && s.trials == 1);
  CHECK(s.partition_seconds >= 0 && s.statistics_seconds >= 0 && s.bound_seconds >= 0);
  wquant_cluster_trial trial;
  CHECK_OK(wquant_learned_trial(learned, 0, &trial, sizeof trial));
  CHECK(trial.clusters == 10 && trial.bound > 0);
  check_points(learned, s.support);
}

static void test_methods(const wquant_context* context) {
  const int64_t clusters[] = {10};
  double bounds[WQUANT_BOUND_FOURNIER + 1];
  for (int method = WQUANT_BOUND_SPLIT; method <= WQUANT_BOUND_VERTEX; ++method) {
    wquant_learn_options options;
    CHECK_OK(wquant_learn_options_init(&options, sizeof options));
    CHECK(options.beta == 1e-6 && options.clusters_count == 1 && options.clusters[0] == 100);
    options.method = method;
    options.order = 1;
    options.clusters = clusters;
    options.time_limit = 2;
    wquant_learned* learned = learn(context, &options, false);
    wquant_learned_bound b;
    CHECK_OK(wquant_learned_get_bound(learned, &b, sizeof b));
    CHECK(b.method == method && b.order == 1 && b.beta == 1e-6);
    CHECK(b.bound > 0 && b.bound < sqrt(2.0));
    if (method == WQUANT_BOUND_SPLIT || method == WQUANT_BOUND_VERTEX) {
      CHECK(fabs(b.moment + b.discrete - b.bound) < 1e-9);
      CHECK(b.lower == 0 && b.optimal == 0);
    } else {
      CHECK(b.lower > 0 && b.lower <= b.bound);
      CHECK(b.moment == 0 && b.discrete == 0);
    }
    check_statistics(learned);
    bounds[method] = b.bound;
    wquant_learned_destroy(learned);
  }
  CHECK(bounds[WQUANT_BOUND_SPLIT] < bounds[WQUANT_BOUND_VERTEX]);
  CHECK(bounds[WQUANT_BOUND_EXACT] <= bounds[WQUANT_BOUND_DUAL]);
}

static void test_empirical(const wquant_context* context) {
  wquant_learn_options options;
  CHECK_OK(wquant_learn_options_init(&options, sizeof options));
  options.method = WQUANT_BOUND_FOURNIER;
  wquant_learned* learned = learn(context, &options, false);
  check_points(learned, EVALUATION);
  wquant_learned_bound b;
  CHECK_OK(wquant_learned_get_bound(learned, &b, sizeof b));
  CHECK(b.method == WQUANT_BOUND_FOURNIER && b.order == 2 && b.bound > 0);
  wquant_learned_destroy(learned);
}

static void test_choice(const wquant_context* context) {
  const int64_t clusters[] = {4, 8, 16};
  wquant_learn_options options;
  CHECK_OK(wquant_learn_options_init(&options, sizeof options));
  options.clusters = clusters;
  options.clusters_count = 3;
  wquant_learned* learned = learn(context, &options, true);
  wquant_learn_statistics s;
  CHECK_OK(wquant_learned_statistics(learned, &s, sizeof s));
  CHECK(s.trials == 3);
  for (int64_t i = 0; i < 3; ++i) {
    wquant_cluster_trial trial;
    CHECK_OK(wquant_learned_trial(learned, i, &trial, sizeof trial));
    CHECK(trial.clusters == clusters[i]);
  }
  wquant_learned_destroy(learned);
}

static void test_one_set(const wquant_context* context) {
  const int64_t clusters[] = {10};
  wquant_learn_options options;
  CHECK_OK(wquant_learn_options_init(&options, sizeof options));
  CHECK(options.train_samples == 0);
  options.clusters = clusters;
  const DLTensor samples = doubles(evaluation, 2, evaluation_shape);
  const DLTensor from = doubles(lower, 1, box_shape);
  const DLTensor to = doubles(upper, 1, box_shape);
  for (int64_t train_samples = 0; train_samples <= 500; train_samples += 500) {
    options.train_samples = train_samples;
    wquant_learned* learned = NULL;
    CHECK_OK(wquant_learn_one_set(context, &samples, &from, &to, &options, &learned));
    wquant_learn_statistics s;
    CHECK_OK(wquant_learned_statistics(learned, &s, sizeof s));
    CHECK(s.train_samples == (train_samples > 0 ? train_samples : EVALUATION / 4));
    CHECK(s.train_samples + s.evaluation_samples == EVALUATION);
    wquant_learned_destroy(learned);
  }
  wquant_learned* none = NULL;
  CHECK_REFUSED(wquant_learn(context, &samples, &samples, &from, &to, &options, &none),
                WQUANT_INVALID_ARGUMENT, "train_samples: 500; expected 0");
}

void test_learning(const wquant_context* context) {
  draw();
  test_methods(context);
  test_empirical(context);
  test_choice(context);
  test_one_set(context);
}
