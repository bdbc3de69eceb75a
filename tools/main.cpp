#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <new>
#include <string_view>

#include "interrupt.hpp"
#include "io/text.hpp"
#include "learn_command.hpp"
#include "quantize_command.hpp"
#include "wquant/error.hpp"
#include "wquant/version.hpp"

namespace {

enum ExitCode { kSuccess = 0, kFailure = 1, kBadInput = 2, kNoDevice = 3, kInterrupted = 130 };

int fail(ExitCode code, std::string_view message) {
  fmt::print(stderr, "wquant: {}\n", wquant::io::printable(message));
  return code;
}

int parse_and_run(int argc, char** argv) {
  CLI::App program("Few points for a distribution, with a certified Wasserstein distance to it",
                   "wquant");
  program.set_version_flag("--version", fmt::format("wquant {}.{}.{}", WQUANT_VERSION_MAJOR,
                                                    WQUANT_VERSION_MINOR, WQUANT_VERSION_PATCH));
  program.require_subcommand(1);
  wquant::tool::QuantizeArguments to_quantize;
  wquant::tool::LearnArguments to_learn;
  const CLI::App* quantize = add_quantize_command(program, to_quantize);
  add_learn_command(program, to_learn);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == kSuccess) return program.exit(error);
    return fail(kBadInput, error.what());
  }
  if (quantize->parsed()) {
    run_quantize(to_quantize);
  } else {
    run_learn(to_learn);
  }
  return kSuccess;
}

}  // namespace

int main(int argc, char** argv) {
  wquant::tool::install_signal_handlers();
  try {
    return parse_and_run(argc, argv);
  } catch (const wquant::Cancelled&) {
    return fail(kInterrupted, "interrupted");
  } catch (const wquant::NotCompiled& error) {
    return fail(kNoDevice, error.what());
  } catch (const wquant::DeviceError& error) {
    return fail(kNoDevice, error.what());
  } catch (const wquant::InvalidArgument& error) {
    return fail(kBadInput, error.what());
  } catch (const wquant::OutOfMemory& error) {
    return fail(kBadInput, error.what());
  } catch (const std::bad_alloc&) {
    return fail(kBadInput, "out of memory");
  } catch (const std::exception& error) {
    return fail(kFailure, error.what());
  }
}
