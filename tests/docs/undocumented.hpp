// A header as none of ours may be: docs_doxygen_misses_nothing expects a complaint of every symbol
// but the documented.
#pragma once

#define WQUANT_SILENT_MACRO 1

namespace wquant {

struct SilentStruct {
  int spoken_member;  ///< documented.
};

/// Documented.
struct SpokenStruct {
  int silent_member;
};

/// Documented.
enum class Spoken {
  silent_enumerator,
  loud_enumerator,  ///< documented.
};

/// Documented.
void overloaded(int spoken);
void overloaded(double silent_overload);

}  // namespace wquant

extern "C" void silent_c_function(void);
