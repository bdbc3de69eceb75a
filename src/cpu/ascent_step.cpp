#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "base/limits.hpp"
#include "base/parallel.hpp"
#include "base/simd.hpp"
#include "cpu/cpu_backend.hpp"
#include "numerics/ascent_terms.hpp"
#include "numerics/density_terms.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kBlock = kAscentBlock;
constexpr std::int64_t kLanes = 8;
constexpr std::int64_t kWork = 1 << 18;  // component coordinates per chunk, about
constexpr double kNever = -1e300;        // log-factor of what fills the last block
using Lanes __attribute__((vector_size(kLanes * sizeof(double)), aligned(8))) = double;
using LaneBits __attribute__((vector_size(kLanes * sizeof(double)), aligned(8))) = std::int64_t;

/// eˣ for x ≤ 0 to 3 ε, at least e⁻⁷⁰⁰: x = n log 2 + t with |t| ≤ log √2, and the series at t.
WQUANT_INLINE void exponentials(Lanes& x) {
  constexpr double kToInteger = 0x1.8p52;  // adding it rounds to an integer, in the last bits
  constexpr double kLog2High = 0x1.62e42fee00000p-1;
  constexpr double kLog2Low = 0x1.a39ef35793c76p-33;
  x = x < -700.0 ? Lanes{} - 700.0 : x;
  const Lanes shifted = x * 1.44269504088896340736 + kToInteger;
  const Lanes n = shifted - kToInteger;
  const Lanes t = x - n * kLog2High - n * kLog2Low;
  Lanes series = Lanes{} + 1;
  for (int j = 13; j >= 1; --j) series = 1 + series * (t * (1.0 / j));
  x = (Lanes)((LaneBits)series + ((LaneBits)shifted << 52));
}

/// The components block by block, coordinate by coordinate: a number of each of the kBlock
/// components stands beside its neighbours'.
struct BlockTables {
  explicit BlockTables(const AscentMixture& mixture)
      : d(mixture.components.means.cols),
        separate(mixture.components.eigenvectors.count > 1),
        blocks(mixture.lower.rows) {
    const auto numbers = static_cast<std::size_t>(blocks * kBlock);
    log_factors.assign(numbers, kNever);
    means.resize(numbers * static_cast<std::size_t>(d));
    roots.resize(separate ? numbers * static_cast<std::size_t>(d * d) : means.size());
    precisions.resize(separate ? numbers * static_cast<std::size_t>(d * (d + 1) / 2) : 0);
    for (std::int64_t i = 0; i < mixture.log_factors.size; ++i) add(mixture, i);
  }

  const std::int64_t d;
  const bool separate;
  const std::int64_t blocks;
  std::vector<double> log_factors;
  std::vector<double> means;       // in the shared eigenbasis, if there is one
  std::vector<double> roots;       // 1 / s_k; separate bases: row k of diag(1 / s) Vᵀ
  std::vector<double> precisions;  // separate bases: lower triangle of Σ⁺

 private:
  void add(const AscentMixture& mixture, std::int64_t i) {
    const GaussianComponents& from = mixture.components;
    const std::int64_t b = i / kBlock;
    const std::int64_t lane = i % kBlock;
    log_factors[i] = mixture.log_factors[i];
    double* const mean = &means[b * d * kBlock + lane];
    const double* const s = from.deviations.row(i);
    if (!separate) {
      double* const root = &roots[b * d * kBlock + lane];
      std::vector<double> turned(d);
      into_basis(from, from.means.row(i), turned.data());
      for (std::int64_t k = 0; k < d; ++k) {
        mean[k * kBlock] = turned[k];
        root[k * kBlock] = precision_root(s[k]);
      }
      return;
    }
    double* const root = &roots[b * d * d * kBlock + lane];
    double* const precision = &precisions[b * d * (d + 1) / 2 * kBlock + lane];
    const MatrixView<const double> v = from.eigenvectors[i];
    for (std::int64_t k = 0; k < d; ++k) {
      mean[k * kBlock] = from.means(i, k);
      for (std::int64_t a = 0; a < d; ++a)
        root[(k * d + a) * kBlock] = v(a, k) * precision_root(s[k]);
    }
    for (std::int64_t a = 0; a < d; ++a)
      for (std::int64_t c = 0; c <= a; ++c) {
        double sum = 0;
        for (std::int64_t k = 0; k < d; ++k)
          sum += root[(k * d + a) * kBlock] * root[(k * d + c) * kBlock];
        precision[(a * (a + 1) / 2 + c) * kBlock] = sum;
      }
  }

 public:
  /// out = Vᵀx in the shared eigenbasis; x itself if there is none.
  static void into_basis(const GaussianComponents& from, const double* x, double* out) {
    const std::int64_t d = from.means.cols;
    if (from.eigenvectors.count != 1) {
      std::copy_n(x, d, out);
      return;
    }
    std::fill_n(out, d, 0.0);
    for (std::int64_t a = 0; a < d; ++a)
      for (std::int64_t k = 0; k < d; ++k) out[k] += from.eigenvectors[0](a, k) * x[a];
  }
};

