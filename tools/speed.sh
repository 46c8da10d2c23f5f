#!/usr/bin/env bash
# Makes the figures of PERFORMANCE.md: an archive of at least 200 MB of damaged
# and undamaged pages, the speed a core beside that of the references, the most
# memory, start-up, and how the time grows.
#
# usage: tools/speed.sh CORPORA WORK [MB]
#   CORPORA  a folder of NAME.txt: a paragraph a line, a blank line between
#            documents
#   WORK     a folder for the archive
#   MB       how large the archive is to be [200]
set -euo pipefail
corpora=$(realpath "$1")
mkdir -p "$2"
work=$(realpath "$2")
half=$((${3:-200} * 1000000 / 2))
cd "$(dirname "$0")/.."
cargo build --release --quiet
cargo build --release --quiet --manifest-path tools/speed/Cargo.toml --target-dir target/speed
textmend=$PWD/target/release/textmend

# KIND OPTIONS…: pages from all corpora, seed after seed.
make_pages() {
    local kind=$1 seed=1
    shift
    mkdir -p "$work/$kind"
    while [ "$(find "$work/$kind" -type f | wc -l)" = 0 ] || [ "$(cat "$work/$kind"/* | wc -c)" -lt "$half" ]; do
        for corpus in "$corpora"/*.txt; do
            local name
            name=$(basename "$corpus" .txt)
            "$textmend" damage "$corpus" -o "$work/made" --pages 400 --seed "$seed" "$@"
            for page in "$work"/made/input/*; do
                mv "$page" "$work/$kind/$name-$seed-$(basename "$page")"
            done
            rm -r "$work/made"
        done
        seed=$((seed + 1))
    done
}
[ -e "$work/undamaged" ] || make_pages undamaged --clean
[ -e "$work/damaged" ] || make_pages damaged

echo "== speed a core"
target/speed/release/speed 5 "$work/undamaged" "$work/damaged"

# NAME COMMAND…: wall seconds, and the most memory in kB.
measure() {
    local name=$1
    shift
    /usr/bin/time -f "$name: %e s, %U s of them computing, %M kB" "$@" > /dev/null
}
echo "== memory and growth, one text"
for megabytes in 5 50; do
    cat "$work"/damaged/* | head -c "${megabytes}000000" > "$work/one-$megabytes.txt"
    measure "one file of $megabytes MB" "$textmend" clean --isolated "$work/one-$megabytes.txt"
done
echo "== start-up"
printf '今天天气很好。\n' > "$work/plain.txt"
printf '粮库库里存粮。\n' > "$work/word.txt"
for file in plain word; do
    for _ in 1 2 3; do measure "$file" "$textmend" clean --isolated "$work/$file.txt"; done
done
