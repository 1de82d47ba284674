#include "report/json_writer.h"

#include <fmt/format.h>

#include <iterator>

#include "report/utf8.h"

namespace sluice::report {
namespace {

void AppendUnicodeEscape(char32_t code_point, std::string* out) {
  const auto value = static_cast<std::uint32_t>(code_point);
  if (value < 0x10000) {
    fmt::format_to(std::back_inserter(*out), "\\u{:04x}", value);
    return;
  }
  const std::uint32_t offset = value - 0x10000;
  fmt::format_to(std::back_inserter(*out), "\\u{:04x}\\u{:04x}", 0xD800 + (offset >> 10U), 0xDC00 + (offset & 0x3FFU));
}

}  // namespace

void JsonWriter::Key(std::string_view name) {
  Separate();
  Escaped(name);
  out_->append(": ");
  after_key_ = true;
}

void JsonWriter::String(std::string_view text) {
  Separate();
  Escaped(text);
}

void JsonWriter::Number(std::uint64_t number) {
  Separate();
  out_->append(fmt::to_string(number));
}

void JsonWriter::Bool(bool value) {
  Separate();
  out_->append(value ? "true" : "false");
}

void JsonWriter::Null() {
  Separate();
  out_->append("null");
}

void JsonWriter::Member(std::string_view name, std::string_view text) {
  Key(name);
  String(text);
}

void JsonWriter::NumberMember(std::string_view name, std::uint64_t number) {
  Key(name);
  Number(number);
}

void JsonWriter::BoolMember(std::string_view name, bool value) {
  Key(name);
  Bool(value);
}

void JsonWriter::StringsMember(std::string_view name, const std::vector<std::string>& texts) {
  Key(name);
  BeginArray();
  for (const std::string& text : texts) String(text);
  EndArray();
}

void JsonWriter::Begin(char bracket) {
  Separate();
  out_->push_back(bracket);
  ++depth_;
  first_ = true;
}

void JsonWriter::End(char bracket) {
  --depth_;
  if (!first_) NewLine();
  out_->push_back(bracket);
  first_ = false;
}

void JsonWriter::Separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (!first_) out_->push_back(',');
  if (depth_ > 0) NewLine();
  first_ = false;
}

void JsonWriter::NewLine() {
  out_->push_back('\n');
  out_->append(2 * depth_, ' ');
}

void JsonWriter::Escaped(std::string_view text) {
  out_->push_back('"');
  while (!text.empty()) {
    const CodePoint code_point = DecodeUtf8(text);
    if (!code_point.valid) {
      out_->append("\xEF\xBF\xBD");
    } else if (code_point.value == '"' || code_point.value == '\\') {
      out_->push_back('\\');
      out_->push_back(text[0]);
    } else if (code_point.value == '\n') {
      out_->append("\\n");
    } else if (SteersTerminal(code_point.value)) {
      AppendUnicodeEscape(code_point.value, out_);
    } else {
      out_->append(text.substr(0, code_point.length));
    }
    text.remove_prefix(code_point.length);
  }
  out_->push_back('"');
}

}  // namespace sluice::report
