#include <cmath>
#include <utility>
#include <vector>

#include "conformance/backends.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::MatrixXd;
using test::RowMajor;
using test::VectorXd;

class Eigh : public test::EveryBackend {
 protected:
  /// Runs the kernel and checks everything its contract says; returns the eigenvalues (rows).
  MatrixXd check(const std::vector<MatrixXd>& matrices) {
    const auto count = static_cast<std::int64_t>(matrices.size());
    const std::int64_t d = matrices[0].rows();
    std::vector<double> input;
    for (const MatrixXd& matrix : matrices) {
      const RowMajor rows = matrix;
      input.insert(input.end(), rows.data(), rows.data() + rows.size());
    }
    RowMajor values = RowMajor::Constant(count, d, NAN);
    std::vector<double> vectors(input.size());
    std::vector<double> residual(count);
    std::vector<double> orthogonality(count);
    for (auto* output : {&vectors, &residual, &orthogonality}) test::poison(*output);
    backend().eigh({input.data(), count, d, d}, {values.data(), count, d},
                   {vectors.data(), count, d, d}, {residual.data(), count},
                   {orthogonality.data(), count});
    for (std::int64_t i = 0; i < count; ++i)
      check_one(matrices[i], values.row(i),
                RowMajor(Eigen::Map<const RowMajor>(&vectors[i * d * d], d, d)), residual[i],
                orthogonality[i]);
    return values;
  }

 private:
  using LongMatrix = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;

