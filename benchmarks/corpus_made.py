"""What a corpus of source packages lacks, made by the tools that make it elsewhere: lockfiles, installed packages,
minified JavaScript, notebooks with their outputs, Terraform with its state, Kubernetes manifests.

    for name, folder, why_not in corpus_made.make("/tmp/cache/made"): …

A part whose tool is not at hand is named with the reason, and left out. Only package managers' own registries are
asked, by the packages that are listed here. Bundler, Composer, Mix, Nix and Conan have a registry or repositories of
their own made for them here, of what Debian packages: it lies beside the corpus, and answers under the names that such
lockfiles have in the wild. What was made once is kept.

The tools are Debian's: npm, cargo, golang, maven, terraform (HashiCorp's), composer with php-cli, elixir, nix-bin, and
for Bundler, which comes with JRuby from Maven's registry, the gems to lock: ruby-rails and the others of RUBY.
"""
import base64
import contextlib
import functools
import glob
import hashlib
import http.server
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import threading

# firebase 13 wants packages that mirrors of the registry lack.
NPM = """@angular/core @aws-sdk/client-s3 @aws-sdk/client-sts @azure/identity @azure/storage-blob @babel/core
  @google-cloud/storage @mui/material @octokit/rest @sentry/browser @slack/web-api @stripe/stripe-js antd
  apollo-server axios bootstrap chart.js chalk commander d3 discord.js dotenv echarts ejs electron-store eslint
  express fastify firebase@12 firebase-admin googleapis graphql handlebars jest jquery jsonwebtoken knex leaflet lodash
  mailgun.js marked mathjs moment mongodb mongoose mysql2 nodemailer openai passport pg prettier prisma
  puppeteer-core react react-dom redis rxjs sequelize socket.io stripe svelte telegraf three twilio typescript vite
  vue webpack winston ws xlsx""".split()
YARN = "axios d3 express jquery knex lodash pg react react-dom stripe vue winston".split()
MINIFIED = """react-dom lodash three jquery vue d3 moment chart.js echarts axios rxjs mathjs marked handlebars
  leaflet @mui/material antd xlsx stripe graphql""".split()
PIP = """aiohttp apache-airflow-client alembic ansible-core azure-identity azure-storage-blob boto3 botocore celery
  cryptography datadog discord.py Django djangorestframework docker dropbox fastapi Flask google-api-python-client
  google-auth google-cloud-storage httpx huggingface-hub ipython jupyterlab keyring kubernetes langchain matplotlib
  mlflow moto notebook numpy openai paramiko pandas passlib plotly psycopg2-binary pycryptodome PyGithub PyJWT
  pymongo pyopenssl pytest python-gitlab python-jose python-telegram-bot redis requests requests-oauthlib rsa
  scikit-learn scipy sendgrid sentry-sdk slack-sdk snowflake-connector-python SQLAlchemy stripe tornado tweepy
  twilio twisted""".split()
CARGO = """actix-web anyhow async-openai aws-config aws-sdk-s3 axum base64 bollard chrono clap diesel ed25519-dalek
  git2 hyper jsonwebtoken k256 kube lettre mongodb octocrab openssl p256 pem rand redis regex reqwest ring rsa
  rusoto_core rustls rusqlite serde serde_json sqlx ssh-key tokio tonic tracing twilight-http url uuid warp""".split()
GO = """cloud.google.com/go/storage github.com/aws/aws-sdk-go-v2/service/s3 github.com/aws/aws-sdk-go/service/sts
  github.com/Azure/azure-sdk-for-go/sdk/azidentity github.com/digitalocean/godo github.com/docker/docker/client
  github.com/gin-gonic/gin github.com/go-git/go-git/v5 github.com/go-redis/redis/v8 github.com/golang-jwt/jwt/v5
  github.com/google/go-github/v60/github github.com/gorilla/sessions github.com/hashicorp/vault/api
  github.com/jackc/pgx/v5 github.com/labstack/echo/v4 github.com/lib/pq github.com/minio/minio-go/v7
  github.com/nats-io/nats.go github.com/prometheus/client_golang/prometheus github.com/sirupsen/logrus
  github.com/slack-go/slack github.com/spf13/viper github.com/stripe/stripe-go/v76 github.com/twilio/twilio-go
  go.mongodb.org/mongo-driver/mongo go.uber.org/zap golang.org/x/crypto/ssh golang.org/x/oauth2 google.golang.org/grpc
  gorm.io/gorm k8s.io/client-go/kubernetes""".split()
