#!/usr/bin/env bash
# Every command of the README, in the order in which it stands there, in an empty folder with the tool on the PATH and the
# repository's data at hand: all lines of its sh blocks, and what it quotes in the text that begins with "wquant ".
#
#   run        wquant …, as it stands
#   run        scripts/demo, with the tool that is built in place of its own build, and with shorter searches
#   compared   scripts/test: it is what runs this; its steps have to be those of the build presets
#
# A line of any other kind fails.
# readme_commands.sh README TOOL WORK
set -euo pipefail
readme=$1 tool=$2 work=$3
source=$(cd "$(dirname "$readme")" && pwd)

rm -rf "$work"
mkdir -p "$work/bin" "$work/scripts"
ln -s "$tool" "$work/bin/wquant"
ln -s "$source/data" "$work/data"
cp "$source/scripts/demo" "$source/scripts/setup" "$work/scripts/"
cd "$work"
export PATH="$work/bin:$PATH"

lines=$(wc -l <"$readme")
[ "$lines" -le 100 ] || { echo "README.md has $lines lines; expected at most 100, two screens" >&2; exit 1; }

run() {
  local start=$SECONDS status=0
  "$@" </dev/null >stdout 2>stderr || status=$?
  if [ "$status" -ne 0 ]; then
    echo "README.md: \"$command\" exits with $status" >&2
    cat stderr >&2
    exit 1
  fi
  printf '%4d s  %s\n' $((SECONDS - start)) "$command"
}

commands() {
  awk '/^```/ { inside = ($0 == "```sh") && !inside; next } inside && NF' "$readme"
  grep -oE '`wquant [^`]+`' "$readme" | tr -d '`'
}

count=0
while IFS= read -r command; do
  case $command in
    "wquant "*)
      run bash -c "$command" ;;
    "scripts/demo"*)
      run scripts/demo "$tool" 0.2 ;;
    "scripts/test"*)
      for step in 'scripts/setup g++ cmake' 'cmake --preset release' 'cmake --build --preset release' \
        'ctest --preset release'; do
        grep -qF "$step" "$source/scripts/test" || { echo "scripts/test has no step \"$step\"" >&2; exit 1; }
      done
      bash -n "$source/scripts/test" && [ -x "$source/scripts/test" ] ;;
    *)
      echo "README.md: \"$command\": no rule tells how to check this command" >&2
      exit 1 ;;
  esac
  count=$((count + 1))
done < <(commands)
[ "$count" -ge 8 ] || { echo "README.md: $count commands found; expected at least 8" >&2; exit 1; }

# Files that a command is said to write are there.
for file in $(commands | grep -oE -- '--(output|plot) [^ ]+' | cut -d ' ' -f 2); do
  [ -s "$file" ] || { echo "README.md: no command wrote $file" >&2; exit 1; }
done
