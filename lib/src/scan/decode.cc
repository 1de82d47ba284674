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
#include "base/little_endian.h"
#include "scan/dense.h"
#include "scan/transcode.h"

namespace sluice::scan {

namespace {

constexpr std::size_t kMinBase64 = kLongRunBytes;
constexpr std::size_t kMinHex = kLongHexBytes;
// Of binary content, which gives no text at once: shorter ones are names, and digests.
constexpr std::size_t kMinBinaryBase64 = 32;
constexpr std::size_t kMinBinaryHex = 60;  // The lines of xxd.
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

constexpr std::array<std::int8_t, 256> MakeHexValues() {
  std::array<std::int8_t, 256> values{};
  for (auto& value : values) value = -1;
  for (int i = 0; i < 10; ++i) values['0' + i] = static_cast<std::int8_t>(i);
  for (int i = 0; i < 6; ++i) values['a' + i] = values['A' + i] = static_cast<std::int8_t>(i + 10);
  return values;
}
constexpr std::array<std::int8_t, 256> kHex = MakeHexValues();
int HexValue(char c) { return kHex[static_cast<unsigned char>(c)]; }

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool IsQuote(char c) { return c == '"' || c == '\'' || c == '`'; }

constexpr bool IsText(unsigned char c) { return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\r' || c == '\t'; }

// At least 19 of 20 bytes, but for those `besides`, are ASCII text or belong to UTF-8.
bool IsMostlyText(std::string_view bytes, std::size_t besides = 0) {
  constexpr std::size_t kBlock = 255;
  std::size_t odd = 0;
  for (std::size_t at = 0; at < bytes.size(); at += kBlock) {
    std::uint8_t of_block = 0;  // As small as what is counted, so that vectors do it.
    for (const char c : bytes.substr(at, kBlock)) {
      const auto byte = static_cast<unsigned char>(c);
      of_block += static_cast<std::uint8_t>(!IsText(byte) && byte < 0x80);
    }
    odd += of_block;
  }
  return (odd - besides) * 20 <= bytes.size() - besides;
}

// Characters in a row, without blanks, as a token has them. Of random bytes so many are once in 10 million places.
constexpr std::size_t kMinStretch = 16;

// Does binary content of `size` bytes hold a stretch? `byte` gives one of them, by number. Looks at few.
template <typename ByteAt>
bool HoldsStretch(std::size_t size, ByteAt byte) {
  const auto is_of_stretch = [&](std::size_t at) {
    const std::uint32_t value = byte(at);
    return value > ' ' && value < 0x7f;
  };
  for (std::size_t begin = 0; size - begin >= kMinStretch;) {
    std::size_t at = begin + kMinStretch;
    while (at > begin && is_of_stretch(at - 1)) --at;
    if (at == begin) return true;
    begin = at;
  }
  return false;
}
bool HoldsStretch(std::string_view bytes) {
  return HoldsStretch(bytes.size(), [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); });
}

bool HoldsStretchInBase64(std::string_view code) {
  return HoldsStretch(code.size() / 4 * 3 + code.size() % 4 * 3 / 4, [&](std::size_t at) {
    const char* pair = code.data() + at / 3 * 4 + at % 3;
    const auto digit = [](char c) { return static_cast<std::uint32_t>(kBase64[static_cast<unsigned char>(c)]); };
    return (digit(pair[0]) << (2 + at % 3 * 2) | digit(pair[1]) >> (4 - at % 3 * 2)) & 0xffU;
  });
}

bool HoldsStretchInHex(std::string_view code) {
  return HoldsStretch(code.size() / 2, [&](std::size_t at) {
    const int high = HexValue(code[2 * at]);
    const int low = HexValue(code[2 * at + 1]);
    return high < 0 || low < 0 ? 0 : static_cast<std::uint32_t>(high << 4 | low);
  });
}

bool LooksLikeGzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b\x08"); }
// With a window of 32 KiB and no dictionary, as all write it.
bool LooksLikeZlib(std::string_view bytes) {
  return bytes.size() >= 2 && bytes[0] == 'x' &&
         (bytes[1] == '\x01' || bytes[1] == '\x5e' || bytes[1] == '\x9c' || bytes[1] == '\xda');
}
bool LooksLikeZip(std::string_view bytes) { return bytes.starts_with("PK\3\4"); }
// What the bytes are when they are compressed in a way that is not unpacked here, by their first ten; or "". Each has
// four bytes of its own at least, so that names in base64 are none of these.
std::string_view UnreadKind(std::string_view bytes) {
  using namespace std::string_view_literals;
  constexpr std::pair<std::string_view, std::string_view> kKinds[] = {
      {"\xfd\x37zXZ\0"sv, "xz"},     {"\x28\xb5\x2f\xfd"sv, "zstd"}, {"\x04\x22\x4d\x18"sv, "lz4"},
      {"\x02\x21\x4c\x18"sv, "lz4"}, {"7z\xbc\xaf\x27\x1c"sv, "7z"}, {"Rar!\x1a\x07"sv, "RAR"}};
  for (const auto& [magic, name] : kKinds) {
    if (bytes.starts_with(magic)) return name;
  }
  // A digit, the size of its blocks, stands between.
  const bool is_bzip2 = bytes.starts_with("BZh") && bytes.size() >= 10 && bytes.substr(4, 6) == "1AY&SY";
  return is_bzip2 ? "bzip2" : "";
}

bool LooksPacked(std::string_view bytes) { return LooksLikeGzip(bytes) || LooksLikeZlib(bytes) || LooksLikeZip(bytes); }

// Of a byte that is zero, of one that is no text, and of one that may be of UTF-8 beyond ASCII.
constexpr unsigned kNul = 0x10000;
constexpr unsigned kNoText = 0x100;
constexpr std::array<std::uint32_t, 256> kOddities = [] {
  std::array<std::uint32_t, 256> oddities{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    oddities[byte] = byte >= 0x80 ? 1 : IsText(static_cast<unsigned char>(byte)) ? 0 : kNoText;
  }
  oddities[0] = kNul + kNoText;
  return oddities;
}();

// UTF-16: most units are ASCII, and where the one byte of a unit is zero the other is text. Fonts begin with zeros,
// too.
constexpr std::size_t kMinNuls = 4;
bool LooksWide(std::string_view first) {
  for (const std::size_t high : {1U, 0U}) {
    std::size_t ascii = 0;
    bool is_wide = true;
    for (std::size_t i = 0; i + 1 < first.size(); i += 2) {
      const char low = first[i + 1 - high];
      if (first[i + high] == '\0' && IsText(static_cast<unsigned char>(low))) ++ascii;
      is_wide = is_wide && low != '\0';
    }
    if (is_wide && ascii >= kMinNuls) return true;
  }
  return false;
}

// Text in letters beyond ASCII: UTF-8 with no control character, which random bytes seldom are.
bool BeginsAsUtf8(std::string_view first) {
  for (std::size_t i = 0; i < first.size();) {
    const auto lead = static_cast<unsigned char>(first[i++]);
    if (lead < 0x80 ? lead < ' ' && lead != '\t' && lead != '\n' && lead != '\r' : lead < 0xc2 || lead > 0xf4)
      return false;
    for (int more = lead < 0xc2 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3; more > 0 && i < first.size(); --more) {
      if ((static_cast<unsigned char>(first[i++]) & 0xc0U) != 0x80) return false;
    }
  }
  return true;
}

// Without a jump for each byte: it is asked about every long name.
bool IsWorthDecoding(std::string_view first) {
  std::size_t oddities = 0;
  for (const char c : first) oddities += kOddities[static_cast<unsigned char>(c)];
  // UTF-8 beyond ASCII may stand among text.
  if (oddities * 4 <= first.size()) return true;
  return (oddities >= kMinNuls * kNul && LooksWide(first)) || LooksPacked(first) || BeginsAsUtf8(first) ||
         !UnreadKind(first).empty();
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
  const std::size_t line = LineBegin(text, begin, kContext);
  layer.text = text.substr(line, begin - line);
  layer.from.Add(begin - line, line);
  layer.plain_bytes = layer.text.size();
  return layer;
}

template <typename Found>
void ForEachBit(std::uint64_t bits, Found found) {
  for (; bits != 0; bits &= bits - 1) found(static_cast<std::size_t>(std::countr_zero(bits)));
}

// `bytes` in the text stand for `c`.
void Add(char c, std::size_t from, Layer* layer, std::size_t bytes = 1) {
  layer->text += c;
  layer->from.Add(1, from, bytes);
}

// The text [begin, end) stands for itself.
void AddPlain(std::string_view text, std::size_t begin, std::size_t end, Layer* layer) {
  layer->text += text.substr(begin, end - begin);
  layer->from.Add(end - begin, begin);
}

// What a layer is called, by what the code gives.
struct Code {
  std::string_view plain;
  std::string_view wide;
  std::string_view gzip;
  std::string_view zlib;
  std::string_view zip;
};
constexpr Code kBase64Code = {"base64", "UTF-16 in base64", "gzip in base64", "zlib in base64", "zip in base64"};
constexpr Code kHexCode = {"hex", "UTF-16 in hex", "gzip in hex", "zlib in hex", "zip in hex"};

bool IsUtf16(const Sniffed& sniffed) {
  return sniffed.encoding == Encoding::kUtf16Le || sniffed.encoding == Encoding::kUtf16Be;
}

// `layer` with what behind its plain bytes is UTF-16 as UTF-8.
Layer Narrowed(Layer layer, const Sniffed& sniffed, std::string_view how) {
  Layer narrow;
  narrow.how = how;
  narrow.plain_bytes = layer.plain_bytes;
  narrow.text = layer.text.substr(0, layer.plain_bytes);
  narrow.from.Add(layer.plain_bytes, 0);
  Transcoder transcoder(sniffed.encoding);
  std::size_t begin =
      layer.plain_bytes + sniffed.bom_bytes;  // Of the unit that is not written yet: a surrogate waits for the other.
  const auto keep = [&](std::size_t end) {
    const std::size_t written = narrow.text.size() - narrow.from.size();
    if (written == 0) return;
    narrow.from.Add(written, begin, end - begin, written);
    begin = end;
  };
  for (std::size_t at = begin; at < layer.text.size(); at += 2) {
    const std::size_t bytes = std::min<std::size_t>(2, layer.text.size() - at);
    transcoder.Append(std::string_view(layer.text).substr(at, bytes), &narrow.text);
    keep(at + bytes);
  }
  transcoder.Finish(&narrow.text);
  keep(layer.text.size());
  narrow.from.GoOnWith(std::move(layer.from));
  return narrow;
}

// What zlib calls a gzip.
constexpr int kGzipWindow = 16 + MAX_WBITS;

// What one compressed stream gives, up to a limit.
struct Unpacked {
  std::string text;
  std::size_t packed_bytes = 0;
  bool is_whole = false;  // It ends as it should.
  bool is_short = false;  // Its end is missing.
  bool is_cut = false;    // There is more.
};
Unpacked Inflate(std::string_view bytes, int window_bits, std::size_t limit) {
  Unpacked unpacked;
  z_stream stream{};
  if (inflateInit2(&stream, window_bits) != Z_OK) return unpacked;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // NOLINT: zlib does not write there.
  stream.avail_in = static_cast<uInt>(bytes.size());
  constexpr std::size_t kLeast = 4096;
  std::size_t size = 0;
  int result = Z_OK;
  // What is damaged further on gives what stands before.
  while (result == Z_OK && size < limit) {
    if (size == unpacked.text.size()) unpacked.text.resize(std::min(limit, std::max(4 * size, kLeast)));
    stream.next_out = reinterpret_cast<Bytef*>(unpacked.text.data() + size);
    stream.avail_out = static_cast<uInt>(unpacked.text.size() - size);
    result = inflate(&stream, Z_NO_FLUSH);
    size = unpacked.text.size() - stream.avail_out;
    if (result == Z_STREAM_END && window_bits == kGzipWindow &&
        LooksLikeGzip(bytes.substr(bytes.size() - stream.avail_in))) {
      result = inflateReset(&stream);  // Another member, as `cat a.gz b.gz` makes them.
    } else if (stream.avail_out > 0) {
      break;
    }
  }
  unpacked.is_whole = result == Z_STREAM_END;
  unpacked.is_short = (result == Z_OK || result == Z_BUF_ERROR) && stream.avail_out > 0;
  unpacked.is_cut = result == Z_OK && stream.avail_out == 0;
  unpacked.packed_bytes = bytes.size() - stream.avail_in;
  unpacked.text.resize(size);
  inflateEnd(&stream);
  return unpacked;
}

class LayerFinder {
 public:
  LayerFinder(std::string_view text, DecodeBudget* budget, const std::function<void(const Layer&)>& sink)
      : text_(text), budget_(*budget), sink_(sink) {}

