#include "conformance/cuda_device.hpp"

namespace wquant::test {

std::string cuda_device_name() { return ""; }

}  // namespace wquant::test
