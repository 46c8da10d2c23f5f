#!/usr/bin/env bash
# Makes the compressed files and archives beside it with the usual tools
# (gzip, zstd, xz, bzip2, GNU tar, zip, Python's zipfile and pyarrow). They are committed, so
# that the tests need none of these. The text is invented.
set -euo pipefail
cd "$(dirname "$0")"

head -n 3 page.txt >head.part
tail -n +4 page.txt >tail.part
gzip -9 <page.txt >page.txt.gz
zstd -q -f -19 page.txt -o page.txt.zst
xz -9 -k -f page.txt
bzip2 -k -f page.txt
# In two parts, as `cat` makes them; xz and gzip with padding at the end.
{ gzip -1 <head.part; gzip -9 <tail.part; head -c 512 /dev/zero; } >parts.txt.gz
{ zstd -q <head.part; zstd -q --no-check <tail.part; } >parts.txt.zst
{ xz <head.part; head -c 8 /dev/zero; xz --check=sha256 <tail.part; head -c 4 /dev/zero; } >parts.txt.xz
{ bzip2 -1 <head.part; bzip2 -9 <tail.part; } >parts.txt.bz2
rm head.part tail.part

# Archives: a folder, texts, one of them with a long name, a link, no text.
rm -rf pages && mkdir -p "pages/版面"
cp page.txt pages/a.txt
cp page.txt "pages/版面/$(printf '青禾县新渡口通车的消息%.0s' 1 2 3 4 5).txt"
printf '\x89PNG\r\n\x1a\n\x00\x00\x00\x0d' >pages/photo.png
ln -s a.txt pages/latest.txt
chmod 640 pages/a.txt
same() { tar --sort=name --mtime='2020-01-02 03:04:05Z' --owner=editor:1000 --group=press:1000 "$@"; }
same --format=gnu -cf gnu.tar pages
same --format=pax --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime -cf pax.tar pages
same --format=gnu -czf pages.tgz pages
(cd pages && same --format=ustar -cf ../ustar.tar a.txt latest.txt photo.png)
python3 - <<'PYTHON'
import zipfile

with zipfile.ZipFile("pages.zip", "w") as archive:
    archive.comment = "青禾县".encode()
    def add(name, data, method, mode=0o100644):
        info = zipfile.ZipInfo(name, (2020, 1, 2, 3, 4, 6))
        info.compress_type = method
        info.external_attr = mode << 16
        archive.writestr(info, data)
    page = open("page.txt", "rb").read()
    add("pages/", b"", zipfile.ZIP_STORED, 0o040755)
    add("pages/a.txt", page, zipfile.ZIP_DEFLATED, 0o100640)
    add("pages/版面/b.txt", page, zipfile.ZIP_BZIP2)
    add("pages/stored.txt", page, zipfile.ZIP_STORED)
    add("pages/lzma.txt", page, zipfile.ZIP_LZMA)
    add("pages/photo.png", b"\x89PNG\r\n\x1a\n\0\0\0\r", zipfile.ZIP_DEFLATED)
    add("pages/latest.txt", b"a.txt", zipfile.ZIP_STORED, 0o120777)
PYTHON
rm -f locked.zip
TZ=UTC touch -d 2020-01-02T03:04:06 pages/a.txt pages/photo.png
(cd pages && TZ=UTC zip -qX ../locked.zip photo.png && TZ=UTC zip -qX -P secret ../locked.zip a.txt)
rm -rf pages

python3 - <<'PYTHON'
import datetime
import pyarrow
import pyarrow.parquet

texts = open("page.txt").read().strip().split("\n\n")
rows = range(12)
table = pyarrow.table({
    "id": pyarrow.array(rows, pyarrow.int32()),
    "text": pyarrow.array([None if row % 5 == 3 else texts[row % len(texts)] for row in rows], pyarrow.large_string()),
    "section": pyarrow.array(["要闻" if row % 2 else "乡村" for row in rows]).dictionary_encode(),
    "printed": pyarrow.array(
        [datetime.datetime(2020, 1, 2, 3, 4, row) for row in rows], pyarrow.timestamp("us", tz="Asia/Shanghai")
    ),
    "meta": pyarrow.array([{"page": row, "tags": ["a", "b"][: row % 3]} for row in rows]),
}).replace_schema_metadata({"huggingface": '{"info": {}}'})
codecs = {
    "id": "snappy", "text": "zstd", "section": "gzip", "printed": "lz4", "meta.page": "none",
    "meta.tags.list.element": "brotli",
}
pyarrow.parquet.write_table(
    table, "pages.parquet", row_group_size=5, compression=codecs, write_page_index=True
)
PYTHON
