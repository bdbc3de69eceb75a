#include <unistd.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "io/box_file.hpp"
#include "io/csv_file.hpp"
#include "io/mixture_json.hpp"
#include "io/npy_file.hpp"
#include "promise.hpp"
#include "targets.hpp"

namespace wquant::fuzz {
namespace {

std::string text(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

/// Files of this process, gone with it.
class Scratch {
 public:
  Scratch()
      : folder_(std::filesystem::temp_directory_path() /
                ("wquant-fuzz-" + std::to_string(getpid()))) {
    std::filesystem::create_directory(folder_);
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  static std::string write(const std::string& name, const std::string& content) {
    static const Scratch scratch;
    const std::string path = scratch.folder_ / name;
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

 private:
  std::filesystem::path folder_;
};

void promise_samples(const io::Samples& samples, std::size_t bytes) {
  std::visit(
      [&](const auto& values) {
        promise(samples.count >= 1 && samples.dimension >= 1, "no samples");
        promise(static_cast<std::int64_t>(values.size()) == samples.count * samples.dimension,
                "not n × d numbers");
        promise(values.size() <= bytes, "more numbers than bytes");
        for (const auto value : values) promise(std::isfinite(value), "not finite");
      },
      samples.values);
}

}  // namespace

void mixture_file(Bytes bytes) {
  static const Context context = Context::cpu({.threads = 1});
  const std::string path = Scratch::write("m.json", text(bytes));
  done_or_refused(
      [&] {
        const GaussianMixture mixture = io::read_mixture(context, path);
        double sum = 0;
        for (const double weight : mixture.weights()) {
          promise(weight >= 0, "a negative weight");
          sum += weight;
        }
        promise(std::abs(sum - 1) < 1e-9, "weights do not sum to 1");
        for (const double x : mixture.mean()) promise(std::isfinite(x), "a mean is not finite");
      },
      path + ": ");
}

void csv_file(Bytes bytes) {
  done_or_refused([&] {
    std::istringstream input(text(bytes));
    promise_samples(io::read_csv(input), bytes.size());
  });
}

void npy_file(Bytes bytes) {
  done_or_refused([&] {
    std::istringstream input(text(bytes));
    promise_samples(io::read_npy(input), bytes.size());
  });
}

void box_file(Bytes bytes) {
  static constexpr std::array kExtensions = {"json", "csv", "npy"};
  if (bytes.empty()) return;
  const std::string extension = kExtensions[bytes[0] % kExtensions.size()];
  const std::string path = Scratch::write("box." + extension, text(bytes.subspan(1)));
  done_or_refused(
      [&] {
        const Box box = io::read_box(path);
        promise(box.dimension() >= 1, "no dimension");
        promise(std::isfinite(box.diameter()), "the diameter is not finite");
        promise(box.contains(box.lower()), "the box does not hold its corner");
      },
      path + ": ");
}

}  // namespace wquant::fuzz
