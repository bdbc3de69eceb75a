#pragma once

#include <cstddef>
#include <stdexcept>

#include "wquant/export.hpp"

namespace wquant {

/// The base of all exceptions that the library throws. The message is one line: the argument, the
/// place in it, the value found there and what was expected.
class WQUANT_API Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An argument is outside its documented domain (NaN, wrong shape, negative weight, …).
class WQUANT_API InvalidArgument : public Error {
 public:
  using Error::Error;
};

/// A covariance has a negative eigenvalue that rounding cannot explain; the message states it.
class WQUANT_API NotPositiveSemidefinite : public InvalidArgument {
 public:
  using InvalidArgument::InvalidArgument;
};

/// An allocation would exceed the context's workspace limit, or the system refused it.
class WQUANT_API OutOfMemory : public Error {
 public:
  using Error::Error;
};

/// The device or its runtime is missing or failed.
class WQUANT_API DeviceError : public Error {
 public:
  using Error::Error;
};

/// The call needs a part that this build does not contain.
class WQUANT_API NotCompiled : public Error {
 public:
  using Error::Error;
};

/// The progress callback asked to stop.
class WQUANT_API Cancelled : public Error {
 public:
  using Error::Error;
};

}  // namespace wquant
