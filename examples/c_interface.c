/* The C interface: two Gaussians in the plane become at most 100 points. */
#include <stdio.h>
#include <wquant/wquant.h>

static bool report(const char* stage, double fraction, void* data) {
  (void)data;
  fprintf(stderr, "%s: %.0f %%\n", stage, 100 * fraction);
  return true; /* false would stop the call with WQUANT_CANCELLED */
}

/* Ends the program with the library's line if a call failed. */
#define TRY(call) \
  if ((call) != WQUANT_OK) return fprintf(stderr, "%s\n", wquant_last_error()), 1

int main(void) {
  /* DLPack describes memory that stays where it is: here the program's own, packed. */
  double weights[] = {0.7, 0.3};
  double means[] = {0, 0, 3, 1};
  double covariances[] = {1, 0.5, 0.5, 2, 1, 1, 1, 1};
  int64_t shape[] = {2, 2, 2};
  const DLDevice host = {kDLCPU, 0};
  const DLDataType float64 = {kDLFloat, 64, 1};
  const DLTensor w = {weights, host, 1, float64, shape, NULL, 0};
  const DLTensor m = {means, host, 2, float64, shape, NULL, 0};
  const DLTensor s = {covariances, host, 3, float64, shape, NULL, 0};

  wquant_context* context;
  wquant_mixture* mixture;
  TRY(wquant_context_create_best(NULL, &context));
  TRY(wquant_mixture_create_full(context, &w, &m, &s, NULL, &mixture));

  wquant_quantize_options options;
  TRY(wquant_quantize_options_init(&options, sizeof options));
  options.support = 100;
  options.progress = report;
  wquant_quantization* quantization;
  TRY(wquant_quantize(context, mixture, &options, &quantization));

  wquant_certificate certificate;
  DLManagedTensor* locations;
  DLManagedTensor* probabilities;
  TRY(wquant_quantization_certificate(quantization, &certificate, sizeof certificate));
  TRY(wquant_quantization_locations(quantization, true, &locations));
  TRY(wquant_quantization_probabilities(quantization, true, &probabilities));
  wquant_quantization_destroy(quantization); /* the tensors keep what they need */
  wquant_mixture_destroy(mixture);
  wquant_context_destroy(context);

  const double* x = locations->dl_tensor.data;
  const double* p = probabilities->dl_tensor.data;
  printf("%ld points within %.6f of the mixture in W2; the first is (%g, %g) with probability %g\n",
         (long)locations->dl_tensor.shape[0], certificate.w2, x[0], x[1], p[0]);
  locations->deleter(locations);
  probabilities->deleter(probabilities);
  return 0;
}
