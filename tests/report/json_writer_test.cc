#include "report/json_writer.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include <nlohmann/json.hpp>

namespace sluice::report {
namespace {

TEST(JsonWriter, NestsAndSeparates) {
  std::string out;
  JsonWriter json(&out);
  json.BeginObject();
  json.Member("text", "a");
  json.NumberMember("number", std::numeric_limits<std::uint64_t>::max());
  json.BoolMember("bool", true);
  json.Key("null");
  json.Null();
  json.StringsMember("none", {});
  json.StringsMember("some", {"x", "y"});
  json.Key("deep");
  json.BeginArray();
  json.BeginObject();
  json.EndObject();
  json.BeginArray();
  json.Number(1);
  json.EndArray();
  json.EndArray();
  json.EndObject();
  EXPECT_EQ(out, R"({
  "text": "a",
  "number": 18446744073709551615,
  "bool": true,
  "null": null,
  "none": [],
  "some": [
    "x",
    "y"
  ],
  "deep": [
    {},
    [
      1
    ]
  ]
})");
  EXPECT_TRUE(nlohmann::json::accept(out));
}

TEST(JsonWriter, EveryByteAloneMakesValidJson) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text(1, static_cast<char>(byte));
    std::string out;
    JsonWriter(&out).String(text);
    const nlohmann::json parsed = nlohmann::json::parse(out, nullptr, false);
    ASSERT_TRUE(parsed.is_string()) << byte;
    EXPECT_EQ(parsed.get<std::string>(), byte < 0x80 ? text : "\xEF\xBF\xBD") << byte;
  }
}

TEST(JsonWriter, EscapesWhatSteersATerminal) {
  std::string out;
  JsonWriter(&out).String("\n\t\x1b\x7f\xC2\x9B\xE2\x80\xAE\xF3\xA0\x81\x81\"\\/é");
  EXPECT_EQ(out, R"("\n\u0009\u001b\u007f\u009b\u202e\udb40\udc41\"\\/é")");
  EXPECT_EQ(nlohmann::json::parse(out).get<std::string>(), "\n\t\x1b\x7f\xC2\x9B\xE2\x80\xAE\xF3\xA0\x81\x81\"\\/é");
}

}  // namespace
}  // namespace sluice::report
