#pragma once

#include <string>

namespace wquant::test {

/// The name of CUDA device 0; empty if there is none.
std::string cuda_device_name();

}  // namespace wquant::test
