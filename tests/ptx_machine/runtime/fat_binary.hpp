#pragma once

#include <string>

namespace ptx_machine {

/// The PTX text that nvcc put into a program, from what __cudaRegisterFatBinary receives: of the
/// highest architecture up to 9.0. Empty if there is none, or only compressed.
std::string ptx_of(const void* wrapper);

}  // namespace ptx_machine
