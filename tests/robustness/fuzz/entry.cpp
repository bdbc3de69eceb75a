// libFuzzer's way into one target, WQUANT_FUZZ_TARGET.

#include <cstddef>
#include <cstdint>

#include "targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  wquant::fuzz::WQUANT_FUZZ_TARGET({data, size});
  return 0;
}
