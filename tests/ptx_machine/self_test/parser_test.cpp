#include "self_test/device.hpp"

namespace ptx::test {
namespace {

std::string error_of(const char* ptx) {
  Engine engine;
  try {
    engine.load(ptx);
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

TEST(Parser, ErrorsNameTheLine) {
  EXPECT_EQ(error_of(".version 9.0\n.entry k() {\n .reg .b32 %r1;\n wgmma.fence.sync.aligned;\n}"),
            "PTX line 4: unsupported instruction 'wgmma.fence.sync.aligned'");
  EXPECT_EQ(error_of(".entry k() {\n bra nowhere;\n}"), "PTX line 2: unknown label nowhere");
  EXPECT_EQ(error_of(".entry k() {\n add.s32 %r1, 1, 2;\n}").substr(0, 10), "PTX line 2");
  EXPECT_EQ(error_of(".texref t;\n"), "PTX line 1: unsupported directive '.texref'");
}

/// What the kernel of branch.ptx computes in thread t.
unsigned branch_reference(unsigned t) {
  const unsigned chosen = (t % 4 + 1) * 10;
  unsigned majority = (chosen & t) | (chosen & 255) | (t & 255);
  const bool elected = t == 0;
  if (elected) majority += 1000;
  if (t < 16 && !elected) majority += 100000;
  if (t >= 16 && !elected) majority += 200000;
  const unsigned twice = 2 * majority;
  const int extracted = static_cast<int>(twice << 25) >> 27;
  const unsigned inserted = (twice & ~0xf000000u) | (static_cast<unsigned>(extracted) & 15) << 24;
  return inserted + 2 + 1;
}

TEST(Parser, InstructionsThatNvccDidNotEmit) {
  for (const int order : {0, 1, 2}) {
    Engine engine(with_order(order));
    engine.load_file(PTX_TEST_KERNELS "/branch.ptx");
    Device device(std::move(engine));
    unsigned* const y = device.make<unsigned>(32);
    EXPECT_TRUE(clean(device.launch("branch", {1}, {32}, y)));
    for (unsigned t = 0; t < 32; ++t) EXPECT_EQ(y[t], branch_reference(t)) << t;
  }
}

}  // namespace
}  // namespace ptx::test
