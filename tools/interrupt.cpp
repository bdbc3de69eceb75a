#include "interrupt.hpp"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <atomic>
#include <initializer_list>
#include <string_view>

#include "io/atomic_file.hpp"

namespace wquant::tool {
namespace {

constexpr unsigned kSecondsToStop = 1;

std::atomic<bool> interrupt_requested{false};
static_assert(std::atomic<bool>::is_always_lock_free);

// Only async-signal-safe calls from here on.

extern "C" void stop_now(int signal) {
  io::remove_unfinished_files();
  constexpr std::string_view kMessage = "wquant: interrupted\n";
  [[maybe_unused]] const auto ignored = write(STDERR_FILENO, kMessage.data(), kMessage.size());
  _exit(128 + (signal == SIGALRM ? SIGINT : signal));
}

extern "C" void ask_to_stop(int signal) {
  if (interrupt_requested.exchange(true)) stop_now(signal);
  alarm(kSecondsToStop);
}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  sigaction(signal, nullptr, &action);
  if (action.sa_handler == SIG_IGN) return;  // as under nohup
  action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

}  // namespace

void install_signal_handlers() {
  handle(SIGINT, ask_to_stop);
  handle(SIGALRM, stop_now);
  handle(SIGTERM, stop_now);
  handle(SIGHUP, stop_now);
  handle(SIGXFSZ, SIG_IGN);  // then write() reports a file beyond the limit
  // OpenMP ends the program where it stands when the system refuses it a thread.
  atexit([] { io::remove_unfinished_files(); });
}

bool interrupted() { return interrupt_requested; }

}  // namespace wquant::tool
