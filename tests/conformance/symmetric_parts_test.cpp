#include <cmath>
#include <vector>

#include "conformance/backends.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::MatrixXd;
using test::RowMajor;

class SymmetricParts : public test::EveryBackend {
 protected:
  struct Parts {
    std::vector<double> symmetric, diagonals;
    std::vector<std::int64_t> off_diagonal, faults;
  };

  Parts split(const std::vector<double>& matrices, std::int64_t d, double tolerance = 1e-8) {
    const auto count = static_cast<std::int64_t>(matrices.size()) / (d * d);
    Parts out{std::vector<double>(matrices.size(), NAN),
              std::vector<double>(static_cast<std::size_t>(count * d), NAN),
              std::vector<std::int64_t>(static_cast<std::size_t>(count), -5),
              {-5, -5}};
    backend().symmetric_parts({matrices.data(), count, d, d}, tolerance,
                              {out.symmetric.data(), count, d, d}, {out.diagonals.data(), count, d},
                              {out.off_diagonal.data(), count}, {out.faults.data(), 2});
    return out;
  }

  static std::vector<double> covariances(std::int64_t count, std::int64_t d) {
    test::Random random(61);
    std::vector<double> out;
    for (std::int64_t i = 0; i < count; ++i) {
      const RowMajor a = random.covariance(d);
      out.insert(out.end(), a.data(), a.data() + a.size());
    }
    return out;
  }
};
INSTANTIATE_TEST_SUITE_P(Backends, SymmetricParts, test::all_backends(), test::backend_name);

TEST_P(SymmetricParts, OfMatricesThatAreNearlySymmetric) {
  for (const std::int64_t d : {1, 2, 3, 5, 8, 40}) {
    std::vector<double> given = covariances(11, d);
    for (std::size_t e = 0; e < given.size(); ++e)
      given[e] *= 1 + 1e-12 * static_cast<double>(e % 4);
    const Parts parts = split(given, d);
    EXPECT_EQ(parts.faults, (std::vector<std::int64_t>{-1, -1}));
    for (std::int64_t i = 0; i < 11; ++i) {
      const Eigen::Map<const RowMajor> a(given.data() + i * d * d, d, d);
      const Eigen::Map<const RowMajor> s(parts.symmetric.data() + i * d * d, d, d);
      EXPECT_EQ(RowMajor(s), RowMajor(a / 2 + a.transpose() / 2));
      EXPECT_EQ(parts.off_diagonal[i], d * (d - 1));
      for (std::int64_t k = 0; k < d; ++k) EXPECT_EQ(parts.diagonals[i * d + k], a(k, k));
    }
  }
}

TEST_P(SymmetricParts, CountsWhatIsBesideTheDiagonal) {
  std::vector<double> given(3 * 16, 0.0);
  given[16] = 2;
  given[2 * 16 + 1] = given[2 * 16 + 4] = 1e-9;
  EXPECT_EQ(split(given, 4).off_diagonal, (std::vector<std::int64_t>{0, 0, 2}));
}

TEST_P(SymmetricParts, NamesTheFirstFault) {
  std::vector<double> given = covariances(9, 4);
  given[7 * 16 + 2 * 4 + 1] += 1e-3;
  given[5 * 16 + 3 * 4 + 2] += 1e-3;
  EXPECT_EQ(split(given, 4).faults, (std::vector<std::int64_t>{-1, 5 * 16 + 3 * 4 + 2}));
  EXPECT_EQ(split(given, 4, 1).faults[1], -1);
  given[8 * 16] = INFINITY;
  given[6 * 16 + 5] = NAN;
  EXPECT_EQ(split(given, 4).faults[0], 6 * 16 + 5);
}

}  // namespace
}  // namespace wquant