MAVEN = """com.amazonaws:aws-java-sdk-s3:1.12.700 com.google.cloud:google-cloud-storage:2.36.1
  com.azure:azure-storage-blob:12.25.3 org.springframework:spring-web:6.1.6 org.hibernate.orm:hibernate-core:6.4.4.Final
  com.fasterxml.jackson.core:jackson-databind:2.17.0 io.jsonwebtoken:jjwt-impl:0.12.5 org.postgresql:postgresql:42.7.3
  com.google.guava:guava:33.1.0-jre io.netty:netty-all:4.1.109.Final org.apache.kafka:kafka-clients:3.7.0
  org.bouncycastle:bcprov-jdk18on:1.78 com.stripe:stripe-java:25.1.0 com.slack.api:slack-api-client:1.39.0""".split()
RUBY = """aws-sdk-s3 devise doorkeeper fog-aws googleauth httparty jwt nokogiri octokit omniauth-oauth2 pg rails
  redis rspec sidekiq sinatra""".split()
GEMS = ("/usr/share/rubygems-integration/*/specifications/*.gemspec",
        "/usr/lib/*/rubygems-integration/*/specifications/*.gemspec")
JRUBY = "9.4.14.0"  # With Bundler 2.6, which writes checksums; Java 17 is enough for it.
# Source packages small enough to be a git repository each, and where these are in the wild.
REPOSITORIES = {
    "curl": "curl/curl", "elixir-lang": "elixir-lang/elixir", "etcd": "etcd-io/etcd", "haproxy": "haproxy/haproxy",
    "jq": "jqlang/jq", "lua5.4": "lua/lua", "mbedtls": "Mbed-TLS/mbedtls", "nginx": "nginx/nginx",
    "prometheus": "prometheus/prometheus", "rclone": "rclone/rclone", "redis": "redis/redis", "zlib": "madler/zlib"}
CONAN = """zlib/1.3.1 bzip2/1.0.8 lz4/1.9.4 zstd/1.5.5 xz_utils/5.4.5 openssl/3.2.1:zlib libcurl/8.6.0:openssl,zlib
  libpng/1.6.43:zlib libjpeg/9e libtiff/4.6.0:libjpeg,zlib,zstd sqlite3/3.45.1 libpq/15.5:openssl
  protobuf/3.21.12:zlib abseil/20240116.1 grpc/1.54.3:abseil,protobuf,openssl re2/20230301 fmt/10.2.1
  spdlog/1.13.0:fmt boost/1.84.0:bzip2,zlib,xz_utils,zstd poco/1.13.2:openssl,sqlite3 nlohmann_json/3.11.3
  libxml2/2.12.5:zlib gtest/1.14.0 catch2/3.5.2 eigen/3.4.0 opencv/4.9.0:libpng,libjpeg,libtiff,eigen,protobuf
  hiredis/1.2.0 mongo-c-driver/1.26.2:openssl,zstd aws-sdk-cpp/1.11.160:libcurl,openssl""".split()
TERRAFORM_TIME = "0.14.2"  # The provider that builds from Go's registry as it is.
PACKAGE_OF = {"cargo": "cargo", "composer": "composer", "git": "git", "go": "golang", "java": "default-jre-headless",
              "mix": "elixir", "mvn": "maven", "nix": "nix-bin", "npm": "npm"}


class NotAtHand(Exception):
    pass


def call(argv, folder, **options):
    if shutil.which(argv[0]) is None and not os.path.exists(argv[0]):
        package = PACKAGE_OF.get(argv[0])
        raise NotAtHand(f"no {argv[0]}" + (f" (Debian's package {package})" if package else ""))
    done = subprocess.run([str(a) for a in argv], cwd=folder, check=False, text=True, errors="replace",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=900, **options)
    if done.returncode:
        lines = done.stdout.strip().splitlines() or [""]
        said = next((line for line in lines if "error" in line.lower()), lines[-1])  # npm's last is where its log is.
        raise NotAtHand(f"{argv[0]} failed: {said[:100]}")
    return done.stdout


class Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@contextlib.contextmanager
def served(folder):
    """The address of an HTTP server for the folder, for as long as that is needed."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Silent, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


class Maker:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder).absolute()
        self.tools = self.folder.parent / "tools"
        self.sources = self.folder.parent / "src"
        self.chance = random.Random(7)

    def python(self):
        """A python of its own with uv, which gets the other lockfile makers, and notebooks."""
        venv = self.tools / "venv"
        if not (venv / "done").exists():
            call([sys.executable, "-m", "venv", venv], self.folder)
            call([venv / "bin/pip", "install", "-q", "uv", "nbclient", "nbformat", "ipykernel", "matplotlib",
                  "pandas"], self.folder)
            (venv / "done").touch()
        return venv / "bin"

    def node(self):
        """A folder of node tools: yarn, pnpm, esbuild, terser."""
        folder = self.tools / "node"
        if not (folder / "done").exists():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "package.json").write_text("{}")
            call(["npm", "install", "--silent", "yarn@1", "pnpm", "esbuild", "terser"], folder)
            (folder / "done").touch()
        return folder / "node_modules/.bin"

    def jruby(self):
        """The command of a Ruby with a Bundler of its own."""
        jar = self.tools / f"jruby/jruby-complete-{JRUBY}.jar"
        if not jar.exists():
            call(["mvn", "-q", "-B", "dependency:copy", f"-Dartifact=org.jruby:jruby-complete:{JRUBY}",
                  f"-DoutputDirectory={jar.parent}"], self.folder)
        return ["java", "-jar", jar]

    def gems(self):
        """A folder with the gems that are installed, as a registry has them."""
        folder = self.tools / "gems"
        if not any(glob.glob(pattern) for pattern in GEMS):
            raise NotAtHand(f"no gems (Debian's packages {', '.join(f'ruby-{name}' for name in RUBY)})")
        if not (folder / "versions").exists():
            shutil.rmtree(folder, ignore_errors=True)
            (folder / "info").mkdir(parents=True)
            script = folder / "pack.rb"
            script.write_text(PACK_GEMS)
            # The same bytes, and with them checksums, whenever they are packed.
            call([*self.jruby(), script, folder, *GEMS], folder, env=dict(os.environ, SOURCE_DATE_EPOCH="1704067200"))
        return folder

    def git(self, repository, work_tree, *arguments):
        """git without anybody's settings, with commits that are the same whenever they are made."""
        who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in
               (("NAME", "corpus"), ("EMAIL", "corpus@example.com"), ("DATE", "2024-01-01T00:00:00Z"))}
        return call(["git", *arguments], work_tree, env=dict(
            os.environ, **who, GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1", GIT_DIR=str(repository),
            GIT_WORK_TREE=str(work_tree))).strip()

    def tree(self, source):
        """What a source package unpacked to, beside its debian folder; or None."""
        return next((path for path in sorted((self.sources / source).glob("*")) if re.search(r"\d", path.name)), None)

    def repository(self, source):
        """A git repository with the unpacked source package as its one commit, and a tag of its version; or None."""
        tree = self.tree(source)
        if tree is None:
            return None
        repository = self.tools / f"git/{source}.git"
        if not (repository / "tagged").exists():
            shutil.rmtree(repository, ignore_errors=True)
            repository.mkdir(parents=True)
            self.git(repository, tree, "init", "-q", "-b", "main")
            self.git(repository, tree, "add", "-A", "-f", ".")
            self.git(repository, tree, "commit", "-q", "-m", "all")
            tag = "v" + (re.findall(r"\d+(?:\.\d+)+", tree.name) or ["1.0"])[-1]
            self.git(repository, tree, "tag", tag)
            (repository / "tagged").write_text(tag)
        return repository

    def repositories(self):
        """[(name, address, tag)], and an environment in which git finds these addresses here."""
        found, settings = [], '[protocol "file"]\n\tallow = always\n'
        for source, name in REPOSITORIES.items():
            repository = self.repository(source)
            if repository is not None:
                address = f"https://github.com/{name}.git"
                settings += f'[url "file://{repository}"]\n\tinsteadOf = {address}\n'
                found.append((name.split("/")[1], address, (repository / "tagged").read_text()))
        if not found:
            raise NotAtHand(f"none of the source packages {', '.join(REPOSITORIES)}")
        config = self.tools / "git/config"
        config.write_text(settings)
        return found, dict(os.environ, GIT_CONFIG_GLOBAL=str(config), GIT_CONFIG_NOSYSTEM="1")

    def npm_project(self, folder, names):
        pinned = {name: version or "*" for name, version in (re.match("(.[^@]*)@?(.*)", n).groups() for n in names)}
        (folder / "package.json").write_text(json.dumps({"name": "app", "version": "1.0.0", "dependencies": pinned}))

    # Lockfiles.
    def lock_npm(self, folder):
        self.npm_project(folder, NPM)
        call(["npm", "install", "--package-lock-only", "--ignore-scripts", "--legacy-peer-deps"], folder)

    def lock_yarn(self, folder):
        self.npm_project(folder, YARN)
        said = call(["npm", "config", "get", "registry"], folder).split()
        registry = next(word for word in said if word.startswith("http"))  # Beside npm's warnings.
        call([self.node() / "yarn", "install", "--ignore-scripts", "--ignore-engines", "--registry", registry], folder)
        shutil.rmtree(folder / "node_modules")

    def lock_pnpm(self, folder):
        self.npm_project(folder, NPM)
        call([self.node() / "pnpm", "install", "--lockfile-only", "--ignore-scripts"], folder)

    def lock_pip(self, folder):
        (folder / "requirements.in").write_text("\n".join(PIP[:20]) + "\n")
        call([self.python() / "uv", "tool", "run", "-q", "--from", "pip-tools", "pip-compile", "-q",
              "--generate-hashes", "requirements.in"], folder)

    def pyproject(self, folder, names):
        lines = "\n".join(f'  "{name}",' for name in names)
        (folder / "pyproject.toml").write_text(
            '[project]\nname = "app"\nversion = "1.0.0"\nrequires-python = ">=3.11,<3.13"\n'
            f"dependencies = [\n{lines}\n]\n")

    def lock_uv(self, folder):
        self.pyproject(folder, PIP)
        call([self.python() / "uv", "lock", "--quiet"], folder)

    def lock_poetry(self, folder):
        self.pyproject(folder, PIP[::4])
        call([self.python() / "uv", "tool", "run", "-q", "poetry", "lock", "--no-interaction"], folder)

    def lock_pdm(self, folder):
        self.pyproject(folder, PIP[1::6])
        call([self.python() / "uv", "tool", "run", "-q", "--with", "hishel<1", "pdm", "lock", "-q"], folder)

    def lock_pipenv(self, folder):
        (folder / "Pipfile").write_text("[packages]\n" + "".join(f'"{name}" = "*"\n' for name in PIP[2::6]))
        call([self.python() / "uv", "tool", "run", "-q", "pipenv", "lock"], folder,
             env=dict(os.environ, PIPENV_VENV_IN_PROJECT="1"))
        shutil.rmtree(folder / ".venv", ignore_errors=True)

    def cargo_project(self, folder):
        (folder / "src").mkdir(exist_ok=True)
        (folder / "src/lib.rs").touch()
        lines = "".join(f'{name} = "*"\n' for name in CARGO)
        (folder / "Cargo.toml").write_text(
            f'[package]\nname = "app"\nversion = "1.0.0"\nedition = "2021"\n\n[dependencies]\n{lines}')

    def lock_cargo(self, folder):
        self.cargo_project(folder)
        call(["cargo", "generate-lockfile", "--quiet"], folder)

    def go_project(self, folder):
        imports = "".join(f'\t_ "{name}"\n' for name in GO)
        (folder / "main.go").write_text(f"package main\n\nimport (\n{imports})\n\nfunc main() {{}}\n")
        call(["go", "mod", "init", "example.com/app"], folder)
        call(["go", "mod", "tidy", "-e"], folder)

    def lock_go(self, folder):
        self.go_project(folder)

    def lock_maven(self, folder):
        wanted = ""
        for name in MAVEN:
            group, artifact, version = name.split(":")
            wanted += (f"    <dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId>"
                       f"<version>{version}</version></dependency>\n")
        (folder / "pom.xml").write_text(
            '<project xmlns="http://maven.apache.org/POM/4.0.0">\n  <modelVersion>4.0.0</modelVersion>\n'
            "  <groupId>com.example</groupId><artifactId>app</artifactId><version>1</version>\n"
            f"  <dependencies>\n{wanted}  </dependencies>\n</project>\n")
        call(["mvn", "-q", "-B", "io.github.chains-project:maven-lockfile:5.18.3:generate"], folder)

    def lock_bundler(self, folder):
        gems = self.gems()
        wanted = [name for name in RUBY if (gems / "info" / name).exists()]
        (folder / "Gemfile").write_text('source "https://rubygems.org"\n\n' +
                                        "".join(f'gem "{name}"\n' for name in wanted))
        with served(gems) as address:
            call([*self.jruby(), "-S", "bundle", "lock", "--add-checksums", "--add-platform", "ruby", "x86_64-linux",
                  "arm64-darwin"], folder,
                 env={**os.environ, "BUNDLE_MIRROR__HTTPS://RUBYGEMS__ORG/": address,
                      "BUNDLE_USER_HOME": str(gems / "bundle")})

    def lock_composer(self, folder):
        """Symfony's components, as its own split repositories have them, with what phpMyAdmin locks of Packagist."""
        known = {}
        for lock in self.sources.glob("phpmyadmin/*/composer.lock"):
            locked = json.loads(lock.read_text())
            known.update((package["name"], package) for package in locked["packages"] + locked["packages-dev"]
                         if not package["version"].startswith("dev-"))
        repository = self.repository("symfony")
        if repository is None or not known:
            raise NotAtHand("no source packages symfony and phpmyadmin")
        version = (repository / "tagged").read_text()
        tree = self.tree("symfony")
        files = self.git(repository, tree, "ls-files", "src/Symfony/*/composer.json").splitlines()
        archive = self.tools / "git/symfony.zip"
        for file in files:
            package = json.loads((tree / file).read_text())
            if "/Tests/" in file or "name" not in package or package["name"] == "symfony/contracts":
                continue
            part = f"HEAD:{os.path.dirname(file)}"
            commit = self.git(repository, tree, "commit-tree", "-m", "split", part)
            self.git(repository, tree, "archive", "--format=zip", "-o", str(archive), commit)
            alias = package.get("extra", {}).get("branch-alias", {}).get("dev-main")  # Contracts have their own.
            package.update(
                version=f"v{alias.removesuffix('-dev')}.4" if alias else version, time="2024-01-01T00:00:00+00:00",
                source={"type": "git", "url": f"https://github.com/{package['name']}.git", "reference": commit},
                dist={"type": "zip", "reference": commit, "shasum": hashlib.sha1(archive.read_bytes()).hexdigest(),
                      "url": f"https://api.github.com/repos/{package['name']}/zipball/{commit}"})
            known[package["name"]] = package
        needed = {name for package in known.values() for name in package.get("require", {}) if "/" in name}
        registry = self.tools / "packages/packages.json"
        registry.parent.mkdir(parents=True, exist_ok=True)
        registry.write_text(json.dumps({"packages": {
            name: {package["version"]: package} for name, package in known.items()}}))
        (folder / "composer.json").write_text(json.dumps({
            "name": "example/app", "require": {name: "*" for name in known},
            # Of neither source, so it is to be there already.
            "provide": {name: "*" for name in sorted(needed - set(known))}}, indent=4))
        home = registry.parent / "home"  # Not in composer.json, of which the lockfile has a hash.
        home.mkdir(exist_ok=True)
        (home / "config.json").write_text(json.dumps({"repositories": [
            {"type": "composer", "url": f"file://{registry.parent}"}, {"packagist.org": False}]}))
        call(["composer", "update", "--no-install", "--no-plugins", "--no-scripts", "--no-interaction",
              "--ignore-platform-reqs", "--quiet"], folder,
             env=dict(os.environ, COMPOSER_HOME=str(home), COMPOSER_ALLOW_SUPERUSER="1"))

    def lock_mix(self, folder):
        found, env = self.repositories()
        wanted = ",\n".join(f'      {{:{re.sub("[^a-z]", "_", name)}, git: "{address}", tag: "{tag}", app: false, '
                            "compile: false}" for name, address, tag in found)
        (folder / "mix.exs").write_text(
            "defmodule App.MixProject do\n  use Mix.Project\n\n"
            '  def project, do: [app: :app, version: "1.0.0", deps: deps()]\n\n'
            f"  defp deps do\n    [\n{wanted}\n    ]\n  end\nend\n")
        call(["mix", "deps.get"], folder, env=dict(env, MIX_HOME=str(self.tools / "mix")))
        for rest in ("deps", "_build"):
            shutil.rmtree(folder / rest, ignore_errors=True)

    def lock_nix(self, folder):
        found, env = self.repositories()
        (folder / "flake.nix").write_text(
            "{\n" + "".join(f'  inputs.{name} = {{ url = "git+{address}?ref=refs/tags/{tag}"; flake = false; }};\n'
                            for name, address, tag in found) + "  outputs = inputs: { };\n}\n")
        nix = self.tools / "nix"
        env.update({f"NIX_{what.upper()}_DIR": str(nix / what) for what in ("store", "state", "log", "conf")},
                   XDG_CACHE_HOME=str(nix / "cache"))
        call(["nix", "--option", "build-users-group", "", "--extra-experimental-features", "nix-command flakes",
              "flake", "lock", "path:."], folder, env=env)
        call(["chmod", "-R", "u+w", nix], folder)
        shutil.rmtree(nix)

    def lock_conan(self, folder):
        home = self.tools / "conan"
        (home / "profiles").mkdir(parents=True, exist_ok=True)
        (home / "profiles/default").touch()
        conan = [self.python() / "uv", "tool", "run", "-q", "conan"]
        env = dict(os.environ, CONAN_HOME=str(home))
        versions = dict(entry.split(":")[0].split("/") for entry in CONAN)
        recipe = home / "recipe/conanfile.py"
        recipe.parent.mkdir(exist_ok=True)
        for entry in CONAN:
            name, _, requires = entry.partition(":")
            requires = tuple(f"{need}/{versions[need]}" for need in requires.split(",") if need)
            recipe.write_text("from conan import ConanFile\n\n\nclass Recipe(ConanFile):\n"
                              f"    name, version = {tuple(name.split('/'))}\n    requires = {requires}\n")
            call([*conan, "export", recipe], folder, env=env)
        (folder / "conanfile.txt").write_text(
            "[requires]\n" + "".join(entry.partition(":")[0] + "\n" for entry in CONAN))
        call([*conan, "lock", "create", "--no-remote", "."], folder, env=env)

    def lock_terraform(self, folder):
        """A provider from Go's registry, built for two platforms; the address is that of Terraform's own registry."""
        name, places = "terraform-provider-time", self.tools / "providers"
        for system, machine in (("linux", "amd64"), ("darwin", "arm64")):
            place = places / f"registry.terraform.io/hashicorp/time/{TERRAFORM_TIME}/{system}_{machine}"
            if not any(place.glob("*")):
                build = self.tools / "build"
                build.mkdir(parents=True, exist_ok=True)
                (build / "go.mod").write_text(f"module example.com/build\n\ntool github.com/hashicorp/{name}\n")
                call(["go", "get", f"github.com/hashicorp/{name}@v{TERRAFORM_TIME}"], build)
                place.mkdir(parents=True, exist_ok=True)
                call(["go", "build", "-trimpath", "-o", place / f"{name}_v{TERRAFORM_TIME}",
                      f"github.com/hashicorp/{name}"], build,
                     env=dict(os.environ, GOOS=system, GOARCH=machine, CGO_ENABLED="0"))
        (folder / "main.tf").write_text(
            "terraform {\n  required_providers {\n"
            f'    time = {{\n      source  = "hashicorp/time"\n      version = "{TERRAFORM_TIME}"\n    }}\n  }}\n}}\n')
        call(["terraform", "providers", "lock", "-no-color", f"-fs-mirror={places}", "-platform=linux_amd64",
              "-platform=darwin_arm64"], folder)

    # Installed packages: what other people's code looks like where it is used.
    def installed_npm(self, folder):
        self.npm_project(folder, NPM)
        call(["npm", "install", "--silent", "--ignore-scripts", "--legacy-peer-deps"], folder)

    def installed_pip(self, folder):
        call([self.python() / "uv", "pip", "install", "-q", "--target", ".", *PIP], folder)

    def installed_cargo(self, folder):
        self.cargo_project(folder)
        call(["cargo", "vendor", "--quiet"], folder)

    def installed_go(self, folder):
        self.go_project(folder)
        call(["go", "mod", "vendor", "-e"], folder)

    def minified(self, folder):
        """Bundles by esbuild with their maps, and the same again by terser."""
        project = self.folder / "installed_npm"
        if not (project / "node_modules").exists():
            raise NotAtHand("npm installed nothing")
        for name in MINIFIED:
            entry = project / f"entry-{name.replace('/', '-')}.js"
            entry.write_text(f"import * as all from {json.dumps(name)};\nconsole.log(all);\n")
            out = folder / f"{name.replace('/', '-')}.min.js"
            try:
                call([self.node() / "esbuild", entry, "--bundle", "--minify", "--sourcemap", "--platform=node",
                      f"--outfile={out}", "--log-level=error"], project)
                call([self.node() / "terser", out, "-c", "-m", "-o", folder / f"terser-{out.name}"], folder)
            except NotAtHand as failed:
                print(f"  minified {name}: {failed}", file=sys.stderr)
            entry.unlink()
        if not list(folder.glob("*.min.js")):
            raise NotAtHand("esbuild made nothing")

    def notebooks(self, folder):
        script = folder / "make.py"
        script.write_text(NOTEBOOKS)
        call([self.python() / "python", script, folder], folder)

    # What people write, with the ids, digests, addresses and certificates that stand in it.
    def hex(self, digits):
        return "".join(self.chance.choice("0123456789abcdef") for _ in range(digits))

    def uuid(self):
        return "-".join(self.hex(n) for n in (8, 4, 4, 4, 12))

    def terraform(self, folder):
        for number in range(60):
            name, account = f"svc{number:02}", self.chance.randrange(10**11, 10**12)
            vpc, subnets = self.hex(17), ", ".join(f'"subnet-{self.hex(17)}"' for _ in range(3))
            script = f"#!/bin/sh\nhostnamectl set-hostname {name}\n{self.hex(200)}\n"
            (folder / f"{name}.tf").write_text(TERRAFORM.format(
                name=name, account=account, vpc=vpc, subnets=subnets, ami=self.hex(17), key=self.uuid(),
                script=base64.b64encode(script.encode()).decode(),
                zone="".join(self.chance.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") for _ in range(20)),
                digest=self.hex(64), client=self.uuid(), etag=self.hex(32)))
        state = folder / "state"
        state.mkdir()
        (state / "main.tf").write_text("".join(
            f'resource "terraform_data" "r{n}" {{\n'
            f'  input = {{ id = "{self.uuid()}", digest = "{self.hex(64)}" }}\n}}\n'
            for n in range(400)))
        call(["terraform", "fmt", "-recursive"], folder)
        call(["terraform", "init", "-no-color"], state)
        call(["terraform", "apply", "-auto-approve", "-no-color"], state)

    def kubernetes(self, folder):
        call(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=ca", "-keyout", "/dev/null",
              "-out", "ca.pem"], folder)
        bundle = base64.b64encode((folder / "ca.pem").read_bytes()).decode()
        for number in range(300):
            name = f"app{number:03}"
            text = KUBERNETES.format(name=name, uid=self.uuid(), digest=self.hex(64), sum=self.hex(64), bundle=bundle,
                                     version=self.chance.randrange(10**8, 10**9), pod=self.hex(10), git=self.hex(40),
                                     owner=self.uuid())
            (folder / f"{name}.yaml").write_text(text)


