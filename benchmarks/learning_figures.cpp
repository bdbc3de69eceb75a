// The bounds of design/learning.md, section C, beside each other: β = 1e-6, 5000 training samples,
// box [−½, ½]^d, costs as in the paper. The figures in brackets are those of the Python prototype
// (other samples and seeds: a few per cent either way). `learning_figures DIR` reads DIR/letter.npy
// if there is a directory.

#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "support/samples.hpp"
#include "wquant/wquant.hpp"

namespace {

using namespace wquant;

struct Row {
  const char* data;
  std::vector<double> samples;
  std::int64_t d, clusters;
  int order;
  double vertex, dual, split, routed;  // the prototype's; 0: none
};

constexpr std::int64_t kTrain = 5000;

/// letter.npy is 20000 × 16 bytes behind its header.
std::vector<double> letter(const std::string& folder) {
  constexpr std::int64_t kRows = 20000;
  constexpr std::int64_t kColumns = 16;
  std::ifstream file(folder + "/letter.npy", std::ios::binary | std::ios::ate);
  if (!file) return {};
  file.seekg(-kRows * kColumns, std::ios::end);
  std::vector<char> bytes(kRows * kColumns);
  file.read(bytes.data(), kRows * kColumns);
  std::vector<std::int64_t> order(kRows);
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), std::mt19937_64(0));
  std::vector<double> out;
  for (const std::int64_t i : order)
    for (std::int64_t k = 0; k < kColumns; ++k)
      out.push_back(static_cast<unsigned char>(bytes[static_cast<std::size_t>(i * kColumns + k)]) /
                        15.0 -
                    0.5);
  return out;
}

void print(double value, double prototype) {
  if (prototype > 0)
    std::printf("  %7.4f (%6.4f)", value, prototype);
  else
    std::printf("  %7.4f         ", value);
}

void run(const Context& context, const Row& row) {
  const Box box = Box::cube(row.d, -0.5, 0.5);
  const auto all = test::rows(row.samples, row.d);
  const MatrixView<const double> train(all.data, kTrain, row.d);
  const MatrixView<const double> evaluation(all.row(kTrain), all.rows - kTrain, row.d);
  LearnOptions options;
  options.order = row.order;
  options.clusters = {row.clusters};
  options.costs = Costs::paper;
  const LearnedDistribution learned = learn(context, train, evaluation, box, options);
  const TransportOptions how = {.beta = options.beta, .costs = Costs::paper};
  const DualBound dual = dual_bound(context, learned.partition, learned.evaluation, how);
  const VertexBound vertex = vertex_bound(context, learned.partition, learned.evaluation, how);
  const double fournier = fournier_bound(box, evaluation.rows, row.order, options.beta);
  std::printf("%-22s K=%-4ld N=%-7ld rho=%d", row.data, static_cast<long>(row.clusters),
              static_cast<long>(evaluation.rows), row.order);
  print(vertex.bound, row.vertex);
  print(dual.bound, row.dual);
  print(learned.bound, row.routed > 0 ? row.routed : row.split);
  const auto& split = std::get<SplitBound>(learned.parts);
  std::printf("  %s  %7.4f  %.2f s\n", split.routed ? "routed" : "tree  ", fournier,
              learned.seconds.partition + learned.seconds.statistics + learned.seconds.bound);
}

}  // namespace

int main(int argc, char** argv) {
  const Context context = Context::cpu();
  const auto gaussian = [](std::int64_t n, std::int64_t d, double variance) {
    return test::truncated_gaussian<double>(kTrain + n, d, variance, 1);
  };
  const auto uniform = [](std::int64_t n) {
    return test::uniform_samples<double>(kTrain + n, 2, -0.3, 0.3, 1);
  };
  std::printf("%-45s  Prop. 3.2          dual               split                      Fournier\n",
              "");
  for (const Row& row :
       {Row{"Gaussian 0.01, d=2", gaussian(10000, 2, 0.01), 2, 20, 1, 0.217, 0.1796, 0.058, 0},
        Row{"Gaussian 0.01, d=2", gaussian(10000, 2, 0.01), 2, 20, 2, 0.300, 0.228, 0, 0.103},
        Row{"Gaussian 0.01, d=2", gaussian(100000, 2, 0.01), 2, 50, 2, 0.177, 0.1293, 0.095, 0.053},
        Row{"Gaussian 0.03, d=10", gaussian(10000, 10, 0.03), 10, 50, 1, 1.254, 1.0880, 0.441, 0},
        Row{"Gaussian 0.001, d=100", gaussian(10000, 100, 0.001), 100, 30, 2, 0.664, 0.6087, 0.459,
            0},
        Row{"Uniform 0.3, d=2", uniform(100000), 2, 100, 2, 0.261, 0.1755, 0.112, 0.054},
        Row{"Uniform 0.3, d=2", uniform(100000), 2, 500, 1, 0.253, 0.1632, 0.023, 0}})
    run(context, row);
  if (argc < 2) return 0;
  const std::vector<double> samples = letter(argv[1]);
  if (samples.empty()) {
    std::fprintf(stderr, "%s/letter.npy: cannot read\n", argv[1]);
    return 1;
  }
  run(context, {"Letter, d=16", samples, 16, 100, 1, 1.154, 0.922, 0.355, 0});
  run(context, {"Letter, d=16", samples, 16, 20, 2, 1.412, 1.187, 0.624, 0});
}
