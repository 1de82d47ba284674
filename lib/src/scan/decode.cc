// This looks at every file: only at its long runs of base64 characters, and at what byte_classes.h calls special.
// Measure with:
// build/release/benchmarks/scan_benchmark --benchmark_filter=Decode
#include "scan/decode.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <iterator>

#include "base/ascii.h"
#include "scan/dense.h"

namespace sluice::scan {

namespace {

constexpr std::size_t kMinBase64 = kLongRunBytes;
constexpr std::size_t kMinHex = 32;
// What stands before a stretch on its line, and after it, in its layer.
constexpr std::size_t kContext = 120;
// The first decoded bytes decide whether the rest is worth it. Of 12 random bytes all are text once in 100,000 times.
constexpr std::size_t kProbeBytes = 12;
constexpr std::size_t kMaxLine = 8192;

constexpr std::array<std::int8_t, 256> MakeBase64Values() {
  std::array<std::int8_t, 256> values{};
  for (auto& value : values) value = -1;
  for (int i = 0; i < 26; ++i) {
    values['A' + i] = static_cast<std::int8_t>(i);
    values['a' + i] = static_cast<std::int8_t>(i + 26);
  }
  for (int i = 0; i < 10; ++i) values['0' + i] = static_cast<std::int8_t>(i + 52);
  values['+'] = values['-'] = 62;
  values['/'] = values['_'] = 63;
  return values;
}
constexpr std::array<std::int8_t, 256> kBase64 = MakeBase64Values();

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool IsQuote(char c) { return c == '"' || c == '\'' || c == '`'; }

constexpr bool IsText(unsigned char c) { return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\r' || c == '\t'; }

// At least 19 of 20 bytes are ASCII text or belong to UTF-8.
bool IsMostlyText(std::string_view bytes) {
  std::size_t odd = 0;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (!IsText(byte) && byte < 0x80) ++odd;
  }
  return odd * 20 <= bytes.size();
}

bool LooksLikeGzip(std::string_view bytes) {
  return bytes.size() >= 3 && bytes.starts_with("\x1f\x8b") && bytes[2] == '\x08';
}

// Of a byte that is no text, and of one that may be of UTF-8 beyond ASCII.
constexpr unsigned kNoText = 0x100;
constexpr std::array<std::uint16_t, 256> kOddities = [] {
  std::array<std::uint16_t, 256> oddities{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    oddities[byte] = byte >= 0x80 ? 1 : IsText(static_cast<unsigned char>(byte)) ? 0 : kNoText;
  }
  return oddities;
}();

// Without a jump for each byte: it is asked about every long name.
bool IsWorthDecoding(std::string_view first) {
  std::size_t oddities = 0;
  for (const char c : first) oddities += kOddities[static_cast<unsigned char>(c)];
  // UTF-8 beyond ASCII may stand among text.
  return oddities * 4 <= first.size() || LooksLikeGzip(first);
}

struct CodePoints {
  std::uint32_t first;
  std::uint32_t last;
  char meaning;
};
// In order: Unicode's Default_Ignorable_Code_Point, of which nothing shows, as '\0', and spaces that are no ASCII, but
// for the one of ideographs, as ' '. byte_classes.h knows how they begin.
constexpr CodePoints kOdd[] = {{0xa0, 0xa0, ' '},        {0xad, 0xad, '\0'},       {0x34f, 0x34f, '\0'},
                               {0x61c, 0x61c, '\0'},     {0x115f, 0x1160, '\0'},   {0x17b4, 0x17b5, '\0'},
                               {0x180b, 0x180f, '\0'},   {0x2000, 0x200a, ' '},    {0x200b, 0x200f, '\0'},
                               {0x202a, 0x202e, '\0'},   {0x202f, 0x202f, ' '},    {0x205f, 0x205f, ' '},
                               {0x2060, 0x206f, '\0'},   {0x3164, 0x3164, '\0'},   {0xfe00, 0xfe0f, '\0'},
                               {0xfeff, 0xfeff, '\0'},   {0xffa0, 0xffa0, '\0'},   {0xfff0, 0xfff8, '\0'},
                               {0x1bca0, 0x1bca3, '\0'}, {0x1d173, 0x1d17a, '\0'}, {0xe0000, 0xe0fff, '\0'}};

std::size_t LineBegin(std::string_view text, std::size_t at, std::size_t reach) {
  const std::size_t least = at > reach ? at - reach : 0;
  while (at > least && text[at - 1] != '\n') --at;
  return at;
}

// Builds a layer: first what stands before `begin` on its line.
Layer BeginLayer(std::string_view text, std::size_t begin, std::string_view how) {
  Layer layer;
  layer.how = how;
  for (std::size_t at = LineBegin(text, begin, kContext); at < begin; ++at) {
    layer.text += text[at];
    layer.from.push_back(static_cast<std::uint32_t>(at));
  }
  layer.plain_bytes = layer.text.size();
  return layer;
}

template <typename Found>
void ForEachBit(std::uint64_t bits, Found found) {
  for (; bits != 0; bits &= bits - 1) found(static_cast<std::size_t>(std::countr_zero(bits)));
}

void Add(char c, std::size_t from, Layer* layer) {
  layer->text += c;
  layer->from.push_back(static_cast<std::uint32_t>(from));
}

class LayerFinder {
 public:
  LayerFinder(std::string_view text, const DecodeLimits& limits, std::vector<Layer>* layers)
      : text_(text), limits_(limits), layers_(*layers) {}