PACK_GEMS = r'''require "digest"
require "rubygems/package"
out = ARGV.shift
specs = ARGV.flat_map { |pattern| Dir[pattern].sort }.map { |path| Gem::Specification.load(path) }.compact
lines = Hash.new { |hash, name| hash[name] = [] }
specs.each do |spec|
  # What Debian leaves out, such as what only building needs, cannot be locked.
  needs = spec.runtime_dependencies.select { |need| specs.any? { |other| need.matches_spec?(other) } }
  needs = needs.map { |need| "#{need.name}:#{need.requirement.requirements.map { |a, b| "#{a} #{b}" }.sort.join("&")}" }
  home = File.join(File.dirname(spec.loaded_from, 2), "gems", spec.full_name)
  home = out unless File.directory?(home)
  file = "#{out}/#{spec.full_name}.gem"
  Dir.chdir(home) do
    spec.files = home == out ? [] : Dir["**/*"].select { |name| File.file?(name) }.sort
    spec.test_files = spec.executables = spec.extensions = spec.extra_rdoc_files = []
    Gem::Package.build(spec, true, false, file)
  end
  lines[spec.name] << "#{spec.version} #{needs.join(",")}|checksum:#{Digest::SHA256.file(file).hexdigest}"
end
index = lines.map do |name, all|
  File.write("#{out}/info/#{name}", "---\n#{all.join("\n")}\n")
  "#{name} #{all.map { |line| line.split[0] }.join(",")} #{Digest::MD5.file("#{out}/info/#{name}").hexdigest}\n"
end
File.write("#{out}/names", "---\n#{lines.keys.join("\n")}\n")
File.write("#{out}/versions", "created_at: 2024-01-01T00:00:00Z\n---\n#{index.join}")
'''

