#!/usr/bin/env python3
"""How much of what it should find does sluice find, and how much of what it should not?

    benchmarks/corpus.py --sluice build/release/cli/sluice [--cache DIR] [--judged FILE] [--packages zlib,curl,…]

Fetches source packages of Debian (their list is below; nothing of them is kept in this repository), lets the package
managers and other tools at hand make what such packages lack (corpus_made.py), scans all of it, and prints

  - what is reported, by rule and by confidence, and how many a million lines that are;
  - how many of these are no secrets, by the judgements in --judged;
  - how many of the rules' examples, and of variations of them (line ends, encodings, indentation, surroundings), are
    found with the exact range of the value;
  - how many of values planted at random places of the corpus are found.

The last lines are the four figures. Lines are those of text files: a file with a zero byte in its first 8,000 has none.

Whether a value is a secret is for a person to say: --judged is a file of lines `rule TAB fingerprint TAB kind`, where
kind is `secret` (somebody's), `test` (made for a test or for a sample program, which takes it), `shown` (made up for
documentation or a comment) or `wrong` (nothing that anybody keeps). Of a rule that is judged in part the share of the
sample counts; a rule that nobody judged counts as wrong. --sample N writes N findings of each rule that are not judged
yet to a file, with their lines. The same packages and the same --seed give the same run.
"""
import argparse
import bisect
import collections
import itertools
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import corpus_made

# Of every kind of language, and the large ones among them. What the mirror lacks is named and left out.
PACKAGES = """angular.js bash boost1.74 bouncycastle cargo cmake coq curl docker.io elixir-lang emacs erlang etcd ffmpeg
  freeradius ghc git gnupg2 golang-1.19 groovy haproxy jetty9 jq kotlin krb5 kubernetes libspring-java lua5.4 mbedtls
  netty neutron nginx node-typescript node-webpack nodejs ocaml openjdk-17 openssl pandoc perl php8.2 phpmyadmin
  postgresql-15 prometheus python-django python3.11 qemu r-base rails rclone redis redmine request-tracker5 roundcube
  ruby3.1 rustc samba scala sqlite3 strongswan symfony sympy tomcat9 vim wireshark wordpress zlib""".split()
MAX_PACKED_BYTES = 70 << 20  # A package's size: the largest would be half of the corpus.
LANGUAGES = {
    "C": ".c .h", "C++": ".cc .cpp .cxx .hpp .hh .ipp", "Java": ".java", "Go": ".go", "Rust": ".rs",
    "Python": ".py .pyi", "JavaScript": ".js .mjs .cjs .jsx", "TypeScript": ".ts .tsx", "Ruby": ".rb",
    "PHP": ".php .phpt", "Perl": ".pl .pm .t", "shell": ".sh .bash", "Haskell": ".hs .lhs", "OCaml": ".ml .mli",
    "Coq": ".v", "Erlang": ".erl .hrl", "Elixir": ".ex .exs", "Kotlin": ".kt .kts", "Scala": ".scala",
    "Groovy": ".groovy", "Emacs Lisp": ".el", "R": ".r .rd", "Lua": ".lua", "assembler": ".s .asm", "SQL": ".sql",
    "YAML": ".yml .yaml", "JSON": ".json", "XML": ".xml", "TOML": ".toml", "Terraform": ".tf", "notebooks": ".ipynb",
    "text and markup": ".md .rst .txt .html .tex .texi .adoc .pod", "translations": ".po .pot"}
LOCKFILES_OF = {
    "npm": "package-lock.json yarn.lock pnpm-lock.yaml bun.lock deno.lock",
    "PyPI": "requirements.txt poetry.lock uv.lock pdm.lock Pipfile.lock", "crates.io": "Cargo.lock", "Go": "go.sum",
    "Maven": "lockfile.json gradle.lockfile", "RubyGems": "Gemfile.lock", "Packagist": "composer.lock",
    "Hex": "mix.lock rebar.lock", "Nix": "flake.lock", "Conan": "conan.lock", "Terraform": ".terraform.lock.hcl",
    "Pub": "pubspec.lock", "NuGet": "packages.lock.json", "SwiftPM": "Package.resolved", "CocoaPods": "Podfile.lock",
    "Hackage": "cabal.project.freeze stack.yaml.lock"}
ECOSYSTEMS = {name: ecosystem for ecosystem, names in LOCKFILES_OF.items() for name in names.split()}


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
        uri, suite = "http://deb.debian.org/debian", "bookworm"
        signed = "/usr/share/keyrings/debian-archive-keyring.gpg"
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
        try:
            run(["apt-get", *self.options, "source", "--download-only", package], cwd=target)
        except subprocess.CalledProcessError:  # Listed, and not on the mirror.
            for rest in target.iterdir():
                rest.unlink()
            return None
        for archive in target.glob("*.tar.*"):
            if not archive.name.endswith(".asc"):
                run(["tar", "xf", archive.name], cwd=target)
            archive.unlink()
        for rest in [*target.glob("*.dsc"), *target.glob("*.asc"), *target.glob("*.diff.gz")]:
            rest.unlink()
        return target


