#include <stdio.h>
#include <string.h>

#include "check.h"

static void test_contexts(void) {
  char version[32];
  snprintf(version, sizeof version, "%d.%d.%d", WQUANT_VERSION_MAJOR, WQUANT_VERSION_MINOR,
           WQUANT_VERSION_PATCH);
  CHECK(strcmp(wquant_version(), version) == 0);

  wquant_cpu_options options;
  CHECK_OK(wquant_cpu_options_init(&options, sizeof options));
  CHECK(options.size == sizeof options && options.threads == 0 && options.workspace_limit == 0);
  options.workspace_limit = 1 << 20;
  options.threads = 2;
  wquant_context* small = NULL;
  CHECK_OK(wquant_context_create_cpu(&options, &small));
  size_t limit = 0;
  CHECK_OK(wquant_context_workspace_limit(small, &limit));
  CHECK(limit == 1 << 20);
  DLDevice device = {kDLCUDA, 7};
  CHECK_OK(wquant_context_device(small, &device));
  CHECK(device.device_type == kDLCPU && device.device_id == 0);
  wquant_context_destroy(small);

  wquant_context* best = NULL;
  CHECK_OK(wquant_context_create_best(&options, &best));
  CHECK_OK(wquant_context_device(best, &device));
  CHECK(device.device_type == kDLCPU || device.device_type == kDLCUDA);
  wquant_context_destroy(best);

  wquant_cuda_options cuda;
  CHECK_OK(wquant_cuda_options_init(&cuda, sizeof cuda));
  CHECK(cuda.device == 0 && cuda.stream == NULL);
  wquant_context* gpu = NULL;
  const wquant_status status = wquant_context_create_cuda(&cuda, &gpu);
  CHECK((status == WQUANT_OK) == (gpu != NULL));
  CHECK(status == WQUANT_OK || status == WQUANT_NOT_COMPILED || status == WQUANT_DEVICE_ERROR);
  CHECK(status == WQUANT_OK || strncmp(wquant_last_error(), "cuda: ", 6) == 0);
  wquant_context_destroy(gpu);
}

int main(void) {
  CHECK(strcmp(wquant_last_error(), "") == 0);
  wquant_context* context = NULL;
  CHECK_OK(wquant_context_create_cpu(NULL, &context));
  test_contexts();
  test_quantisation(context);
  test_learning(context);
  test_clustering(context);
  test_errors(context);
  wquant_context_destroy(context);
  if (failed_checks() > 0) return 1;
  printf("%d checks, all hold\n", checks_made());
  return 0;
}
