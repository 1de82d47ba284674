"""What a corpus of source packages lacks, made by the tools that make it elsewhere: lockfiles, installed packages,
minified JavaScript, notebooks with their outputs, Terraform with its state, Kubernetes manifests.

    for name, folder, why_not in corpus_made.make("/tmp/cache/made"): …

A part whose tool is not at hand is named with the reason, and left out. Only package managers' own registries are
asked, by the packages that are listed here. What was made once is kept.
"""
import base64
import hashlib
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys

NPM = """@angular/core @aws-sdk/client-s3 @aws-sdk/client-sts @azure/identity @azure/storage-blob @babel/core
  @google-cloud/storage @mui/material @octokit/rest @sentry/browser @slack/web-api @stripe/stripe-js antd
  apollo-server axios bootstrap chart.js chalk commander d3 discord.js dotenv echarts ejs electron-store eslint
  express fastify firebase firebase-admin googleapis graphql handlebars jest jquery jsonwebtoken knex leaflet lodash
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


class NotAtHand(Exception):
    pass


def call(argv, folder, **options):
    if shutil.which(argv[0]) is None and not os.path.exists(argv[0]):
        raise NotAtHand(f"no {argv[0]}")
    done = subprocess.run([str(a) for a in argv], cwd=folder, check=False, text=True, errors="replace",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=900, **options)
    if done.returncode:
        raise NotAtHand(f"{argv[0]} failed: {done.stdout.strip().splitlines()[-1][:100] if done.stdout else ''}")
    return done.stdout


class Maker:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.tools = self.folder.parent / "tools"
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

    def npm_project(self, folder, names):
        pinned = {name: "*" for name in names}
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
         "lock_cargo", "lock_go", "lock_maven", "installed_npm", "installed_pip", "installed_cargo", "installed_go",
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
