// The default packs: all kinds are covered, every example holds, and the packs' own files hold no complete secret.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/checks.h"
#include "rules/default_packs.h"
#include "sluice/database.h"
#include "sluice/rule_set.h"
#include "sluice/scanner.h"

namespace sluice {
namespace {

// The kinds of credentials that matter most: each has a rule of this id.
constexpr const char* kFirstTier[] = {
    "github-classic-pat",
    "github-fine-grained-pat",
    "github-oauth-access-token",
    "github-app-user-token",
    "github-app-installation-token",
    "github-app-installation-token-stateless",
    "gitlab-personal-access-token",
    "gitlab-personal-access-token-routable",
    "gitlab-runner-authentication-token",
    "gitlab-deploy-token",
    "gitlab-oauth-application-secret",
    "aws-access-key-id",
    "aws-secret-access-key",
    "aws-temporary-access-key-id",
    "aws-bedrock-api-key-long",
    "gcp-api-key",
    "gcp-service-account-key",
    "gcp-oauth-client-secret",
    "azure-entra-client-secret",
    "azure-storage-account-key",
    "azure-storage-connection-string",
    "azure-devops-pat-legacy",
    "azure-devops-pat",
    "azure-cosmosdb-key",
    "azure-servicebus-connection-string",
    "azure-cask-key",
    "azure-openai-api-key",
    "slack-bot-token",
    "slack-user-token",
    "slack-app-level-token",
    "slack-webhook-url",
    "stripe-secret-key",
    "stripe-restricted-key",
    "stripe-test-key",
    "stripe-webhook-secret",
    "openai-project-key",
    "openai-legacy-user-key",
    "anthropic-api-key",
    "anthropic-admin-key",
    "huggingface-user-token",
    "groq-api-key",
    "xai-api-key",
    "perplexity-api-key",
    "replicate-api-token",
    "openrouter-api-key",
    "deepseek-api-key",
    "npm-access-token",
    "npm-legacy-token",
    "pypi-api-token",
    "rubygems-api-key",
    "nuget-api-key",
    "crates-io-token",
    "dockerhub-pat",
    "docker-config-auth",
    "twilio-auth-token",
    "twilio-api-key",
    "sendgrid-api-key",
    "mailgun-api-key",
    "mailchimp-api-key",
    "brevo-api-key",
    "telegram-bot-token",
    "discord-bot-token",
    "discord-webhook-url",
    "microsoft-teams-webhook-url",
    "facebook-access-token",
    "x-twitter-bearer-token",
    "heroku-api-key",
    "heroku-legacy-api-key",
    "digitalocean-pat",
    "cloudflare-api-token",
    "cloudflare-prefixed-token",
    "cloudflare-global-api-key",
    "databricks-pat",
    "datadog-api-key",
    "datadog-app-key",
    "newrelic-user-api-key",
    "sentry-org-auth-token",
    "sentry-user-auth-token",
    "grafana-service-account-token",
    "vault-service-token",
    "terraform-cloud-token",
    "atlassian-api-token",
    "bitbucket-app-password",
    "shopify-access-token",
    "square-access-token",
    "okta-api-token",
    "linear-api-key",
    "notion-integration-token",
    "figma-pat",
    "postman-api-key",
    "airtable-pat",
    "dropbox-short-lived-token",
    "netlify-pat",
    "vercel-access-token",
    "supabase-secret-key",
    "supabase-management-token",
    "pulumi-access-token",
    "doppler-token",
    "algolia-admin-key",
    "snyk-api-token",
    "circleci-personal-token",
    "artifactory-api-key",
    "1password-service-account-token",
    "age-secret-key",
    "tailscale-key",
    "hubspot-private-app-token",
    "salesforce-access-token",
    "jwt",
    "private-key-pem",
    "openssh-private-key",
    "pgp-private-key",
    "postgres-connection-uri",
    "mysql-connection-uri",
    "mongodb-connection-uri",
    "redis-connection-uri",
    "url-basic-auth",
    "http-basic-authorization",
    "http-bearer-authorization",
    "generic-password-assignment",
    "generic-api-key-assignment",
};

const RuleSet& Rules() {
  static const auto* const kRules = [] {
    const std::vector<RuleFile> packs = DefaultPacks();
    return new RuleSet(*RuleSet::Parse(packs));
  }();
  return *kRules;
}

Scanner MakeScanner(Scanner::Options options) {
  const Database* const databases[] = {&Database::Default()};
  return *Scanner::Create(databases, options);
}

Scanner::Options EveryMatch() {
  Scanner::Options options;
  options.keep_overlapping = true;
  options.inline_allow = false;
  return options;
}

using Ranges = std::set<std::pair<std::size_t, std::size_t>>;

Ranges Found(Scanner* scanner, const Rule& rule, const std::string& text, const std::string& path) {
  Ranges ranges;
  for (const Finding& finding : scanner->Scan(text, path.empty() ? "example" : path).findings) {
    if (finding.rule_id == rule.id) ranges.emplace(finding.offset, finding.end_offset);
  }
  return ranges;
}

TEST(Packs, CoverTheFirstTier) {
  for (const char* id : kFirstTier) EXPECT_NE(Rules().Find(id), nullptr) << id;
}

TEST(Packs, EveryRuleIsDocumented) {
  for (const Rule& rule : Rules().rules()) {
    EXPECT_GE(rule.examples.size(), 3U) << rule.id;
    EXPECT_GE(rule.counter_examples.size(), 3U) << rule.id;
    EXPECT_FALSE(rule.references.empty()) << rule.id;
    EXPECT_FALSE(rule.tags.empty()) << rule.id;
    for (const std::string& other : rule.pairs) EXPECT_NE(Rules().Find(other), nullptr) << rule.id << ": " << other;
  }
}

// A check that no rule names is dead code.
TEST(Packs, UseEveryCheck) {
  std::set<std::string_view> used;
  for (const Rule& rule : Rules().rules()) used.insert(rule.check);
  for (const checks::Check& check : checks::All()) EXPECT_TRUE(used.contains(check.name)) << check.name;
}

TEST(Packs, EveryExampleHolds) {
  Scanner scanner = MakeScanner(EveryMatch());
  for (const Rule& rule : Rules().rules()) {
    for (const RuleExample& example : rule.examples) {
      EXPECT_EQ(Found(&scanner, rule, example.text, example.path),
                Ranges(example.secrets.begin(), example.secrets.end()))
          << rule.origin << " example at line " << example.line;
    }
    for (const RuleExample& example : rule.counter_examples) {
      EXPECT_TRUE(Found(&scanner, rule, example.text, example.path).empty())
          << rule.origin << " counter-example at line " << example.line;
    }
  }
}

// The value is found whatever line ends the file has, and wherever in the file it stands.
TEST(Packs, ExamplesHoldAnywhereInAFile) {
  Scanner scanner = MakeScanner(EveryMatch());
  const std::string before = "first line of a file\n\n";
  for (const Rule& rule : Rules().rules()) {
    for (const RuleExample& example : rule.examples) {
      Ranges moved;
      for (const auto& [begin, end] : example.secrets) moved.emplace(begin + before.size(), end + before.size());
      EXPECT_EQ(Found(&scanner, rule, before + example.text + "\nlast line\n", example.path), moved)
          << rule.origin << " example at line " << example.line;
    }
  }
}

// What a person sees of an example never holds the secret.
TEST(Packs, NoExampleLeaksIntoItsFindings) {
  Scanner scanner = MakeScanner({});
  for (const Rule& rule : Rules().rules()) {
    for (const RuleExample& example : rule.examples) {
      for (const Finding& finding : scanner.Scan(example.text, "example").findings) {
        for (const auto& [begin, end] : example.secrets) {
          const std::string secret = example.text.substr(begin, end - begin);
          for (const std::string* text : {&finding.context, &finding.preview, &finding.note, &finding.message}) {
            EXPECT_EQ(text->find(secret), std::string::npos) << rule.id << " line " << example.line << ": " << *text;
          }
        }
      }
    }
  }
}

// This repository is guarded, too: no pack may hold what its own rules would block.
TEST(Packs, HoldNoCompleteSecret) {
  Scanner scanner = MakeScanner({});
  for (const RuleFile& file : DefaultPacks()) {
    for (const Finding& finding : scanner.Scan(file.bytes, file.name).findings) {
      if (finding.blocks && finding.status == FindingStatus::kNew) {
        ADD_FAILURE() << file.name << ":" << finding.line << ": " << finding.rule_id;
      }
    }
  }
}

}  // namespace
}  // namespace sluice
