#!/usr/bin/env bash
# Makes the pictures of the README anew, in docs/. Needs Chromium and a font for
# Chinese.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo test --test browser pictures -- --ignored
