// JsonWriter: JSON as a stream, always the same bytes for the same calls.
//
//   JsonWriter json(&out);
//   json.BeginObject();
//   json.Member("path", path);
//   json.Key("tags");
//   json.BeginArray();
//   for (const std::string& tag : tags) json.String(tag);
//   json.EndArray();
//   json.EndObject();
//
// Our own, because a general library throws or drops on text that is not UTF-8, and names in a repository often are
// not: here each bad byte becomes U+FFFD. What could steer a terminal is written as \uXXXX, for people who `cat`.
// The caller closes what it opens; that is its only rule.
#ifndef SLUICE_REPORT_JSON_WRITER_H_
#define SLUICE_REPORT_JSON_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::report {

class JsonWriter {
 public:
  // `out` must outlive the writer, which appends to it.
  explicit JsonWriter(std::string* out) : out_(out) {}

  void BeginObject() { Begin('{'); }
  void EndObject() { End('}'); }
  void BeginArray() { Begin('['); }
  void EndArray() { End(']'); }

  // The name of the next value. REQUIRES: inside an object.
  void Key(std::string_view name);

  void String(std::string_view text);
  void Number(std::uint64_t number);
  void Bool(bool value);
  void Null();

  // Named apart from each other: a `const char*` would rather be a bool than a string_view.
  void Member(std::string_view name, std::string_view text);
  void NumberMember(std::string_view name, std::uint64_t number);
  void BoolMember(std::string_view name, bool value);
  void StringsMember(std::string_view name, const std::vector<std::string>& texts);

 private:
  void Begin(char bracket);
  void End(char bracket);
  void Separate();
  void NewLine();
  void Escaped(std::string_view text);

  std::string* out_;
  std::size_t depth_ = 0;
  bool first_ = true;       // Nothing written yet at this depth.
  bool after_key_ = false;  // The next value stands on the line of its key.
};

}  // namespace sluice::report

#endif  // SLUICE_REPORT_JSON_WRITER_H_
