#!/usr/bin/env bash
# Makes the tables of EVAL.md: pages from documents that no model was learned
# from, damaged at three rates of surviving gaps, cleaned and scored.
#
# usage: [FEATURES=cnn] tools/evaluate.sh CORPORA WORK [SEED]
#   CORPORA  a folder of NAME.txt: a paragraph a line, a blank line between
#            documents; boson_news.txt is held to be another outlet
#   WORK     a folder for pages and figures
#   FEATURES of the program besides those that it has anyway
set -euo pipefail
corpora=$(realpath "$1")
mkdir -p "$2"
work=$(realpath "$2")
seed=${3:-31}
cd "$(dirname "$0")/.."
cargo build --release --quiet --features "${FEATURES:-}"
textmend=target/release/textmend

for corpus in "$corpora"/*.txt; do
    name=$(basename "$corpus" .txt)
    # Nothing was learned from the last tenth; of the other outlet, the first
    # half was looked at to set thresholds.
    last=0.1
    [ "$name" = boson_news ] && last=0.5
    "$textmend" damage "$corpus" -o "$work/$name-clean" --last "$last" --clean --pages 200 --seed "$seed"
    "$textmend" eval --isolated --undamaged "$work/$name-clean/gold" > "$work/$name-clean.txt"
    echo "== $name, no damage"
    cat "$work/$name-clean.txt"
    for gaps in field few many; do
        pages="$work/$name-$gaps"
        "$textmend" damage "$corpus" -o "$pages" --last "$last" --gaps "$gaps" --pages 100 --seed "$seed"
        "$textmend" eval --isolated --gold "$pages/gold" --input "$pages/input" --format json -o "$pages.json"
        "$textmend" eval --isolated --gold "$pages/gold" --input "$pages/input" --errors 60 -o "$pages.txt"
        echo "== $name, gaps: $gaps"
        sed -n '1,/^undamaged/p' "$pages.txt"
    done
done
