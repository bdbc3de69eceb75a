#!/usr/bin/env bash
# Every file of C++, CUDA or C is laid out as clang-format, the argument, has it.
set -euo pipefail

find include src tools tests examples benchmarks -regextype posix-extended -regex '.*\.(hpp|cpp|cuh|cu|h|c)' -print0 |
  xargs -0 "$1" --dry-run -Werror
