#ifndef WQUANT_TESTS_CHECK_H
#define WQUANT_TESTS_CHECK_H

#include <wquant/wquant.h>

/// Counts a check; one that fails is printed, with the library's last error.
void check(bool holds, const char* text, const char* file, int line);

#define CHECK(condition) check((condition), #condition, __FILE__, __LINE__)
#define CHECK_OK(call) check((call) == WQUANT_OK, #call, __FILE__, __LINE__)

/// The status is that one and the last error says so.
void check_refusal(wquant_status status, wquant_status wanted, const char* message,
                   const char* text, const char* file, int line);

#define CHECK_REFUSED(call, wanted, message) \
  check_refusal((call), (wanted), (message), #call, __FILE__, __LINE__)

/// Packed float64 or float32 on the host.
DLTensor doubles(const double* values, int dimensions, int64_t* shape);
DLTensor floats(const float* values, int dimensions, int64_t* shape);

/// The elements of a tensor on the host.
const double* values_of(const DLManagedTensor* tensor);

/// Uniform in [0, 1), by a generator of Knuth's.
double uniform(uint64_t* state);

int failed_checks(void);
int checks_made(void);

void test_quantisation(const wquant_context* context);
void test_learning(const wquant_context* context);
void test_clustering(const wquant_context* context);
void test_errors(const wquant_context* context);

#endif
