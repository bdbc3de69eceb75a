#!/usr/bin/env bash
# No file of C++, CUDA or C has more than 600 lines, and no function more than 80. clang-tidy counts
# functions as well, but sees neither CUDA nor the tests. Reads the sources as clang-format lays
# them out: what a line "}" ends starts at the last line with its indentation that is not one of the
# middle, as "} else {" is; types and namespaces end otherwise, "};" and "}  // namespace".
set -euo pipefail

# docs/tour.md takes the one function of examples/tour.cpp to pieces.
find include src tools tests examples benchmarks -regextype posix-extended -regex '.*\.(hpp|cpp|cuh|cu|h|c)' \
  -not -path examples/tour.cpp -print0 | sort -z | xargs -0 awk '
    FNR == 1 { files += 1; split("", start) }
    FNR == 601 { print FILENAME ": more than 600 lines"; faults += 1 }
    { match($0, /^ */); indentation = RLENGTH; first = substr($0, RLENGTH + 1, 1) }
    /^ *}$/ && indentation in start {
      blocks += 1
      lines = FNR - start[indentation] + 1
      if (lines > 80) {
        print FILENAME ":" start[indentation] ": a function of " lines " lines"; faults += 1
      }
    }
    first !~ /^[}#\/:]?$/ {
      for (deeper in start) if (deeper + 0 > indentation) delete start[deeper]
      start[indentation] = FNR
    }
    END {
      if (files < 600 || blocks < 5000) {
        print files " files and " blocks " blocks found; expected at least 600 and 5000"; faults += 1
      }
      exit faults > 0
    }'
