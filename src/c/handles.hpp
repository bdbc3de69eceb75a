#pragma once

#include <memory>
#include <utility>
#include <variant>

#include "backend/backend.hpp"
#include "wquant/context.hpp"
#include "wquant/gaussian_mixture.hpp"
#include "wquant/kmeans.hpp"
#include "wquant/learn.hpp"
#include "wquant/quantize.hpp"
#include "wquant/wquant.h"

// What stands behind the handles. Results are shared with the tensors that they export.

struct wquant_context {
  wquant::Context context;
  DLDevice device;
  bool waits;  ///< calls end when the work is done: nobody else can wait for the context's stream.

  /// work(context), after which nothing reads the caller's memory any more, whether it succeeds or
  /// not, unless the caller knows the stream.
  template <class Work>
  auto run(const Work& work) const {
    try {
      auto result = work(context);
      if (waits) context.backend().wait();
      return result;
    } catch (...) {
      wait_quietly();
      throw;
    }
  }

 private:
  void wait_quietly() const noexcept {
    if (!waits) return;
    try {
      context.backend().wait();
    } catch (...) {  // what is in flight says more
    }
  }
};

struct wquant_mixture {
  wquant::GaussianMixture mixture;
};

struct wquant_quantization {
  std::shared_ptr<const wquant::Quantization> result;
  DLDevice device;
};

struct wquant_learned {
  std::shared_ptr<const wquant::LearnedDistribution> result;
};

struct wquant_clustering {
  using Result = std::variant<wquant::KmeansResult<double>, wquant::KmeansResult<float>>;
  std::shared_ptr<const Result> result;
  DLDevice device;
};
