#pragma once

#include <memory>

#include "backend/backend.hpp"

namespace wquant::test {

/// `device` behind views of host memory: every call copies its inputs and
/// outputs to the device (outputs too, so that what a kernel forgets stays
/// poisoned) and the outputs back.
std::shared_ptr<Backend> on_host_views(std::shared_ptr<Backend> device);

}  // namespace wquant::test
