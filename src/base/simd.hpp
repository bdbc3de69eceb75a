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

/// For functions written once per vector width: their instruction sets, and the width in bytes
/// that this machine has.
#if defined(__x86_64__) && defined(__GNUC__)
#define WQUANT_TARGET_64 __attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma")))
#define WQUANT_TARGET_32 __attribute__((target("avx2,fma")))
#else
#define WQUANT_TARGET_64
#define WQUANT_TARGET_32
#endif
#define WQUANT_INLINE __attribute__((always_inline)) inline

namespace wquant {

inline int vector_bytes() {
#if defined(__x86_64__) && defined(__GNUC__)
  const bool fma = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (fma && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    return 64;
  if (fma) return 32;
#endif
  return 16;
}

}  // namespace wquant
