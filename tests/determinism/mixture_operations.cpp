#include <cmath>
#include <memory>

#include "determinism/bytes.hpp"
#include "determinism/operations.hpp"
#include "support/mixtures.hpp"
#include "support/sampled_mixture.hpp"

namespace wquant::test {
namespace {

/// Inputs of the operations, made once.
struct Inputs {
  PlainMixture turned = Random(1).mixture(60, 3, 3);
  PlainMixture commuting = Random(2).homogeneous_mixture(40, 4, 2);
  Sampled plane{2'000, 2, 4};
  std::vector<PlainMixture> batch;

  Inputs() {
    Random random(5);
    for (std::int64_t b = 0; b < 40; ++b) batch.push_back(random.mixture(1 + b % 4, 3, 2));
  }
};

/// So large that Eigen cuts its products; takes a while to make.
const PlainMixture& wide() {
  static const PlainMixture mixture = Random(3).mixture(1, 600, 0);
  return mixture;
}

using Shared = std::shared_ptr<const Inputs>;

std::string bytes_of(const Quantization& made) {
  Bytes out;
  out.add(made);
  out.add(static_cast<int>(made.statistics.family));
  return out.text();
}

void add_families(const Shared& in, std::vector<Operation>& all) {
  for (const SchemeFamily family :
       {SchemeFamily::automatic, SchemeFamily::grid, SchemeFamily::per_component,
        SchemeFamily::cross, SchemeFamily::per_mode, SchemeFamily::tree, SchemeFamily::lloyd}) {
    const std::string suffix = " by " + std::string(name(family));
    const auto options = [family](std::int64_t support, const ProgressCallback& progress) {
      return QuantizeOptions{
          .support = support, .family = family, .fine_support = 3'000, .progress = progress};
    };
    all.push_back({"quantize own axes" + suffix,
                   [=](const Context& context, const ProgressCallback& progress) {
                     return bytes_of(
                         quantize(context, in->turned.build(context), options(500, progress)));
                   }});
    all.push_back({"quantize common axes" + suffix,
                   [=](const Context& context, const ProgressCallback& progress) {
                     return bytes_of(
                         quantize(context, in->commuting.build(context), options(300, progress)));
                   }});
    all.push_back({"quantize many components" + suffix,
                   [=](const Context& context, const ProgressCallback& progress) {
                     return bytes_of(
                         quantize(context, in->plane.build(context), options(400, progress)));
                   }});
  }
  for (const SchemeFamily family : {SchemeFamily::automatic, SchemeFamily::tree})
    all.push_back({"quantize to a tolerance by " + std::string(name(family)),
                   [=](const Context& context, const ProgressCallback& progress) {
                     return bytes_of(
                         quantize(context, in->commuting.build(context),
                                  {.tolerance = 1.2, .family = family, .progress = progress}));
                   }});
  all.push_back(
      {"quantize after a reduction", [=](const Context& context, const ProgressCallback& progress) {
         return bytes_of(
             quantize(context, in->plane.build(context),
                      {.support = 200, .reduced_components = 50, .progress = progress}));
       }});
}

void add_batches(const Shared& in, std::vector<Operation>& all) {
  all.push_back({"quantize a batch", [=](const Context& context, const ProgressCallback& progress) {
                   std::vector<GaussianMixture> mixtures;
                   for (const PlainMixture& plain : in->batch)
                     mixtures.push_back(plain.build(context));
                   const QuantizeOptions options{.support = 50, .progress = progress};
                   const QuantizationBatch made = quantize(context, mixtures, options);
                   Bytes out;
                   out.add(made.distributions.locations);
                   out.add(made.distributions.probabilities);
                   out.add(made.distributions.begin);
                   for (const Certificate& certificate : made.certificates) out.add(certificate);
                   return out.text();
                 }});
  all.push_back({"apply, certify", [=](const Context& context, const ProgressCallback& progress) {
                   const GaussianMixture mixture = in->turned.build(context);
                   const Scheme scheme = make_scheme(context, mixture,
                                                     {.support = 40'000,
                                                      .family = SchemeFamily::per_component,
                                                      .progress = progress})
                                             .scheme;
                   Bytes out;
                   out.add(apply(context, scheme, mixture, progress));
                   out.add(certify(context, scheme, mixture));
                   return out.text();
                 }});
}

void add_after_quantize(const Shared& in, std::vector<Operation>& all) {
  const auto made = [in](const Context& context, std::int64_t support,
                         const ProgressCallback& progress) {
    return quantize(
        context, in->commuting.build(context),
        {.support = support, .family = SchemeFamily::per_component, .progress = progress});
  };
  all.push_back({"compress", [=](const Context& context, const ProgressCallback& progress) {
                   const Quantization fine = made(context, 5'000, progress);
                   Bytes out;
                   out.add(compress(context, fine, {.support = 60, .progress = progress}));
                   return out.text();
                 }});
  all.push_back({"push_forward", [=](const Context& context, const ProgressCallback& progress) {
                   const Quantization fine = made(context, 2'000, progress);
                   const double a[] = {1, 2, 3, 4, 0.5, -1, 2, 0.25};
                   const AffineMap affine{{a, 2, 4}, {}};
                   const GaussianMixture mixture = in->commuting.build(context);
                   const LipschitzMap map{[](MatrixView<const double> x, MatrixView<double> y) {
                                            for (std::int64_t i = 0; i < x.rows; ++i)
                                              y(i, 0) = std::sin(x(i, 0) + x(i, 3));
                                          },
                                          1, 1.5, 1e-15};
                   Bytes out;
                   out.add(push_forward(context, fine, map));
                   out.add(push_forward(context, fine, affine));
                   out.add(push_forward(context, fine, mixture, affine));
                   out.add(push_forward(context, fine.scheme, mixture, affine));
                   return out.text();
                 }});
  all.push_back({"product", [=](const Context& context, const ProgressCallback& progress) {
                   const Quantization one = made(context, 300, progress);
                   const Quantization other = made(context, 70, progress);
                   Bytes out;
                   out.add(product(context, one, other));
                   return out.text();
                 }});
}

void add_mixtures(const Shared& in, std::vector<Operation>& all) {
  all.push_back({"factorise many covariances", [=](const Context& context, const auto&) {
                   Bytes out;
                   out.add(in->turned.build(context));
                   return out.text();
                 }});
  all.push_back({"factorise a large covariance", [](const Context& context, const auto&) {
                   Bytes out;
                   out.add(wide().build(context));
                   return out.text();
                 }});
  for (const bool turned : {false, true})
    all.push_back({turned ? "reduce own axes" : "reduce many components",
                   [=](const Context& context, const ProgressCallback& progress) {
                     const GaussianMixture mixture =
                         turned ? in->turned.build(context) : in->plane.build(context);
                     const Reduction made = reduce(
                         context, mixture, {.components = turned ? 12 : 100, .progress = progress});
                     Bytes out;
                     out.add(made.mixture);
                     out.add(made.bound);
                     out.add(made.labels);
                     return out.text();
                   }});
  all.push_back({"find_modes", [=](const Context& context, const ProgressCallback& progress) {
                   const Modes modes =
                       find_modes(context, in->turned.build(context), {.progress = progress});
                   Bytes out;
                   out.add(modes.locations);
                   out.add(modes.log_densities);
                   out.add(modes.labels);
                   out.add(modes.iterations);
                   return out.text();
                 }});
  all.push_back({"sample a mixture, log_density, score, hessian",
                 [=](const Context& context, const ProgressCallback& progress) {
                   const GaussianMixture mixture = in->turned.build(context);
                   const auto [points, labels] =
                       sample_with_labels(context, mixture, 5'000, 3, {.progress = progress});
                   Bytes out;
                   out.add(points);
                   out.add(labels);
                   const DensityOptions options{.progress = progress};
                   out.add(log_density(context, mixture, points.view(), options));
                   out.add(score(context, mixture, points.view(), options));
                   out.add(hessian(context, mixture, points.view(), options));
                   return out.text();
                 }});
  all.push_back(
      {"sample a distribution", [=](const Context& context, const ProgressCallback& progress) {
         const Quantization made = quantize(context, in->turned.build(context),
                                            {.support = 1'000, .family = SchemeFamily::grid});
         const auto [points, labels] =
             sample_with_labels(context, made.distribution, 30'000, 4, progress);
         Bytes out;
         out.add(points);
         out.add(labels);
         return out.text();
       }});
}

}  // namespace

std::vector<Operation> mixture_operations() {
  const Shared inputs = std::make_shared<const Inputs>();
  std::vector<Operation> all;
  add_families(inputs, all);
  add_batches(inputs, all);
  add_after_quantize(inputs, all);
  add_mixtures(inputs, all);
  return all;
}

}  // namespace wquant::test