TERRAFORM = '''terraform {{
  backend "s3" {{
    bucket     = "{name}-state"
    key        = "{name}/terraform.tfstate"
    kms_key_id = "arn:aws:kms:eu-west-1:{account}:key/{key}"
  }}
}}

variable "db_password" {{
  type      = string
  sensitive = true
}}

resource "aws_instance" "{name}" {{
  ami              = "ami-{ami}"
  subnet_id        = element([{subnets}], 0)
  key_name         = "{name}-deploy"
  user_data_base64 = "{script}"
  tags = {{ vpc = "vpc-{vpc}", etag = "{etag}" }}
}}

resource "aws_db_instance" "{name}" {{
  username                    = "{name}"
  password                    = var.db_password
  manage_master_user_password = true
  kms_key_id                  = aws_kms_key.{name}.arn
}}

resource "aws_ecs_task_definition" "{name}" {{
  container_definitions = jsonencode([{{
    image   = "{account}.dkr.ecr.eu-west-1.amazonaws.com/{name}@sha256:{digest}"
    secrets = [{{ name = "API_TOKEN", valueFrom = "arn:aws:secretsmanager:eu-west-1:{account}:secret:{name}" }}]
  }}])
}}

resource "aws_route53_record" "{name}" {{
  zone_id = "Z{zone}"
}}

provider "azurerm" {{
  client_id       = "{client}"
  client_secret   = data.vault_generic_secret.{name}.data["secret"]
  subscription_id = "{key}"
}}
'''

