#!/usr/bin/env python3
"""Fails where the path of a source does not answer where it is tested.

A source src/FOLDER/STEM.cpp, or a header with code and no .cpp, is tested in
tests/unit/FOLDER/STEM_test.cpp or named in the first line of the test that exercises it:
"// Covers also: STEM, FOLDER/STEM." in a test that is named after a source, "// Covers: …." in one
that is not. A name without a folder is that of a neighbour: it stands for the test's own folder.
Usage: tested_sources.py [ROOT]
"""

import pathlib
import re
import sys

FOLDERS = ("base", "numerics", "cluster", "quantize", "learn")
# A function with a body: what else a header declares is tested with what defines it.
BODY = re.compile(r"\)\s*(?:(?:const|noexcept|override|final)\s*)*(?::[^;{}]*)?\{")


def has_code(source):
    """Whether there is anything to test."""
    return source.suffix == ".cpp" or BODY.search(re.sub(r"//.*", "", source.read_text())) is not None


def sources_of(root):
    """The sources that need a test, as FOLDER/STEM."""
    out = set()
    for folder in FOLDERS:
        for source in sorted((root / "src" / folder).rglob("*.[ch]pp")):
            if source.suffix == ".cpp" or not source.with_suffix(".cpp").exists():
                if has_code(source):
                    out.add(source.relative_to(root / "src").with_suffix("").as_posix())
    return out


def first_line(test):
    """The comment that a test begins with, as one line, and "" if it begins with something else."""
    lines = []
    for line in test.read_text().splitlines():
        if not line.startswith("//"):
            break
        lines.append(line[2:].strip())
    return " ".join(lines)


def main(root):
    sources = sources_of(root)
    tests = sorted((root / "tests").rglob("*_test.cpp"))
    if len(sources) < 100 or len(tests) < 100:
        sys.exit(f"{len(sources)} sources and {len(tests)} tests found; expected at least 100 and 100")
    unit = root / "tests/unit"
    covered = set()
    faults = []
    for test in tests:
        place = test.relative_to(root).as_posix()
        folder = test.parent.relative_to(unit).as_posix() if unit in test.parents else None
        own = f"{folder}/{test.stem.removesuffix('_test')}"
        is_named = folder is not None and any((root / "src" / f"{own}.{ext}").exists() for ext in ("cpp", "hpp"))
        if is_named:
            covered.add(own)
        match = re.match(r"Covers( also)?: ([^.]*)\.(?: |$)", first_line(test))
        if match is None:
            if folder is not None and not is_named:
                faults.append(f'{place}: neither named after a source nor begun with "// Covers: …."')
            continue
        if (match[1] is not None) != is_named:
            faults.append(f'{place}: begins with "Covers{match[1] or ""}", which is for '
                          + ("tests not named after a source" if is_named else "tests named after a source"))
        for name in match[2].split(", "):
            source = name if "/" in name or folder is None else f"{folder}/{name}"
            if source in sources:
                covered.add(source)
            elif not any((root / "src" / f"{source}.{ext}").exists() for ext in ("cpp", "hpp", "cu", "cuh")):
                faults.append(f"{place}: covers {name}, which is no source")
    faults += [f"src/{source}: no tests/unit/{source}_test.cpp, and no first line of a test names it"
               for source in sorted(sources - covered)]
    for fault in faults:
        print(fault)
    print(f"{len(sources)} sources, {len(tests)} tests, {len(faults)} faults")
    sys.exit(bool(faults))


main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "."))
