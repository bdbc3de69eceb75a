#include "check.h"

#include <stdio.h>
#include <string.h>

static int failed = 0;
static int made = 0;

void check(bool holds, const char* text, const char* file, int line) {
  ++made;
  if (holds) return;
  ++failed;
  printf("%s:%d: does not hold: %s (last error: %s)\n", file, line, text, wquant_last_error());
}

void check_refusal(wquant_status status, wquant_status wanted, const char* message,
                   const char* text, const char* file, int line) {
  check(status == wanted && strstr(wquant_last_error(), message) != NULL &&
            strchr(wquant_last_error(), '\n') == NULL,
        text, file, line);
}

static DLTensor packed(const void* values, int dimensions, int64_t* shape, uint8_t bits) {
  DLTensor tensor = {(void*)values, {kDLCPU, 0}, dimensions, {kDLFloat, bits, 1}, shape, NULL, 0};
  return tensor;
}

DLTensor doubles(const double* values, int dimensions, int64_t* shape) {
  return packed(values, dimensions, shape, 64);
}

DLTensor floats(const float* values, int dimensions, int64_t* shape) {
  return packed(values, dimensions, shape, 32);
}

const double* values_of(const DLManagedTensor* tensor) {
  return (const double*)((const char*)tensor->dl_tensor.data + tensor->dl_tensor.byte_offset);
}

double uniform(uint64_t* state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return (double)(*state >> 11) / 9007199254740992.0;
}

int failed_checks(void) { return failed; }
int checks_made(void) { return made; }