  bool FindAll(const Survey& survey, std::size_t plain_bytes) {
    // What stands before the code on its line, and other code with it, is in the layer of each that follows: without
    // this, code in code would be decoded again and again.
    for (const Survey::LongRun& run : survey.long_runs) {
      if (run.at.end > plain_bytes) LookAtRun(run.at, run.mixed);
    }
    constexpr std::size_t kBits = 64;
    for (std::size_t i = plain_bytes / kBits; i < survey.classes.special.size(); ++i) {
      ForEachBit(survey.classes.special[i], [&](std::size_t bit) {
        if (i * kBits + bit >= plain_bytes) LookAtSpecial(i * kBits + bit);
      });
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
    layer.from.Add(1, at);
    total_ += layer.text.size();
    if (total_ > budget_.limits.max_total_bytes) {
      complete_ = false;
      return;
    }
    sink_(layer);
  }

  // Keeps what `code` stood for from `begin` to `end`, which `layer` has behind its plain bytes; nothing when that is
  // no text and holds none.
  bool KeepDecoded(Layer layer, std::size_t begin, std::size_t end, const Code& code) {
    if (KeepPacked(&layer, begin, end, code)) return true;
    const std::string_view bytes = std::string_view(layer.text).substr(layer.plain_bytes);
    if (LooksWide(bytes.substr(0, kProbeBytes))) {
      if (const Sniffed sniffed = SniffEncoding(bytes); IsUtf16(sniffed)) {
        layer = Narrowed(std::move(layer), sniffed, code.wide);
      }
    }
    const std::string_view plain = std::string_view(layer.text).substr(layer.plain_bytes);
    if (!IsMostlyText(plain)) {
      if (!HoldsStretch(plain)) return false;
      // A name in front of binary content is not that of what stands somewhere in it.
      std::fill_n(layer.text.begin(), layer.plain_bytes, '\0');
    }
    layer.is_code = true;
    Keep(std::move(layer), end);
    return true;
  }

  // Only the first is named.
  void NoteUnread(std::string_view kind, const Code& code) {
    if (!budget_.note.empty()) return;
    budget_.note = std::string(kind) + " in " + std::string(code.plain) + ": what it unpacks to was not looked at";
  }

  // Keeps what is packed in what `layer` has behind its plain bytes; false when there is more in these to look at.
  bool KeepPacked(Layer* layer, std::size_t begin, std::size_t end, const Code& code) {
    const std::string_view bytes = std::string_view(layer->text).substr(layer->plain_bytes);
    if (const std::string_view kind = UnreadKind(bytes); !kind.empty()) {
      NoteUnread(kind, code);
      return !HoldsStretch(bytes);  // Some hold what was not worth packing as it is.
    }
    if (LooksLikeZip(bytes)) return KeepZip(bytes, begin, end, code) || !HoldsStretch(bytes);
    return LooksPacked(bytes) && KeepStream(layer, begin, end, code);
  }

  // False when it is none after all, text begins with "x^", too, or not all.
  bool KeepStream(Layer* layer, std::size_t begin, std::size_t end, const Code& code) {
    const std::string_view bytes = std::string_view(layer->text).substr(layer->plain_bytes);
    const bool is_gzip = LooksLikeGzip(bytes);
    Unpacked unpacked = Unpack(bytes, is_gzip ? kGzipWindow : MAX_WBITS);
    if (!unpacked.is_whole && IsMostlyText(bytes)) return false;
    // The window of a large file ends in it. A shorter one is the next window's, which has it whole.
    const bool is_cut_off = unpacked.is_short && end == text_.size() && end - begin > kBehindWindow;
    if (is_cut_off) complete_ = false;
    if (!unpacked.is_whole && !unpacked.is_cut && !is_cut_off && is_gzip) NoteUnread("damaged gzip", code);
    // Two or three bytes may begin anything: what does not unpack, and what stands behind, is looked at as it is.
    const bool goes_on = HoldsStretch(bytes.substr(unpacked.is_whole ? unpacked.packed_bytes : 0));
    if (!goes_on) *layer = {};  // Not to be held while what is in it is looked at.
    KeepUnpacked(std::move(unpacked.text), begin, end, is_gzip ? code.gzip : code.zlib, code);
    return !goes_on;
  }

  // The members of a zip (APPNOTE.TXT 4.3.7), one behind the other. What is neither stored nor deflated, or encrypted,
  // is named. False when a member is damaged.
  bool KeepZip(std::string_view bytes, std::size_t begin, std::size_t end, const Code& code) {
    constexpr std::size_t kHeaderBytes = 30;
    constexpr std::uint32_t kDeflated = 8;
    constexpr std::uint32_t kEncrypted = 1;
    bool is_whole = true;
    while (LooksLikeZip(bytes) && bytes.size() > kHeaderBytes) {
      const bool is_encrypted = (LittleEndian(bytes, 6, 2) & kEncrypted) != 0;
      const std::uint32_t method = LittleEndian(bytes, 8, 2);
      const std::size_t size = LittleEndian(bytes, 18, 4);
      const std::size_t header = kHeaderBytes + LittleEndian(bytes, 26, 2) + LittleEndian(bytes, 28, 2);
      if (header > bytes.size()) return false;
      bytes.remove_prefix(header);
      std::size_t packed = size == 0 || size == UINT32_MAX ? EndOfMember(bytes) : std::min(size, bytes.size());
      if (is_encrypted || (method != kDeflated && method != 0)) {
        NoteUnread(is_encrypted ? "encrypted zip" : "zip of an uncommon method", code);
      } else if (method == kDeflated) {
        Unpacked unpacked = Unpack(bytes, -MAX_WBITS);
        packed = unpacked.is_whole ? unpacked.packed_bytes : std::max(packed, unpacked.packed_bytes);
        is_whole = is_whole && unpacked.is_whole;
        KeepUnpacked(std::move(unpacked.text), begin, end, code.zip, code);
      } else {
        KeepUnpacked(std::string(bytes.substr(0, packed)), begin, end, code.zip, code);
      }
      bytes.remove_prefix(packed);
      // Sizes that were not known yet stand behind the member.
      if (const std::size_t next = bytes.substr(0, 24 + 4).find("PK\3\4"); next != std::string_view::npos) {
        bytes.remove_prefix(next);
      }
    }
    return is_whole;
  }

  // Where a member ends whose size is not known in front: where its sizes follow, or another header.
  static std::size_t EndOfMember(std::string_view bytes) {
    for (std::size_t at = bytes.find("PK"); at != std::string_view::npos; at = bytes.find("PK", at + 1)) {
      const std::string_view kind = bytes.substr(at + 2, 2);
      if (kind == "\7\b" || kind == "\3\4" || kind == "\1\2") return at;
    }
    return bytes.size();
  }

  Unpacked Unpack(std::string_view bytes, int window_bits) {
    const DecodeLimits& limits = budget_.limits;
    const std::size_t all = limits.max_unpacked_bytes + limits.max_ratio * budget_.file_bytes;
    const std::size_t left = all - budget_.unpacked_bytes;
    Unpacked unpacked;
    if (left > 0) unpacked = Inflate(bytes, window_bits, std::min(limits.max_stream_bytes, left));
    budget_.unpacked_bytes += unpacked.text.size();
    if (unpacked.is_cut || left == 0) complete_ = false;
    return unpacked;
  }

  // All of it comes from the one place: a byte of it has none of its own.
  void KeepUnpacked(std::string text, std::size_t begin, std::size_t end, std::string_view how, const Code& code) {
    Layer layer;
    layer.text = std::move(text);
    if (packed_depth_ < kMostPacked) {
      ++packed_depth_;
      const bool is_all = KeepPacked(&layer, begin, end, code);
      --packed_depth_;
      if (is_all) return;
    } else if (LooksLikeGzip(layer.text) || LooksLikeZip(layer.text) || !UnreadKind(layer.text).empty()) {
      NoteUnread("what is compressed three times", code);
    }
    if (const Sniffed sniffed = SniffEncoding(layer.text); IsUtf16(sniffed)) {
      layer = Narrowed(std::move(layer), sniffed, how);
    }
    // Archives have zeros between their texts.
    const auto nuls = static_cast<std::size_t>(std::count(layer.text.begin(), layer.text.end(), '\0'));
    if (layer.text.size() == nuls || (!IsMostlyText(layer.text, nuls) && !HoldsStretch(layer.text))) return;
    layer.how = how;
    layer.is_code = true;
    layer.from = Origin();
    layer.from.Add(layer.text.size(), begin, 0);
    Keep(std::move(layer), end);
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

  [[nodiscard]] std::size_t EndOfRun(std::size_t at) const {
    while (at < text_.size() && IsBase64At(at)) ++at;
    return at;
  }

  // Where a run that ends at `end` goes on in the next line, which begins, but for indentation and quotes, with base64
  // again; or 0. Around the line end there may be "abc\n" + , \ and the like, at most a few characters each side.
  [[nodiscard]] std::size_t NextLineOf(std::size_t end) const {
    constexpr std::size_t kMostBetween = 64;
    std::size_t next = end;
    bool has_break = false;
    while (next < text_.size() && next < end + kMostBetween) {
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
    return has_break && next < text_.size() && IsBase64At(next) && text_[next] != '-' ? next : 0;
  }

  // Does base64 that has so many characters in a line go on in the next? What is shorter may be a list, of which each
  // is decoded alone unless it makes no difference.
  static bool IsWrappedAt(std::size_t width) { return width >= 40 || (width >= 32 && width % 4 == 0); }

  // The lines of the base64 that begins at `at`, which is wrapped when there are several.
  [[nodiscard]] std::vector<View> LinesOfBase64(std::size_t at) const {
    std::vector<View> lines;
    do {
      lines.push_back({at, EndOfRun(at)});
      at = lines.back().end;
      at = at < text_.size() && text_[at] != '=' && IsWrappedAt(at - lines.back().begin) ? NextLineOf(at) : 0;
    } while (at != 0);
    return lines;
  }

  // The lines of hexadecimal digits that go on behind `first`, and it. A digit is not parted from its other one.
  [[nodiscard]] std::vector<View> LinesOfHex(const View& first) const {
    std::vector<View> lines = {first};
    for (std::size_t at = NextLineOf(first.end); at != 0; at = NextLineOf(lines.back().end)) {
      const View line = {at, EndOfRun(at)};
      if (lines.back().end - lines.back().begin < kMinHex || !IsHex(line)) break;
      lines.push_back(line);
    }
    return lines;
  }

  [[nodiscard]] bool IsHexDigits(const View& run) const {
    // Others are most often among the first.
    constexpr std::size_t kFirst = 8;
    std::size_t at = run.begin;
    for (; at < std::min(run.end, run.begin + kFirst); ++at) {
      if (!IsHexDigit(text_[at])) return false;
    }
    constexpr std::size_t kBlock = 64;
    for (; at < run.end; at += kBlock) {
      unsigned others = 0;  // Without a jump for each, so that vectors do it.
      for (const char c : text_.substr(at, std::min(kBlock, run.end - at))) {
        const auto lower = static_cast<std::uint8_t>(static_cast<unsigned char>(c) | 0x20U);
        const bool is_digit = static_cast<std::uint8_t>(c - '0') < 10;
        const bool is_letter = static_cast<std::uint8_t>(lower - 'a') < 6;
        others |= static_cast<unsigned>(!(is_digit | is_letter));
      }
      if (others != 0) return false;
    }
    return true;
  }

  // An even number of hexadecimal digits.
  [[nodiscard]] bool IsHex(const View& run) const { return (run.end - run.begin) % 2 == 0 && IsHexDigits(run); }

  // What stands at the end of a line and at the begin of the next, where it is wrapped: with digits of `group` each.
  [[nodiscard]] std::string JointOf(const View& line, std::size_t group) const {
    constexpr std::size_t kEachSide = 2 * kMinStretch;
    const std::size_t next = NextLineOf(line.end);
    if (next == 0) return "";
    const std::size_t length = line.end - line.begin;
    const std::size_t tail = (length - std::min(length, kEachSide)) / group * group;
    std::string joint(text_.substr(line.begin + tail, length - tail));
    joint += text_.substr(next, std::min(EndOfRun(next) - next, kEachSide));
    return joint;
  }

  // The first characters say whether it is text; of binary content, whether this line holds some or begins with it.
  [[nodiscard]] bool IsBase64WorthDecoding(const View& line) const {
    if (ProbeBase64(line)) return true;
    const std::size_t length = line.end - line.begin;
    if (length < kMinBinaryBase64) return false;
    if (HoldsStretchInBase64(text_.substr(line.begin, length))) return true;
    return IsWrappedAt(length) && HoldsStretchInBase64(JointOf(line, 4));
  }

  // Decodes the base64 that begins with the line `first`; false when it gives no text.
  bool KeepBase64(const View& first) {
    if (!IsBase64WorthDecoding(first)) return false;
    const std::vector<View> lines = LinesOfBase64(first.begin);
    std::size_t end = lines.back().end;
    while (end < text_.size() && text_[end] == '=') ++end;
    run_done_ = std::max(run_done_, end);
    Layer layer = BeginLayer(text_, first.begin, kBase64Code.plain);
    std::string& bytes = layer.text;
    std::size_t size = 0;
    for (const View& line : lines) size += line.end - line.begin;
    bytes.reserve(bytes.size() + size / 4 * 3 + 8);
    std::uint32_t bits = 0;
    std::size_t count = 0;
    const auto take = [&](char c) {
      bits = bits << 6U | static_cast<std::uint32_t>(kBase64[static_cast<unsigned char>(c)]);
      ++count;
    };
    const auto give = [&] {
      const char three[] = {static_cast<char>(bits >> 16U), static_cast<char>(bits >> 8U), static_cast<char>(bits)};
      bytes.append(three, sizeof three);
    };
    for (const View& line : lines) {
      // The byte i comes from the character i * 4 / 3: the first byte of this line from its first or second one.
      const std::size_t next = (count * 3 + 3) / 4;
      const std::size_t skipped = next * 4 / 3 - count;
      std::size_t at = line.begin;
      while (at < line.end) {
        take(text_[at++]);
        if (count % 4 != 0) continue;
        give();
        // Mostly four by four.
        for (; line.end - at >= 4; at += 4) {
          take(text_[at]);
          take(text_[at + 1]);
          take(text_[at + 2]);
          take(text_[at + 3]);
          give();
        }
      }
      const std::size_t behind = (count * 3 + 3) / 4;
      if (behind > next) layer.from.Add(behind - next, line.begin + skipped, 4, 3, next * 4 % 3);
    }
    // Two or three characters that are left give one or two bytes.
    if (count % 4 >= 2) bytes += static_cast<char>((count % 4 == 2 ? bits >> 4U : bits >> 10U) & 0xffU);
    if (count % 4 == 3) bytes += static_cast<char>(bits >> 2U & 0xffU);
    layer.from.Cut(bytes.size());
    return KeepDecoded(std::move(layer), first.begin, end, kBase64Code);
  }

  void LookAtRun(const View& run, bool mixed) {
    if (run.begin < run_done_) return;
    run_done_ = run.end;
    if (KeepHex(run)) return;
    // Most runs are names and paths. By chance digits begin like text in base64; with the lines that follow they would
    // be taken for it.
    if (!mixed || IsHexDigits(run)) return;
    if (KeepBase64(run) || run.begin > 0) return;
    // One that begins with the text may be cut anywhere. The lines that follow are looked at from their own begin, too:
    // so cut, binary content is text by chance.
    const std::size_t done = run_done_;
    for (std::size_t skip = 1; skip < 4; ++skip) KeepBase64({skip, run.end});
    run_done_ = done;
  }

  [[nodiscard]] bool ProbeBase64(const View& run) const {
    std::array<char, kProbeBytes> first{};
    const char* from = text_.data() + run.begin;
    // A value of a Kubernetes Secret is shorter.
    const std::size_t bytes = std::min(kProbeBytes, (run.end - run.begin) / 4 * 3);
    for (std::size_t i = 0; i < bytes; i += 3) {
      std::uint32_t bits = 0;
      for (std::size_t j = 0; j < 4; ++j) {
        bits = bits << 6U | static_cast<std::uint32_t>(kBase64[static_cast<unsigned char>(*from++)]);
      }
      first[i] = static_cast<char>(bits >> 16U);
      first[i + 1] = static_cast<char>(bits >> 8U & 0xffU);
      first[i + 2] = static_cast<char>(bits & 0xffU);
    }
    return IsWorthDecoding({first.data(), bytes});
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
      std::size_t end = at;
      while (end < text_.size() && IsBase64At(end)) ++end;
      std::size_t padded = end;
      while (padded < text_.size() && text_[padded] == '=') ++padded;
      const std::size_t length = padded - at;
      if (length < kMinValue || length >= kMinBase64 || length % 4 != 0 || end - at < 4) continue;
      KeepBase64({at, end});
    }
  }

  // True when the run is in hexadecimal, also 0x… and, of PostgreSQL, \x…, and gives text.
  bool KeepHex(View run) {
    const std::string_view first = text_.substr(run.begin, 2);
    std::size_t mark = run.begin;
    if (first == "0x" || first == "0X") run.begin += 2;
    if (first[0] == 'x' && mark > 0 && text_[mark - 1] == '\\') {
      run.begin += 1;
      while (mark > 0 && text_[mark - 1] == '\\') --mark;
    }
    // One that begins with the text, or ends with it, may be cut anywhere.
    return KeepHexDigits(run, mark) || (run.begin == 0 && KeepHexDigits({1, run.end}, 0));
  }

  // What says that they are digits, in front of them at `mark`, is no part of what they stand for.
  bool KeepHexDigits(View first, std::size_t mark) {
    if ((first.end - first.begin) % 2 != 0) {
      if (first.end != text_.size()) return false;
      --first.end;
    }
    if (!IsHexWorthDecoding(first) || !IsHex(first)) return false;
    const std::vector<View> lines = LinesOfHex(first);
    const std::size_t end = lines.back().end;
    run_done_ = std::max(run_done_, end);
    Layer layer = BeginLayer(text_, mark, kHexCode.plain);
    for (const View& line : lines) {
      for (std::size_t i = line.begin; i < line.end; i += 2) {
        layer.text += static_cast<char>(HexValue(text_[i]) << 4 | HexValue(text_[i + 1]));
      }
      layer.from.Add((line.end - line.begin) / 2, line.begin, 2);
    }
    return KeepDecoded(std::move(layer), first.begin, end, kHexCode);
  }

  // As of base64.
  [[nodiscard]] bool IsHexWorthDecoding(const View& line) const {
    const std::string_view code = text_.substr(line.begin, line.end - line.begin);
    if (code.size() < kMinHex) return false;
    std::array<char, kProbeBytes> probe{};
    for (std::size_t i = 0; i < probe.size(); ++i) {
      const int high = HexValue(code[2 * i]);
      const int low = HexValue(code[2 * i + 1]);
      if (high < 0 || low < 0) return false;
      probe[i] = static_cast<char>(high << 4 | low);
    }
    if (IsWorthDecoding({probe.data(), probe.size()})) return true;
    return code.size() >= kMinBinaryHex && (HoldsStretchInHex(code) || HoldsStretchInHex(JointOf(line, 2)));
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
    // As PHP writes JSON.
    if (rest.starts_with("\\/")) return {2, '/'};
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
    const bool is_slash = text_[at] == '\\' && escape.meaning == '/' && escape.bytes == 2;
    // Slashes are escaped all over regular expressions: those count where they cut a token.
    if (is_slash && !CutsToken(at, escape)) return;
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
    std::size_t plain = begin;
    for (std::size_t i = begin; i < end;) {
      const Escape here = text_[i] == '\\' || text_[i] == '%' || text_[i] == '&' ? EscapeAt(i) : Escape{};
      if (here.bytes == 0) {
        ++i;
        continue;
      }
      AddPlain(text_, plain, i, &layer);
      Add(here.meaning, i, &layer, here.bytes);
      plain = i += here.bytes;
    }
    AddPlain(text_, plain, std::max(plain, end), &layer);
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
    std::size_t plain = begin;
    std::size_t last_joint = at;
    const std::size_t reach = std::min(text_.size(), at + kMaxLine);
    while (i < reach && (text_[i] != '\n' || i < last_joint)) {
      const bool may_join = IsQuote(text_[i]) || text_[i] == '\\';
      const std::size_t end = may_join ? EndOfJoint(i) : 0;
      if (end == 0) {
        ++i;
        continue;
      }
      AddPlain(text_, plain, i, &layer);
      plain = i = last_joint = end;
    }
    AddPlain(text_, plain, i, &layer);
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
    std::size_t plain = begin;
    for (std::size_t i = begin; i < end;) {
      const Odd here = OddAt(i);
      if (here.bytes == 0) {
        ++i;
        continue;
      }
      AddPlain(text_, plain, i, &layer);
      if (here.meaning == ' ' && i >= token.end) token = JoinAtBlank(i);
      if (here.meaning != '\0' && !(here.meaning == ' ' && token.is_dense)) Add(here.meaning, i, &layer);
      plain = i += here.bytes;
    }
    AddPlain(text_, plain, std::max(plain, end), &layer);
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
  DecodeBudget& budget_;
  const std::function<void(const Layer&)>& sink_;
  std::size_t total_ = 0;
  // Up to where each kind has been dealt with.
  std::size_t run_done_ = 0;
  std::size_t escape_done_ = 0;
  std::size_t escape_line_end_ = 0;  // The line of the last escape ends here.
  std::size_t join_done_ = 0;
  std::size_t odd_done_ = 0;
  bool is_manifest_ = false;                     // Of a Kubernetes Secret.
  static constexpr std::size_t kMostPacked = 1;  // A file that unpacks to itself has no end.
  std::size_t packed_depth_ = 0;
  bool complete_ = true;
};

}  // namespace

void Origin::Add(std::size_t bytes, std::size_t from, std::size_t num, std::size_t den, std::size_t phase) {
  if (bytes == 0) return;
  const std::size_t at = size_;
  size_ += bytes;
  if (!stretches_.empty()) {
    Stretch& last = stretches_.back();
    const std::size_t reached = (at - last.at) * last.num + last.phase;
    const bool goes_on = last.from + reached / last.den == from && reached % last.den == phase;
    if (goes_on && last.num == num && last.den == den) return;
  }
  stretches_.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(from),
                        static_cast<std::uint8_t>(num), static_cast<std::uint8_t>(den),
                        static_cast<std::uint8_t>(phase)});
}

void Origin::Cut(std::size_t size) {
  while (!stretches_.empty() && stretches_.back().at >= size) stretches_.pop_back();
  size_ = std::min(size_, size);
}

void Origin::GoOnWith(Origin around) {
  around_ = std::move(around.stretches_);
  around_size_ = size_;
}

std::size_t Origin::Find(const std::vector<Stretch>& stretches, std::size_t at) {
  const auto next = std::upper_bound(stretches.begin(), stretches.end(), at,
                                     [](std::size_t wanted, const Stretch& stretch) { return wanted < stretch.at; });
  const Stretch& stretch = *std::prev(next);
  return stretch.from + ((at - stretch.at) * stretch.num + stretch.phase) / stretch.den;
}

std::size_t Origin::operator[](std::size_t at) const {
  const std::size_t from = Find(stretches_, at);
  return at < around_size_ ? Find(around_, from) : from;
}

bool FindLayers(const LayeredText& outer, DecodeBudget* budget, const std::function<void(const Layer&)>& sink) {
  return LayerFinder(outer.text, budget, sink).FindAll(outer.survey, outer.plain_bytes);
}

}  // namespace sluice::scan
