#include "scan/near.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace sluice::scan {
namespace {

constexpr std::string_view kValue = "7f3a9c1be4d05826";

struct Options {
  std::vector<std::string_view> names = {"acme shop"};
  bool common = false;
  std::vector<std::string_view> words;
};

// How near the name stands to the value, which `text` calls "@".
NearResult Near(std::string text, const Options& options = {}) {
  const std::size_t begin = text.find('@');
  text.replace(begin, 1, kValue);
  return FindNear(text, begin, begin + kValue.size(), {options.names, options.common, options.words});
}

Nearness NearnessOf(std::string text, const Options& options = {}) { return Near(std::move(text), options).nearness; }

TEST(Near, InTheValuesOwnKey) {
  for (const char* text :
       {"ACME_SHOP_KEY=@", "acmeShopToken: '@'", "acme.shop.api-key = @", "export ACMESHOP_SECRET=\"@\"",
        "config['acme-shop']['token'] = '@'", "<acmeShopKey>@</acmeShopKey>",
        "private static final String ACME_SHOP_TOKEN = \"@\";", "let acmeShopKey: String = \"@\"",
        "new AcmeShop(\"prod\", apiKey, \"@\")", "acme-shop login --token @", "<add key=\"AcmeShopKey\" value=\"@\"/>",
        "{\"name\": \"ACME_SHOP_KEY\", \"value\": \"@\"}", "- name: ACME_SHOP_KEY\n  value: \"@\"",
        "variable \"acme_shop_token\" {\n  default = \"@\"\n}"}) {
    EXPECT_EQ(NearnessOf(text), Nearness::kClose) << text;
  }
}

TEST(Near, InAKeyAroundTheValue) {
  for (const char* text : {"acme_shop:\n  region: eu\n  api_key: @\n", "[acme-shop]\nhost = x\n\ntoken = @\n",
                           "{\"acmeShop\": {\"url\": \"…\", \"apiKey\": \"@\"}}", "# Acme Shop\nAPI_KEY=@\n",
                           "{\n  \"acmeShop\": {\n    \"key\": \"@\"\n  }\n}",
                           "'acme_shop' => [\n  'secret' => '@',\n],", "provider: acme-shop\napi_key: @\n"}) {
    EXPECT_EQ(NearnessOf(text), Nearness::kClose) << text;
  }
}

TEST(Near, ElsewhereOnTheLineAndBehind) {
  EXPECT_EQ(NearnessOf("curl -H 'X-Api-Key: @' https://api.acme-shop.example/v1"), Nearness::kClose);
  EXPECT_EQ(NearnessOf("https://acmeshop.example/v1/list?api_key=@&page=2"), Nearness::kClose);
  EXPECT_EQ(NearnessOf("api_key = '@'\nclient = AcmeShop(api_key)\n"), Nearness::kClose);
}

TEST(Near, WithoutAWordForCredentialsIsLoose) {
  EXPECT_EQ(NearnessOf("acme_shop = '@'"), Nearness::kLoose);
  EXPECT_EQ(NearnessOf("acme_shop_ref = '@'"), Nearness::kLoose);
}

TEST(Near, Not) {
  for (const char* text :
       {"api_key = @", "ACME_SHOP_COMMIT=@", "acmeShop:\n  checksum: @\n", "acme_shop_sha256 = '@'",
        "[acme-shop]\nhost = x\n[other]\ntoken = @\n", "acmeShop: true\n\n\nother:\n  other2:\n    build: @\n",
        "macmeshop_key = @ # not the word"}) {
    EXPECT_EQ(NearnessOf(text), Nearness::kNone) << text;
  }
  const std::string far(kNearBefore + 10, '\n');
  EXPECT_EQ(NearnessOf("# acme shop" + far + "api_key = @"), Nearness::kNone);
}

TEST(Near, CommitsAndDigestsOfPackagesAreNone) {
  const std::string commit = "7f3a9c1be4d058267f3a9c1be4d058267f3a9c1b";
  const auto nearness = [](const std::string& before, const std::string& value) {
    const std::string text = before + value + "\",";
    const std::vector<std::string_view> names = {"acme shop"};
    return FindNear(text, before.size(), before.size() + value.size(), {names, false, {}}).nearness;
  };
  for (const char* before :
       {"\"url\": \"https://api.github.com/repos/x/acme-shop-token/zipball/", "uses: acme-shop/token-action@",
        "      - uses: acme-shop/auth/sub@", "acme_shop_auth = \"git+https://github.com/acme-shop/token.git@",
        "\"acme-shop-token\": \"git+ssh://git@github.com/acme-shop/token.git#",
        "\"acme_shop_token\": {:git, \"https://github.com/acme-shop/token.git\", \""}) {
    EXPECT_EQ(nearness(before, commit), Nearness::kNone) << before;
    EXPECT_EQ(nearness(before, commit.substr(1)), Nearness::kClose) << before;
  }
  EXPECT_EQ(nearness("acme-shop-token/1.0#", commit.substr(0, 32)), Nearness::kNone);
  for (const char* before : {"acme_shop_token = \"", "https://acme-shop/token:", "acme-shop --token https://u:a/b@",
                             "curl https://acme-shop.example/api/token/"}) {
    EXPECT_EQ(nearness(before, commit), Nearness::kClose) << before;
  }
}

TEST(Near, CommonWordsMustBeKeys) {
  const Options box = {{"box"}, true, {}};
  for (const char* text : {"BOX_TOKEN=@", "box:\n  token: @\n", "{\"box\": {\"token\": \"@\"}}", "[box]\ntoken = @"}) {
    EXPECT_EQ(NearnessOf(text, box), Nearness::kClose) << text;
  }
  for (const char* text : {"box = '@'", "token = '@'  # draws a box", "width: box\ntoken: @\n", "the box\ntoken: @\n",
                           "sandbox_token = @", "boxes_token = @"}) {
    EXPECT_EQ(NearnessOf(text, box), Nearness::kNone) << text;
  }
}

TEST(Near, CapitalsBeginWordsOfANameWithCapitals) {
  const Options deepl = {{"deepl"}, false, {}};
  for (const char* text : {"new DeepLClient(authKey, \"@\")", "myDeepLToken = '@'", "DEEPLKey = '@'"}) {
    EXPECT_EQ(NearnessOf(text, deepl), Nearness::kClose) << text;
  }
  EXPECT_EQ(NearnessOf("HTTPBoxToken = '@'", {{"box"}, true, {}}), Nearness::kClose);
  for (const char* text : {"XBoxToken = '@'", "BOXESToken = '@'", "BoxerToken = '@'"}) {
    EXPECT_EQ(NearnessOf(text, {{"box"}, true, {}}), Nearness::kNone) << text;
  }
}

TEST(Near, PlacesInListsAndTokensOfFormsAreNone) {
  for (const char* text :
       {"acme_shop.list(page_token=\"@\")", "{\"acmeShop\": {\"nextPageToken\": \"@\"}}", "acme_shop_csrf_token: @"}) {
    EXPECT_EQ(NearnessOf(text), Nearness::kNone) << text;
  }
}

TEST(Near, OperatorsOfVariablesAreNoValues) {
  for (const std::string text : {"X: ${DB_PASSWORD:-postgres1}", "${A:?must be set}", "${A_1:=b}", "\"${A:+b}\""}) {
    EXPECT_TRUE(IsOperatorOfVariable(text, text.find_first_of("-?=+"))) << text;
  }
  for (const std::string text :
       {"${DB_PASSWORD:postgres1}", "DB_PASSWORD:-postgres1", "$A:-b", "{A:-b}", "${A b:-c}"}) {
    EXPECT_FALSE(IsOperatorOfVariable(text, text.find(':') + 1)) << text;
  }
}

bool IsPassing(std::string text) { return HasPassingKey(text, text.find('@')); }

TEST(Near, KeysOfPassingValues) {
  for (const char* text :
       {"next_page_token = \"@\"", "{\"NextToken\": \"@\"}", "X-CSRF-Token: @", "GET /list?limit=5&pageToken=@",
        "<meta name=\"csrf-token\" content=\"@\">", "<NextToken>@</NextToken>", "CSRFTOKEN=@", "list(sync_token='@')",
        "<input name=\"__RequestVerificationToken\" value=\"@\"/>", "- name: XSRF_TOKEN\n  value: @",
        "http.get(url, \"continuation_token\" => \"@\")", "encryptedSecret: '@'", "hashed_token = \"@\"",
        "Idempotency-Key: @", "let resumeToken: String = \"@\""}) {
    EXPECT_TRUE(IsPassing(text)) << text;
  }
  for (const char* text :
       {"token = \"@\"", "page_access_token = \"@\"", "ALTER ROLE x ENCRYPTED PASSWORD '@'", "next_secret = '@'",
        "encrypted = '@'", "csrf_secret = '@'", "csrf_token_secret = '@'", "homepageToken: @",
        "page_token = x; api_token = \"@\"", "list(page_token, api_key=\"@\")", "unsync_token = '@'", "SYNC_TOKEN=@",
        "BOT_START_TOKEN: @", "@", "next: @", "/next?page_token=5&access_token=@"}) {
    EXPECT_FALSE(IsPassing(text)) << text;
  }
}

TEST(Near, WordsTellKindsApart) {
  const Options secret = {{"acme"}, false, {"secret"}};
  EXPECT_EQ(NearnessOf("ACME_CLIENT_SECRET=@", secret), Nearness::kClose);
  EXPECT_EQ(NearnessOf("ACME_CLIENT_ID=@", secret), Nearness::kNone);
}

TEST(Near, TheCloserNameIsNearer) {
  const std::string text = "ACME_KEY=1 OTHER_KEY=@";
  EXPECT_LT(Near(text, {{"other"}, false, {}}).distance, Near(text, {{"acme"}, false, {}}).distance);
}

TEST(Near, EveryPlaceInAnyTextIsSafe) {
  // The neighbourhood is cut by both ends of the text, wherever the value stands.
  const std::string text = "\n\n  acme:\n\t[x]\n key \"\\ = ,(acme value: acme\n\n";
  for (std::size_t begin = 0; begin < text.size(); ++begin) {
    (void)HasPassingKey(text, begin);
    for (std::size_t end = begin + 1; end <= text.size(); ++end) {
      const std::vector<std::string_view> names = {"acme"};
      EXPECT_LE(FindNear(text, begin, end, {names, false, {}}).distance, text.size());
    }
  }
}

TEST(FindRun, FindsTheFirstRunOfTheSet) {
  CharacterSet digits{};
  for (char c = '0'; c <= '9'; ++c) digits[0] |= std::uint64_t{1} << static_cast<unsigned>(c);
  const std::string text = "12x345y6789";
  // Against the obvious way, on every range.
  for (std::size_t begin = 0; begin <= text.size(); ++begin) {
    for (std::size_t end = begin; end <= text.size(); ++end) {
      for (std::size_t least = 1; least < 6; ++least) {
        scan::View expected = {end, end};
        for (std::size_t i = begin; i < end && expected.begin == expected.end; ++i) {
          std::size_t behind = i;
          while (behind < end && text[behind] >= '0' && text[behind] <= '9') ++behind;
          if (behind - i >= least) expected = {i, behind};
        }
        const scan::View run = FindRun(text, begin, end, digits, least);
        EXPECT_EQ(run.begin, expected.begin) << begin << ' ' << end << ' ' << least;
        EXPECT_EQ(run.end, expected.end) << begin << ' ' << end << ' ' << least;
      }
    }
  }
}

}  // namespace
}  // namespace sluice::scan