const Lanes& lanes(const double* at) { return *reinterpret_cast<const Lanes*>(at); }
Lanes& lanes(double* at) { return *reinterpret_cast<Lanes*>(at); }

/// log_terms = l_i(y) and steeps = Σ_i⁺(y − μ_i), coordinate by coordinate, for block b; returns
/// the largest l_i. Scratch: d rows.
WQUANT_SIMD_CLONES
double look(const BlockTables& tables, std::int64_t b, const double* y, double* scratch,
            double* log_terms, double* steeps) {
  const std::int64_t d = tables.d;
  const double* const mean = &tables.means[b * d * kBlock];
  const double* const root = &tables.roots[b * (tables.separate ? d : 1) * d * kBlock];
  const double* const factor = &tables.log_factors[b * kBlock];
  for (std::int64_t at = 0; at < kBlock; at += kLanes) {
    Lanes square{};
    if (!tables.separate) {
      for (std::int64_t k = 0; k < d; ++k) {
        const Lanes& r = lanes(root + k * kBlock + at);
        const Lanes t = (y[k] - lanes(mean + k * kBlock + at)) * r;
        square += t * t;
        lanes(steeps + k * kBlock + at) = t * r;
      }
    } else {
      for (std::int64_t a = 0; a < d; ++a) {
        lanes(scratch + a * kLanes) = y[a] - lanes(mean + a * kBlock + at);
        lanes(steeps + a * kBlock + at) = Lanes{};
      }
      for (std::int64_t k = 0; k < d; ++k) {
        const double* const row = root + k * d * kBlock + at;
        Lanes t{};
        for (std::int64_t a = 0; a < d; ++a)
          t += lanes(row + a * kBlock) * lanes(scratch + a * kLanes);
        square += t * t;
        for (std::int64_t a = 0; a < d; ++a)
          lanes(steeps + a * kBlock + at) += lanes(row + a * kBlock) * t;
      }
    }
    lanes(log_terms + at) = lanes(factor + at) - square * 0.5;
  }
  double largest = log_terms[0];
  for (std::int64_t i = 1; i < kBlock; ++i) largest = std::max(largest, log_terms[i]);
  return largest;
}

double total(const Lanes& x) {
  return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}

/// The sums Σ e_i, Σ e_i u_i, Σ e_i Σ_i⁺ and Σ e_i u_i u_iᵀ with e_i = exp(l_i − largest) and u_i =
/// Σ_i⁺(y − μ_i); of matrices the lower triangle, of Σ_i⁺ the diagonal where all share a basis.
struct Sums {
  double weight = 0;
  std::vector<double> steeps, precisions, squares;
};

/// Adds block b. log_terms become the e_i.
WQUANT_SIMD_CLONES
void accumulate(const BlockTables& tables, std::int64_t b, double largest, double* log_terms,
                const double* steeps, Sums& sums) {
  const std::int64_t d = tables.d;
  Lanes sum{};
  for (std::int64_t at = 0; at < kBlock; at += kLanes) {
    Lanes e = lanes(log_terms + at) - largest;
    exponentials(e);
    lanes(log_terms + at) = e;
    sum += e;
  }
  sums.weight += total(sum);
  for (std::int64_t a = 0; a < d; ++a) {
    Lanes scaled[kBlock / kLanes];
    sum = Lanes{};
    for (std::int64_t j = 0; j < kBlock / kLanes; ++j) {
      scaled[j] = lanes(log_terms + j * kLanes) * lanes(steeps + a * kBlock + j * kLanes);
      sum += scaled[j];
    }
    sums.steeps[a] += total(sum);
    for (std::int64_t c = 0; c <= a; ++c) {
      sum = Lanes{};
      for (std::int64_t j = 0; j < kBlock / kLanes; ++j)
        sum += scaled[j] * lanes(steeps + c * kBlock + j * kLanes);
      sums.squares[a * (a + 1) / 2 + c] += total(sum);
    }
  }
  const auto entries = static_cast<std::int64_t>(sums.precisions.size());
  const double* const table =
      (tables.separate ? tables.precisions : tables.roots).data() + b * entries * kBlock;
  for (std::int64_t entry = 0; entry < entries; ++entry) {
    sum = Lanes{};
    for (std::int64_t at = 0; at < kBlock; at += kLanes) {
      const Lanes& p = lanes(table + entry * kBlock + at);
      sum += lanes(log_terms + at) * (tables.separate ? p : p * p);
    }
    sums.precisions[entry] += total(sum);
  }
}