  bool FindAll(const Survey& survey) {
    for (const Survey::LongRun& run : survey.long_runs) LookAtRun(run.at, run.mixed);
    constexpr std::size_t kBits = 64;
    for (std::size_t i = 0; i < survey.classes.special.size(); ++i) {
      ForEachBit(survey.classes.special[i], [&](std::size_t bit) { LookAtSpecial(i * kBits + bit); });
    }
    if (is_manifest_) FindShortSecretsOfManifest();
    return complete_;
  }

 private:
  void Keep(Layer layer, std::size_t end) {
    // A quote or the like behind the stretch closes it for the rules.
    const std::size_t stop = std::min(text_.size(), end + 2);
    std::size_t at = end;
    for (; at < stop && text_[at] != '\n' && text_[at] != '\r'; ++at) Add(text_[at], at, &layer);
    layer.from.push_back(static_cast<std::uint32_t>(at));
    total_ += layer.text.size();
    if (total_ > limits_.max_total_bytes) {
      complete_ = false;
      return;
    }
    layers_.push_back(std::move(layer));
  }

  void LookAtSpecial(std::size_t at) {
    const char c = text_[at];
    if (IsQuote(c) || (c == '\\' && IsBlank(text_[at + 1]))) {
      LookAtJoint(at);
    } else if (c == 'S') {
      LookAtManifest(at);
    } else if (c == 'j') {
      LookAtJoin(at);
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      LookAtOdd(at);
    } else {
      LookAtEscape(at);
    }
  }

  [[nodiscard]] bool IsBase64At(std::size_t at) const { return kBase64[static_cast<unsigned char>(text_[at])] >= 0; }

  // The end of a run of base64 that begins at `at`, over line ends where it is wrapped: the next line then begins, but
  // for indentation and quotes, with base64 again.
  std::size_t EndOfWrapped(std::size_t at, std::vector<std::uint32_t>* characters) const {
    constexpr std::size_t kMinWrappedLine = 40;
    for (;;) {
      const std::size_t line = at;
      while (at < text_.size() && IsBase64At(at)) characters->push_back(static_cast<std::uint32_t>(at++));
      if (at - line < kMinWrappedLine || at >= text_.size() || text_[at] == '=') return at;
      std::size_t next = at;
      bool has_break = false;
      // "abc\n" + , \ and the like, at most a few characters each side of the line end.
      while (next < text_.size() && next < at + 64) {
        const char c = text_[next];
        if (c == '\n') has_break = true;
        if (c == '\\' && next + 1 < text_.size() && text_[next + 1] == 'n') {
          has_break = true;
          next += 2;
          continue;
        }
        if (!IsBlank(c) && !IsQuote(c) && c != '\\' && c != ',' && c != '#' && c != '*' && c != '.') break;
        ++next;
      }
      if (!has_break || next >= text_.size() || !IsBase64At(next) || text_[next] == '-') return at;
      at = next;
    }
  }

