#!/usr/bin/env bash
# include_order.py finds includes against the order where some are planted: in a copy, in the folder
# that is the argument.
set -euo pipefail

copy=$1
rm -rf "$copy"
mkdir -p "$copy/include"
cp -r src "$copy"
cp -r include/wquant "$copy/include"

# expect FILE INCLUDE MESSAGE: with INCLUDE in FILE the script fails and says MESSAGE.
expect() {
  local before out
  before=$(cat "$copy/$1")
  printf '#include "%s"\n' "$2" >>"$copy/$1"
  if out=$(tests/lint/include_order.py "$copy"); then
    echo "$1: #include \"$2\" was not found" >&2
    exit 1
  fi
  grep -qF "$3" <<<"$out" || { printf 'expected "%s", not\n%s\n' "$3" "$out" >&2; exit 1; }
  printf '%s\n' "$before" >"$copy/$1"
}

tests/lint/include_order.py "$copy"
expect src/base/limits.hpp quantize/search/families.hpp 'base may not include quantize/search/families.hpp'
expect src/learn/regions/partition.cpp wquant/learn.hpp 'learn/regions may not include wquant/learn.hpp'
expect include/wquant/scheme.hpp wquant/certify.hpp 'quantize/scheme may not include wquant/certify.hpp'
# One half of a circle is there already: points include schemes.
expect src/quantize/scheme/grid.cpp quantize/points/optimal_points.hpp 'quantize/scheme may not include'
rm -rf "$copy"
