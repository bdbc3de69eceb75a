#!/usr/bin/env python3
"""Fails where a page names a file, symbol or option that the repository does not have.

Checked is all that pages set in backticks: paths that begin with a folder of the repository, names of source
files, identifiers and options such as --family. With a second argument, a page of which every name is absent,
fails unless all of them are found to be so.
Usage: names.py ROOT [PAGE_OF_ABSENT_NAMES]
"""

import pathlib
import re
import subprocess
import sys

FOLDERS = "benchmarks|cmake|data|docs|examples|include|packaging|scripts|src|tests|tools"
PATH = re.compile(rf"(?<![\w./-])(?:{FOLDERS})/[\w./*{{}},-]*")
FILE = re.compile(r"(?<![\w./-])[\w/]+\.(?:cpp|hpp|cuh|cu|h|py|cmake)\b")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
IDENTIFIER = re.compile(r"(?:(?<![\w…-])|(?<=-D))[A-Za-z]\w{2,}(?![\w…])")

# Names that belong to others.
ELSEWHERE = {"cuda_occupancy.h", "dlpack/dlpack.h", "ldconfig"}


def spans(page):
    """What stands in backticks, outside of blocks."""
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.M | re.S)
    return re.findall(r"`([^`\n]+)`", text)


def alternatives(path):
    """a/{b,c} as a/b and a/c."""
    match = re.match(r"(.*)\{([^}]*)\}(.*)", path)
    return [match[1] + one + match[3] for one in match[2].split(",")] if match else [path]


class Repository:
    def __init__(self, root):
        listed = subprocess.run(["git", "-C", root, "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True)
        if listed.returncode == 0:
            files = [root / name for name in listed.stdout.splitlines()]
        else:
            files = [*root.glob("*.*"), *(path for folder in FOLDERS.split("|") for path in (root / folder).rglob("*"))]
        self.root = root
        self.names = {path.name for path in files}
        self.paths = {path.relative_to(root).as_posix() for path in files}
        self.words = {path.stem for path in files}
        self.options = set()
        for path in files:
            if path.suffix in {".md", ".npy", ".svg"} or "data" in path.parts or not path.is_file():
                continue
            text = path.read_text(errors="ignore")
            self.words |= set(re.findall(r"\w+", text))
            self.options |= set(OPTION.findall(text))
            self.words |= {"lint_" + name for name in re.findall(r"wquant_lint_test\((\w+)", text)}

    def has_path(self, path):
        path = path.rstrip("./,")
        return any(True for one in alternatives(path) for _ in self.root.glob(one))

    def has_file(self, name):
        return any(("/" + path).endswith("/" + name) for path in self.paths)

    def has_word(self, word):
        """Whether it is a word of a source or the beginning of the name of one, as in "tree" for tree_test.cpp."""
        return word in self.words or any(name.startswith(word.rstrip("_") + "_") for name in self.names)

    def faults(self, page):
        """For each span, the names in it that are not there."""
        for span in spans(page):
            rest = span
            absent = []

            def check(pattern, there):
                nonlocal rest
                absent.extend(name for name in pattern.findall(rest) if not there(name))
                rest = pattern.sub(" ", rest)

            check(PATH, self.has_path)
            check(FILE, lambda name: self.has_file(name) or name in ELSEWHERE)
            check(OPTION, lambda name: name in self.options)
            check(IDENTIFIER, lambda name: self.has_word(name) or name in ELSEWHERE)
            yield span, absent


def main(root, absent_names=None):
    repository = Repository(root)
    if len(repository.words) < 5000:
        sys.exit(f"{len(repository.words)} words found in the sources; expected at least 5000")
    if absent_names:
        missed = [span for span, absent in repository.faults(absent_names) if not absent]
        sys.exit(f"taken for names that are there: {missed}" if missed else 0)
    pages = [*root.glob("*.md"), *root.glob("docs/*.md"), *root.glob("docs/design/*.md"), *root.glob("tests/**/README.md")]
    count = 0
    faults = []
    for page in pages:
        for span, absent in repository.faults(page):
            count += 1
            faults.extend(f"{page.relative_to(root)}: there is no {name}" for name in absent)
    for fault in faults:
        print(fault)
    print(f"{len(pages)} pages, {count} names in backticks, {len(faults)} of what is not there")
    sys.exit(bool(faults) or count < 500)


main(pathlib.Path(sys.argv[1]), *map(pathlib.Path, sys.argv[2:]))