  // Decodes the base64 whose characters stand at `characters`; nothing when it gives no text.
  bool KeepBase64(const std::vector<std::uint32_t>& characters, std::size_t end, std::size_t skip) {
    const auto value = [&](std::size_t i) {
      return static_cast<std::uint32_t>(kBase64[static_cast<unsigned char>(text_[characters[i]])]);
    };
    const std::size_t count = characters.size() - skip;
    std::string bytes;
    const auto decode_up_to = [&](std::size_t quads) {
      while (bytes.size() / 3 < quads && skip + bytes.size() / 3 * 4 + 3 < characters.size()) {
        const std::size_t i = skip + bytes.size() / 3 * 4;
        const std::uint32_t bits = value(i) << 18U | value(i + 1) << 12U | value(i + 2) << 6U | value(i + 3);
        bytes += static_cast<char>(bits >> 16U);
        bytes += static_cast<char>(bits >> 8U & 0xffU);
        bytes += static_cast<char>(bits & 0xffU);
      }
    };
    decode_up_to(kProbeBytes / 3);
    if (!IsWorthDecoding(bytes)) return false;
    decode_up_to(count / 4);
    // Two or three characters that are left give one or two bytes.
    const std::size_t rest = skip + count / 4 * 4;
    if (count % 4 >= 2) {
      std::uint32_t bits = value(rest) << 18U | value(rest + 1) << 12U;
      bytes += static_cast<char>(bits >> 16U);
      if (count % 4 == 3) bytes += static_cast<char>((bits | value(rest + 2) << 6U) >> 8U & 0xffU);
    }
    if (LooksLikeGzip(bytes)) {
      KeepGzip(bytes, characters[skip], end);
      return true;
    }
    if (!IsMostlyText(bytes)) return false;
    Layer layer = BeginLayer(text_, characters[skip], "base64");
    for (std::size_t i = 0; i < bytes.size(); ++i) Add(bytes[i], characters[skip + i * 4 / 3], &layer);
    Keep(std::move(layer), end);
    return true;
  }

