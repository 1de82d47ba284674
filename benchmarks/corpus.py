#!/usr/bin/env python3
"""How much of what it should find does sluice find, and how much of what it should not?

    benchmarks/corpus.py --sluice build/release/cli/sluice [--cache DIR] [--packages zlib,curl,…]

Fetches source packages of Debian (their list is below; nothing of them is kept in this repository), and prints

  - findings and warnings a million lines of them, by rule: source that is published holds hardly a secret;
  - how many of the rules' examples, and of variations of them (line ends, encodings, indentation, surroundings), are
    found with the exact range of the value;
  - how many of values planted at random places of the corpus are found.

The same packages and the same --seed give the same run.
"""
import argparse
import collections
import glob
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

PACKAGES = """ansible apache2 bash bind9 binutils busybox cargo celery chromium-bsu cmake cpython-stub curl django
  dovecot elixir-lang emacs exim4 ffmpeg git gnupg2 golang-1.19 gradle haproxy httpie jenkins-job-builder jq
  jquery kafkacat knot libreoffice-dictionaries lua5.4 mariadb maven nginx node-undici nodejs ocaml openjdk-17 openldap
  openssh openssl perl php8.2 postgresql-15 puppet-agent python3.11 python-cryptography qemu r-base rabbitmq-server
  rails redis ruby3.1 rust-openssl samba scala sqlite3 subversion symfony terraform-switcher tomcat9 typescript-types
  vim wireguard wordpress x11vnc zlib""".split()
MAX_PACKED_BYTES = 60 << 20  # A package's size: the largest would be half of the corpus.


def run(argv, **options):
    return subprocess.run(argv, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **options).stdout


class Debian:
    """apt with source packages, without touching the machine's own lists."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        lists = self.folder / "apt"
        for name in ("lists/partial", "cache/archives/partial"):
            (lists / name).mkdir(parents=True, exist_ok=True)
        sources = lists / "sources.list"
        uri, suite, signed = "http://deb.debian.org/debian", "bookworm", "/usr/share/keyrings/debian-archive-keyring.gpg"
        sources.write_text(f"deb-src [signed-by={signed}] {uri} {suite} main\n")
        self.options = [
            "-o", f"Dir::Etc::sourcelist={sources}", "-o", "Dir::Etc::sourceparts=-",
            "-o", f"Dir::State::lists={lists}/lists", "-o", f"Dir::Cache={lists}/cache",
            "-o", "APT::Sandbox::User=root"]
        if not any((lists / "lists").glob("*Sources*")):
            run(["apt-get", *self.options, "update"])

    def unpack(self, package):
        """The folder of the package's source, or None when there is none of that name or it is too large."""
        target = self.folder / "src" / package
        if target.exists():
            return target if any(target.iterdir()) else None
        target.mkdir(parents=True)
        try:
            uris = run(["apt-get", *self.options, "source", "--print-uris", package], text=True)
        except subprocess.CalledProcessError:
            return None
        if sum(int(size) for size in re.findall(r"^'\S+' \S+ (\d+)", uris, re.M)) > MAX_PACKED_BYTES:
            return None
        run(["apt-get", *self.options, "source", "--download-only", package], cwd=target)
        for archive in target.glob("*.tar.*"):
            if not archive.name.endswith(".asc"):
                run(["tar", "xf", archive.name], cwd=target)
            archive.unlink()
        for rest in [*target.glob("*.dsc"), *target.glob("*.asc"), *target.glob("*.diff.gz")]:
            rest.unlink()
        return target


def scan(sluice, *paths):
    done = subprocess.run([sluice, "scan", "--no-ignore", "--format", "json", "--", *paths], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, text=True, errors="surrogateescape")
    if done.returncode not in (0, 1, 3):
        sys.exit(done.stderr)
    return json.loads(done.stdout)["findings"], done.stderr.strip().splitlines()[-1]


def count_lines(folder):
    lines = 0
    for path, _, files in os.walk(folder):
        for name in files:
            full = os.path.join(path, name)
            if os.path.islink(full) or not os.path.isfile(full):
                continue
            with open(full, "rb") as file:
                while block := file.read(1 << 20):
                    lines += block.count(b"\n")
    return lines


def place(text, begin, end):
    """line, column, end line, end column, as a finding has them (columns in bytes)."""
    raw = text.encode()
    begin, end = len(text[:begin].encode()), len(text[:end].encode())
    return (raw[:begin].count(b"\n") + 1, begin - (raw.rfind(b"\n", 0, begin) + 1) + 1,
            raw[:end].count(b"\n") + 1, end - (raw.rfind(b"\n", 0, end) + 1) + 1)


def shift(example, text_of, encoding="utf-8", bom=b""):
    """A variation: text_of gets (piece, is_secret) for each piece of the text, in order."""
    text, secrets, at = "", [], 0
    for begin, end in example["secrets"]:
        text += text_of(example["text"][at:begin], False)
        first = len(text)
        text += text_of(example["text"][begin:end], True)
        secrets.append((first, len(text)))
        at = end
    text += text_of(example["text"][at:], False)
    return {"text": text, "secrets": secrets, "bytes": bom + text.encode(encoding), "path": example.get("path", "")}


