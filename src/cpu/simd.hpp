#pragma once

/// Compiles a function for several instruction sets and picks one when the program is loaded. With
/// contraction off the lanes do the same rounded operations in each, so the bits agree. The
/// sanitizers start too late for the choice at load time.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define WQUANT_SIMD_CLONES __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define WQUANT_SIMD_CLONES
#endif
