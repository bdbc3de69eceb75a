#pragma once

namespace wquant::tool {

/// Makes SIGINT ask for an orderly end: `interrupted()` becomes true, and the program is ended
/// after one more second or at the second SIGINT. SIGTERM and SIGHUP end the program at once.
/// However the program ends, unfinished output files are removed; the exit status is 128 + the
/// signal's number.
void install_signal_handlers();

/// Whether SIGINT has arrived.
bool interrupted();

}  // namespace wquant::tool
