#!/usr/bin/env python3
"""Trains the character model behind lib/src/scan/randomness.cc and prints its table.

    apt-get install wamerican
    lib/tools/train_randomness.py /usr/include /usr/lib/python3 > lib/src/scan/randomness_table.inc

The text is the words of Debian's wamerican (public domain) and the identifiers of the sources in the folders given, each
distinct word once. Only frequencies of character pairs remain of it. The same input gives the same table.
"""
import math
import os
import re
import sys
from collections import Counter

LOWER = "abcdefghijklmnopqrstuvwxyz"
# One symbol per letter; all digits are one, and so is all that is neither. Symbol 0 stands before the first character.
SYMBOLS = {c: 1 + i for i, c in enumerate(LOWER + LOWER.upper())}
DIGIT, OTHER, COUNT = 53, 54, 55
CHARACTERS_OF_DIGIT, CHARACTERS_OF_OTHER = 10, 8
SCALE = 8  # Units per bit.
MAX_FILE_BYTES = 1 << 20


def symbol(c):
    if c in SYMBOLS:
        return SYMBOLS[c]
    return DIGIT if c.isdigit() else OTHER


def words_of_dictionary():
    with open("/usr/share/dict/american-english", encoding="utf-8") as file:
        for line in file:
            word = line.strip().replace("'", "")
            if word.isascii() and len(word) > 2:
                yield word
                yield word.capitalize()
                yield word.upper()


def identifiers(folder):
    for path, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            try:
                with open(os.path.join(path, name), "rb") as file:
                    data = file.read(MAX_FILE_BYTES)
            except OSError:
                continue
            if b"\0" not in data:
                # What long random values would leave behind is not what people write.
                for word in re.findall(rb"[A-Za-z_][A-Za-z0-9_.-]{3,40}", data):
                    yield word.decode()


def main():
    text = set(words_of_dictionary())
    for folder in sys.argv[1:]:
        text.update(identifiers(folder))
    pairs = Counter()
    for word in text:
        previous = 0
        for c in word:
            pairs[previous, symbol(c)] += 1
            previous = symbol(c)
    print(f"// Made by lib/tools/train_randomness.py from {len(text)} words. Do not edit.")
    for previous in range(COUNT):
        total = sum(pairs[previous, s] for s in range(1, COUNT)) + COUNT
        row = []
        for s in range(COUNT):
            share = (pairs[previous, s] + 1) / total
            if s == DIGIT:
                share /= CHARACTERS_OF_DIGIT
            if s == OTHER:
                share /= CHARACTERS_OF_OTHER
            row.append(max(-127, round(SCALE * math.log2(share))))
        print("    {" + ", ".join(map(str, row)) + "},")


main()
