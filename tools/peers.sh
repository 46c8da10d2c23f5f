#!/usr/bin/env bash
# Times `textmend clean` against the command lines of other programs on the same
# files, whole processes, one worker each, in turns. Prints the seconds of each
# run, and at the end the ratio to textmend: the middle one of the rounds, by the
# clock and by the time computing (which tells more on a busy machine).
#
# usage: tools/peers.sh FOLDER [ROUNDS]
#   FOLDER  pages in UTF-8, *.txt
#   ROUNDS  [3]
#
# The others are found in PATH, or as AUTOCORRECT, FTFY and ZHLINT say; one that
# is not there is left out. To have them:
#   npm install autocorrect-node zhlint; pip install ftfy
# TEXTMEND names the program, if it is not to be built.
# TMPDIR is where it works: a file system in memory keeps the disk out of it.
set -euo pipefail
folder=$(realpath "$1")
rounds=${2:-3}
cd "$(dirname "$0")/.."
if [ -z "${TEXTMEND:-}" ]; then
    cargo build --release --quiet
    TEXTMEND=$PWD/target/release/textmend
fi
: "${AUTOCORRECT:=autocorrect}" "${FTFY:=ftfy}" "${ZHLINT:=zhlint}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/pages"
find "$folder" -maxdepth 1 -name '*.txt' -exec cp {} "$work/pages" \;
bytes=$(cat "$work"/pages/*.txt | wc -c)
echo "$(find "$work/pages" -type f | wc -l) files, $((bytes / 1000)) kB; load $(cut -d' ' -f1 /proc/loadavg) on $(nproc) cores"

# The same for all: a copy of the pages, made before the clock runs.
prepare() {
    rm -rf "$work/copy" "$work/out"
    cp -r "$work/pages" "$work/copy"
    cat "$work"/pages/*.txt > "$work/all.txt"
}
run_textmend() { "$TEXTMEND" clean --isolated --quiet -j 1 copy -o out --edits edits.jsonl; }
run_autocorrect() { "$AUTOCORRECT" --fix --quiet --threads 1 copy; }
# It takes one file at a time: all pages in one spare it from starting anew.
run_ftfy() { "$FTFY" -o out all.txt; }
run_zhlint() { "$ZHLINT" 'copy/*.txt' --fix; }

tools=(textmend)
for name in autocorrect ftfy zhlint; do
    program=${name^^}
    if command -v "${!program}" > /dev/null; then tools+=("$name"); else echo "$name: not there"; fi
done
TIMEFORMAT='%R %U %S'
for round in $(seq "$rounds"); do
    for name in "${tools[@]}"; do
        prepare
        # A program that fails on a page has still done the others.
        took=$(cd "$work" && { time "run_$name" > told.txt 2>&1 || true; } 2>&1)
        read -r wall user system <<< "$took"
        echo "$name $wall $user $system" >> "$work/times"
        echo "round $round: $name $wall s, computing $user + $system s"
    done
done
awk -v bytes="$bytes" '
    { n[$1]++; wall[$1, n[$1]] = $2; cpu[$1, n[$1]] = $3 + $4 }
    function middle(of, name, by,    i, j, list, swap) {
        for (i = 1; i <= n[name]; i++) list[i] = of[name, i] / (by ? of["textmend", i] : 1)
        for (i = 1; i <= n[name]; i++) for (j = i + 1; j <= n[name]; j++)
            if (list[j] < list[i]) { swap = list[i]; list[i] = list[j]; list[j] = swap }
        return list[int((n[name] + 1) / 2)]
    }
    END {
        printf "textmend: %.2f MB/s\n", bytes / 1e6 / middle(wall, "textmend", 0)
        for (name in n) if (name != "textmend")
            printf "%s: %.2f MB/s; textmend is %.2f times as fast by the clock, %.2f by the time computing\n",
                name, bytes / 1e6 / middle(wall, name, 0), middle(wall, name, 1), middle(cpu, name, 1)
    }' "$work/times"