KUBERNETES = '''apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  uid: {uid}
  resourceVersion: "{version}"
  labels: {{pod-template-hash: {pod}, git-sha: {git}}}
  annotations:
    checksum/secret: {sum}
    kubectl.kubernetes.io/last-applied-configuration: |
      {{"apiVersion":"apps/v1","kind":"Deployment","metadata":{{"name":"{name}"}},"spec":{{"replicas":2}}}}
  ownerReferences: [{{kind: App, name: {name}, uid: {owner}}}]
spec:
  template:
    spec:
      containers:
        - name: {name}
          image: registry.example.com/team/{name}@sha256:{digest}
          args: ["--token-file=/run/secrets/token", "--password-file", "/run/secrets/password"]
          env:
            - name: DB_PASSWORD
              valueFrom: {{secretKeyRef: {{name: {name}, key: password}}}}
            - name: API_KEY_SECRET_NAME
              value: {name}-api-key
          imagePullPolicy: Always
      imagePullSecrets: [{{name: regcred}}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {{name: {name}}}
webhooks:
  - name: {name}.example.com
    clientConfig: {{caBundle: {bundle}, service: {{name: {name}, namespace: default}}}}
---
apiVersion: external-secrets.io/v1beta1
kind: ExternalSecret
metadata: {{name: {name}}}
spec:
  data: [{{secretKey: password, remoteRef: {{key: prod/{name}, property: password}}}}]
'''