def scan(sluice, *paths, cwd=None):
    done = subprocess.run([sluice, "scan", "--no-ignore", "--jobs", "2", "--format", "json", "--", *paths], cwd=cwd,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, text=True,
                          errors="surrogateescape")
    if done.returncode not in (0, 1, 3):
        sys.exit(done.stderr)
    return json.loads(done.stdout)["findings"], done.stderr.strip().splitlines()[-1]


def count_lines(folder):
    """Lines of text by language, and how many lockfiles of which name."""
    language_of = {ending: name for name, endings in LANGUAGES.items() for ending in endings.split()}
    lines, lockfiles = collections.Counter(), collections.Counter()
    for path, _, files in os.walk(folder):
        for name in files:
            full = os.path.join(path, name)
            if os.path.islink(full) or not os.path.isfile(full):
                continue
            with open(full, "rb") as file:
                block = file.read(1 << 20)
                if b"\0" in block[:8000]:
                    continue
                number = 0
                while block:
                    number += block.count(b"\n")
                    block = file.read(1 << 20)
            lines[language_of.get(os.path.splitext(name)[1].lower(), "other")] += number
            if name in ECOSYSTEMS:
                lockfiles[name] += 1
    return lines, lockfiles


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


def read_judged(path):
    judged = {}
    for line in pathlib.Path(path).read_text().splitlines() if path else []:
        if line and not line.startswith("#"):
            rule, fingerprint, kind = line.split("\t")
            judged[rule, fingerprint] = kind
    return judged


def print_findings(title, findings, lines, judged):
    """A table by rule; returns how many of them are no secrets a million lines: wrong, and wrong or shown."""
    print(f"{title}: {len(findings)}, {len(findings) / max(lines, 1) * 1e6:.2f} a million lines")
    by_confidence = collections.Counter(f["confidence"] for f in findings)
    print("  by confidence:", ", ".join(f"{by_confidence[c]} {c}" for c in ("high", "medium", "low")))
    print("  reported judged  secret    test   shown   wrong  rule")
    wrong = shown = 0.0
    rules = collections.Counter(f["rule"] for f in findings)
    for rule, number in rules.most_common():
        kinds = collections.Counter(judged.get((rule, f["fingerprint"])) for f in findings if f["rule"] == rule)
        known = number - kinds[None]
        columns = " ".join(f"{kinds[k]:7}" for k in ("secret", "test", "shown", "wrong"))
        print(f"  {number:8} {known:6} {columns}  {rule}")
        wrong += number * kinds["wrong"] / known if known else number
        shown += number * kinds["shown"] / known if known else 0
    return wrong / max(lines, 1) * 1e6, (wrong + shown) / max(lines, 1) * 1e6


def write_sample(path, findings, judged, cache, count):
    """For a person to judge: rule, fingerprint, nothing, and what stands there, in random order by rule."""
    chance = random.Random(1)
    by_rule = collections.defaultdict(list)
    for f in findings:
        if (f["rule"], f["fingerprint"]) not in judged:
            by_rule[f["rule"]].append(f)
    with open(path, "w", encoding="utf-8") as out:
        for rule, some in sorted(by_rule.items()):
            for f in chance.sample(some, min(count, len(some))):
                try:
                    line = pathlib.Path(cache, f["path"]).read_bytes().split(b"\n")[f["line"] - 1]
                except OSError:  # In an archive.
                    line = b""
                near = line[max(f["column"] - 80, 0):f["column"] + 120].decode(errors="replace").strip()
                out.write("\t".join((rule, f["fingerprint"], "", f"{f['path']}:{f['line']}", near)) + "\n")


def write_clean(target, cache, folders, findings, seed):
    """1,024 pieces of 64 KiB of the text files in which nothing is found: `SLUICE_CORPUS=target scan_benchmark`.

    Each byte of them is as likely as any other to begin a piece. Whole files, drawn until there are enough, would leave
    a few large ones to make much of the sample.
    """
    piece_bytes = 64 << 10
    dirty = {f["path"] for f in findings}
    files = {os.path.join(top, name) for folder in folders for top, _, names in os.walk(os.path.join(cache, folder))
             for name in names}
    files = sorted(path for path in files
                   if os.path.relpath(path, cache) not in dirty and not os.path.islink(path))
    ends = list(itertools.accumulate(os.path.getsize(path) for path in files))
    chance = random.Random(seed)
    os.makedirs(target, exist_ok=True)
    written = 0
    while written < 1024:
        at = chance.randrange(ends[-1])
        number = bisect.bisect_right(ends, at)
        offset = at - (ends[number - 1] if number else 0)
        data = text_from(files[number], offset, piece_bytes)
        while data and len(data) < piece_bytes and number + 1 < len(files):
            number += 1
            data += text_from(files[number], 0, piece_bytes - len(data))
        if len(data) == piece_bytes:
            pathlib.Path(target, f"{written:04}").write_bytes(data)
            written += 1


