#include <cstdio>
#include <fstream>
#include <string>

#include "determinism/operations.hpp"
#include "support/c_interface.hpp"
#include "support/mixtures.hpp"
#include "support/samples.hpp"

namespace wquant::test {
namespace {

/// One file per operation: the bytes of what the call returned.
void write(const std::string& folder, const std::string& name, const std::string& bytes) {
  std::ofstream(folder + "/" + name, std::ios::binary) << bytes;
}

template <class T>
std::string bytes_of(const Owned<DLManagedTensor>& tensor) {
  const std::vector<T> values = values_of<T>(*tensor);
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

std::string quantised_by_c(const wquant_context* context, SchemeFamily family) {
  const PlainMixture plain = Random(7).mixture(9, 3, 0);
  std::vector<double> means;
  std::vector<double> covariances;
  for (std::size_t i = 0; i < plain.weights.size(); ++i) {
    const RowMajor covariance = plain.covariances[i];
    means.insert(means.end(), plain.means[i].begin(), plain.means[i].end());
    covariances.insert(covariances.end(), covariance.data(), covariance.data() + covariance.size());
  }
  const Borrowed<double> w(plain.weights, {9}), m(means, {9, 3}), sigma(covariances, {9, 3, 3});
  const auto mixture = owned<wquant_mixture>([&](auto out) {
    return wquant_mixture_create_full(context, w.get(), m.get(), sigma.get(), nullptr, out);
  });
  wquant_quantize_options options = initialised(wquant_quantize_options_init);
  options.support = 40;
  options.family = static_cast<std::int32_t>(family);
  options.fine_support = 2'000;
  const auto made = owned<wquant_quantization>(
      [&](auto out) { return wquant_quantize(context, mixture.get(), &options, out); });
  wquant_certificate certificate;
  EXPECT_EQ(wquant_quantization_certificate(made.get(), &certificate, sizeof certificate),
            WQUANT_OK);
  return std::string(reinterpret_cast<const char*>(&certificate), sizeof certificate) +
         bytes_of<double>(owned<DLManagedTensor>(
             [&](auto out) { return wquant_quantization_locations(made.get(), true, out); })) +
         bytes_of<double>(owned<DLManagedTensor>(
             [&](auto out) { return wquant_quantization_probabilities(made.get(), true, out); }));
}

std::string learned_by_c(const wquant_context* context) {
  const auto train = truncated_gaussian<double>(3'000, 3, 0.04, 1);
  const auto evaluation = truncated_gaussian<double>(4'000, 3, 0.04, 2);
  const std::vector<double> low(3, -0.5), high(3, 0.5);
  const Borrowed<double> t(train, {3'000, 3}), e(evaluation, {4'000, 3}), lower(low, {3}),
      upper(high, {3});
  const auto learned = owned<wquant_learned>([&](auto out) {
    return wquant_learn(context, t.get(), e.get(), lower.get(), upper.get(), nullptr, out);
  });
  return bytes_of<double>(owned<DLManagedTensor>(
             [&](auto out) { return wquant_learned_locations(learned.get(), out); })) +
         bytes_of<double>(owned<DLManagedTensor>(
             [&](auto out) { return wquant_learned_probabilities(learned.get(), out); }));
}

int main_of(const std::string& folder) {
  const Context context = Context::cpu({.threads = 2});
  for (std::size_t at = 0; at < operations().size(); ++at)
    write(folder, test_name(at), operations()[at].run(context, {}));
  const auto c = c_cpu();
  for (const SchemeFamily family :
       {SchemeFamily::automatic, SchemeFamily::grid, SchemeFamily::per_component,
        SchemeFamily::cross, SchemeFamily::per_mode, SchemeFamily::tree, SchemeFamily::lloyd})
    write(folder, "c_quantize_" + std::string(name(family)), quantised_by_c(c.get(), family));
  write(folder, "c_learn", learned_by_c(c.get()));
  return testing::UnitTest::GetInstance()->Failed();
}

}  // namespace
}  // namespace wquant::test

/// digest_operations FOLDER: what scripts/digest takes the digests of.
int main(int count, char** arguments) {
  testing::InitGoogleTest(&count, arguments);
  if (count == 2) return wquant::test::main_of(arguments[1]);
  std::fputs("usage: digest_operations FOLDER\n", stderr);
  return 2;
}
