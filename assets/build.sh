#!/bin/sh
# Build static/ from assets/: style sheets, script, fonts. What it writes is committed, so that running needs no Node.
# PYTHON names an interpreter that has fonttools, brotli and fontpkg-be-vietnam-pro.
set -eu
cd "$(dirname "$0")/.."
npm ci --no-audit --no-fund --ignore-scripts
mkdir -p static/images
cp node_modules/@ministryofjustice/frontend/moj/assets/images/icon-document.svg static/images/
for sheet in portal office; do
  ./node_modules/.bin/sass --load-path=. --style=compressed --no-source-map "assets/scss/$sheet.scss" "static/$sheet.css"
done
./node_modules/.bin/esbuild assets/js/portal.js --bundle --format=esm --minify --target=es2020 \
  --legal-comments=none --charset=utf8 --outfile=static/portal.js
"${PYTHON:-python3}" assets/fonts.py
