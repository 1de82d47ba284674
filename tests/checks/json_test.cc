#include "checks/json.h"

#include <gtest/gtest.h>

#include <string>

#include "checks/generate.h"

namespace sluice::checks {
namespace {

TEST(Json, ReadsEveryType) {
  const std::optional<Json> json =
      ParseJson(R"({"n":null,"t":true,"i":-3,"u":7,"f":1.5,"s":"a\u00e9","a":[1,[2]],"o":{"x":"y"}})");
  ASSERT_TRUE(json && json->IsObject());
  EXPECT_EQ(json->Find("n")->type, Json::Type::kNull);
  EXPECT_EQ(json->Find("t")->number, 1);
  EXPECT_EQ(json->Number("i"), -3);
  EXPECT_EQ(json->Number("u"), 7);
  EXPECT_EQ(json->Number("f"), 1.5);
  EXPECT_EQ(json->Number("s"), std::nullopt);
  EXPECT_EQ(json->Text("s"), "aé");
  EXPECT_EQ(json->Text("u"), "");
  EXPECT_EQ(json->Find("a")->items.size(), 2U);
  EXPECT_EQ(json->Find("o")->Text("x"), "y");
  EXPECT_FALSE(json->Has("z"));
  EXPECT_EQ(json->Find("a")->Find("x"), nullptr);
}

TEST(Json, TheLastOfTwoMembersCounts) { EXPECT_EQ(ParseJson(R"({"a":"1","a":"2"})")->Text("a"), "2"); }

TEST(Json, RefusesAllElse) {
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("{}x"), std::string("{'a':1}"), std::string("{\"a\":\"\xFF\"}"),
        std::string(1, '\0'), std::string("{\"a\":1e999}"), std::string("[1,]"), std::string("\"\x01\"")}) {
    EXPECT_EQ(ParseJson(text).has_value(), false) << text;
  }
  EXPECT_FALSE(ParseJsonObject("[]"));
  EXPECT_TRUE(ParseBase64JsonObject(generate::Base64("{}")));
  EXPECT_FALSE(ParseBase64JsonObject("{}"));
}

TEST(Json, BoundsDepthAndSize) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(ParseJson(nested(32)));
  EXPECT_FALSE(ParseJson(nested(33)));
  EXPECT_FALSE(ParseJson(std::string(60000, '[')));
  std::string many = "[0";
  for (int i = 0; i < 5000; ++i) many += ",0";
  EXPECT_FALSE(ParseJson(many + "]"));
  EXPECT_FALSE(ParseJson("\"" + std::string(70000, 'x') + "\""));
}

}  // namespace
}  // namespace sluice::checks
