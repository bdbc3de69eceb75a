#include <string.h>

#include "check.h"

static double one[] = {1, 0, 0, 1};
static int64_t single[] = {1, 1, 1};
static int64_t two_by_two[] = {1, 2, 2};

static wquant_mixture* standard_normal(const wquant_context* context) {
  const DLTensor vector = doubles(one, 1, single);
  const DLTensor matrix = doubles(one, 2, single);
  wquant_mixture* mixture = NULL;
  CHECK_OK(wquant_mixture_create_diagonal(context, &vector, &matrix, &matrix, NULL, &mixture));
  return mixture;
}

static void test_mixtures(const wquant_context* context) {
  const DLTensor vector = doubles(one, 1, single);
  const DLTensor mean = doubles(one, 2, two_by_two);
  double indefinite[] = {0.5, 1, 1, 0.5};
  const DLTensor sigma = doubles(indefinite, 3, two_by_two);
  wquant_mixture* mixture = (wquant_mixture*)&mixture;
  CHECK_REFUSED(wquant_mixture_create_full(context, &vector, &mean, &sigma, NULL, &mixture),
                WQUANT_NOT_POSITIVE_SEMIDEFINITE, "covariances[0]: not positive semi-definite");
  CHECK(mixture == NULL);
  CHECK_REFUSED(wquant_mixture_create_full(context, &vector, &mean, &mean, NULL, &mixture),
                WQUANT_INVALID_ARGUMENT,
                "covariances: a tensor of 2 dimensions; expected 3 dimensions");
  const DLTensor halves = floats((const float*)one, 1, single);
  CHECK_REFUSED(wquant_mixture_create_full(context, &halves, &mean, &sigma, NULL, &mixture),
                WQUANT_INVALID_ARGUMENT, "weights: float32 elements; expected float64");
  wquant_mixture_tolerances tolerances;
  CHECK_OK(wquant_mixture_tolerances_init(&tolerances, sizeof tolerances));
  CHECK(tolerances.weight_sum == 1e-9 && tolerances.negative == 1e-8);
  tolerances.negative = 1;
  CHECK_OK(wquant_mixture_create_full(context, &vector, &mean, &sigma, &tolerances, &mixture));
  wquant_mixture_info info;
  CHECK_OK(wquant_mixture_get_info(mixture, &info, sizeof info));
  CHECK(info.clipped_variance > 0.49 && info.clipped_variance < 0.51);
  wquant_mixture_destroy(mixture);
}

static void test_options(const wquant_context* context) {
  wquant_mixture* mixture = standard_normal(context);
  wquant_quantize_options options;
  memset(&options, 0, sizeof options);
  wquant_quantization* quantization = (wquant_quantization*)&mixture;
  CHECK_REFUSED(wquant_quantize(context, mixture, &options, &quantization), WQUANT_INVALID_ARGUMENT,
                "options.size: 0; expected the sizeof of the struct");
  CHECK(quantization == NULL);
  CHECK_OK(wquant_quantize_options_init(&options, sizeof options));
  options.family = 7;
  CHECK_REFUSED(wquant_quantize(context, mixture, &options, &quantization), WQUANT_INVALID_ARGUMENT,
                "options.family: 7; expected 0 to 6");
  options.family = WQUANT_FAMILY_GRID;
  options.support = 0;
  CHECK_REFUSED(wquant_quantize(context, mixture, &options, &quantization), WQUANT_INVALID_ARGUMENT,
                "support: 0 points; expected 1 to 1000000000");
  options.support = 10;
  CHECK_OK(wquant_quantize(context, mixture, &options, &quantization));
  wquant_scheme_trial trial;
  CHECK_REFUSED(wquant_quantization_trial(quantization, 1, &trial, sizeof trial),
                WQUANT_INVALID_ARGUMENT, "index: 1; expected at least 0 and less than 1");
  wquant_quantization_destroy(quantization);
  wquant_mixture_destroy(mixture);
}

static void test_memory(void) {
  wquant_cpu_options limited;
  CHECK_OK(wquant_cpu_options_init(&limited, sizeof limited));
  limited.workspace_limit = 1 << 16;
  wquant_context* context = NULL;
  CHECK_OK(wquant_context_create_cpu(&limited, &context));
  wquant_mixture* mixture = standard_normal(context);
  wquant_quantize_options options;
  CHECK_OK(wquant_quantize_options_init(&options, sizeof options));
  options.support = 1000000;
  wquant_quantization* quantization = NULL;
  CHECK_REFUSED(wquant_quantize(context, mixture, &options, &quantization), WQUANT_OUT_OF_MEMORY,
                "the workspace limit is 64.0 KiB");
  CHECK(quantization == NULL);
  wquant_mixture_destroy(mixture);
  wquant_context_destroy(context);
}

static void test_nothing(const wquant_context* context) {
  wquant_context_destroy(NULL);
  wquant_mixture_destroy(NULL);
  wquant_quantization_destroy(NULL);
  wquant_learned_destroy(NULL);
  wquant_clustering_destroy(NULL);
  CHECK_REFUSED(wquant_context_create_cpu(NULL, NULL), WQUANT_INVALID_ARGUMENT,
                "context: NULL; expected a valid pointer");
  wquant_quantization* quantization = (wquant_quantization*)&quantization;
  CHECK_REFUSED(wquant_quantize(context, NULL, NULL, &quantization), WQUANT_INVALID_ARGUMENT,
                "mixture: NULL; expected a valid pointer");
  CHECK(quantization == NULL);
}

static void test_samples(const wquant_context* context) {
  double inside[] = {0.5, 0.25, 0.75};
  double outside[] = {0.5, 0.25, 1.5};
  double bounds[] = {0, 1};
  int64_t shape[] = {3, 1};
  int64_t box_shape[] = {1};
  const DLTensor train = doubles(inside, 2, shape);
  const DLTensor evaluation = doubles(outside, 2, shape);
  const DLTensor lower = doubles(bounds, 1, box_shape);
  const DLTensor upper = doubles(bounds + 1, 1, box_shape);
  wquant_learned* learned = NULL;
  CHECK_REFUSED(wquant_learn(context, &train, &evaluation, &lower, &upper, NULL, &learned),
                WQUANT_INVALID_ARGUMENT, "evaluation[2][0]: 1.5");
  CHECK(learned == NULL);
  wquant_learn_options options;
  CHECK_OK(wquant_learn_options_init(&options, sizeof options));
  options.clusters = NULL;
  CHECK_REFUSED(wquant_learn(context, &train, &train, &lower, &upper, &options, &learned),
                WQUANT_INVALID_ARGUMENT, "options.clusters: NULL; expected a valid pointer");
}

void test_errors(const wquant_context* context) {
  test_mixtures(context);
  test_options(context);
  test_memory();
  test_nothing(context);
  test_samples(context);
}
