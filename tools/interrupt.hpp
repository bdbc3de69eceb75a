#pragma once

namespace wquant::tool {

/// Makes SIGINT ask for an orderly end (`interrupted()`), which is enforced after one second or at
/// the second SIGINT. SIGTERM and SIGHUP end the program at once. However it ends, unfinished
/// output files are removed and the exit status is 128 + the signal's number.
void install_signal_handlers();

/// True after SIGINT.
bool interrupted();

}  // namespace wquant::tool