def variations(example):
    yield shift(example, lambda piece, secret: piece)
    yield shift(example, lambda piece, secret: piece.replace("\r\n", "\n").replace("\n", "\r\n"))
    yield shift(example, lambda piece, secret: piece, "utf-16-le", b"\xff\xfe")
    if "\n" not in "".join(example["text"][b:e] for b, e in example["secrets"]):
        yield shift(example, lambda piece, secret: piece if secret else piece.replace("\n", "\n        "))
    before = "# a file of several lines\n\nversion = 3\n\n"
    moved = dict(example, text=before + example["text"] + "\n\nlast = true\n",
                 secrets=[(b + len(before), e + len(before)) for b, e in example["secrets"]])
    yield shift(moved, lambda piece, secret: piece)


def examples_of(sluice):
    for rule in json.loads(run([sluice, "rules", "list", "--format", "json"])):
        for example in rule["examples"]:
            raw = example["text"].encode()
            example["secrets"] = [(len(raw[:b].decode()), len(raw[:e].decode())) for b, e in example["secrets"]]
            example["rule"] = rule["id"]
            example["confidence"] = rule["confidence"]
            yield example


def measure_variations(sluice):
    found = total = 0
    missed = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        wanted = {}
        for number, example in enumerate(examples_of(sluice)):
            for kind, varied in enumerate(variations(example)):
                name = f"{number}/{kind}/{varied['path'] or 'example.txt'}"
                path = pathlib.Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(varied["bytes"])
                wanted[name] = (example["rule"], [place(varied["text"], b, e) for b, e in varied["secrets"]])
        have = collections.defaultdict(set)
        findings, _ = scan(sluice, folder)
        for f in findings:
            name = os.path.relpath(f["path"], folder) if f["path"].startswith("/") else f["path"]
            have[name].add((f["line"], f["column"], f["end_line"], f["end_column"]))
        for name, (rule, places) in wanted.items():
            for where in places:
                total += 1
                # Any rule may name it, but the range is the value's.
                if where in have[name]:
                    found += 1
                else:
                    missed[rule] += 1
    return found, total, missed


def measure_planted(sluice, folders, seed, count=500):
    chance = random.Random(seed)
    files = [os.path.join(path, name) for folder in folders for path, _, names in sorted(os.walk(folder))
             for name in sorted(names)]
    examples = [e for e in examples_of(sluice)
                if not e.get("path") and "\n" not in e["text"].strip() and e["confidence"] != "low"]
    planted, found = 0, 0
    missed = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        wanted = {}
        while planted < count:
            victim = chance.choice(files)
            if os.path.islink(victim) or not os.path.isfile(victim) or os.path.getsize(victim) > 1 << 20:
                continue
            data = pathlib.Path(victim).read_bytes()
            if b"\0" in data:
                continue
            lines = data.split(b"\n")
            at = chance.randrange(len(lines) + 1)
            example = chance.choice(examples)
            lines.insert(at, example["text"].strip("\n").encode())
            name = f"{planted}/{os.path.basename(victim)}"
            path = pathlib.Path(folder) / name
            path.parent.mkdir()
            path.write_bytes(b"\n".join(lines))
            wanted[name] = (at + 1, example["rule"])
            planted += 1
        have = collections.defaultdict(set)
        findings, _ = scan(sluice, folder)
        for f in findings:
            name = os.path.relpath(f["path"], folder) if f["path"].startswith("/") else f["path"]
            have[name].add(f["line"])
        for name, (line, rule) in wanted.items():
            if line in have[name]:
                found += 1
            else:
                missed[rule] += 1
    return found, planted, missed


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sluice", required=True)
    options.add_argument("--cache", default=os.path.expanduser("~/.cache/sluice-corpus"))
    options.add_argument("--packages", help="instead of the list in this file, separated by commas")
    options.add_argument("--folders", help="folders to take as they are, beside the packages, separated by commas")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--list", action="store_true", help="print every finding of the corpus")
    given = options.parse_args()
    sluice = os.path.abspath(given.sluice)
    names = given.packages.split(",") if given.packages is not None else PACKAGES
    folders = [f for f in (given.folders or "").split(",") if f]
    if [n for n in names if n]:
        debian = Debian(given.cache)
        for name in names:
            folder = debian.unpack(name)
            print(f"{name}: {'not there, or too large' if folder is None else 'unpacked'}", file=sys.stderr)
            folders += [str(folder)] if folder else []
    lines = sum(count_lines(folder) for folder in folders)
    findings, summary = scan(sluice, *folders)
    findings = [f for f in findings if f["status"] == "new"]
    blocking = [f for f in findings if f["blocks"]]
    print(f"corpus: {len(folders)} packages, {lines:,} lines; {summary}")
    for title, some in (("blocking", blocking), ("warnings", [f for f in findings if not f["blocks"]])):
        print(f"{title}: {len(some)}, {len(some) / max(lines, 1) * 1e6:.2f} a million lines")
        for rule, number in collections.Counter(f["rule"] for f in some).most_common(25):
            print(f"  {number:6} {rule}")
    if given.list:
        for f in findings:
            print(f"{f['path']}:{f['line']}:{f['column']}: {f['rule']} {f['preview']}")
    for title, (found, total, missed) in (("examples and variations", measure_variations(sluice)),
                                          ("planted", measure_planted(sluice, folders, given.seed))):
        print(f"{title}: {found} of {total} found, {100 * found / max(total, 1):.2f}%")
        for rule, number in missed.most_common(15):
            print(f"  missed {number:4} {rule}")


main()