/// One point after another before all blocks.
class Ascent {
 public:
  Ascent(const AscentMixture& mixture, const BlockTables& tables, double cutoff)
      : mixture_(mixture),
        tables_(tables),
        cutoff_(cutoff),
        d_(tables.d),
        at_(d_),
        bounds_(tables.blocks),
        scratch_(d_ * kLanes),
        log_terms_(kBlock),
        steeps_(d_ * kBlock),
        matrix_(d_ * d_),
        vector_(d_) {
    sums_.steeps.resize(d_);
    sums_.precisions.resize(tables.separate ? d_ * (d_ + 1) / 2 : d_);
    sums_.squares.resize(d_ * (d_ + 1) / 2);
  }

  /// log p and the moves from x; whether log p is concave there.
  double operator()(const double* x, double* shift, double* newton, std::int64_t& concave) {
    BlockTables::into_basis(mixture_.components, x, at_.data());
    collect(x);
    for (double& s : sums_.steeps) s /= -sums_.weight;
    std::fill_n(shift, d_, 0.0);
    solve([](std::int64_t, std::int64_t) { return 0.0; }, 0, shift);
    concave = solve(
        [this](std::int64_t a, std::int64_t c) {
          return sums_.squares[a * (a + 1) / 2 + c] / sums_.weight -
                 sums_.steeps[a] * sums_.steeps[c];
        },
        kLeastPivot, newton);
    if (!concave) std::copy_n(shift, d_, newton);
    return largest_ + std::log(sums_.weight);
  }

 private:
  void collect(const double* x) {
    std::int64_t first = 0;
    for (std::int64_t b = 0; b < tables_.blocks; ++b) {
      bounds_[b] = block_bound(mixture_, b, x);
      if (bounds_[b] > bounds_[first]) first = b;
    }
    largest_ = -kInfinity;
    sums_.weight = 0;
    std::fill(sums_.steeps.begin(), sums_.steeps.end(), 0.0);
    std::fill(sums_.precisions.begin(), sums_.precisions.end(), 0.0);
    std::fill(sums_.squares.begin(), sums_.squares.end(), 0.0);
    add(first);
    for (std::int64_t b = 0; b < tables_.blocks; ++b)
      if (b != first && bounds_[b] >= largest_ - cutoff_) add(b);
  }

  void add(std::int64_t b) {
    const double largest =
        look(tables_, b, at_.data(), scratch_.data(), log_terms_.data(), steeps_.data());
    if (largest < largest_ - cutoff_) return;
    if (largest > largest_) {
      const double factor = std::exp(largest_ - largest);
      largest_ = largest;
      sums_.weight *= factor;
      for (double& s : sums_.steeps) s *= factor;
      for (double& s : sums_.precisions) s *= factor;
      for (double& s : sums_.squares) s *= factor;
    }
    accumulate(tables_, b, largest_, log_terms_.data(), steeps_.data(), sums_);
  }

  /// out = (A − excess)⁻¹ g in the coordinates of the points; false if that matrix is not positive
  /// definite.
  template <class Excess>
  bool solve(const Excess& excess, double least, double* out) {
    for (std::int64_t a = 0; a < d_; ++a)
      for (std::int64_t c = 0; c <= a; ++c) matrix_[a * d_ + c] = precision(a, c) - excess(a, c);
    vector_ = sums_.steeps;
    if (!cholesky_solve(d_, matrix_, vector_, least)) return false;
    const TensorView<const double>& v = mixture_.components.eigenvectors;
    for (std::int64_t a = 0; a < d_; ++a) {
      out[a] = v.count == 1 ? 0 : vector_[a];
      if (v.count == 1)
        for (std::int64_t k = 0; k < d_; ++k) out[a] += v[0](a, k) * vector_[k];
    }
    return true;
  }

  /// A.
  double precision(std::int64_t a, std::int64_t c) const {
    if (tables_.separate) return sums_.precisions[a * (a + 1) / 2 + c] / sums_.weight;
    return a == c ? sums_.precisions[a] / sums_.weight : 0;
  }

  const AscentMixture& mixture_;
  const BlockTables& tables_;
  double cutoff_;
  std::int64_t d_;
  std::vector<double> at_, bounds_, scratch_, log_terms_, steeps_, matrix_, vector_;
  Sums sums_;
  double largest_ = 0;
};

}  // namespace

void CpuBackend::ascent_step(MatrixView<const double> points, const AscentMixture& mixture,
                             double cutoff, const AscentStep& out) {
  const BlockTables tables(mixture);
  const std::int64_t per_point = mixture.log_factors.size * points.cols;
  const std::int64_t chunk = std::max<std::int64_t>(1, kWork / per_point);
  parallel_chunks(threads_, points.rows, chunk, [&](std::int64_t begin, std::int64_t end) {
    Ascent ascent(mixture, tables, cutoff);
    for (std::int64_t s = begin; s < end; ++s)
      out.log_densities[s] =
          ascent(points.row(s), out.shifts.row(s), out.newtons.row(s), out.concave[s]);
  });
}

}  // namespace wquant