NOTEBOOKS = '''import pathlib, sys, nbformat, nbclient
cells = ["import numpy as np, pandas as pd, matplotlib.pyplot as plt, hashlib, uuid\\n"
  "rng = np.random.default_rng(SEED)",
  "frame = pd.DataFrame(rng.normal(size=(40, 6)), columns=list('abcdef')); frame",
  "plt.plot(np.cumsum(rng.normal(size=400))); plt.title('walk'); plt.show()",
  "plt.imshow(rng.random((64, 64))); plt.show()",
  "pd.DataFrame({'id': [str(uuid.UUID(bytes=rng.bytes(16))) for _ in range(30)],"
  " 'digest': [hashlib.sha256(rng.bytes(8)).hexdigest() for _ in range(30)]})",
  "frame.groupby(frame.a > 0).mean().style.background_gradient()", "[rng.bytes(12).hex() for _ in range(20)]"]
for seed in range(24):
    book = nbformat.v4.new_notebook()
    book.cells = [nbformat.v4.new_markdown_cell("# Run %d" % seed)]
    book.cells += [nbformat.v4.new_code_cell(c.replace("SEED", str(seed))) for c in cells]
    nbclient.NotebookClient(book, timeout=120, kernel_name="python3", allow_errors=True).execute()
    nbformat.write(book, pathlib.Path(sys.argv[1]) / ("run%02d.ipynb" % seed))
'''

PARTS = ("lock_npm", "lock_yarn", "lock_pnpm", "lock_pip", "lock_uv", "lock_poetry", "lock_pdm", "lock_pipenv",
         "lock_cargo", "lock_go", "lock_maven", "lock_bundler", "lock_composer", "lock_mix", "lock_nix", "lock_conan",
         "lock_terraform", "installed_npm", "installed_pip", "installed_cargo", "installed_go",
         "minified", "notebooks", "terraform", "kubernetes")


def make(folder):
    """Makes what is not there yet; yields (name, folder or None, why not)."""
    maker = Maker(folder)
    maker.folder.mkdir(parents=True, exist_ok=True)
    for name in PARTS:
        part = maker.folder / name
        done = maker.folder / f"{name}.done"
        if not done.exists():
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            try:
                getattr(maker, name)(part)
                done.touch()
            except (NotAtHand, OSError, subprocess.TimeoutExpired) as failed:
                yield name, None, str(failed)
                continue
        yield name, part, ""
