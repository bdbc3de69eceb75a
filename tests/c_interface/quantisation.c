#include <math.h>
#include <string.h>

#include "check.h"

// Half of the mass is N((0, 0), diag(4, 1)), half N((10, 0), diag(1, 0)): whole numbers throughout.
static double weights[] = {0.5, 0.5};
static double means[] = {0, 0, 10, 0};
static double variances[] = {4, 1, 1, 0};
static double covariances[] = {4, 0, 0, 1, 1, 0, 0, 0};
static double unit[] = {1, 0, 0, 1};
static int64_t two[] = {2, 2, 2};

enum form { FULL, DIAGONAL, EIGEN };

static wquant_mixture* make_mixture(const wquant_context* context, enum form form) {
  const DLTensor w = doubles(weights, 1, two);
  const DLTensor m = doubles(means, 2, two);
  const DLTensor sigma = doubles(covariances, 3, two);
  const DLTensor diagonal = doubles(variances, 2, two);
  const DLTensor v = doubles(unit, 2, two);
  wquant_mixture* mixture = NULL;
  if (form == FULL)
    CHECK_OK(wquant_mixture_create_full(context, &w, &m, &sigma, NULL, &mixture));
  else if (form == DIAGONAL)
    CHECK_OK(wquant_mixture_create_diagonal(context, &w, &m, &diagonal, NULL, &mixture));
  else
    CHECK_OK(wquant_mixture_create_eigen(context, &w, &m, &diagonal, &v, NULL, &mixture));
  return mixture;
}

static void check_mixture(const wquant_mixture* mixture) {
  wquant_mixture_info info;
  CHECK_OK(wquant_mixture_get_info(mixture, &info, sizeof info));
  CHECK(info.components == 2 && info.dimension == 2);
  CHECK(info.weight_error == 0 && info.clipped_variance == 0);
}

/// The points are a discrete distribution with the mixture's mean, (5, 0).
static void check_points(const wquant_quantization* quantization, int64_t support) {
  DLManagedTensor* locations = NULL;
  DLManagedTensor* probabilities = NULL;
  CHECK_OK(wquant_quantization_locations(quantization, false, &locations));
  CHECK_OK(wquant_quantization_probabilities(quantization, false, &probabilities));
  const DLTensor* x = &locations->dl_tensor;
  const DLTensor* p = &probabilities->dl_tensor;
  CHECK(x->ndim == 2 && p->ndim == 1);
  CHECK(x->shape[0] == p->shape[0] && x->shape[1] == 2 && x->shape[0] <= support);
  CHECK(x->strides[0] == 2 && x->strides[1] == 1 && p->strides[0] == 1);
  CHECK(x->device.device_type == kDLCPU && x->dtype.code == kDLFloat && x->dtype.bits == 64);
  double sum = 0, first = 0, second = 0;
  for (int64_t a = 0; a < p->shape[0]; ++a) {
    sum += values_of(probabilities)[a];
    first += values_of(probabilities)[a] * values_of(locations)[2 * a];
    second += values_of(probabilities)[a] * values_of(locations)[2 * a + 1];
  }
  CHECK(fabs(sum - 1) < 1e-12 && fabs(first - 5) < 1e-11 && fabs(second) < 1e-12);
  locations->deleter(locations);
  probabilities->deleter(probabilities);
}

static double check_certificate(const wquant_quantization* quantization) {
  wquant_certificate c;
  CHECK_OK(wquant_quantization_certificate(quantization, &c, sizeof c));
  const double parts = sqrt(c.cells + c.dropped) + c.reduction + c.basis + c.rounding;
  CHECK(fabs(c.w2 - parts) <= 1e-12 * parts);
  CHECK(c.w2 > 0 && c.w2 < 3 && c.cells > 0);
  return c.w2;
}

static void check_statistics(const wquant_quantization* quantization, int64_t support) {
  wquant_quantize_statistics s;
  CHECK_OK(wquant_quantization_statistics(quantization, &s, sizeof s));
  CHECK(s.support > 0 && s.support <= support);
  CHECK(s.scheme_seconds >= 0 && s.apply_seconds >= 0);
  CHECK(s.left_out == 0 && s.trials >= 1);
  bool used = false;
  for (int64_t i = 0; i < s.trials; ++i) {
    wquant_scheme_trial trial;
    CHECK_OK(wquant_quantization_trial(quantization, i, &trial, sizeof trial));
    CHECK(trial.w2 > 0 && trial.support > 0);
    used = used || trial.family == s.family;
  }
  CHECK(used);
}

static void test_forms(const wquant_context* context) {
  double w2[3];
  for (int form = FULL; form <= EIGEN; ++form) {
    wquant_mixture* mixture = make_mixture(context, (enum form)form);
    check_mixture(mixture);
    wquant_quantize_options options;
    CHECK_OK(wquant_quantize_options_init(&options, sizeof options));
    CHECK(options.support == 100 && options.family == WQUANT_FAMILY_AUTOMATIC);
    options.support = 60;
    wquant_quantization* quantization = NULL;
    CHECK_OK(wquant_quantize(context, mixture, &options, &quantization));
    wquant_mixture_destroy(mixture);
    check_points(quantization, 60);
    check_statistics(quantization, 60);
    w2[form] = check_certificate(quantization);
    wquant_quantization_destroy(quantization);
  }
  CHECK(fabs(w2[1] - w2[0]) < 1e-9 && fabs(w2[2] - w2[0]) < 1e-9);
}

