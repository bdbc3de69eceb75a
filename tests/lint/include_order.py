#!/usr/bin/env python3
"""Fails where a source of src/ or a public header includes one of a folder that it may not build on.

A public header belongs to the folder that holds its source; headers without one are listed below.
Usage: include_order.py [ROOT]
"""

import pathlib
import re
import sys

# Each folder, and the folders whose headers it may include besides its own. What a folder may use is
# also what it would have to be built after, so no folder may stand above one that it names.
MAY_INCLUDE = {
    "base": [],
    "backend": ["base"],
    "numerics": ["base", "backend"],
    "cpu": ["base", "backend", "numerics"],
    "cuda": ["base", "backend", "numerics"],
    "cluster": ["base", "backend", "numerics"],
    "quantize/mixture": ["base", "backend", "numerics", "cluster"],
    "quantize/scheme": ["base", "backend", "numerics", "quantize/mixture"],
    "quantize/crosses": ["base", "backend", "numerics"],
    "quantize/points": ["base", "backend", "numerics", "quantize/mixture", "quantize/scheme", "quantize/crosses"],
}


def extend(folder, lower, *own):
    MAY_INCLUDE[folder] = [lower, *MAY_INCLUDE[lower], *own]


extend("quantize/certificate", "quantize/points", "cluster")
extend("quantize/transform", "quantize/certificate")
extend("quantize/search", "quantize/transform")
MAY_INCLUDE["learn/regions"] = ["base", "backend", "numerics", "cluster"]
MAY_INCLUDE["learn/confidence"] = ["base", "numerics"]
extend("learn/split", "learn/regions", "learn/confidence")
extend("learn/transport", "learn/regions", "learn/confidence")
extend("learn", "learn/split", "learn/transport")
extend("c", "quantize/search", "learn", *MAY_INCLUDE["learn"])
MAY_INCLUDE["io"] = MAY_INCLUDE["c"]

# Public headers that are more than the declarations of one source.
OWNERS = {
    "array": "backend",
    "certificate": "quantize/certificate",
    "certified_distribution": "quantize/certificate",
    "certify": "quantize/certificate",
    "context": "backend",
    "double_double": "base",
    "error": "base",
    "export": "base",
    "progress": "base",
    "transport_bounds": "learn/transport",
    "version": "base",
    "view": "base",
    "wquant": "c",  # both of them: everything at once
}
BACKENDS = {"cpu", "cuda"}  # opened by backend/context.cpp alone, through their factories
FACTORIES = {"src/backend/context.cpp"}


def folder_of(path):
    return path.parent.as_posix()


def main(root):
    sources = [p for p in (root / "src").rglob("*") if p.suffix in {".cpp", ".hpp", ".cu", ".cuh"}]
    headers = sorted((root / "include/wquant").glob("*.h*"))
    if len(sources) < 300 or len(headers) < 35:
        sys.exit(f"{len(sources)} sources and {len(headers)} public headers found; expected at least 300 and 35")
    order = list(MAY_INCLUDE)
    faults = [
        f"{folder} may include {lower}, which stands above it"
        for folder, lower_ones in MAY_INCLUDE.items()
        for lower in lower_ones
        if order.index(lower) >= order.index(folder)
    ]

    owners = {}
    for source in sources:
        folder = folder_of(source.relative_to(root / "src"))
        if source.suffix == ".cpp" and folder not in {"cpu", "cuda", "c", "io"}:
            owners.setdefault(source.stem, folder)
    owners |= OWNERS

    def check(path, folder):
        if folder not in MAY_INCLUDE:
            faults.append(f"{path.relative_to(root)}: the folder {folder} has no place in the order")
            return
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = re.match(r'\s*#\s*include "([^"]+)"', line)
            if not match:
                continue
            included = pathlib.PurePosixPath(match[1])
            if included.parts[0] == "wquant":
                lower = owners.get(included.stem)
            elif (root / "src" / included).exists():
                lower = folder_of(included)
            else:
                lower = None
            if lower is None:
                faults.append(f"{path.relative_to(root)}:{number}: {included} is neither in src nor of a known folder")
            elif lower != folder and lower not in MAY_INCLUDE[folder]:
                if lower in BACKENDS and path.relative_to(root).as_posix() in FACTORIES:
                    continue
                faults.append(f"{path.relative_to(root)}:{number}: {folder} may not include {included}, of {lower}")

    for source in sources:
        check(source, folder_of(source.relative_to(root / "src")))
    for header in headers:
        if header.stem not in owners:
            faults.append(f"include/wquant/{header.name}: belongs to no folder of src")
        elif header.stem != "wquant":
            check(header, owners[header.stem])
    for fault in faults:
        print(fault)
    print(f"{len(sources) + len(headers)} files, {len(faults)} includes against the order")
    sys.exit(bool(faults))


main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "."))
