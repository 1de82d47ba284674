// Which characters make what ByteClasses calls special, as tables. Constants only: see byte_classes_simd.h.
#ifndef SLUICE_SCAN_BYTE_CLASS_TABLES_H_
#define SLUICE_SCAN_BYTE_CLASS_TABLES_H_

namespace sluice::scan {

// By character of seven bits, a bit for each class that it is of.
struct Table {
  alignas(64) unsigned char of[128] = {};  // NOLINT(*-avoid-c-arrays): functions of std::array are everybody's.

  constexpr void Add(const char* characters, unsigned char bit) {
    for (; *characters != '\0'; ++characters) of[static_cast<unsigned char>(*characters)] |= bit;
  }
  constexpr void AddBeyondAscii(const char* characters, unsigned char bit) {
    for (; *characters != '\0'; ++characters) of[static_cast<unsigned char>(*characters) & 0x7fU] |= bit;
  }
  constexpr void Add(char first, char last, unsigned char bit) {
    for (char c = first; c <= last; ++c) of[static_cast<unsigned char>(c)] |= bit;
  }
};

// Patterns of two or three characters. A bit stands for one pattern, and is set for the characters that it allows in
// the first, the second and the third place.
constexpr unsigned char kJoint = 1;
constexpr unsigned char kLaterJoint = 2;
constexpr unsigned char kBackslash = 4;
constexpr unsigned char kPercent = 8;
constexpr unsigned char kEntity = 16;
constexpr unsigned char kCapital = 32;
constexpr unsigned char kJoin = 64;
constexpr unsigned char kDigits = 128;
constexpr const char* kQuotes = "\"'`";
constexpr const char* kOperators = "+.&|<~\\#/";  // And how a comment begins.

constexpr Table kFirst = [] {
  Table table;
  table.Add(kQuotes, kJoint | kLaterJoint);
  table.Add("\\", kBackslash | kDigits);
  table.Add("%", kPercent);
  table.Add("&", kEntity);
  table.Add("S", kCapital);
  table.Add("j", kJoin);
  return table;
}();
constexpr Table kSecond = [] {
  Table table;
  table.Add(kQuotes, kJoint);
  table.Add(kOperators, kJoint);
  table.Add('\t', ' ', kLaterJoint);
  table.Add("/\r\n", kBackslash);
  table.Add("xuU", kDigits);
  table.Add('2', '7', kPercent);
  table.Add("#aqlg", kEntity);
  table.Add("e", kCapital);
  table.Add("o", kJoin);
  return table;
}();
// The other patterns are over: anything may follow.
constexpr unsigned char kOver = 0xffU & ~(kLaterJoint | kCapital | kJoin | kDigits);
constexpr Table kThird = [] {
  Table table;
  table.Add("bBfFLRuU", kLaterJoint);
  table.Add(kQuotes, kLaterJoint);
  table.Add(kOperators, kLaterJoint);
  table.Add('\t', ' ', kLaterJoint);
  table.Add("c", kCapital);
  table.Add("i", kJoin);
  table.Add("0234567{", kDigits);  // Of a printable character: \x2…, \u00…, \u{…}.
  return table;
}();

// Beyond ASCII, by the lower seven bits: the first two bytes of odd characters, in the same way.
constexpr Table kOddFirst = [] {
  Table table;
  table.AddBeyondAscii("\xc2", 1);
  table.AddBeyondAscii("\xcd", 2);
  table.AddBeyondAscii("\xd8", 4);
  table.AddBeyondAscii("\xe1\xe3\xf3", 8);
  table.AddBeyondAscii("\xe2", 16);
  table.AddBeyondAscii("\xef", 32);
  table.AddBeyondAscii("\xf0", 64);
  return table;
}();
constexpr Table kOddSecond = [] {
  Table table;
  table.AddBeyondAscii("\xa0\xad", 1);
  table.AddBeyondAscii("\x8f", 2);
  table.AddBeyondAscii("\x9c", 4);
  table.AddBeyondAscii("\x85\x9e\xa0", 8);
  table.AddBeyondAscii("\x80\x81", 16);
  table.AddBeyondAscii("\xb8\xb9\xba\xbb\xbc\xbd\xbe\xbf", 32);
  table.AddBeyondAscii("\x9b\x9d", 64);
  return table;
}();

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_BYTE_CLASS_TABLES_H_
