#pragma once

/// Marks the public symbols: everything else in the library has hidden visibility.
#define WQUANT_API __attribute__((visibility("default")))