static void test_families(const wquant_context* context) {
  wquant_mixture* mixture = make_mixture(context, DIAGONAL);
  for (int family = WQUANT_FAMILY_GRID; family <= WQUANT_FAMILY_LLOYD; ++family) {
    wquant_quantize_options options;
    CHECK_OK(wquant_quantize_options_init(&options, sizeof options));
    options.support = 20;
    options.family = family;
    options.fine_support = 300;
    wquant_quantization* quantization = NULL;
    CHECK_OK(wquant_quantize(context, mixture, &options, &quantization));
    wquant_quantize_statistics s;
    CHECK_OK(wquant_quantization_statistics(quantization, &s, sizeof s));
    CHECK(s.family == family && s.support <= 20);
    wquant_quantization_destroy(quantization);
  }
  wquant_mixture_destroy(mixture);
}

/// With all the time there is, automatic tries every family; with none, the first alone.
static void test_seconds(const wquant_context* context) {
  wquant_mixture* mixture = make_mixture(context, DIAGONAL);
  wquant_quantize_options options;
  CHECK_OK(wquant_quantize_options_init(&options, sizeof options));
  options.support = 10;
  options.fine_support = 100;
  for (int hurried = 0; hurried < 2; ++hurried) {
    options.seconds = hurried ? 1e-9 : 1e6;
    wquant_quantization* quantization = NULL;
    CHECK_OK(wquant_quantize(context, mixture, &options, &quantization));
    wquant_quantize_statistics s;
    CHECK_OK(wquant_quantization_statistics(quantization, &s, sizeof s));
    int families = 0;
    for (int family = WQUANT_FAMILY_GRID; family <= WQUANT_FAMILY_LLOYD; ++family)
      families += (s.left_out >> family) & 1;
    CHECK(hurried ? s.trials == 1 && families > 0 && (s.left_out & 1) == 0 : s.left_out == 0);
    CHECK(hurried || s.trials > 3);
    wquant_quantization_destroy(quantization);
  }
  wquant_mixture_destroy(mixture);
}

static void test_tolerance(const wquant_context* context) {
  wquant_mixture* mixture = make_mixture(context, DIAGONAL);
  wquant_quantize_options options;
  CHECK_OK(wquant_quantize_options_init(&options, sizeof options));
  options.tolerance = 0.5;
  wquant_quantization* quantization = NULL;
  CHECK_OK(wquant_quantize(context, mixture, &options, &quantization));
  CHECK(check_certificate(quantization) <= 0.5);
  wquant_quantization_destroy(quantization);
  wquant_mixture_destroy(mixture);
}

struct calls {
  int made;
  int allowed;
  char stage[64];
};

static bool count_calls(const char* stage, double fraction, void* data) {
  struct calls* calls = (struct calls*)data;
  CHECK(fraction >= 0 && fraction <= 1);
  strncpy(calls->stage, stage, sizeof calls->stage - 1);
  return ++calls->made < calls->allowed;
}

static void test_progress(const wquant_context* context) {
  wquant_mixture* mixture = make_mixture(context, DIAGONAL);
  struct calls calls = {0, 1000000, ""};
  wquant_quantize_options options;
  CHECK_OK(wquant_quantize_options_init(&options, sizeof options));
  options.family = WQUANT_FAMILY_LLOYD;
  options.support = 20;
  options.progress = count_calls;
  options.progress_data = &calls;
  wquant_quantization* quantization = NULL;
  CHECK_OK(wquant_quantize(context, mixture, &options, &quantization));
  CHECK(calls.made > 1 && strlen(calls.stage) > 0);
  wquant_quantization_destroy(quantization);

  calls.made = 0;
  calls.allowed = 1;
  CHECK_REFUSED(wquant_quantize(context, mixture, &options, &quantization), WQUANT_CANCELLED,
                "cancelled during ");
  CHECK(quantization == NULL && calls.made == 1);

  calls.allowed = 1000000;  // the context is as good as before
  CHECK_OK(wquant_quantize(context, mixture, &options, &quantization));
  wquant_quantization_destroy(quantization);
  wquant_mixture_destroy(mixture);
}

static void test_gaussian(const wquant_context* context) {
  const DLTensor mean = doubles(means, 1, two);
  const DLTensor covariance = doubles(covariances, 2, two);
  wquant_mixture* mixture = NULL;
  CHECK_OK(wquant_mixture_create_gaussian(context, &mean, &covariance, NULL, &mixture));
  wquant_mixture_info info;
  CHECK_OK(wquant_mixture_get_info(mixture, &info, sizeof info));
  CHECK(info.components == 1 && info.dimension == 2 && info.clipped_variance == 0);
  wquant_quantization* quantization = NULL;
  CHECK_OK(wquant_quantize(context, mixture, NULL, &quantization));
  check_statistics(quantization, 100);
  CHECK(check_certificate(quantization) < 0.5);
  wquant_quantization_destroy(quantization);
  wquant_mixture_destroy(mixture);
}

void test_quantisation(const wquant_context* context) {
  test_forms(context);
  test_gaussian(context);
  test_families(context);
  test_seconds(context);
  test_tolerance(context);
  test_progress(context);
}