  void KeepGzip(const std::string& bytes, std::size_t begin, std::size_t end) {
    z_stream stream{};
    constexpr int kGzip = 16 + MAX_WBITS;
    if (inflateInit2(&stream, kGzip) != Z_OK) return;
    std::string plain(std::min(limits_.max_layer_bytes, bytes.size() * 32 + 1024), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // NOLINT: zlib does not write there.
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(plain.data());
    stream.avail_out = static_cast<uInt>(plain.size());
    const int result = inflate(&stream, Z_FINISH);
    if (result != Z_STREAM_END && stream.avail_out == 0) complete_ = false;
    plain.resize(plain.size() - stream.avail_out);
    inflateEnd(&stream);
    if (plain.empty() || !IsMostlyText(plain)) return;
    Layer layer;
    layer.how = "gzip in base64";
    layer.from.assign(plain.size(), static_cast<std::uint32_t>(begin));
    layer.text = std::move(plain);
    Keep(std::move(layer), end);
  }

  void LookAtRun(const View& run, bool mixed) {
    if (run.begin < run_done_) return;
    run_done_ = run.end;
    if (KeepHex(run)) return;
    // Most runs are names and paths: the first characters say so.
    if (!mixed || !ProbeBase64(run)) return;
    std::vector<std::uint32_t> characters;
    std::size_t end = EndOfWrapped(run.begin, &characters);
    while (end < text_.size() && text_[end] == '=') ++end;
    run_done_ = std::max(run_done_, end);
    // A run that begins with the text may be cut anywhere.
    const std::size_t phases = run.begin == 0 ? 4 : 1;
    for (std::size_t skip = 0; skip < phases && !KeepBase64(characters, end, skip); ++skip) {
    }
  }

  [[nodiscard]] bool ProbeBase64(const View& run) const {
    if (run.begin == 0) return true;
    static_assert(kMinBase64 >= kProbeBytes / 3 * 4);
    std::array<char, kProbeBytes> first{};
    const char* from = text_.data() + run.begin;
    for (std::size_t i = 0; i < kProbeBytes; i += 3) {
      std::uint32_t bits = 0;
      for (std::size_t j = 0; j < 4; ++j) {
        bits = bits << 6U | static_cast<std::uint32_t>(kBase64[static_cast<unsigned char>(*from++)]);
      }
      first[i] = static_cast<char>(bits >> 16U);
      first[i + 1] = static_cast<char>(bits >> 8U & 0xffU);
      first[i + 2] = static_cast<char>(bits & 0xffU);
    }
    return IsWorthDecoding({first.data(), first.size()});
  }

  // kind: Secret, "kind": "Secret", kind:  'Secret' and the like.
  void LookAtManifest(std::size_t at) {
    constexpr std::size_t kMaxAhead = 40;
    if (is_manifest_ || !text_.substr(at).starts_with("Secret")) return;
    std::string_view ahead = text_.substr(at > kMaxAhead ? at - kMaxAhead : 0, std::min(at, kMaxAhead));
    const auto drop_blanks = [&] {
      while (!ahead.empty() && (ahead.back() == ' ' || ahead.back() == '\t')) ahead.remove_suffix(1);
    };
    const auto drop_quote = [&] {
      if (!ahead.empty() && IsQuote(ahead.back())) ahead.remove_suffix(1);
    };
    drop_quote();
    drop_blanks();
    if (!ahead.ends_with(':')) return;
    ahead.remove_suffix(1);
    drop_blanks();
    drop_quote();
    is_manifest_ = ahead.ends_with("kind");
  }

  // The values of a Kubernetes Secret are base64 however short they are.
  void FindShortSecretsOfManifest() {
    constexpr std::size_t kMinValue = 8;
    for (std::size_t colon = text_.find(':'); colon != std::string_view::npos; colon = text_.find(':', colon + 1)) {
      std::size_t at = colon + 1;
      while (at < text_.size() && (text_[at] == ' ' || IsQuote(text_[at]))) ++at;
      std::vector<std::uint32_t> characters;
      std::size_t end = at;
      while (end < text_.size() && IsBase64At(end)) characters.push_back(static_cast<std::uint32_t>(end++));
      std::size_t padded = end;
      while (padded < text_.size() && text_[padded] == '=') ++padded;
      const std::size_t length = padded - at;
      if (length < kMinValue || length >= kMinBase64 || length % 4 != 0 || characters.size() < 4) continue;
      KeepBase64(characters, padded, 0);
    }
  }

  // True when the run is text in hexadecimal.
  bool KeepHex(const View& run) {
    if (run.end - run.begin < kMinHex || (run.end - run.begin) % 2 != 0) return false;
    if (HexValue(text_[run.begin]) < 0 || HexValue(text_[run.begin + 1]) < 0) return false;
    std::string bytes;
    for (std::size_t i = run.begin; i < run.end; i += 2) {
      const int high = HexValue(text_[i]);
      const int low = HexValue(text_[i + 1]);
      if (high < 0 || low < 0) return false;
      bytes += static_cast<char>(high << 4 | low);
      if (bytes.size() == kProbeBytes && !IsWorthDecoding(bytes)) return false;
    }
    if (!IsMostlyText(bytes)) return false;
    Layer layer = BeginLayer(text_, run.begin, "hex");
    for (std::size_t i = 0; i < bytes.size(); ++i) Add(bytes[i], run.begin + 2 * i, &layer);
    Keep(std::move(layer), run.end);
    return true;
  }

  struct Escape {
    std::size_t bytes = 0;
    char meaning = 0;
  };

  // The escape of an ASCII character at `at`, or none.
  [[nodiscard]] Escape EscapeAt(std::size_t at) const {
    const std::string_view rest = text_.substr(at, 10);
    const auto hex = [&](std::size_t begin, std::size_t count) {
      int value = 0;
      for (std::size_t i = begin; i < begin + count; ++i) {
        const int digit = i < rest.size() ? HexValue(rest[i]) : -1;
        if (digit < 0) return -1;
        value = value << 4 | digit;
      }
      return value;
    };
    const auto is_plain = [](int value) { return value >= 0x20 && value < 0x7f; };
    if (rest[0] == '%') {
      const int value = hex(1, 2);
      return is_plain(value) ? Escape{3, static_cast<char>(value)} : Escape{};
    }
    if (rest[0] == '&') {
      for (const auto& [name, meaning] :
           {std::pair{"&amp;", '&'}, {"&quot;", '"'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&apos;", '\''}}) {
        if (rest.starts_with(name)) return {std::strlen(name), meaning};
      }
      if (!rest.starts_with("&#")) return {};
      const bool is_hex = rest.size() > 2 && (rest[2] == 'x' || rest[2] == 'X');
      int value = 0;
      for (std::size_t i = is_hex ? 3 : 2; i < rest.size(); ++i) {
        if (rest[i] == ';') return is_plain(value) ? Escape{i + 1, static_cast<char>(value)} : Escape{};
        const int digit = HexValue(rest[i]);
        if (digit < 0 || (!is_hex && digit > 9) || value > 0x10ffff) return {};
        value = value * (is_hex ? 16 : 10) + digit;
      }
      return {};
    }
    if (rest[0] != '\\' || rest.size() < 4) return {};
    if (rest[1] == 'x') {
      const int value = hex(2, 2);
      return is_plain(value) ? Escape{4, static_cast<char>(value)} : Escape{};
    }
    if (rest[1] == 'u' && rest[2] == '{') {
      const std::size_t close = rest.find('}');
      if (close == std::string_view::npos || close < 5) return {};
      const int value = hex(3, close - 3);
      return is_plain(value) ? Escape{close + 1, static_cast<char>(value)} : Escape{};
    }
    if (rest[1] == 'u' || rest[1] == 'U') {
      const std::size_t digits = rest[1] == 'u' ? 4 : 8;
      const int value = hex(2, digits);
      return is_plain(value) ? Escape{2 + digits, static_cast<char>(value)} : Escape{};
    }
    return {};
  }

  [[nodiscard]] std::size_t LineEnd(std::size_t at) const {
    return std::min({text_.find('\n', at), text_.size(), at + kMaxLine});
  }

  // A line with two or more escapes of plain characters is taken in plain form, and one whose first cuts a token.
  void LookAtEscape(std::size_t at) {
    if (at < escape_done_) return;
    const Escape escape = EscapeAt(at);
    if (escape.bytes == 0) return;
    if (at >= escape_line_end_) {
      escape_line_end_ = LineEnd(at);
      if (!CutsToken(at, escape)) return;
    }
    KeepUnescaped(LineBegin(text_, at, kMaxLine), escape_line_end_);
    escape_done_ = escape_line_end_;
  }

  // One escape alone is ordinary, such as "%20" in an address. Is this one in, or right in front of, what may be a
  // token?
  [[nodiscard]] bool CutsToken(std::size_t at, const Escape& escape) const {
    const char c = escape.meaning;
    std::string token;
    if (kBase64[static_cast<unsigned char>(c)] >= 0 || c == '=' || c == '.') {
      // Of a token "%3D" may be the end, too, and "%2E" between its parts.
      token.append(RunInFrontOf(at)).push_back(c);
    } else if (text_[at] == '&') {
      // The digits of "%20" hide where a token begins behind them; the semicolon of "&quot;" does not.
      return false;
    }
    token += RunAt(at + escape.bytes);
    return HoldsDenseRun(token);
  }

  void KeepUnescaped(std::size_t begin, std::size_t end) {
    Layer layer;
    layer.how = "escapes";
    for (std::size_t i = begin; i < end;) {
      const Escape here = text_[i] == '\\' || text_[i] == '%' || text_[i] == '&' ? EscapeAt(i) : Escape{};
      Add(here.bytes == 0 ? text_[i] : here.meaning, i, &layer);
      i += here.bytes == 0 ? 1 : here.bytes;
    }
    Keep(std::move(layer), end);
  }

  // "AK" + "IA…": the strings of the line, and those joined to them over line ends, with the joints left out. A joint
  // between words ("a " + "b") is no matter. Lines that end in a backslash are joined, too.
  void LookAtJoint(std::size_t at) {
    if (at < join_done_) return;
    const auto behind_joint = [&](std::size_t joint) { return EndOfJoint(joint); };
    const std::size_t joined = EndOfJoint(at);
    if (joined == 0) return;
    if (const CutToken token = JoinRuns(at, joined, behind_joint); !token.is_dense) {
      join_done_ = token.end;
      return;
    }
    const std::size_t begin = LineBegin(text_, at, kContext * 2);
    Layer layer;
    layer.how = IsQuote(text_[at]) ? "joined strings" : "joined lines";
    std::size_t i = begin;
    std::size_t last_joint = at;
    const std::size_t reach = std::min(text_.size(), at + kMaxLine);
    while (i < reach && (text_[i] != '\n' || i < last_joint)) {
      const std::size_t end = EndOfJoint(i);
      if (end != 0) {
        i = last_joint = end;
        continue;
      }
      Add(text_[i], i, &layer);
      ++i;
    }
    Keep(std::move(layer), i);
    join_done_ = i;
  }

  // ["AK", "IA…"].join("") and "".join(["AK", "IA…"]), with nothing but such strings in the list.
  void LookAtJoin(std::size_t at) {
    constexpr std::string_view kName = "join";
    if (at < 3 || text_[at - 1] != '.' || !text_.substr(at).starts_with(kName)) return;
    const std::size_t behind = at + kName.size();
    const std::string_view rest = text_.substr(behind, 4);
    if (text_[at - 2] == ']') {
      // Of Ruby, without an argument, it is the same.
      const bool is_ruby = rest.empty() || (rest[0] != '(' && !IsBase64At(behind));
      if (is_ruby || rest == "(\"\")" || rest == "('')") KeepList(BeginOfList(at - 2), at - 2);
    } else if (IsQuote(text_[at - 2]) && text_[at - 3] == text_[at - 2] &&
               (rest.starts_with("([") || rest.starts_with("(("))) {
      KeepList(behind + 2, text_.size());
    }
  }

  // Behind the bracket that opens the list that ends at `end`, or `end`: only what a list of strings consists of is
  // walked over, so that no text is walked over twice.
  [[nodiscard]] std::size_t BeginOfList(std::size_t end) const {
    std::size_t begin = end;
    while (
        begin > 0 && end - begin < kMaxLine &&
        (IsBase64At(begin - 1) || IsBlank(text_[begin - 1]) || IsQuote(text_[begin - 1]) || text_[begin - 1] == ',')) {
      --begin;
    }
    return begin > 0 && text_[begin - 1] == '[' ? begin : end;
  }

  // Joins the strings from `begin` up to the bracket that closes their list, at `end` at the latest.
  void KeepList(std::size_t begin, std::size_t end) {
    std::vector<View> strings;
    std::size_t at = begin;
    const auto skip_blanks = [&] {
      while (at < end && (IsBlank(text_[at]) || text_[at] == ',')) ++at;
    };
    for (skip_blanks(); at < end && IsQuote(text_[at]); skip_blanks()) {
      const char quote = text_[at++];
      View string = {at, at};
      while (at < end && IsBase64At(at)) ++at;
      string.end = at;
      if (at == end || text_[at++] != quote) return;
      strings.push_back(string);
    }
    const bool is_whole = at == end ? at < text_.size() : text_[at] == ']' || text_[at] == ')';
    if (!is_whole || strings.size() < 2) return;
    std::string token;
    for (const View& string : strings) token += text_.substr(string.begin, string.end - string.begin);
    if (!HoldsDenseRun(token)) return;
    Layer layer = BeginLayer(text_, strings[0].begin, "joined strings");
    for (const View& string : strings) {
      for (std::size_t i = string.begin; i < string.end; ++i) Add(text_[i], i, &layer);
    }
    Keep(std::move(layer), strings.back().end);
  }

  static constexpr std::size_t kMaxToken = 64;  // One that is longer shows in this many.

  // The run of base64 characters in front of `end`, and the one that begins at `begin`, as far as they matter.
  [[nodiscard]] std::string_view RunInFrontOf(std::size_t end) const {
    std::size_t begin = end;
    while (begin > 0 && end - begin < kMaxToken && IsBase64At(begin - 1)) --begin;
    return text_.substr(begin, end - begin);
  }
  [[nodiscard]] std::string_view RunAt(std::size_t begin) const {
    std::size_t end = begin;
    while (end < text_.size() && end - begin < kMaxToken && IsBase64At(end)) ++end;
    return text_.substr(begin, end - begin);
  }

  // What runs make that are cut.
  struct CutToken {
    bool is_dense = false;
    std::size_t end = 0;  // What was said of this cut is so of all others before.
  };

  // Words are joined everywhere: do the runs on both sides of the cut [cut, next), and behind further ones, make what
  // may be a token? `behind_cut` gives where the text goes on behind a cut at a place, or 0.
  template <typename BehindCut>
  [[nodiscard]] CutToken JoinRuns(std::size_t cut, std::size_t next, BehindCut behind_cut) const {
    std::string token(RunInFrontOf(cut));
    std::size_t end = next;
    std::size_t middle = 0;
    while (next != 0 && token.size() < 2 * kMaxToken) {
      const std::string_view run = RunAt(next);
      token += run;
      end = next + run.size();
      if (middle == 0 && token.size() >= kMaxToken) middle = end;
      next = end < text_.size() && !run.empty() ? behind_cut(end) : 0;
    }
    if (HoldsDenseRun(token)) return {true, end};
    // From the middle on more is behind a cut than was looked at. Before it, the others would see a part of the same.
    return {false, next == 0 ? end : middle};
  }

  // Where the text goes on when a joint begins at `at`, or 0.
  [[nodiscard]] std::size_t EndOfJoint(std::size_t at) const {
    const bool is_quote = IsQuote(text_[at]);
    if ((!is_quote && text_[at] != '\\') || at == 0 || !(IsBase64At(at - 1) || text_[at - 1] == '.')) return 0;
    return is_quote ? EndOfStringJoint(at) : EndOfLineJoint(at);
  }

  // Behind the backslash at the end of a line that goes on in the next, which begins in the middle of a word.
  [[nodiscard]] std::size_t EndOfLineJoint(std::size_t at) const {
    std::size_t next = at + 1;
    if (next < text_.size() && text_[next] == '\r') ++next;
    return next + 1 < text_.size() && text_[next] == '\n' && IsBase64At(next + 1) ? next + 1 : 0;
  }

  // Behind what stands in front of the quote of some literals at `at`, f"…", rb'…', R"(…)" or $"…"; without, `at`.
  [[nodiscard]] std::size_t EndOfLiteralPrefix(std::size_t at) const {
    constexpr std::string_view kPrefixes = "bBfFLrRtTuU8@$";
    constexpr std::size_t kMaxPrefix = 2;
    for (std::size_t i = at; i < text_.size() && i <= at + kMaxPrefix; ++i) {
      if (IsQuote(text_[i])) return i;
      if (kPrefixes.find(text_[i]) == std::string_view::npos) break;
    }
    return at;
  }

  // Behind blanks, comments and continued lines at `at`, at `reach` at the latest.
  [[nodiscard]] std::size_t BehindBlanks(std::size_t at, std::size_t reach) const {
    while (true) {
      while (at < reach && IsBlank(text_[at])) ++at;
      if (at == reach || (text_[at] != '#' && text_[at] != '/' && text_[at] != '\\')) return at;
      const std::size_t behind = BehindComment(at, reach);
      if (behind == at) return at;
      at = behind;
    }
  }

  // Behind the comment, or the end of a continued line, that begins at `at`; `at` when none does.
  [[nodiscard]] std::size_t BehindComment(std::size_t at, std::size_t reach) const {
    const std::string_view rest = text_.substr(at, reach - at);
    if (rest[0] == '#' || rest.starts_with("//") || rest.starts_with("\\\n") || rest.starts_with("\\\r\n")) {
      return at + std::min(rest.find('\n'), rest.size() - 1) + 1;
    }
    return rest.starts_with("/*") ? at + std::min(rest.find("*/", 2), rest.size() - 2) + 2 : at;
  }

  // Behind the quote that opens the next string, when the quote at `at` closes a string that is joined to it.
  [[nodiscard]] std::size_t EndOfStringJoint(std::size_t at) const {
    constexpr std::size_t kMaxJoint = 200;
    const std::size_t reach = std::min(text_.size(), at + kMaxJoint);
    std::size_t i = BehindBlanks(at + 1, reach);
    const std::size_t blank = i;
    // Mostly another word.
    if (i + 2 >= reach || (IsAlnum(text_[i]) && !IsQuote(text_[i + 1]) && !IsQuote(text_[i + 2]))) return 0;
    const std::string_view rest = text_.substr(i, 2);
    if (rest == ".." || rest == "<>" || rest == "||" || rest == "++") {
      i += 2;
    } else if (rest[0] == '+' || rest[0] == '.' || rest[0] == '&' || rest[0] == '~' || rest[0] == '\\') {
      i += 1;
    } else if (blank > at + 1 && rest[0] != text_[at] && EndOfLiteralPrefix(i) == i) {
      return 0;  // Without an operator the next string begins right here.
    }
    i = BehindBlanks(i, reach);
    // 'a''b' of the shell; but "" alone is an empty string or an escaped quote.
    if (i == at + 1 && i < reach && text_[i] == text_[at] && text_[i] == '"') return 0;
    i = EndOfLiteralPrefix(i);
    if (i >= reach || !IsQuote(text_[i])) return 0;
    std::size_t next = i + 1;
    if (text_[i - 1] == 'R' && next < reach && text_[next] == '(') ++next;
    return next < reach && IsBase64At(next) ? next : 0;
  }

  // Zero-width and full-width characters next to letters and digits, and blanks in what they make a token.
  void LookAtOdd(std::size_t at) {
    if (at < odd_done_) return;
    const Odd odd = OddAt(at);
    if (odd.bytes == 0) return;
    if (odd.meaning == ' ') {
      if (const CutToken token = JoinAtBlank(at); !token.is_dense) {
        odd_done_ = token.end;
        return;
      }
    } else if (!TouchesToken(at, at + odd.bytes)) {
      return;  // A mark at the start of the text, and what stands between other scripts, cuts no token.
    }
    const std::size_t begin = LineBegin(text_, at, kMaxLine);
    const std::size_t end = LineEnd(at);
    Layer layer;
    layer.how = "invisible characters";
    CutToken token;  // The last one with a blank in it.
    for (std::size_t i = begin; i < end;) {
      const Odd here = OddAt(i);
      if (here.bytes == 0) {
        Add(text_[i], i, &layer);
        ++i;
        continue;
      }
      if (here.meaning == ' ' && i >= token.end) token = JoinAtBlank(i);
      if (here.meaning != '\0' && !(here.meaning == ' ' && token.is_dense)) Add(here.meaning, i, &layer);
      i += here.bytes;
    }
    Keep(std::move(layer), end);
    odd_done_ = end;
  }

  [[nodiscard]] bool TouchesToken(std::size_t begin, std::size_t end) {
    if (begin == 0) return false;
    if (IsAlnum(text_[begin - 1])) return true;
    // Several of them, such as the tags behind a flag, are looked at once.
    for (Odd next = OddAt(end); next.bytes != 0 && next.meaning == '\0'; next = OddAt(end)) end += next.bytes;
    odd_done_ = end;
    return end < text_.size() && (IsAlnum(text_[end]) || OddAt(end).meaning > ' ');
  }

  // What the runs around a blank that is no ASCII make.
  [[nodiscard]] CutToken JoinAtBlank(std::size_t at) const {
    const auto behind_blank = [&](std::size_t blank) {
      const Odd odd = OddAt(blank);
      const std::size_t next = blank + odd.bytes;
      return odd.meaning == ' ' && next < text_.size() && IsBase64At(next) ? next : 0;
    };
    const std::size_t next = at > 0 && IsBase64At(at - 1) ? behind_blank(at) : 0;
    return next == 0 ? CutToken{false, at + 1} : JoinRuns(at, next, behind_blank);
  }

  struct Odd {
    std::size_t bytes = 0;
    char meaning = '\0';
  };

  // An odd character at `at`, or none: an invisible one means '\0', a blank that is no ASCII ' ', a full-width one its
  // ASCII form.
  [[nodiscard]] Odd OddAt(std::size_t at) const {
    const auto byte = [&](std::size_t i) {
      return at + i < text_.size() ? static_cast<unsigned char>(text_[at + i]) : 0U;
    };
    const unsigned first = byte(0);
    if (first < 0xc0) return {};
    const std::size_t bytes = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    std::uint32_t code = first & (0xffU >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i) {
      if (byte(i) >> 6U != 2) return {};
      code = code << 6U | (byte(i) & 0x3fU);
    }
    if (code >= 0xff01 && code <= 0xff5e) return {bytes, static_cast<char>(code - 0xff01 + '!')};
    const auto* const range =
        std::find_if(std::begin(kOdd), std::end(kOdd), [&](const CodePoints& each) { return code <= each.last; });
    return range != std::end(kOdd) && code >= range->first ? Odd{bytes, range->meaning} : Odd{};
  }

  std::string_view text_;
  const DecodeLimits& limits_;
  std::vector<Layer>& layers_;
  std::size_t total_ = 0;
  // Up to where each kind has been dealt with.
  std::size_t run_done_ = 0;
  std::size_t escape_done_ = 0;
  std::size_t escape_line_end_ = 0;  // The line of the last escape ends here.
  std::size_t join_done_ = 0;
  std::size_t odd_done_ = 0;
  bool is_manifest_ = false;  // Of a Kubernetes Secret.
  bool complete_ = true;
};

}  // namespace

bool FindLayers(std::string_view text, const Survey& survey, const DecodeLimits& limits, std::vector<Layer>* layers) {
  return LayerFinder(text, limits, layers).FindAll(survey);
}

}  // namespace sluice::scan
