#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "checks/generate.h"
#include "checks/samples.h"

namespace sluice::checks {
namespace {

using generate::Armored;
using generate::Der;
using generate::Random;

constexpr std::uint8_t kInteger = 0x02;
constexpr std::uint8_t kBits = 0x03;
constexpr std::uint8_t kOctets = 0x04;
constexpr std::uint8_t kOid = 0x06;
constexpr std::uint8_t kSequence = 0x30;

std::string Version(char version) { return Der(kInteger, std::string(1, version)); }

std::string Pkcs8(const std::string& oid, const std::string& key) {
  return Der(kSequence, Version(0) + Der(kSequence, Der(kOid, oid)) + Der(kOctets, key));
}

std::string EncryptedPkcs8() {
  return Der(kSequence, Der(kSequence, Der(kOid, "\x2A\x86\x48\x86\xF7\x0D\x01\x05\x0D") + Der(kSequence, "")) +
                            Der(kOctets, Random(70).Bytes(96)));
}

// `text` with `to` in place of each `from`.
std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// n, or another of the numbers of the RSA key, with its last bits changed.
std::string RsaWithChanged(std::size_t number) {
  std::string der = generate::RsaKey().der;
  std::size_t at = 4;
  for (std::size_t i = 0;; ++i) {
    std::size_t size = static_cast<unsigned char>(der[at + 1]);
    at += 2;
    if (size == 0x81) size = static_cast<unsigned char>(der[at++]);
    at += size;
    if (i == number) break;
  }
  der[at - 1] = static_cast<char>(der[at - 1] ^ 2);
  return der;
}

void AddDerKeys(std::vector<Sample>* samples) {
  const auto add = [&](const std::string& what, const std::string& text, Verdict verdict,
                       const std::string& note = "") {
    samples->push_back({"private-key-pem", what, text, verdict, note});
  };
  const std::string& rsa = generate::RsaKey().der;
  const std::string rsa_oid = "\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01";
  const std::string label = "PRIVATE KEY";
  add("RSA by mbed TLS", generate::RsaKey().pem, Verdict::kVerified);
  add("EC by mbed TLS", generate::EcKey().pem, Verdict::kPlausible);
  add("RSA in PKCS#8", Armored(label, Pkcs8(rsa_oid, rsa)), Verdict::kVerified);
  add("Ed25519 in PKCS#8", Armored(label, Pkcs8("\x2B\x65\x70", Der(kOctets, Random(71).Bytes(32)))),
      Verdict::kPlausible);
  std::string dsa = Version(0);
  for (int i = 0; i < 5; ++i) dsa += Der(kInteger, "\x01" + Random(72).Bytes(40));
  add("DSA", Armored("DSA PRIVATE KEY", Der(kSequence, dsa)), Verdict::kPlausible);
  add("encrypted PKCS#8", Armored("ENCRYPTED PRIVATE KEY", EncryptedPkcs8()), Verdict::kPlausible, "encrypted");
  add("encrypted PEM",
      Armored("RSA PRIVATE KEY", Random(73).Bytes(300), "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n"),
      Verdict::kPlausible, "encrypted");
  add("cosign", Armored("ENCRYPTED COSIGN PRIVATE KEY", R"({"kdf":{"name":"scrypt"},"ciphertext":"AAAA"})"),
      Verdict::kPlausible, "encrypted");

  add("RSA with another n", Armored("RSA PRIVATE KEY", RsaWithChanged(1)), Verdict::kRejected);
  add("RSA with another factor", Armored("RSA PRIVATE KEY", RsaWithChanged(4)), Verdict::kRejected);
  add("RSA in PKCS#8 with another factor", Armored(label, Pkcs8(rsa_oid, RsaWithChanged(5))), Verdict::kRejected);
  add("a changed d shows nowhere", Armored("RSA PRIVATE KEY", RsaWithChanged(3)), Verdict::kVerified);
  std::string ones;
  for (int i = 0; i < 8; ++i) ones += Version(i < 1 ? 0 : 1);
  add("RSA of ones", Armored("RSA PRIVATE KEY", Der(kSequence, ones + Version(1))), Verdict::kRejected);
  std::string zeros;
  for (int i = 0; i < 9; ++i) zeros += Version(0);
  add("RSA of zeros", Armored("RSA PRIVATE KEY", Der(kSequence, zeros)), Verdict::kRejected);

  add("public key", generate::RsaKey().public_pem, Verdict::kRejected);
  add("public key under a private label",
      Armored(label, Der(kSequence, Der(kSequence, Der(kOid, rsa_oid)) + Der(kBits, Random(74).Bytes(140)))),
      Verdict::kRejected);
  add("certificate under a private label",
      Armored(label, Der(kSequence, Der(kSequence, Random(75).Bytes(300)) + Der(kSequence, Der(kOid, rsa_oid)) +
                                        Der(kBits, Random(76).Bytes(129)))),
      Verdict::kRejected);
  add("certificate", Armored("CERTIFICATE", Random(77).Bytes(300)), Verdict::kRejected);
  add("random bytes", Armored(label, Random(78).Bytes(300)), Verdict::kDoubtful, "malformed");
  add("one byte too many", Armored(label, rsa + "x"), Verdict::kDoubtful, "malformed");
  add("cut off", Armored("RSA PRIVATE KEY", rsa.substr(0, 300)), Verdict::kDoubtful, "truncated");
  add("cut off, EC", Armored("EC PRIVATE KEY", generate::EcKey().der.substr(0, 60)), Verdict::kDoubtful, "truncated");
  add("cut off, encrypted", Armored(label, EncryptedPkcs8().substr(0, 70)), Verdict::kDoubtful, "truncated");
  add("cut off by the rule's window", generate::RsaKey().pem.substr(0, 300), Verdict::kUnknown);

  add("elided", "-----BEGIN RSA PRIVATE KEY-----\nMIIE...\n-----END RSA PRIVATE KEY-----", Verdict::kRejected);
  add("elided in the middle", Replaced(generate::RsaKey().pem, generate::RsaKey().pem.substr(100, 200), "..."),
      Verdict::kDoubtful, "truncated");
  add("empty block", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----", Verdict::kRejected);
  add("code that looks for keys", "if (line == \"-----BEGIN PRIVATE KEY-----\") {", Verdict::kUnknown);
  add("begin alone", "-----BEGIN ", Verdict::kUnknown);
  add("empty", "", Verdict::kUnknown);

  const std::string unarmored = generate::Base64(rsa);
  add("DER in base64", unarmored, Verdict::kVerified);
  add("DER in base64url", generate::Base64Url(rsa), Verdict::kVerified);
  add("PEM in base64", generate::Base64(generate::RsaKey().pem), Verdict::kVerified);
  add("PEM in base64 in base64", generate::Base64(generate::Base64(generate::RsaKey().pem)), Verdict::kDoubtful,
      "malformed");
  add("DER in base64, cut off", unarmored.substr(0, 200), Verdict::kUnknown);
  add("DER in base64 in lines", unarmored.substr(0, 64) + "\n" + unarmored.substr(64), Verdict::kVerified);
  add("public DER in base64",
      generate::Base64(generate::FromBase64("MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKB") + Random(79).Bytes(20)),
      Verdict::kRejected);
  add("random bytes in base64", generate::Base64(Random(80).Bytes(100)), Verdict::kDoubtful, "malformed");
  samples->push_back(
      {"private-key-pem", "the block is in the match", "RSA", Verdict::kVerified, "", generate::RsaKey().pem});
}

// One key in the ways that people write it into source code.
void AddSpellings(std::vector<Sample>* samples) {
  const std::string& pem = generate::RsaKey().pem;
  const auto lines_as = [&](const std::string& before, const std::string& after) {
    return before + Replaced(pem.substr(0, pem.size() - 1), "\n", after + "\n" + before) + after;
  };
  const std::vector<std::pair<std::string, std::string>> spellings = {
      {"CRLF", Replaced(pem, "\n", "\r\n")},
      {"CR", Replaced(pem, "\n", "\r")},
      {"escaped", Replaced(pem, "\n", "\\n")},
      {"escaped CRLF", Replaced(pem, "\n", "\\r\\n")},
      {"escaped twice", Replaced(pem, "\n", "\\\\n")},
      {"escaped as JSON may", Replaced(Replaced(pem, "/", "\\/"), "\n", "\\u000a")},
      {"escaped with = as JSON may", Replaced(Replaced(pem, "=", "\\u003d"), "\n", "\\n")},
      {"XML", Replaced(pem, "\n", "&#10;")},
      {"XML in hexadecimal", Replaced(pem, "\n", "&#xA;")},
      {"URL", Replaced(Replaced(Replaced(Replaced(pem, "+", "%2B"), "/", "%2F"), "=", "%3D"), "\n", "%0A")},
      {"one line", Replaced(pem, "\n", " ")},
      {"no line breaks", Replaced(pem, "\n", "")},
      {"indented", lines_as("        ", "")},
      {"line comments", lines_as("// ", "")},
      {"line comments without space", lines_as("//", "")},
      {"hash comments", lines_as("# ", "")},
      {"block comment", lines_as(" * ", "")},
      {"quoted mail", lines_as("> ", "")},
      {"strings joined by +", lines_as("  \"", "\\n\" +")},
      {"strings joined by nothing", lines_as("  \"", "\\n\"")},
      {"strings in an array", lines_as("  '", "',")},
      {"strings joined by .", lines_as("$key .= '", "';")},
      {"shell continuation", lines_as("", "\\")},
      {"tabs", lines_as("\t", "\t")},
  };
  for (const auto& [what, text] : spellings) {
    samples->push_back({"private-key-pem", what, text, Verdict::kVerified});
  }
  samples->push_back({"private-key-pem", "diff", lines_as("+", ""), Verdict::kVerified});
  samples->push_back(
      {"private-key-pem", "after a public one", generate::RsaKey().public_pem + pem, Verdict::kVerified});
  samples->push_back({"private-key-pem", "after a BEGIN without end", "-----BEGIN RSA\n" + pem, Verdict::kVerified});
}

std::string Field(const std::string& bytes) {
  return generate::BigEndian(static_cast<std::uint32_t>(bytes.size())) + bytes;
}

struct Openssh {
  std::string cipher = "none";
  std::string kdf = "none";
  std::string options;
  std::uint32_t count = 1;
  std::string check_1 = "\x12\x34\x56\x78";
  std::string check_2 = "\x12\x34\x56\x78";
  std::string comment = "me@example";
  std::string padding;  // Empty: as it ought to be.
  std::string after;

  std::string Bytes() const {
    Random random(81);
    const std::string public_key = random.Bytes(32);
    std::string secret = check_1 + check_2 + Field("ssh-ed25519") + Field(public_key) +
                         Field(random.Bytes(32) + public_key) + Field(comment);
    if (padding.empty()) {
      for (char next = 1; secret.size() % 8 != 0; ++next) secret += next;
    }
    return std::string("openssh-key-v1\0", 15) + Field(cipher) + Field(kdf) + Field(options) +
           generate::BigEndian(count) + Field(Field("ssh-ed25519") + Field(public_key)) + Field(secret + padding) +
           after;
  }
};

void AddOpenssh(std::vector<Sample>* samples) {
  const std::string label = "OPENSSH PRIVATE KEY";
  const auto add_text = [&](const std::string& what, const std::string& text, Verdict verdict,
                            const std::string& note = "") {
    samples->push_back({"openssh-private-key", what, text, verdict, note});
    samples->push_back({"private-key-pem", "OpenSSH, " + what, text, verdict, note});
  };
  const auto add = [&](const std::string& what, const Openssh& key, Verdict verdict, const std::string& note = "") {
    add_text(what, Armored(label, key.Bytes()), verdict, note);
  };
  add("unencrypted", {}, Verdict::kVerified);
  for (std::size_t i = 0; i < 8; ++i) {
    Openssh key;
    key.comment = std::string(i, '~');
    add("comment of " + std::to_string(i), key, Verdict::kVerified);
  }
  Openssh key;
  key.cipher = "aes256-ctr";
  key.kdf = "bcrypt";
  key.options = Field(Random(82).Bytes(16)) + generate::BigEndian(16);
  add("encrypted", key, Verdict::kPlausible, "encrypted");
  key.kdf = "none";
  add("cipher without kdf", key, Verdict::kRejected);
  key = {};
  key.check_2 = "\x12\x34\x56\x79";
  add("check integers differ", key, Verdict::kRejected);
  key = {};
  key.count = 2;
  add("two keys", key, Verdict::kRejected);
  key = {};
  key.padding = "\x07\x02\x03";
  key.comment = std::string(3, '~');
  add("not in blocks of 8", key, Verdict::kRejected);
  key = {};
  key.comment = "abc";  // 134 bytes, 1 and 2.
  std::string wrong = key.Bytes();
  wrong.back() = 3;
  add_text("wrong padding", Armored(label, wrong), Verdict::kRejected);
  key = {};
  key.after = "x";
  add("something after it", key, Verdict::kDoubtful, "truncated");
  const std::string bytes = Openssh().Bytes();
  add_text("cut off", Armored(label, bytes.substr(0, 150)), Verdict::kDoubtful, "truncated");
  add_text("cut off by the rule's window", Armored(label, bytes).substr(0, 200), Verdict::kUnknown);
  add_text("random bytes", Armored(label, Random(83).Bytes(200)), Verdict::kDoubtful, "malformed");
  add_text("elided", "-----BEGIN OPENSSH PRIVATE KEY-----\n...\n-----END OPENSSH PRIVATE KEY-----", Verdict::kRejected);
  samples->push_back({"openssh-private-key", "empty", "", Verdict::kUnknown});
}

std::string Mpi(const std::string& bytes) {  // The first byte's highest bit must be set.
  return generate::BigEndian(static_cast<std::uint32_t>(bytes.size() * 8)).substr(2) + bytes;
}

struct Pgp {
  char tag = 5;
  char version = 4;
  char algorithm = 1;
  char usage = 0;
  bool new_format = false;
  std::size_t secret_bytes = 80;

  std::string Bytes() const {
    Random random(84);
    std::string body = version + random.Bytes(4);
    if (version == 3) body += std::string(2, '\0');
    body += algorithm;
    if (version > 4) body += generate::BigEndian(100);
    if (algorithm == 1) body += Mpi("\xC1" + random.Bytes(127)) + Mpi("\x81");
    if (algorithm == 16) body += Mpi("\x81" + random.Bytes(99)) + Mpi("\x85") + Mpi("\x81" + random.Bytes(99));
    if (algorithm == 17)
      body += Mpi("\x81" + random.Bytes(99)) + Mpi("\x85") + Mpi("\x81") + Mpi("\x81" + random.Bytes(99));
    const std::string curve = "\x09\x2B\x06\x01\x04\x01\xDA\x47\x0F\x01";
    if (algorithm == 18) body += curve + Mpi("\x80" + random.Bytes(32)) + std::string("\x03\x01\x08\x07");
    if (algorithm == 22) body += curve + Mpi("\x80" + random.Bytes(32));
    if (algorithm == 27) body += random.Bytes(32);
    body += usage + random.Bytes(secret_bytes);
    if (!new_format) {
      const std::string size = generate::BigEndian(static_cast<std::uint32_t>(body.size())).substr(2);
      return static_cast<char>(0x80 | tag << 2 | 1) + size + body;
    }
    const std::size_t size = body.size();
    std::string head(1, static_cast<char>(0xC0 | tag));
    if (size < 192) {
      head += static_cast<char>(size);
    } else {
      head += {static_cast<char>(192 + (size - 192) / 256), static_cast<char>((size - 192) % 256)};
    }
    return head + body;
  }
};

std::string PgpArmor(const std::string& bytes, const std::string& covered,
                     const std::string& label = "PGP PRIVATE KEY BLOCK") {
  return Armored(label, bytes, "Version: GnuPG v2\n\n",
                 "=" + generate::Base64(generate::BigEndian(generate::Crc24(covered)).substr(1)) + "\n");
}

void AddPgp(std::vector<Sample>* samples) {
  const std::string label = "PGP PRIVATE KEY BLOCK";
  const auto add_text = [&](const std::string& what, const std::string& text, Verdict verdict,
                            const std::string& note = "") {
    samples->push_back({"pgp-private-key", what, text, verdict, note});
    samples->push_back({"private-key-pem", "OpenPGP, " + what, text, verdict, note});
  };
  const auto add = [&](const std::string& what, const Pgp& key, Verdict verdict, const std::string& note = "") {
    add_text(what, PgpArmor(key.Bytes(), key.Bytes()), verdict, note);
  };
  add("RSA", {}, Verdict::kVerified);
  add("new format", {.new_format = true}, Verdict::kVerified);
  add("new format, longer", {.new_format = true, .secret_bytes = 700}, Verdict::kVerified);
  add("ElGamal", {.algorithm = 16}, Verdict::kVerified);
  add("DSA", {.algorithm = 17}, Verdict::kVerified);
  add("ECDH", {.algorithm = 18, .new_format = true}, Verdict::kVerified);
  add("EdDSA", {.algorithm = 22, .new_format = true}, Verdict::kVerified);
  add("Ed25519 of version 6", {.version = 6, .algorithm = 27, .new_format = true}, Verdict::kVerified);
  add("version 3", {.version = 3}, Verdict::kVerified);
  add("an algorithm of tomorrow", {.algorithm = 99}, Verdict::kVerified);
  for (const int usage : {253, 254, 255}) {
    add("protected by " + std::to_string(usage), {.usage = static_cast<char>(usage)}, Verdict::kPlausible, "encrypted");
    add("EdDSA protected by " + std::to_string(usage), {.algorithm = 22, .usage = static_cast<char>(usage)},
        Verdict::kPlausible, "encrypted");
  }
  for (const char algorithm : {'\x10', '\x11', '\x12', '\x1B'}) {
    add("protected, algorithm " + std::to_string(algorithm),
        {.version = algorithm == 27 ? '\x06' : '\x04', .algorithm = algorithm, .usage = '\xFE', .new_format = true},
        Verdict::kPlausible, "encrypted");
  }
  add("public key under a private label", {.tag = 6}, Verdict::kRejected);
  const std::string bytes = Pgp().Bytes();
  add_text("without checksum, as RFC 9580 has it", Armored(label, bytes), Verdict::kPlausible);
  add_text("another checksum", PgpArmor(bytes, bytes + "x"), Verdict::kRejected);
  add_text("public key", PgpArmor(bytes, bytes, "PGP PUBLIC KEY BLOCK"), Verdict::kRejected);
  add_text("cut off", PgpArmor(bytes.substr(0, 150), bytes), Verdict::kDoubtful, "truncated");
  add_text("cut off by the rule's window", PgpArmor(bytes, bytes).substr(0, 200), Verdict::kUnknown);
  add_text("random bytes", Armored(label, "\x01" + Random(85).Bytes(200)), Verdict::kDoubtful, "truncated");
  add_text("elided", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n[snip]\n-----END PGP PRIVATE KEY BLOCK-----",
           Verdict::kRejected);
  samples->push_back({"pgp-private-key", "empty", "", Verdict::kUnknown});
}

std::string PuttyLines(const std::string& name, const std::string& bytes) {
  const std::string base64 = generate::Base64(bytes);
  std::string lines = name + ": " + std::to_string((base64.size() + 63) / 64) + "\n";
  for (std::size_t i = 0; i < base64.size(); i += 64) lines += base64.substr(i, 64) + "\n";
  return lines;
}

std::string Putty(char version, const std::string& encryption, const std::string& comment = "me") {
  const std::string public_blob = Random(86).Bytes(83);
  const std::string private_blob = Random(87).Bytes(100);
  const std::string covered =
      Field("ssh-ed25519") + Field("none") + Field(comment) + Field(public_blob) + Field(private_blob);
  const std::string mac = version == '2' ? generate::HmacSha1(generate::Sha1("putty-private-key-file-mac-key"), covered)
                                         : generate::HmacSha256("", covered);
  return std::string("PuTTY-User-Key-File-") + version + ": ssh-ed25519\nEncryption: " + encryption +
         "\nComment: " + comment + "\n" + PuttyLines("Public-Lines", public_blob) +
         PuttyLines("Private-Lines", private_blob) + "Private-MAC: " + generate::Hex(mac) + "\n";
}

void AddPutty(std::vector<Sample>* samples) {
  const auto add = [&](const std::string& what, const std::string& file, Verdict verdict,
                       const std::string& note = "") {
    samples->push_back({"putty-private-key", what, file, verdict, note});
  };
  for (const char version : {'2', '3'}) {
    const std::string which = std::string("version ") + version;
    const std::string file = Putty(version, "none");
    add(which, file, Verdict::kVerified);
    add(which + ", CRLF", Replaced(file, "\n", "\r\n"), Verdict::kVerified);
    add(which + ", no comment", Putty(version, "none", ""), Verdict::kVerified);
    add(which + ", text before it", "# key\n" + file, Verdict::kVerified);
    add(which + ", encrypted", Putty(version, "aes256-cbc"), Verdict::kPlausible, "encrypted");
    add(which + ", changed", generate::Changed(file, file.find("Private-Lines") + 20), Verdict::kDoubtful, "malformed");
    add(which + ", changed MAC", generate::Changed(file, file.size() - 2), Verdict::kDoubtful, "malformed");
    add(which + ", too few lines", Replaced(file, "Private-Lines: 3", "Private-Lines: 4"), Verdict::kDoubtful,
        "malformed");
    add(which + ", cut off by the rule's window", file.substr(0, 200), Verdict::kUnknown);
    samples->push_back({"putty-private-key", which + ", in the match", "ssh-ed25519", Verdict::kVerified, "", file});
  }
  add("version 9", Putty('9', "none"), Verdict::kDoubtful, "malformed");
  add("no count of lines", Replaced(Putty('2', "none"), "Public-Lines: 2", "Public-Lines: x"), Verdict::kDoubtful,
      "malformed");
  add("head alone", "PuTTY-User-Key-File-", Verdict::kUnknown);
  add("empty", "", Verdict::kUnknown);
}

}  // namespace

std::vector<Sample> KeySamples() {
  std::vector<Sample> samples;
  AddDerKeys(&samples);
  AddSpellings(&samples);
  AddOpenssh(&samples);
  AddPgp(&samples);
  AddPutty(&samples);
  return samples;
}

namespace {

TEST(Keys, SaysOfEachSampleWhatItShould) { ExpectVerdicts(KeySamples()); }

// A rule's window may end anywhere, which must not be held against the key. Regression: it was where the base64 ended
// one character over, and where the window ended within "-----END".
TEST(Keys, NoBeginningOfAKeyIsDoubted) {
  const std::string pgp = Pgp().Bytes();
  for (const std::string& key : {generate::RsaKey().pem, generate::EcKey().pem, PgpArmor(pgp, pgp),
                                 Armored("OPENSSH PRIVATE KEY", Openssh().Bytes())}) {
    for (std::size_t size = 0; size < key.size(); ++size) {
      EXPECT_GE(Judge("private-key-pem", key.substr(0, size)).verdict, Verdict::kUnknown) << key.substr(0, 30) << size;
    }
  }
  const std::string& rsa = generate::RsaKey().pem;
  for (std::size_t size = rsa.find("-----END"); size < rsa.size(); ++size) {
    EXPECT_EQ(Name(Judge("private-key-pem", rsa.substr(0, size)).verdict), "kVerified") << size;
  }
}

// Regression: END was searched to the end of the text from each BEGIN, which took half a second here.
TEST(Keys, ManyBeginningsTakeLinearTime) {
  std::string text;
  while (text.size() < 64000) text += "-----BEGIN -----";
  for (const char* check : {"private-key-pem", "openssh-private-key", "pgp-private-key", "gcp-service-account"}) {
    EXPECT_NE(Name(Judge(check, text).verdict), "kVerified") << check;
  }
}

}  // namespace
}  // namespace sluice::checks