  static void check_one(const MatrixXd& a, const VectorXd& values, const MatrixXd& v,
                        double residual, double orthogonality) {
    const auto d = static_cast<double>(a.rows());
    for (Eigen::Index k = 1; k < values.size(); ++k) EXPECT_GE(values[k - 1], values[k]);
    const LongMatrix wide = v.cast<long double>();
    const LongMatrix product = wide * values.cast<long double>().asDiagonal() * wide.transpose();
    const auto true_residual = static_cast<double>((product - a.cast<long double>()).norm());
    const auto true_orthogonality = static_cast<double>(
        (wide.transpose() * wide - LongMatrix::Identity(a.rows(), a.rows())).norm());
    EXPECT_GE(residual, true_residual);
    EXPECT_GE(orthogonality, true_orthogonality);
    EXPECT_LE(residual, 1e-14 * d * d * a.cwiseAbs().maxCoeff());
    EXPECT_LE(orthogonality, 1e-14 * d * d);
    for (Eigen::Index k = 0; k < v.cols(); ++k) {
      Eigen::Index largest = 0;
      v.col(k).cwiseAbs().maxCoeff(&largest);
      EXPECT_GT(v(largest, k), 0);
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Backends, Eigh, test::all_backends(), test::backend_name);

TEST_P(Eigh, RandomMatricesOfManySizes) {
  test::Random random(51);
  for (const std::int64_t d : {1, 2, 3, 4, 5, 8, 16, 32, 33, 100}) {
    std::vector<MatrixXd> batch;
    for (int i = 0; i < 12; ++i) {
      const MatrixXd a = MatrixXd::NullaryExpr(d, d, [&] { return random.normal(); });
      batch.push_back((a + a.transpose()) / 2);
    }
    check(batch);
  }
}

TEST_P(Eigh, KnownEigenvalues) {
  const MatrixXd values = check({MatrixXd{{2.0, 1.0}, {1.0, 2.0}}, MatrixXd{{0.0, 3.0}, {3.0, 0.0}},
                                 MatrixXd{{5.0, 0.0}, {0.0, 7.0}}, MatrixXd::Zero(2, 2)});
  const MatrixXd wanted{{3.0, 1.0}, {3.0, -3.0}, {7.0, 5.0}, {0.0, 0.0}};
  EXPECT_LT((values - wanted).norm(), 1e-14);
  const MatrixXd three = check({MatrixXd{{2.0, -1.0, 0.0}, {-1.0, 2.0, -1.0}, {0.0, -1.0, 2.0}}});
  EXPECT_NEAR(three(0, 0), 2 + std::sqrt(2.0), 1e-14);
  EXPECT_NEAR(three(0, 1), 2, 1e-14);
  EXPECT_NEAR(three(0, 2), 2 - std::sqrt(2.0), 1e-14);
}

TEST_P(Eigh, TiedClusteredAndSingularMatrices) {
  test::Random random(52);
  for (const std::int64_t d : {2, 3, 6, 20, 32, 36}) {
    std::vector<MatrixXd> batch{MatrixXd::Identity(d, d), MatrixXd::Ones(d, d)};
    for (const double gap : {0.0, 1e-15, 1e-8}) {
      VectorXd values = VectorXd::Ones(d);
      values[0] += gap;
      values[d - 1] = 1e-12;
      const MatrixXd v = random.rotation(d);
      const MatrixXd a = v * values.asDiagonal() * v.transpose();
      batch.push_back((a + a.transpose()) / 2);
    }
    check(batch);
  }
}

TEST_P(Eigh, ScalesFromTinyToHuge) {
  test::Random random(53);
  for (const std::int64_t d : {2, 3, 10, 34})
    for (const double scale : {1e-280, 1e-150, 1e150, 1e280}) {
      const MatrixXd a = random.covariance(d);
      const MatrixXd scaled = check({MatrixXd(scale * a)});
      const MatrixXd plain = check({a});
      EXPECT_LT((scaled / scale - plain).norm(), 1e-13);
    }
}

TEST_P(Eigh, DiagonalMatricesAreSolvedExactly) {
  for (const std::int64_t d : {3, 8, 33}) {
    const VectorXd values = VectorXd::LinSpaced(d, 1, static_cast<double>(d));
    const MatrixXd found = check({MatrixXd(values.asDiagonal())});
    EXPECT_EQ(VectorXd(found.row(0)), VectorXd(values.reverse()));
  }
}

TEST_P(Eigh, MatricesOfAViewMayLieApart) {
  test::Random random(55);
  for (const std::int64_t d : {2, 7, 33}) {
    const std::int64_t count = 3;
    const std::int64_t stride = d + 2;
    const std::int64_t apart = d * stride + 5;
    std::vector<double> packed, wide(count * apart, -1), vectors(count * apart, -1);
    for (std::int64_t i = 0; i < count; ++i) {
      const MatrixXd a = random.covariance(d);
      for (std::int64_t r = 0; r < d; ++r)
        for (std::int64_t c = 0; c < d; ++c) {
          packed.push_back(a(r, c));
          wide[i * apart + r * stride + c] = a(r, c);
        }
    }
    std::vector<double> values(count * stride, -1), wanted_values(count * d),
        wanted_vectors(packed.size()), residual(count), orthogonality(count);
    backend().eigh({packed.data(), count, d, d}, {wanted_values.data(), count, d},
                   {wanted_vectors.data(), count, d, d}, {residual.data(), count},
                   {orthogonality.data(), count});
    backend().eigh({wide.data(), count, d, d, stride, apart}, {values.data(), count, d, stride},
                   {vectors.data(), count, d, d, stride, apart}, {residual.data(), count},
                   {orthogonality.data(), count});
    for (std::int64_t e = 0; e < count * stride; ++e)
      EXPECT_EQ(values[e], e % stride < d ? wanted_values[e / stride * d + e % stride] : -1);
    for (std::int64_t e = 0; e < count * apart; ++e) {
      const std::int64_t in = e % apart;
      const bool inside = in < d * stride && in % stride < d;
      EXPECT_EQ(vectors[e],
                inside ? wanted_vectors[(e / apart * d + in / stride) * d + in % stride] : -1);
    }
  }
}

TEST_P(Eigh, LargeBatchesOfSmallMatrices) {
  test::Random random(56);
  for (const auto& [d, count] : {std::pair{3, 300}, std::pair{4, 65}}) {
    std::vector<MatrixXd> batch;
    for (int i = 0; i < count; ++i) batch.push_back(random.covariance(d));
    check(batch);
  }
}

}  // namespace
}  // namespace wquant
