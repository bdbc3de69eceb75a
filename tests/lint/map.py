#!/usr/bin/env python3
"""Fails where the map of docs/contributing.md and the folders of src/ do not name the same sources.

Usage: map.py [ROOT]
"""

import pathlib
import re
import sys

IN_WORDS = {"cpu", "cuda", "c", "io"}  # whose rows say what the files are, not which
EVERYWHERE = {"names", "CMakeLists"}


def rows(page):
    table = page[page.index("## A map"):]
    for line in re.findall(r"^\| `.*$", table, re.M):
        folder, sources = line.strip("| ").split(" | ", 1)
        yield re.findall(r"`([\w/]+)`", folder), set(re.findall(r"`(\w+)(?:\.\w+)?`", sources))


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    wrong = []
    seen = 0
    for folders, named in rows((root / "docs/contributing.md").read_text()):
        if IN_WORDS & set(folders):
            continue
        for folder in folders:
            there = {path.stem for path in (root / "src" / folder).glob("*.*")} - EVERYWHERE
            seen += len(there)
            wrong += [f"src/{folder}/{name} is not in the map" for name in sorted(there - named)]
            wrong += [f"the map names {name}, which src/{folder} lacks" for name in sorted(named - there - EVERYWHERE)]
    if seen < 100:
        wrong.append(f"{seen} sources seen; expected at least 100")
    print("\n".join(wrong) or f"{seen} sources are in the map")
    return bool(wrong)


sys.exit(main())