def text_from(path, offset, count):
    """Up to `count` bytes of a text file from `offset` on; nothing of a file that git would call binary."""
    with open(path, "rb") as file:
        if b"\0" in file.read(8000):
            return b""
        file.seek(offset)
        return file.read(count)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sluice", required=True)
    options.add_argument("--cache", default=os.path.expanduser("~/.cache/sluice-corpus"))
    options.add_argument("--packages", help="instead of the list in this file, separated by commas")
    options.add_argument("--folders", help="folders to take as they are, beside the packages, separated by commas")
    options.add_argument("--no-made", action="store_true", help="source packages only")
    options.add_argument("--judged", help="what a person said of findings of this corpus")
    options.add_argument("--sample", nargs=2, metavar=("N", "FILE"), help="write N findings of each rule to be judged")
    options.add_argument("--clean", metavar="DIR", help="write a sample of the text without findings, to be timed")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--list", action="store_true", help="print every finding of the corpus")
    given = options.parse_args()
    sluice = os.path.abspath(given.sluice)
    names = [n for n in given.packages.split(",") if n] if given.packages is not None else PACKAGES
    folders = [os.path.abspath(f) for f in (given.folders or "").split(",") if f]
    cache = os.path.abspath(given.cache)
    os.makedirs(cache, exist_ok=True)
    packages, missing = 0, []
    if names:
        debian = Debian(cache)
        for name in names:
            folder = debian.unpack(name)
            packages += folder is not None
            if folder is None:
                missing.append(f"{name}: not there, or too large")
            else:
                folders.append(f"src/{name}")
    if not given.no_made:
        for name, folder, why_not in corpus_made.make(os.path.join(cache, "made")):
            if folder is None:
                missing.append(f"{name}: {why_not}")
            else:
                folders.append(f"made/{name}")
    for line in missing:
        print(f"left out: {line}")

    by_language, lockfiles, made = collections.Counter(), collections.Counter(), collections.Counter()
    for folder in folders:
        some, locks = count_lines(os.path.join(cache, folder))
        by_language.update(some)
        lockfiles.update(locks)
        if folder.startswith("made/lock_"):  # Installed packages have some of others' making.
            for name, number in locks.items():
                made[ECOSYSTEMS[name]] += number
    lines = sum(by_language.values())
    # From there, so that paths, and with them fingerprints, are the same for everybody.
    findings, summary = scan(sluice, *folders, cwd=cache)
    findings = [f for f in findings if f["status"] == "new"]
    judged = read_judged(given.judged)
    print(f"corpus: {packages} source packages, {len(folders) - packages} other folders, {lines:,} lines; {summary}")
    print("  lines:", ", ".join(f"{n:,} {name}" for name, n in by_language.most_common()))
    print("  lockfiles:", ", ".join(f"{n} {name}" for name, n in lockfiles.most_common()))
    print(f"  lockfiles made: {sum(made.values())}, of {len(made)} ecosystems:",
          ", ".join(f"{n} {name}" for name, n in made.most_common()))
    blocking = print_findings("blocking", [f for f in findings if f["blocks"]], lines, judged)
    warnings = print_findings("warnings", [f for f in findings if not f["blocks"]], lines, judged)
    if given.list:
        for f in findings:
            print(f"{f['path']}:{f['line']}:{f['column']}: {f['rule']} {f['preview']}")
    if given.sample:
        write_sample(given.sample[1], findings, judged, cache, int(given.sample[0]))
    if given.clean:
        write_clean(given.clean, cache, folders, findings, given.seed)
    recall = []
    for title, (found, total, missed) in (
            ("examples and variations", measure_variations(sluice)),
            ("planted", measure_planted(sluice, [os.path.join(cache, f) for f in folders], given.seed))):
        recall.append(f"{title}: {found} of {total} found, {100 * found / max(total, 1):.2f}% (wanted: 99%)")
        for rule, number in missed.most_common(15):
            print(f"  {title}: missed {number:4} {rule}")
    for title, (wrong, with_shown), wanted in (("blocking", blocking, 1), ("warnings", warnings, 10)):
        print(f"{title} that are no secrets: {wrong:.2f} a million lines (wanted: {wanted}); "
              f"{with_shown:.2f} with what documentation shows")
    print("\n".join(recall))


main()
