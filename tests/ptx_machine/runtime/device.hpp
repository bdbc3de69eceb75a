#pragma once

#include <cstddef>

namespace ptx_machine {

constexpr std::size_t kDeviceMemory = 85'014'610'944;  // an H100's 80 GB, as cudaMemGetInfo tells
constexpr std::size_t kMostSharedMemory = 227 << 10;   // a block may ask for, with the attribute

}  // namespace ptx_machine
