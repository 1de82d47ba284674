// The command line as a person and a CI job meet it.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "support/git_fixture.h"

namespace sluice {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;
using tests::CommandResult;
using tests::FakeAwsKey;
using tests::FakeGithubToken;
using tests::FakePrivateKey;
using tests::GitFixture;

class Cli : public ::testing::Test {
 protected:
  CommandResult Sluice(std::vector<std::string> arguments, const std::string& input = "") {
    arguments.insert(arguments.begin(), SLUICE_PROGRAM);
    return repo_.RunHere(arguments, input);
  }
  int Code(std::vector<std::string> arguments, const std::string& input = "") {
    last_ = Sluice(std::move(arguments), input);
    return last_.exit_code;
  }

  GitFixture repo_;
  CommandResult last_;
};

constexpr const char* kOwnRules =
    "format = 1\npack = \"own\"\n[[rule]]\nid = \"own-key\"\ndescription = \"Own key\"\nremediation = \"r\"\n"
    "regex = 'own_[0-9a-f]{8}'\nexamples = [\"«own_¦deadbeef»\"]\n";

// Frozen: scripts and hooks rely on these.
TEST_F(Cli, ExitCodes) {
  repo_.Write("clean.txt", "nothing\n");
  repo_.Write("secret.txt", FakeAwsKey() + "\n");
  repo_.Write("warning.txt",
              "passw"
              "ord = \"bluewhale8\"\n");
  repo_.Write("own.toml", kOwnRules);
  repo_.Write("bad.toml", "format = 1\npack = \"p\"\n[[rule]]\nid = \"x\"\nregex = '(?=a)b'\n");
  const struct {
    std::vector<std::string> arguments;
    int code;
  } cases[] = {
      {{"scan", "clean.txt"}, 0},
      {{"scan", "secret.txt"}, 1},
      {{"scan", "warning.txt"}, 0},
      {{"scan", "."}, 1},
      {{"scan", "--format", "json", "clean.txt"}, 0},
      {{"scan", "--format", "sarif", "secret.txt"}, 1},
      {{"scan", "--quiet", "secret.txt"}, 1},
      {{"scan", "--engine", "re2", "secret.txt"}, 1},
      {{"scan", "--jobs", "3", "."}, 1},
      {{"scan", "no-such-file"}, 2},
      {{"scan", "/dev/null"}, 2},
      {{"scan", "--format", "yaml", "clean.txt"}, 2},
      {{"scan", "--config", "gone.toml", "clean.txt"}, 2},
      {{"scan", "--rules", "gone.toml", "clean.txt"}, 2},
      {{"scan", "--rules", "bad.toml", "clean.txt"}, 2},
      {{"scan", "--rules", "own.toml", "--no-default-rules", "secret.txt"}, 0},
      {{"scan", "--no-default-rules", "clean.txt"}, 2},
      {{"scan", "--show-secrets", "secret.txt"}, 2},
      {{"scan", "--staged", "clean.txt"}, 2},
      {{"scan", "--staged", "--stdin"}, 2},
      {{"scan", "--stdin-filename", "x"}, 2},
      {{"scan", "--output", "/no/such/folder/report", "clean.txt"}, 3},
      {{"scan", "--output", "/dev/full", "secret.txt"}, 3},
      {{"rules", "list"}, 0},
      {{"rules", "list", "--format", "json"}, 0},
      {{"rules", "show", "jwt"}, 0},
      {{"rules", "show", "no-such-rule"}, 2},
      {{"rules", "check"}, 0},
      {{"rules", "check", "own.toml"}, 0},
      {{"rules", "check", "bad.toml"}, 2},
      {{"rules", "test"}, 0},
      {{"rules", "test", "own.toml"}, 0},
      {{"explain", "secret.txt:1"}, 0},
      {{"explain", "--text", "password = changeme"}, 0},
      {{"explain"}, 2},
      {{"explain", "missing.txt:1"}, 2},
      {{"version"}, 0},
      {{"--version"}, 0},
      {{"--help"}, 0},
      {{}, 2},
      {{"nonsense"}, 2},
      {{"scan", "--nonsense"}, 2},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Code(c.arguments), c.code) << ::testing::PrintToString(c.arguments) << "\n" << last_.out << last_.err;
    if (c.code >= 2) {
      EXPECT_NE(last_.err, "") << ::testing::PrintToString(c.arguments);
    }
  }
}

TEST_F(Cli, AMistypedCommandLineNamesTheNearest) {
  const struct {
    std::vector<std::string> arguments;
    const char* line;
  } cases[] = {
      {{"bogus"}, "there is no command `sluice bogus`; see `sluice --help`"},
      {{"skan"}, "there is no command `sluice skan`; did you mean 'scan'? See `sluice --help`"},
      {{"rules", "lst"}, "there is no command `sluice rules lst`; did you mean 'list'? See `sluice rules --help`"},
      {{"scan", "--bogus"}, "`sluice scan` has no option --bogus; see `sluice scan --help`"},
      {{"scan", "--fromat=json"},
       "`sluice scan` has no option --fromat; did you mean '--format'? See `sluice scan --help`"},
      {{"rules"}, "A subcommand is required; see `sluice rules --help`"},
      // What is no name may be a password in the wrong place.
      {{"hunter2"}, "there is no command of that name; see `sluice --help`"},
      {{"rules", "hunter2"}, "there is no command of that name; see `sluice rules --help`"},
      {{"scan", "--hunter2=hunter2"}, "`sluice scan` has no option of that name; see `sluice scan --help`"},
      {{"scan", "-xhunter2"}, "`sluice scan` has no option -x; see `sluice scan --help`"},
      {{"scan", "--quiet=hunter2"}, "--quiet takes no value; see `sluice scan --help`"},
      {{"scan", "--format", "hunter2"}, "--format: is one of text, json, sarif; see `sluice scan --help`"},
      {{"scan", "-j", "hunter2"}, "--jobs: is a number from 1 to 256; see `sluice scan --help`"},
      {{"scan", "-j", "0"}, "--jobs: is a number from 1 to 256; see `sluice scan --help`"},
      {{"rules", "show", "a", "hunter2"}, "`sluice rules show` takes fewer arguments; see `sluice rules show --help`"},
      {{"version", "hunter2"}, "`sluice version` takes fewer arguments; see `sluice version --help`"},
      {{"rules", "show", "hunter2"}, "there is no rule of that name; see `sluice rules list`"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Code(c.arguments), 2);
    EXPECT_EQ(last_.err, std::string("sluice: ") + c.line + "\n");
  }
}

TEST_F(Cli, IncompleteIsNotClean) {
  repo_.Write("lots", [] {
    std::string text;
    for (int i = 0; i < 3000; ++i)
      text +=
          "passw"
          "ord = \"bluewhale8\"\n";
    return text;
  }());
  EXPECT_EQ(Code({"scan", "lots"}), 3) << last_.err;
  EXPECT_THAT(last_.out, HasSubstr("lots: not fully scanned: more than 1000 findings"));
}

TEST_F(Cli, JsonIsOneObjectAndTheSameEveryTime) {
  repo_.Write("b", FakeGithubToken() + "\n");
  repo_.Write("a", "x\n  " + FakeAwsKey() + "\n" + FakeGithubToken() + "\n");
  EXPECT_EQ(Code({"scan", "--format", "json", "."}), 1);
  const auto report = nlohmann::json::parse(last_.out);
  EXPECT_EQ(report["verdict"], "findings");
  EXPECT_EQ(report["findings"].size(), 3U);
  EXPECT_EQ(report["findings"][0]["path"], "a");
  EXPECT_EQ(report["findings"][0]["line"], 2);
  EXPECT_EQ(report["findings"][0]["column"], 3);
  EXPECT_EQ(report["scanned"]["files"], 2);
  const std::string first = last_.out;
  for (const char* jobs : {"1", "2", "8"}) {
    EXPECT_EQ(Code({"scan", "--format", "json", "--jobs", jobs, "."}), 1);
    EXPECT_EQ(last_.out, first);
  }
}

TEST_F(Cli, CleanReportsAreValid) {
  repo_.Write("a", "clean\n");
  EXPECT_EQ(Code({"scan", "--format", "json", "a"}), 0);
  EXPECT_EQ(nlohmann::json::parse(last_.out)["findings"], nlohmann::json::array());
  EXPECT_EQ(Code({"scan", "--format", "sarif", "a"}), 0);
  EXPECT_EQ(nlohmann::json::parse(last_.out)["runs"][0]["results"], nlohmann::json::array());
  EXPECT_EQ(Code({"scan", "a"}), 0);
  EXPECT_EQ(last_.out, "");
}

// Every secret, every format, every way in: never in stdout, stderr or a file.
TEST_F(Cli, NoOutputHoldsASecret) {
  const std::vector<std::string> secrets = {FakeAwsKey(), FakeGithubToken(), "Tr0ub4dor&3xyzQ",
                                            FakePrivateKey().substr(40, 40)};
  const std::string text = "k = " + FakeAwsKey() + " and " + FakeGithubToken() +
                           "\npassw"
                           "ord = \"Tr0ub4dor&3xyzQ\"\n" +
                           FakePrivateKey() + "\nlast " + FakeAwsKey();
  repo_.Stage("src/a.py", text);
  for (const char* format : {"text", "json", "sarif"}) {
    for (const std::vector<std::string>& way :
         std::vector<std::vector<std::string>>{{"src/a.py"},
                                               {"."},
                                               {"--staged"},
                                               {"--stdin"},
                                               {"--engine", "re2", "."},
                                               {"--color", "always", "."},
                                               {"--output", "report.out", "src"}}) {
      std::vector<std::string> arguments = {"scan", "--format", format};
      arguments.insert(arguments.end(), way.begin(), way.end());
      EXPECT_EQ(Code(arguments, way[0] == "--stdin" ? text : ""), 1) << last_.err;
      const std::string report = tests::ReadFile(repo_.path() + "/report.out");
      for (const std::string& secret : secrets) {
        EXPECT_THAT(last_.out + last_.err + report, Not(HasSubstr(secret))) << format;
      }
    }
  }
}

// Nor the name of a file, whether or not something is found in it.
TEST_F(Cli, NoOutputHoldsASecretOfAName) {
  const std::string token = FakeGithubToken();
  repo_.Stage("d-" + token + "/found", FakeAwsKey() + "\n");
  repo_.Stage("d-" + token + "/skipped.bin", "x\n");
  repo_.Stage(".sluice.toml", "format = 1\nexclude = [\"*.bin\"]\n");
  repo_.RunHere({"sh", "-c", "cd d-*; echo x >" + token + "; tar czf ../a.tgz " + token + "; rm " + token});
  for (const char* format : {"text", "json", "sarif"}) {
    for (const char* way : {".", "--staged"}) {
      EXPECT_EQ(Code({"scan", "--format", format, way}), 1) << last_.err;
      EXPECT_THAT(last_.out + last_.err, Not(HasSubstr(token))) << format << way;
      EXPECT_THAT(last_.out, HasSubstr(format == std::string("sarif") ? "d-ghp_%2A" : "d-ghp_****")) << format;
    }
  }
  EXPECT_EQ(Code({"scan"}), 1);
  EXPECT_THAT(last_.out, HasSubstr("/found: error: GitHub"));
  EXPECT_THAT(last_.out, HasSubstr("a.tgz!ghp_****"));
}

// No rule finds a password of a few letters, but it stands where one stands.
TEST_F(Cli, NoOutputHoldsAPasswordOfAName) {
  const std::string password = "hunter2Xq";
  repo_.Stage("password=" + password + ".txt", "k = " + FakeAwsKey() + "\n");
  repo_.Stage("d/db_password:" + password + "/a!", "k = " + FakeAwsKey() + "\n");
  repo_.Stage("token=" + password + ".bin", "x\n");
  repo_.Stage("plain=" + password + ".txt", "k = " + FakeAwsKey() + "\n");
  repo_.Stage(".sluice.toml", "format = 1\nexclude = [\"*.bin\"]\n");
  for (const char* format : {"text", "json", "sarif"}) {
    for (const char* way : {".", "--staged"}) {
      EXPECT_EQ(Code({"scan", "--format", format, way}), 1) << last_.err;
      std::string all = last_.out + last_.err;
      // One that is no secret is shown: whoever reads the report opens the file.
      const std::string plain = format == std::string("sarif") ? "plain%3D" + password : "plain=" + password;
      EXPECT_THAT(all, HasSubstr(plain));
      for (std::size_t at = 0; (at = all.find(plain, at)) != std::string::npos;) all.erase(at, plain.size());
      EXPECT_THAT(all, Not(HasSubstr(password))) << format << way;
    }
  }
  EXPECT_EQ(Code({"scan", "--format", "json", "--staged"}), 1);
  EXPECT_THAT(last_.out, HasSubstr("\"path\": \"password=********.txt\""));
  EXPECT_THAT(last_.out, HasSubstr("\"path\": \"d/db_password:********/a!\""));
  EXPECT_THAT(last_.out, HasSubstr("\"path\": \"token=********.bin\""));
  EXPECT_EQ(Code({"explain", "password=" + password + ".txt:1"}), 0);
  EXPECT_THAT(last_.out, HasSubstr("password=********.txt:1:5: "));
}

// Only what is shown is masked: two names that look the same then are two files, and are excluded by what they are.
TEST_F(Cli, AMaskedNameIsStillThatOfItsFile) {
  const std::string name = "password=hunter2Xq.txt";
  repo_.Write(name, "k = " + FakeAwsKey() + "\n");
  const auto fingerprint = [&](const std::string& path) {
    EXPECT_EQ(Code({"scan", "--format", "json", path}), 1);
    return nlohmann::json::parse(last_.out)["findings"][0]["fingerprint"].get<std::string>();
  };
  repo_.Write("password=hunter3Xq.txt", "k = " + FakeAwsKey() + "\n");
  EXPECT_NE(fingerprint(name), fingerprint("password=hunter3Xq.txt"));
  repo_.Write(".sluice.toml", "format = 1\nexclude = [\"/password=hunter2Xq.txt\"]\n");
  EXPECT_EQ(Code({"scan", name}), 0);
}

// A message about a rule or a configuration may quote it.
TEST_F(Cli, NoMessageHoldsASecret) {
  const std::string token = FakeGithubToken();
  repo_.Write("r.toml", "format = 1\npack = \"a\"\n[[rule]]\nid = \"a\"\ndescription = \"d\"\nremediation = \"r\"\n" +
                            ("regex = \"(" + token + "\"\ncheck = \"" + token + "\"\n" + token + " = 1\n"));
  EXPECT_EQ(Code({"rules", "check", "r.toml"}), 2);
  EXPECT_THAT(last_.out + last_.err, Not(HasSubstr(token)));
  EXPECT_THAT(last_.err, HasSubstr("r.toml:7: a: bad regex: missing )"));
  for (const std::string& line :
       {"disable = [\"" + token + "\"]", "rules = [\"" + token + "\"]", token + " = 1", "disable = \"" + token + "\"",
        "disable = " + token, "[policy]\n" + token + " = 1", "[policy]\nblock_severity = \"" + token + "\""}) {
    repo_.Stage(".sluice.toml", "format = 1\n" + line + "\n");
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"scan", "."}, {"scan", "--staged"}, {"explain", "--text", "x"}}) {
      EXPECT_EQ(Code(arguments), 2) << line;
      EXPECT_THAT(last_.out + last_.err, Not(HasSubstr(token))) << line;
      EXPECT_THAT(last_.err, HasSubstr(".sluice.toml:")) << line;
    }
  }
}

// An argument in the wrong place is repeated by what says so.
TEST_F(Cli, NoUsageErrorHoldsASecret) {
  repo_.Write("a.txt", "clean\n");
  const std::string strong = std::string("9E1BJi9I") + "h0pg%o";
  for (const std::string& argument : std::vector<std::string>{FakeGithubToken(), strong, "password=hunter2Xq",
                                                              "https://bob:hunter2Xq@acme.example/x"}) {
    const auto check = [&] {
      EXPECT_NE(last_.err, "");
      for (const std::string& secret : {FakeGithubToken(), strong, std::string("hunter2Xq")}) {
        EXPECT_THAT(last_.out + last_.err, Not(HasSubstr(secret)));
      }
    };
    for (const std::vector<std::string>& arguments :
         std::vector<std::vector<std::string>>{{"scan", argument},
                                               {"scan", "--config", argument},
                                               {"scan", "--rules", argument},
                                               {"scan", "--format", argument},
                                               {"scan", "--color", argument},
                                               {"scan", "-j", argument},
                                               {"scan", "--" + argument},
                                               {"rules", "show", argument},
                                               {"rules", "show", "a", argument},
                                               {"rules", "check", argument},
                                               {"rules", "test", argument},
                                               {"rules", "cost", argument},
                                               {"rules", "cost", "--rules", argument},
                                               {"rules", argument},
                                               {"explain", argument},
                                               {"explain", "a.txt", argument},
                                               {"hook", argument},
                                               {"hook", "status", argument},
                                               {argument}}) {
      EXPECT_EQ(Code(arguments), 2) << last_.err;
      check();
    }
    if (argument == strong) continue;
    EXPECT_EQ(Code({"scan", "--output", argument + "/x", "a.txt"}), 3);
    check();
    EXPECT_EQ(Code({"hook", "install", "--hook-binary", argument}), 2);
    check();
  }
  EXPECT_EQ(Code({"scan", "lib/no-such-file.txt"}), 2);
  EXPECT_EQ(last_.err, "sluice: lib/no-such-file.txt: No such file or directory\n");
}

// What else is said of files: a report's own, a rule's, a folder's.
TEST_F(Cli, NoNoteHoldsASecret) {
  const std::string name = "password=hunter2Xq";
  repo_.Write(name + "/own.toml", kOwnRules);
  repo_.Write(name + "/.sluice.toml", "format = 1\nexclude = [\"a.bin\"]\n");
  repo_.Write("a.bin", "x\n");
  repo_.Write("a.txt", "x\n");
  EXPECT_EQ(Code({"scan", "--config", name + "/.sluice.toml", "--format", "json"}), 0) << last_.err;
  EXPECT_THAT(last_.out + last_.err, Not(HasSubstr("hunter2Xq")));
  repo_.Write("token=hunter2Xq.toml", "format = 1\nexclude = [\"a.bin\"]\n");
  EXPECT_EQ(Code({"scan", "--config", "token=hunter2Xq.toml"}), 0) << last_.err;
  EXPECT_THAT(last_.err, HasSubstr("excluded by token=********.toml:2"));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Code({"scan", "--output", name + ".json", "."}), 0);
    EXPECT_THAT(last_.err, Not(HasSubstr("hunter2Xq")));
  }
  EXPECT_THAT(last_.err, HasSubstr("password=********.json: not scanned: the report is written there"));
  EXPECT_EQ(Code({"rules", "check", name + "/own.toml"}), 0);
  std::string rules = kOwnRules;
  rules.erase(rules.find("examples"));
  repo_.Write(name + "/own.toml", rules);
  EXPECT_EQ(Code({"rules", "check", name + "/own.toml"}), 0);
  EXPECT_THAT(last_.err, HasSubstr("password=********.toml:3: own-key: note: "));
  repo_.MustGit({"config", "core.hooksPath", name});
  Code({"hook", "status"});
  EXPECT_THAT(last_.out, HasSubstr("core.hooksPath = password=********"));
  EXPECT_THAT(last_.out + last_.err, Not(HasSubstr("hunter2Xq")));
}

// People take the key that leaked for an example.
TEST_F(Cli, RulesOfOnesOwnAreShownWithMaskedExamples) {
  std::string rules = kOwnRules;
  rules.replace(rules.find("examples"), std::string::npos,
                "examples = [\"key «own_¦deadbeef» and «own_¦01234567» at password=hunter2Xq\"]\n"
                "counter_examples = [\"" +
                    FakeGithubToken() + " is another's\"]\n");
  repo_.Write("own.toml", rules);
  for (const std::vector<std::string>& verb :
       {std::vector<std::string>{"rules", "list"}, std::vector<std::string>{"rules", "show", "own-key"}}) {
    for (const char* format : {"json", "text"}) {
      std::vector<std::string> arguments = verb;
      arguments.insert(arguments.end(), {"--rules", "own.toml", "--format", format});
      EXPECT_EQ(Code(arguments), 0) << last_.err;
      for (const std::string& secret :
           {std::string("deadbeef"), std::string("01234567"), std::string("hunter2Xq"), FakeGithubToken()}) {
        EXPECT_THAT(last_.out, Not(HasSubstr(secret))) << format;
      }
    }
  }
  EXPECT_EQ(Code({"rules", "show", "own-key", "--rules", "own.toml", "--format", "json"}), 0);
  const auto example = nlohmann::json::parse(last_.out)["examples"][0];
  EXPECT_EQ(example["text"], "key ******** and ******** at password=********");
  // The ranges are those of the text that is shown.
  EXPECT_EQ(example["secrets"], nlohmann::json::parse("[[4, 12], [17, 25]]"));
  // Those of the default rules are made up, and other programs are measured with them.
  EXPECT_EQ(Code({"rules", "show", "github-classic-pat", "--format", "json"}), 0);
  EXPECT_THAT(last_.out, Not(HasSubstr("********")));
}

// It stopped at the file that is not there, and then at the one that is no rule file.
TEST_F(Cli, RulesCheckReportsTheErrorsOfAllFiles) {
  const std::string own = kOwnRules;
  repo_.Write("weak.toml", own.substr(0, own.find("examples")) + "near = ['token']\n");
  repo_.Write("bad.toml", "format = 1\npack = \"p\"\n[[rule]]\nid = \"x\"\nregex = '(?=a)b'\n");
  EXPECT_EQ(Code({"rules", "check", "weak.toml"}), 2);
  const std::string weak = last_.err;
  EXPECT_EQ(Code({"rules", "check", "weak.toml", "gone.toml"}), 2);
  EXPECT_EQ(last_.err, "sluice: gone.toml: cannot be read\n" + weak);
  EXPECT_EQ(Code({"rules", "check", "bad.toml"}), 2);
  const std::string bad = last_.err;
  EXPECT_EQ(Code({"rules", "check", "weak.toml", "bad.toml", "gone.toml"}), 2);
  EXPECT_EQ(last_.err, "sluice: gone.toml: cannot be read\n" + bad + weak);
  EXPECT_EQ(Code({"rules", "check", "gone.toml"}), 2);
  EXPECT_EQ(last_.err, "sluice: gone.toml: cannot be read\n");
}

TEST_F(Cli, StdinNamesAnArchive) {
  EXPECT_EQ(Code({"scan", "--stdin"}, std::string("PK\3\4") + "rest"), 0);
  EXPECT_THAT(last_.err, HasSubstr("1 skipped (1 archive)"));
}

// A checkout without the objects of Git LFS, a PDF, and the like: nothing was found since nobody looked.
TEST_F(Cli, NamesWhatHidesSomething) {
  const std::string pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + std::string(64, 'a');
  repo_.Write("big.bin", pointer + "\nsize 12\n");
  repo_.Write("doc.pdf", "%PDF-1.7\n");
  // Too large to be read at once.
  repo_.Write("large.pdf", "%PDF-1.7\n" + std::string(9U << 20U, ' '));
  EXPECT_EQ(Code({"scan", "."}), 0);
  EXPECT_THAT(last_.out, HasSubstr("big.bin: note: LFS pointer: the file that it stands for"));
  EXPECT_THAT(last_.out, HasSubstr("doc.pdf: note: PDF: what its compressed streams hold was not looked at"));
  EXPECT_THAT(last_.out, HasSubstr("large.pdf: note: PDF: "));
  EXPECT_THAT(last_.err, HasSubstr("3 skipped (2 PDF, 1 LFS pointer)"));
  EXPECT_EQ(Code({"scan", "--stdin"}, "%PDF-1.7\n"), 0);
  EXPECT_THAT(last_.out, HasSubstr("stdin: note: PDF: "));
}

TEST_F(Cli, StagedIsWhatTheHookSees) {
  repo_.Commit("a", "one\n");
  repo_.Stage("a", "one\n" + FakeAwsKey() + "\n");
  repo_.Write("a", "one\n");
  EXPECT_EQ(Code({"scan", "--staged"}), 1);
  EXPECT_THAT(last_.out, HasSubstr("a:2:1: error"));
  repo_.MustGit({"reset", "-q", "--hard"});
  EXPECT_EQ(Code({"scan", "--staged"}), 0);
  EXPECT_THAT(last_.err, HasSubstr("nothing to scan"));
  tests::TemporaryFolder nowhere;
  EXPECT_EQ(tests::Run({SLUICE_PROGRAM, "scan", "--staged"}, nowhere.path(), repo_.environment()).exit_code, 2);
}

TEST_F(Cli, StdinIsScannedUnderItsName) {
  repo_.Write("secret.txt", FakeAwsKey());
  EXPECT_EQ(Code({"scan", "--stdin"}, "clean\n"), 0);
  EXPECT_EQ(Code({"scan", "--stdin", "--stdin-filename", "src/buffer.py"}, "\n" + FakeAwsKey()), 1);
  EXPECT_THAT(last_.out, HasSubstr("src/buffer.py:2:1: error"));
}

TEST_F(Cli, StdinHonoursExclusions) {
  repo_.Write(".sluice.toml", "format = 1\nexclude = [\"/third/\"]\n");
  for (const std::string& name : {std::string("third/a.sh"), repo_.path() + "/third/a.sh"}) {
    EXPECT_EQ(Code({"scan", "--stdin", "--stdin-filename", name}, FakeAwsKey()), 0);
    EXPECT_THAT(last_.err, HasSubstr("1 skipped (1 excluded by .sluice.toml:2)"));
  }
  EXPECT_EQ(Code({"scan", "--stdin", "--stdin-filename", "first/a.sh"}, FakeAwsKey()), 1);
}

TEST_F(Cli, GitignoreIsHonouredInsideARepository) {
  repo_.Write(".gitignore", "build/\n*.log\n");
  repo_.Write("build/a", FakeAwsKey());
  repo_.Write("x.log", FakeAwsKey());
  EXPECT_EQ(Code({"scan"}), 0) << last_.out;
  EXPECT_EQ(Code({"scan", "--no-ignore"}), 1);
  EXPECT_EQ(Code({"scan", "x.log"}), 1);  // Named.
  repo_.MustGit({"add", "-f", "x.log"});
  EXPECT_EQ(Code({"scan"}), 1);  // Tracked.
}

TEST_F(Cli, ALinkInThePlaceOfAFolderIsNotFollowed) {
  repo_.Commit("d/e/f", "clean\n");
  tests::TemporaryFolder outside;
  tests::WriteFile(outside.path() + "/e/f", FakeAwsKey());
  repo_.RunHere({"rm", "-r", "d"});
  repo_.RunHere({"ln", "-s", outside.path(), "d"});
  EXPECT_EQ(Code({"scan", "."}), 0) << last_.out;
  EXPECT_THAT(last_.err, HasSubstr("1 file, "));
}

// In a hook, the environment names a repository and an index: not what tells tracked from ignored in this folder.
TEST_F(Cli, TheEnvironmentHidesNoFile) {
  repo_.Write(".gitignore", "*.log\n");
  repo_.Write("x.log", FakeAwsKey());
  repo_.MustGit({"add", "-f", "x.log"});
  repo_.environment()["GIT_INDEX_FILE"] = repo_.path() + "/no-index";
  EXPECT_EQ(Code({"scan"}), 1);
  GitFixture other;
  repo_.environment()["GIT_DIR"] = other.path() + "/.git";
  repo_.environment()["GIT_WORK_TREE"] = other.path();
  EXPECT_EQ(Code({"scan", repo_.path()}), 1);
}

// One path is relative to the top of its repository in reports, the other to the current directory.
TEST_F(Cli, TwoFilesOfOneNameAreTwo) {
  repo_.Write("a", "clean\n");
  tests::TemporaryFolder outside;
  tests::WriteFile(outside.path() + "/a", FakeAwsKey());
  const std::vector<std::string> argv = {SLUICE_PROGRAM, "scan", repo_.path() + "/a", "a", "./a"};
  const CommandResult result = tests::Run(argv, outside.path(), repo_.environment());
  EXPECT_EQ(result.exit_code, 1) << result.err;
  EXPECT_THAT(result.err, HasSubstr("2 files, "));
}

TEST_F(Cli, SymlinksAndSpecialFilesAreNeverOpened) {
  tests::TemporaryFolder outside;
  tests::WriteFile(outside.path() + "/secret", FakeAwsKey());
  repo_.RunHere({"ln", "-s", outside.path() + "/secret", "out"});
  repo_.RunHere({"ln", "-s", "/dev/zero", "zero"});
  repo_.RunHere({"ln", "-s", "loop", "loop"});
  repo_.RunHere({"ln", "-s", outside.path(), "folder"});
  repo_.RunHere({"mkfifo", "pipe"});
  EXPECT_EQ(Code({"scan", "--no-ignore", "."}), 0) << last_.out << last_.err;
  EXPECT_THAT(last_.err, HasSubstr("1 skipped"));
}

TEST_F(Cli, ReportIsWholeOrNotThere) {
  repo_.Write("secret.txt", FakeAwsKey());
  repo_.Write("report.json", "old");
  EXPECT_EQ(Code({"scan", "--format", "json", "--output", "report.json", "secret.txt"}), 1);
  EXPECT_EQ(last_.out, "");
  EXPECT_TRUE(nlohmann::json::accept(tests::ReadFile(repo_.path() + "/report.json")));
  EXPECT_THAT(repo_.RunHere({"ls"}).out, Not(HasSubstr(".sluice-")));
}

// A SARIF report repeats lines: what the first run wrote was found by the second.
TEST_F(Cli, TheReportOfThisRunIsNotScanned) {
  repo_.Write("a", "clean\n");
  repo_.Write("report.json", FakeAwsKey());
  EXPECT_EQ(Code({"scan", "--format", "json", "-o", "report.json", "."}), 0);
  EXPECT_THAT(last_.err, HasSubstr("report.json: not scanned: the report is written there\n"));
  EXPECT_THAT(last_.err, HasSubstr("1 file, 6 bytes, 0 skipped"));
  const std::string first = tests::ReadFile(repo_.path() + "/report.json");
  EXPECT_EQ(Code({"scan", "--format", "json", "--output", "./report.json", "."}), 0);
  EXPECT_EQ(tests::ReadFile(repo_.path() + "/report.json"), first);
}

TEST_F(Cli, ClosedStdoutIsAFailure) {
  repo_.Write("secret.txt", FakeAwsKey());
  const std::string command = std::string("'") + SLUICE_PROGRAM + "' scan secret.txt >&-; echo code $?";
  EXPECT_THAT(repo_.RunHere({"sh", "-c", command}).out, HasSubstr("code 3"));
}

// It took all words behind it, so that nothing was left to scan but ".".
TEST_F(Cli, RulesTakesOneFile) {
  repo_.Write("own.toml", kOwnRules);
  std::string other = kOwnRules;
  other.replace(other.find("own-key"), 7, "other-key");
  other.replace(other.find("own_["), 4, "oth_");
  repo_.Write("other.toml", other);
  repo_.Write("a/x", "own_deadbeef\n");
  repo_.Write("b/x", "own_deadbeef\noth_deadbeef\n");
  EXPECT_EQ(Code({"scan", "--rules", "own.toml", "a"}), 1) << last_.err;
  EXPECT_THAT(last_.err, HasSubstr("1 file, 13 bytes, 0 skipped, 1 finding"));
  EXPECT_EQ(Code({"scan", "--rules", "own.toml", "--rules", "other.toml", "b"}), 1) << last_.err;
  EXPECT_THAT(last_.err, HasSubstr("2 findings"));
}

TEST_F(Cli, AFolderIsNoRuleFile) {
  repo_.Write("folder/own.toml", kOwnRules);
  repo_.Write(".sluice.toml", "format = 1\n");
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"scan", "--rules", "folder", "folder"},
                                                    {"rules", "check", "folder"},
                                                    {"rules", "list", "--rules", "folder"},
                                                    {"explain", "--rules", "folder", "--text", "x"}}) {
    EXPECT_EQ(Code(arguments), 2);
    EXPECT_EQ(last_.err, "sluice: folder: is a folder: name a rule file in it\n");
  }
}

TEST_F(Cli, RulesListIsAnArray) {
  EXPECT_EQ(Code({"rules", "list", "--format", "json"}), 0);
  const auto list = nlohmann::json::parse(last_.out);
  ASSERT_TRUE(list.is_array());
  EXPECT_GT(list.size(), 100U);
  EXPECT_TRUE(list[0].contains("id"));
}

TEST_F(Cli, RulesListTakesAFilter) {
  EXPECT_EQ(Code({"rules", "list", "github"}), 0);
  EXPECT_THAT(last_.out, HasSubstr("github-classic-pat "));
  EXPECT_THAT(last_.out, Not(HasSubstr("aws-access-key-id")));
  // As people write it.
  EXPECT_EQ(Code({"rules", "list", "GitHub classic"}), 0);
  EXPECT_THAT(last_.out, HasSubstr("github-classic-pat "));
  EXPECT_EQ(Code({"rules", "list", "GitHub", "classic"}), 0);
  EXPECT_THAT(last_.out, HasSubstr("github-classic-pat "));
  EXPECT_EQ(Code({"rules", "list", "aws", "classic"}), 0);
  EXPECT_THAT(last_.out, Not(HasSubstr("github-classic-pat ")));
  EXPECT_EQ(Code({"rules", "list", "no-such-thing"}), 0);
  EXPECT_EQ(last_.out, "");
  EXPECT_EQ(last_.err, "sluice: no rule has that in its id, pack, description or tags\n");
  repo_.Write("own.toml", kOwnRules);
  EXPECT_EQ(Code({"rules", "list", "--rules", "own.toml"}), 0);
  EXPECT_THAT(last_.err, HasSubstr("sluice: 1 rule in 1 pack\n"));
}

TEST_F(Cli, RulesListAndShowKnowTheRepositorysRules) {
  std::string rules = kOwnRules;
  rules += "[[rule]]\nid = \"jwt\"\ndescription = \"Own JWT\"\nremediation = \"r\"\nregex = 'jwt_[0-9a-f]{8}'\n";
  repo_.Write("tools/own.toml", rules);
  repo_.Write(".sluice.toml",
              "format = 1\nrules = [\"tools/own.toml\"]\nreplace = [\"jwt\"]\ndisable = [\"github-classic-pat\"]\n");
  EXPECT_EQ(Code({"rules", "list"}), 0) << last_.err;
  EXPECT_THAT(last_.out, AllOf(HasSubstr("own-key "), HasSubstr("Own JWT\n"), HasSubstr("aws-access-key-id "),
                               Not(HasSubstr("github-classic-pat "))));
  EXPECT_THAT(last_.err, HasSubstr("sluice: 1 rule switched off by .sluice.toml:4\n"));
  EXPECT_EQ(Code({"rules", "list", "own", "key"}), 0);
  EXPECT_THAT(last_.out, HasSubstr("\nown-key "));
  EXPECT_EQ(Code({"rules", "list", "own-key", "--format", "json"}), 0);
  EXPECT_EQ(nlohmann::json::parse(last_.out)[0]["examples"][0]["text"], "********");
  EXPECT_EQ(Code({"rules", "show", "own-key"}), 0);
  EXPECT_THAT(last_.out, HasSubstr("defined at    tools/own.toml:3\n"));
  EXPECT_EQ(Code({"rules", "show", "jwt"}), 0);
  EXPECT_THAT(last_.out, HasSubstr("Own JWT\n"));
  EXPECT_EQ(Code({"rules", "show", "aws-access-key-id"}), 0);
  EXPECT_EQ(Code({"rules", "show", "own-kez"}), 2);
  EXPECT_THAT(last_.err, HasSubstr("; similar: own-key; "));
  repo_.Write(".sluice.toml", "format = 1\nrules = [\"tools/own.toml\"]\ndefault_rules = false\n");
  EXPECT_EQ(Code({"rules", "list"}), 0);
  EXPECT_THAT(last_.err, HasSubstr("sluice: 2 rules in 1 pack\n"));
  EXPECT_EQ(Code({"rules", "show", "aws-access-key-id"}), 2);
  repo_.Write(".sluice.toml", "format = 2\n");
  EXPECT_EQ(Code({"rules", "list"}), 2);
}

// It said that each of its rules has the id of itself.
TEST_F(Cli, TakesARuleFileOnceThatIsNamedTwice) {
  repo_.Write("own.toml", kOwnRules);
  repo_.Write("a.txt", std::string("own_") + "0123abcd\n");
  repo_.Write(".sluice.toml", "format = 1\nrules = [\"own.toml\"]\nexclude = [\"own.toml\"]\n");
  EXPECT_EQ(Code({"scan", "--rules", "own.toml", "--rules", "./own.toml"}), 1) << last_.err;
  EXPECT_THAT(last_.out, HasSubstr("a.txt:1:1: "));
  EXPECT_EQ(Code({"explain", "a.txt:1", "--rules", "own.toml"}), 0) << last_.err;
}

// `rules list | head`: whoever has read enough goes away.
TEST_F(Cli, AReaderThatHasSeenEnoughIsNoFailure) {
  for (const char* listing : {"rules list", "rules list --format json", "rules show"}) {
    const std::string command =
        std::string("{ '") + SLUICE_PROGRAM + "' " + listing + " 2>err; echo code $? >&2; } | true";
    EXPECT_EQ(repo_.RunHere({"sh", "-c", command}).err, "code 0\n") << listing;
    EXPECT_THAT(tests::ReadFile(repo_.path() + "/err"), Not(HasSubstr("cannot be written")));
  }
}

TEST_F(Cli, RulesShowListsTheChecks) {
  EXPECT_EQ(Code({"rules", "show"}), 0);
  EXPECT_THAT(last_.out, HasSubstr("\ngithub-crc32 "));
  EXPECT_EQ(Code({"rules", "show", "--format", "json"}), 0);
  EXPECT_TRUE(nlohmann::json::parse(last_.out)[0].contains("summary"));
  repo_.Write("own.toml", std::string(kOwnRules) + "check = \"github-crc23\"\n");
  EXPECT_EQ(Code({"rules", "check", "own.toml"}), 2);
  EXPECT_THAT(last_.err,
              HasSubstr("own.toml:9: own-key: there is no check of that name; did you mean 'github-crc32'?"));
  repo_.Write("own.toml", std::string(kOwnRules) + "check = \"crc\"\n");
  EXPECT_EQ(Code({"rules", "check", "own.toml"}), 2);
  EXPECT_THAT(last_.err, HasSubstr("there is no check of that name; `sluice rules show` lists them"));
}

TEST_F(Cli, RulesShowNamesSimilarRules) {
  EXPECT_EQ(Code({"rules", "show", "github-pat"}), 2);
  EXPECT_THAT(last_.err, HasSubstr("there is no rule 'github-pat'; similar: github-"));
  EXPECT_EQ(Code({"rules", "show", "jvt"}), 2);
  EXPECT_THAT(last_.err, HasSubstr("; similar: jwt; see"));
}

TEST_F(Cli, RulesTestFailsOnAWrongExample) {
  repo_.Write("own.toml", std::string(kOwnRules) + "counter_examples = [\"own_0000aaaa\"]\n");
  EXPECT_EQ(Code({"rules", "test", "own.toml"}), 1);
  EXPECT_THAT(last_.err, HasSubstr("own.toml:9: own-key: counter-example 1: something is found in it: `"));
  EXPECT_THAT(last_.err, Not(HasSubstr("own_0000aaaa")));
}

// What a reader copies out of the documentation is a whole file, and right.
TEST_F(Cli, TheRulesInTheDocumentationWork) {
  int files = 0;
  for (const char* page : {"README.md", "patterns/README.md"}) {
    const std::string text = tests::ReadFile(std::string(SLUICE_SOURCE_FOLDER "/") + page);
    constexpr std::string_view kFence = "```toml\n";
    for (std::size_t at = text.find(kFence); at != std::string::npos; at = text.find(kFence, at + 1)) {
      const std::string block = text.substr(at + kFence.size(), text.find("```", at + 3) - at - kFence.size());
      if (block.find("[[") == std::string::npos) continue;  // A configuration.
      ++files;
      repo_.Write("copied.toml", block);
      EXPECT_EQ(Code({"rules", "check", "copied.toml"}), 0) << last_.err << block;
      EXPECT_EQ(Code({"rules", "test", "copied.toml"}), 0) << last_.err << block;
    }
  }
  EXPECT_EQ(files, 3);
}

TEST_F(Cli, RulesTestSaysWhy) {
  std::string rules = kOwnRules;
  rules.replace(rules.find("examples"), 8, "entropy = 3.5\nexamples");
  repo_.Write("own.toml", rules);
  EXPECT_EQ(Code({"rules", "test", "own.toml"}), 1);
  EXPECT_THAT(last_.err, HasSubstr("own.toml:9: own-key: example 1: its secret is not found: its entropy of "));
  repo_.Write("short.toml",
              "format = 1\npack = \"own\"\n[[credential]]\nid = \"acme-key\"\nprovider = \"Acme\"\nkind = \"key\"\n"
              "about = \"a\"\nnear = [\"acme\"]\nshape = \"{hex:32}\"\nrevoke = \"r\"\nreference = \"https://a\"\n"
              "entropy = 7.5\n");
  EXPECT_EQ(Code({"rules", "test", "short.toml"}), 1);
  EXPECT_THAT(last_.err, HasSubstr("short.toml:3: acme-key: example 1 (made up: `"));
  EXPECT_THAT(last_.err, HasSubstr("********"));
}

// The documentation calls examples optional outside the default packs.
TEST_F(Cli, RulesCheckRemarksOnWhatMayNotBeMeant) {
  std::string rules = kOwnRules;
  rules.erase(rules.find("examples"));
  repo_.Write("own.toml", rules);
  EXPECT_EQ(Code({"rules", "check", "own.toml"}), 0);
  EXPECT_THAT(last_.err, HasSubstr("own.toml:3: own-key: note: without an example, "));
  EXPECT_THAT(last_.err, HasSubstr("1 rule in 1 file checked, nothing wrong"));
  rules.replace(rules.find("own-key"), 7, "jwt");
  repo_.Write("own.toml", rules);
  EXPECT_EQ(Code({"rules", "check", "own.toml"}), 0);
  EXPECT_THAT(last_.err, HasSubstr("own.toml:3: jwt: note: a default rule has this id"));
}

// Each would make every scan slow, and says so before it is in use.
TEST_F(Cli, RulesCheckRefusesWhatIsNotSelective) {
  const struct {
    const char* regex;
    const char* further;
    const char* error;
  } cases[] = {
      {"key[0-9a-f]{8}", "", "own-key: its trigger 'key' stands "},
      {"(?i)the [0-9a-f]{8}", "", "own-key: its trigger 'the ' stands "},
      {"return [0-9a-f]{8}", "",
       "own-key: its trigger 'return ' stands in the words that every source file is made of"},
      {"a=[0-9a-f]{8}", "triggers = ['a=']\n", "own-key: trigger 'a=' is shorter than 3 bytes: give a prefilter"},
      {"a=[0-9a-f]{8}", "prefilter = 'a='\n", "own-key: its prefilter matches in fewer than 3 bytes: ask for more"},
      {"[0-9a-z]{8}", "prefilter = '[0-9a-z]{8}'\n", "own-key: its prefilter stands "},
      {"own_[0-9a-f]{8}", "near = ['token']\n", "own-key: its name 'token' stands "},
  };
  for (const auto& c : cases) {
    repo_.Write("own.toml",
                std::string("format = 1\npack = \"own\"\n[[rule]]\nid = \"own-key\"\ndescription = \"Own key\"\n") +
                    "remediation = \"r\"\nregex = '" + c.regex + "'\n" + c.further);
    EXPECT_EQ(Code({"rules", "check", "own.toml"}), 2) << c.regex << c.further;
    EXPECT_THAT(last_.err, HasSubstr(std::string("own.toml:3: ") + c.error));
  }
  // Names are looked for around dense values only: there they may be commoner.
  const auto credential = [](const std::string& name) {
    return "format = 1\npack = \"own\"\n[[credential]]\nid = \"own-key\"\nprovider = \"Own\"\nkind = \"key\"\nabout = "
           "\"a\"\n"
           "near = [\"" +
           name + "\"]\nshape = \"{base62:32}\"\nrevoke = \"r\"\nreference = \"https://own.example\"\n";
  };
  repo_.Write("own.toml", credential("test"));
  EXPECT_EQ(Code({"rules", "check", "own.toml"}), 0) << last_.err;
  repo_.Write("own.toml", credential("key"));
  EXPECT_EQ(Code({"rules", "check", "own.toml"}), 2);
  EXPECT_THAT(last_.err, HasSubstr("own.toml:3: own-key: its name 'key' stands "));
}

TEST_F(Cli, RulesCheckRefusesWhatIsTooLarge) {
  const std::string large = "[acegikmoqsuwy]{1000}";  // 13 instructions a byte.
  const auto write = [&](const std::string& keys) {
    repo_.Write(
        "own.toml",
        "format = 1\npack = \"own\"\n[[rule]]\nid = \"own-key\"\ndescription = \"Own key\"\nremediation = \"r\"\n" +
            keys);
  };
  write("regex = 'own_" + large + large + "'\n");
  EXPECT_EQ(Code({"rules", "check", "own.toml"}), 0) << last_.err;
  write("regex = 'own_" + large + large + large + "'\n");
  EXPECT_EQ(Code({"rules", "check", "own.toml"}), 2);
  EXPECT_EQ(last_.err,
            "sluice: own.toml:3: own-key: its regex is too large to be quick: 39,008 instructions, more than 30,000 "
            "instructions: make the numbers in {n,m} smaller\n");
  // A scan takes it: slow is not wrong.
  EXPECT_EQ(Code({"scan", "--rules", "own.toml", "own.toml"}), 0) << last_.err;
  write("regex = '[0-9a-f]{8}own_x'\nprefilter = 'own_" + large + "'\n");
  EXPECT_EQ(Code({"rules", "check", "own.toml"}), 2);
  EXPECT_THAT(last_.err, HasSubstr("own.toml:3: own-key: its prefilter is too large to be quick: 13,00"));
  write("regex = 'own_[0-9a-f]{8}'\nreject = ['" + large + large + large + "']\n");
  EXPECT_EQ(Code({"rules", "check", "own.toml"}), 2);
  EXPECT_THAT(last_.err, HasSubstr("own.toml:3: own-key: its reject is too large to be quick: 39,00"));

  std::string endless = "own_";
  for (int i = 0; i < 32; ++i) endless += large;
  write("regex = '" + endless + "'\n");
  EXPECT_EQ(Code({"scan", "--rules", "own.toml", "own.toml"}), 2);
  EXPECT_THAT(last_.err, HasSubstr("own.toml:7: own-key: bad regex: it is too large to compile"));
}

TEST_F(Cli, ArchivesAreLookedInto) {
  repo_.Write("work/s.txt", FakeGithubToken() + "\n");
  repo_.Write("work/inner/clean.txt", "nothing\n");
  repo_.RunHere({"sh", "-c",
                 "cd work && tar czf ../a.tgz s.txt inner && tar cf ../b.tar -C .. a.tgz && gzip -c s.txt > ../c.gz"});
  repo_.RunHere({"rm", "-r", "work"});
  EXPECT_EQ(Code({"scan", "a.tgz"}), 1);
  EXPECT_THAT(last_.out, HasSubstr("a.tgz!s.txt:1:1: error:"));
  EXPECT_EQ(Code({"scan", "b.tar"}), 1);
  EXPECT_THAT(last_.out, HasSubstr("b.tar!a.tgz!s.txt:1:1: error:"));
  EXPECT_EQ(Code({"scan", "c.gz"}), 1);
  EXPECT_THAT(last_.out, HasSubstr("c.gz!c:1:1: error:"));
}

// What is not compressed stands in the archive's own bytes, too.
TEST_F(Cli, AValueInAStoredMemberIsOneFinding) {
  repo_.Write("s.txt", "k = " + FakeGithubToken() + "\n");
  repo_.RunHere({"tar", "cf", "a.tar", "s.txt"});
  EXPECT_EQ(Code({"scan", "a.tar"}), 1);
  EXPECT_THAT(last_.out, HasSubstr("a.tar!s.txt:1:5: error:"));
  EXPECT_THAT(last_.err, HasSubstr("1 finding,"));
  // Behind the end of the archive there is no member.
  repo_.RunHere({"sh", "-c", "cat s.txt >>a.tar"});
  EXPECT_EQ(Code({"scan", "a.tar"}), 1);
  EXPECT_THAT(last_.err, HasSubstr("2 findings,"));
}

// It was reported in the bytes of the inner archive as well.
TEST_F(Cli, AValueInANestedStoredMemberIsOneFinding) {
  repo_.Write("s.txt", "k = " + FakeGithubToken() + "\n");
  repo_.RunHere({"sh", "-c", "tar cf in.tar s.txt && tar cf mid.tar in.tar && tar czf a.tgz mid.tar in.tar"});
  EXPECT_EQ(Code({"scan", "a.tgz"}), 1);
  EXPECT_THAT(last_.out, HasSubstr("a.tgz!mid.tar!in.tar!s.txt:1:5: error:"));
  EXPECT_THAT(last_.out, HasSubstr("a.tgz!in.tar!s.txt:1:5: error:"));
  EXPECT_THAT(last_.err, HasSubstr("2 findings,"));
  // What no member holds stays: behind the end of the inner archive, and that of the outer one.
  repo_.RunHere({"sh", "-c", "cat s.txt >>in.tar && tar cf b.tar in.tar && cat s.txt >>b.tar"});
  EXPECT_EQ(Code({"scan", "b.tar"}), 1);
  EXPECT_THAT(last_.out, HasSubstr("b.tar!in.tar!s.txt:1:5: error:"));
  EXPECT_THAT(last_.out, ContainsRegex("b.tar!in.tar:[0-9]+:[0-9]+: error:"));
  EXPECT_THAT(last_.out, ContainsRegex("b.tar:[0-9]+:[0-9]+: error:"));
  EXPECT_THAT(last_.err, HasSubstr("3 findings,"));
}

// The bytes of an archive whose members cannot be read are all there is.
TEST_F(Cli, AValueInANestedArchiveThatIsNotReadIsReported) {
  repo_.Write("s.txt", "k = " + FakeGithubToken() + "\n");
  repo_.RunHere({"sh", "-c",
                 "for i in 1 2 3 4; do tar cf $i.tar s.txt && cp $i.tar s.txt; done; "
                 "tar czf a.tgz 3.tar"});
  EXPECT_EQ(Code({"scan", "a.tgz"}), 1);
  EXPECT_THAT(last_.out, HasSubstr("not scanned: archive: more than 3 archives deep"));
  EXPECT_THAT(last_.out, ContainsRegex("a.tgz!3.tar!s.txt!s.txt:[0-9]+:[0-9]+: error:"));
  EXPECT_THAT(last_.err, HasSubstr("1 finding,"));
}

// Each member has as many findings as are kept of a file: they took a minute, and filled a report of their own.
TEST_F(Cli, AnArchiveOfNothingButSecretsEnds) {
  std::string secrets;
  for (int i = 0; i < 1000; ++i) secrets += FakeAwsKey() + "\n";
  for (int i = 0; i < 20; ++i) repo_.Write("d/" + std::to_string(i), secrets);
  repo_.RunHere({"tar", "czf", "a.tgz", "d"});
  repo_.RunHere({"rm", "-r", "d"});
  EXPECT_EQ(Code({"scan", "a.tgz"}), 1);
  EXPECT_THAT(last_.err, HasSubstr("10,000 findings"));
  EXPECT_THAT(last_.err, HasSubstr("1 skipped (1 more than 10000 findings in one archive; 1 not known to be clean)"));
}

TEST_F(Cli, ArchivesThatAreDamagedOrBombsAreNamed) {
  repo_.RunHere(
      {"sh", "-c", "seq 200000 | gzip -c | head -c 50000 > cut.gz; yes | head -c 300000000 | gzip -c > bomb.gz"});
  EXPECT_EQ(Code({"scan", "cut.gz"}), 3);
  EXPECT_THAT(last_.out, HasSubstr("not scanned: archive: "));
  EXPECT_EQ(Code({"scan", "bomb.gz"}), 3);
  EXPECT_THAT(last_.out, HasSubstr("bomb.gz!bomb: not scanned: archive: it grows more than 1000 times"));
  // Names that lead out of the archive are only names.
  repo_.RunHere(
      {"sh", "-c", "mkdir d && echo x > d/f && tar cf out.tar --absolute-names --transform 's,^,../../,' d/f"});
  EXPECT_EQ(Code({"scan", "out.tar"}), 0);
}

TEST_F(Cli, ExplainTellsEachStageWithoutTheValue) {
  const std::string value = std::string("w2Kq8Lm4Xz") + "hT5rWn8Kd2z8Vb3N";
  repo_.Write("a.py", "password = \"changeme\"\napi_key = \"" + value + "\"\n");
  EXPECT_EQ(Code({"explain", "a.py:1"}), 0);
  EXPECT_THAT(last_.out, HasSubstr("a.py:1:13: generic-password-assignment: dropped: it is a placeholder"));
  EXPECT_EQ(last_.out.find("a.py:2"), std::string::npos);
  EXPECT_EQ(Code({"explain", "a.py"}), 0);
  EXPECT_THAT(last_.out, HasSubstr("a.py:2:12: generic-api-key-assignment: kept, at medium confidence"));
  EXPECT_THAT(last_.out, HasSubstr("reported as generic-api-key-assignment"));
  EXPECT_EQ((last_.out + last_.err).find(value), std::string::npos);
}

// It said "no rule's expression matches there", of a rule whose expression does.
TEST_F(Cli, ExplainSaysThatARuleIsForOtherFiles) {
  const std::string text =
      "password=kT7#vQ2m"
      "xZ9rL";
  EXPECT_EQ(Code({"explain", "--text", text, "--filename", "a.bin"}), 0);
  EXPECT_EQ(last_.out,
            "a.bin:1:10: generic-password-config: dropped: the rule is only for files that match .env, .env.*, *.env, "
            "*.yaml, …\n"
            "a.bin:1:10: generic-password-config-strong: dropped: the rule is only for files that match .env, .env.*, "
            "*.env, *.yaml, …\n");
  EXPECT_EQ(Code({"explain", "--text", text, "--filename", "a.cfg"}), 0);
  EXPECT_THAT(last_.out, HasSubstr("a.cfg:1:10: reported as generic-password-config-strong"));
  EXPECT_EQ(Code({"scan", "--stdin"}, text), 0);
  EXPECT_THAT(last_.err, HasSubstr("sluice: without --stdin-filename, rules for settings and other files by name "));
  EXPECT_EQ(Code({"scan", "--stdin", "--stdin-filename", "a.cfg"}, text), 1);
  EXPECT_THAT(last_.err, Not(HasSubstr("without")));
}

// It said "reject expression 3".
TEST_F(Cli, ExplainShowsTheExpressionThatRejects) {
  EXPECT_EQ(Code({"explain", "--text", "password = 'please enter the password'", "--filename", "a.py"}), 0);
  EXPECT_THAT(last_.out, HasSubstr("dropped: the rule rejects what matches (?i)(?:^| )(?:the|an?|to|"));
  EXPECT_THAT(last_.out, ContainsRegex("… .patterns/secrets/generic.toml:[0-9]+: A sentence is no pass phrase"));
  // One that spells out the value is not shown.
  const std::string value = std::string("own_k3Jx9") + "pQ7.wZ";
  repo_.Write("own.toml",
              "format = 1\npack = \"own\"\n[[rule]]\nid = \"own-key\"\ndescription = \"Own key\"\nremediation = \"r\"\n"
              "regex = 'own_[0-9A-Za-z.]{11}'\nreject = ['(?i)^OWN_k3Jx9' + "
              "'pQ7\\.wZ$']\nexamples = [\"«own_¦deadbeef.12»\"]\n");
  std::string rules = tests::ReadFile(repo_.path() + "/own.toml");
  rules.erase(rules.find("' + '"), 5);
  repo_.Write("own.toml", rules);
  EXPECT_EQ(Code({"explain", "--rules", "own.toml", "--text", "k " + value}), 0);
  EXPECT_THAT(last_.out, HasSubstr("own-key: dropped: the rule rejects what matches (it holds the value)\n"));
  EXPECT_THAT(last_.out, Not(HasSubstr("pQ7")));
}

TEST_F(Cli, ExplainSaysWhyAPathLowersTheConfidence) {
  const std::string text = "api_key = \"" + std::string("w2Kq8Lm4Xz") + "hT5rWn8Kd2z8Vb3N\"";
  EXPECT_EQ(Code({"explain", "--text", text, "--filename", "src/TestData/a.py"}), 0);
  EXPECT_THAT(last_.out, HasSubstr("kept, at medium confidence, lowered to low: 'testdata' in its path says test or "));
  EXPECT_THAT(last_.out, HasSubstr("low confidence, warns: confidence below medium blocks no commit\n"));
  EXPECT_EQ(Code({"explain", "--text", text, "--filename", "src/a.py"}), 0);
  EXPECT_THAT(last_.out, HasSubstr("medium confidence, blocks\n"));
  EXPECT_THAT(last_.out, Not(HasSubstr("lowered")));
}

// A report names members of archives, too.
TEST_F(Cli, ExplainLooksIntoArchives) {
  repo_.Write("d/.env", "A=1\nkey=" + FakeAwsKey() + "\n");
  repo_.RunHere({"sh", "-c", "tar czf in.tgz d && tar cf out!.tar in.tgz && gzip -k d/.env && rm -r in.tgz d/.env"});
  EXPECT_EQ(Code({"scan", "."}), 1);
  EXPECT_THAT(last_.out, HasSubstr("out!.tar!in.tgz!d/.env:2:5: error:"));
  EXPECT_THAT(last_.out, HasSubstr("d/.env.gz!.env:2:5: error:"));
  for (const std::string place : {"out!.tar!in.tgz!d/.env:2:5", "d/.env.gz!.env:2"}) {
    EXPECT_EQ(Code({"explain", place}), 0) << last_.err;
    EXPECT_THAT(last_.out, HasSubstr(":2:5: reported as aws-access-key-id")) << place;
    EXPECT_THAT(last_.out, Not(HasSubstr(FakeAwsKey())));
  }
  EXPECT_EQ(Code({"explain", "out!.tar"}), 0);
  EXPECT_THAT(last_.err,
              HasSubstr("out!.tar is an archive; for what is in it: sluice explain 'ARCHIVE!MEMBER:LINE'\n"));
  EXPECT_EQ(Code({"explain", "out!.tar!gone:1"}), 2);
  EXPECT_EQ(last_.err, "sluice: out!.tar!gone: is no member of the archive\n");
  repo_.Write("a.txt", "x\n");
  EXPECT_EQ(Code({"explain", "a.txt!b"}), 2);
  EXPECT_EQ(last_.err, "sluice: a.txt: is no archive that is looked into\n");
}

// It said "reported", of what a scan reports in the member.
TEST_F(Cli, ExplainSaysThatAMemberMayBeReportedInstead) {
  repo_.Write("s.txt", "k = " + FakeGithubToken() + "\n");
  repo_.RunHere({"tar", "cf", "a.tar", "s.txt"});
  EXPECT_EQ(Code({"explain", "a.tar"}), 0);
  EXPECT_THAT(last_.out, HasSubstr(": reported here, or in the member that holds it, as github-classic-pat, "));
  EXPECT_EQ(Code({"explain", "a.tar!s.txt"}), 0);
  EXPECT_THAT(last_.out, HasSubstr("a.tar!s.txt:1:5: reported as github-classic-pat, "));
}

// It said that there is no such file.
TEST_F(Cli, ExplainSaysThatLinesCountFromOne) {
  repo_.Write("a.py", "x\n");
  for (const char* place : {"a.py:0", "a.py:00", "a.py:0:3"}) {
    EXPECT_EQ(Code({"explain", place}), 2);
    EXPECT_EQ(last_.err, "sluice: a.py: its lines count from 1\n") << place;
  }
  EXPECT_EQ(Code({"explain", "gone.py:0"}), 2);
  EXPECT_THAT(last_.err, HasSubstr("No such file"));
  repo_.Write("b:0", "x\n");
  EXPECT_EQ(Code({"explain", "b:0"}), 0);
}

// It said that --text is required.
TEST_F(Cli, ExplainTakesAnEmptyText) {
  EXPECT_EQ(Code({"explain", "--text", ""}), 0) << last_.err;
  EXPECT_THAT(last_.err, HasSubstr("0 kept, 0 dropped"));
}

// Rules for files of a name look at what stands at the top of an archive, too.
TEST_F(Cli, MembersAreJudgedByTheirOwnNames) {
  repo_.Write(".env", "DB_PASSWORD=kT7#vQ2m" + std::string("xZ9rL") + "\n");
  repo_.RunHere({"sh", "-c", "tar cf a.tar .env && gzip .env"});
  EXPECT_EQ(Code({"scan", "."}), 1);
  EXPECT_THAT(last_.out, HasSubstr(".env.gz!.env:1:13: error:"));
  EXPECT_THAT(last_.out, HasSubstr("a.tar!.env:1:13: error:"));
}

// As a report has it: from the top of the repository, with the column.
TEST_F(Cli, ExplainTakesAPlaceOfAReport) {
  repo_.Write("sub/b.py", "k = 1\nkey = '" + FakeAwsKey() + "'\n");
  const CommandResult below =
      tests::Run({SLUICE_PROGRAM, "explain", "sub/b.py:2:8"}, repo_.path() + "/sub", repo_.environment());
  EXPECT_EQ(below.exit_code, 0) << below.err;
  EXPECT_THAT(below.out, HasSubstr("sub/b.py:2:8: reported as aws-access-key-id"));
}

TEST_F(Cli, ExplainMasksASecretInAName) {
  const std::string token = FakeGithubToken();
  repo_.Write("d/" + token, FakeAwsKey() + "\n");
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"explain", "d/" + token},
                                                    {"explain", "d/" + token + ":1"},
                                                    {"explain", "d/" + token + ":2"},
                                                    {"explain", "--text", FakeAwsKey(), "--filename", "d/" + token}}) {
    Code(arguments);
    EXPECT_THAT(last_.out + last_.err, HasSubstr("d/ghp_****")) << arguments[1];
    EXPECT_THAT(last_.out + last_.err, Not(HasSubstr(token))) << arguments[1];
  }
  repo_.Write("a\x1b[2J", FakeAwsKey() + "\n");
  EXPECT_EQ(Code({"explain", "a\x1b[2J"}), 0);
  EXPECT_THAT(last_.out, HasSubstr("a\\x1B[2J:1:1: aws-access-key-id: kept"));
}

// It said "Too many levels of symbolic links", of the file that the link names.
TEST_F(Cli, ALinkThatIsNamedIsItsText) {
  repo_.Write("target", FakeAwsKey() + "\n");
  repo_.Write("folder/a", FakeAwsKey() + "\n");
  repo_.RunHere({"ln", "-s", "../target", "folder/link"});
  repo_.RunHere({"ln", "-s", "nowhere/" + FakeGithubToken(), "dangling"});
  repo_.RunHere({"ln", "-s", "/dev/zero", "device"});
  repo_.RunHere({"ln", "-s", "folder", "inward"});
  // A loop leads nowhere: its text like any other's.
  repo_.RunHere({"ln", "-s", "loop", "loop"});
  EXPECT_EQ(Code({"scan", "loop"}), 0);
  EXPECT_EQ(Code({"scan", "folder/link"}), 0);
  EXPECT_THAT(last_.err, HasSubstr("sluice: 1 file, 9 bytes, 0 skipped, 0 findings"));
  EXPECT_EQ(Code({"scan", "device"}), 0);
  EXPECT_EQ(Code({"scan", "dangling"}), 1);
  EXPECT_THAT(last_.out, HasSubstr("dangling:1:9: error:"));
  // Named beside its folder it is scanned once.
  EXPECT_EQ(Code({"scan", "folder", "folder/link"}), 1);
  EXPECT_THAT(last_.err, HasSubstr("sluice: 2 files, "));
  EXPECT_EQ(Code({"scan", "inward"}), 1);
  EXPECT_THAT(last_.out, HasSubstr("folder/a:1:1: error:"));
}

// It said "kept, blocks" of what no scan would report.
TEST_F(Cli, ExplainKnowsTheConfiguration) {
  repo_.Write("src/a", "k\n" + FakeAwsKey() + "\n");
  repo_.Write(".sluice.toml", "format = 1\ndisable = [\"aws-access-key-id\"]\n");
  EXPECT_EQ(Code({"explain", "src/a:2"}), 0);
  EXPECT_EQ(last_.out,
            "src/a:2:1: aws-access-key-id: disabled by .sluice.toml:2; it would be kept, at high confidence: "
            "AWS account 052310077262\n");
  EXPECT_THAT(last_.err, HasSubstr("0 kept, 0 dropped, 1 disabled"));
  repo_.Write(".sluice.toml", "format = 1\nexclude = [\"/src\"]\n");
  const CommandResult below =
      tests::Run({SLUICE_PROGRAM, "explain", "a:2"}, repo_.path() + "/src", repo_.environment());
  EXPECT_THAT(below.out, ::testing::StartsWith("a: excluded by .sluice.toml:2: a scan does not look into it\n"));
  EXPECT_THAT(below.out, Not(HasSubstr("reported as")));
  EXPECT_EQ(Code({"explain", "src/a:3"}), 2);
  EXPECT_EQ(last_.err, "sluice: src/a: has 2 lines\n");
  EXPECT_EQ(Code({"explain", "src"}), 2);
  EXPECT_EQ(last_.err, "sluice: src: is no file\n");
}

TEST_F(Cli, RulesCostNamesEachRule) {
  repo_.Write("own.toml", kOwnRules);
  repo_.Write("corpus/a", "own_deadbeef text\n");
  EXPECT_EQ(Code({"rules", "cost", "--rules", "own.toml", "corpus"}), 2);
  EXPECT_THAT(last_.err, HasSubstr("the corpus has 18 bytes: to measure anything, at least 65,536 bytes are needed"));
  repo_.Write("corpus/b", std::string(100000, '\n'));
  EXPECT_EQ(Code({"rules", "cost", "--rules", "own.toml", "--", "corpus"}), 0) << last_.err;
  EXPECT_THAT(last_.out, ContainsRegex("^rule +engine ns/KB +looking ns/KB +share +candidates/MB +findings\n"
                                       "own-key +[0-9.]+ +[0-9.]+ +[0-9.]+% +10.0 +1\n$"));
  EXPECT_THAT(last_.err, ContainsRegex("^sluice: 1 rule on 2 files, 100,018 bytes; a scan with these and the default "
                                       "rules takes [0-9.]+ ns/KB; the slowest: own-key [0-9.]+%\n$"));
}

TEST_F(Cli, RulesCostNamesTheSixSlowest) {
  repo_.Write("corpus/a", std::string(100000, '\n'));
  EXPECT_EQ(Code({"rules", "cost", "corpus"}), 0) << last_.err;
  EXPECT_THAT(last_.err, ContainsRegex("; a scan with all of them takes [0-9.]+ ns/KB; the slowest: "
                                       "([a-z0-9-]+ [0-9.]+%, ){5}[a-z0-9-]+ [0-9.]+%\n$"));
}

// A trigger that is everywhere costs more than one that is nowhere, in the same text.
TEST_F(Cli, RulesCostIsThatOfTheRule) {
  std::string rules(kOwnRules);
  rules += "[[rule]]\nid = \"frequent\"\ndescription = \"d\"\nremediation = \"r\"\nregex = 'often[0-9a-f]{8}z'\n";
  repo_.Write("own.toml", rules);
  std::string text;
  for (int i = 0; i < 50000; ++i) text += i % 20 == 0 ? "often0 0123456\n" : "quiet\n";
  repo_.Write("corpus/a", text);
  EXPECT_EQ(Code({"rules", "cost", "--rules", "own.toml", "--", "corpus"}), 0) << last_.err;
  EXPECT_THAT(last_.out, ContainsRegex("\nfrequent .*\nown-key .*\n$"));
}

TEST_F(Cli, ConfigurationIsRead) {
  repo_.Write("secret.txt", FakeAwsKey());
  repo_.Write(".sluice.toml", "format = 1\nexclude = [\"secret.txt\"]\n");
  EXPECT_EQ(Code({"scan"}), 0);
  EXPECT_THAT(last_.err, HasSubstr("1 excluded by .sluice.toml"));
  repo_.Write(".sluice.toml", "format = 1\n[policy]\nblock_confidence = \"low\"\n");
  repo_.Write("secret.txt",
              "passw"
              "ord = \"bluewhale8\"\n");
  EXPECT_EQ(Code({"scan"}), 1);
  // A configuration that points out of the repository is not read.
  repo_.RunHere({"rm", ".sluice.toml"});
  repo_.RunHere({"ln", "-s", "/dev/zero", ".sluice.toml"});
  EXPECT_EQ(Code({"scan"}), 2);
}

// From wherever it is called, and with an exclusion that looks like the checkout's own path.
TEST_F(Cli, GlobsNeverMatchTheAbsolutePath) {
  repo_.Write("sub/secret.txt", FakeAwsKey());
  repo_.Write(".sluice.toml", "format = 1\nexclude = [\"repo\", \"/tmp\", \"home/**\"]\n");
  EXPECT_EQ(Code({"scan", repo_.path() + "/sub"}), 1) << last_.err;
  EXPECT_THAT(last_.out, HasSubstr("sub/secret.txt:1:1"));
}

TEST_F(Cli, WorksInABareEnvironment) {
  repo_.Write("secret.txt", FakeAwsKey());
  EXPECT_EQ(tests::Run({SLUICE_PROGRAM, "scan", "secret.txt"}, repo_.path(), {}).exit_code, 1);
}

// Around the sizes of pages, pieces and what is read whole: a key at the very end is found in each.
TEST_F(Cli, FilesOfEverySizeAreScannedToTheirEnd) {
  const std::string key = "\nk = " + FakeAwsKey();
  std::size_t files = 0;
  for (const std::size_t boundary : {std::size_t{4096}, std::size_t{65536}, std::size_t{1} << 20U,
                                     std::size_t{1216} << 10U, std::size_t{8} << 20U, std::size_t{9} << 20U}) {
    for (const std::size_t size : {boundary - 1, boundary, boundary + 1, boundary + key.size() - 1}) {
      std::string text(size - key.size(), '.');
      for (std::size_t i = 79; i < text.size(); i += 80) text[i] = '\n';
      repo_.Write("sizes/" + std::to_string(size), text + key);
      ++files;
    }
  }
  repo_.Write("sizes/0", "");
  repo_.Write("sizes/1", "x");
  repo_.Write("sizes/alone", FakeAwsKey());
  EXPECT_EQ(Code({"scan", "--format", "json", "sizes"}), 1);
  const auto report = nlohmann::json::parse(last_.out);
  EXPECT_EQ(report["scanned"]["files"], files + 3);
  EXPECT_EQ(report["findings"].size(), files + 1);
  for (const auto& finding : report["findings"]) {
    EXPECT_EQ(finding["rule"], "aws-access-key-id");
    EXPECT_EQ(finding["column"], finding["path"] == "sizes/alone" ? 1 : 5) << finding["path"];
  }
}

// A comment that does not accept is no riddle.
TEST_F(Cli, ACommentThatMissesIsExplained) {
  const struct {
    std::string before;
    std::string behind;
    const char* hint;
  } cases[] = {
      {"", " # sluice:allow aws-acces-key-id test",
       "line 1: there is no rule 'aws-acces-key-id'; did you mean 'aws-access-key-id'?"},
      {"", " # sluice:allow because",
       "line 1: there is no rule 'because': write `sluice:allow aws-access-key-id REASON`"},
      {"", " # sluice:allow jwt test", "line 1: the comment accepts jwt only: add `, aws-access-key-id` behind it"},
      {"", " # sluice:allow jwt, private-key-pem, both made up",
       "line 1: the comment accepts other rules only: add `, aws-access-key-id` behind private-key-pem"},
      {"", " # sluice:allow jwt, aws-acces-key-id both made up",
       "line 1: there is no rule 'aws-acces-key-id'; did you mean 'aws-access-key-id'?"},
      {"", " # sluice: allow",
       "line 1: the comment that accepts it is written `sluice:allow aws-access-key-id REASON`"},
      {"", " # Sluice:Allow aws-access-key-id x", "line 1: the comment that accepts it is written `sluice:allow "},
      {"", " # sluice:allow Test data", "line 1: behind sluice:allow stands the id of a rule: `sluice:allow "},
      {"# sluice:allow aws-access-key-id test\n", "",
       "line 1: a comment accepts what is on its own line: write it there"},
  };
  for (const auto& c : cases) {
    const std::string text = c.before + "k = " + FakeAwsKey() + c.behind + "\n";
    repo_.Stage("a", text);
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{"scan", "a"}, {"scan", "--staged"}}) {
      EXPECT_EQ(Code(arguments), 1);
      EXPECT_THAT(last_.out, HasSubstr(std::string("      = ") + c.hint)) << last_.out;
    }
  }
  repo_.Write("a", "k = " + FakeAwsKey() + "\nThis sluice allows water through.\n");
  EXPECT_EQ(Code({"scan", "a"}), 1);
  EXPECT_THAT(last_.out, Not(HasSubstr("line ")));
}

// The advice to name the other rule led back to the first.
TEST_F(Cli, ACommentAcceptsTheRulesThatItNames) {
  const std::string line = "k = " + FakeAwsKey() + " " + FakeGithubToken() + "  # sluice:allow ";
  for (const char* both :
       {"aws-access-key-id, github-classic-pat both made up", "github-classic-pat,aws-access-key-id"}) {
    repo_.Stage("a", line + both + "\n");
    EXPECT_EQ(Code({"scan", "a"}), 0) << last_.out;
    EXPECT_EQ(Code({"scan", "--staged"}), 0) << last_.out;
  }
  repo_.Write("a", line + "aws-access-key-id, made up\n");
  EXPECT_EQ(Code({"scan", "a"}), 1);
  EXPECT_THAT(last_.out, HasSubstr("the comment accepts aws-access-key-id only: add `, github-classic-pat` behind it"));
  EXPECT_THAT(last_.err, HasSubstr("1 finding,"));
}

// What is said of a comment at a key is true: it is not asked for where it is.
TEST_F(Cli, ACommentThatMissesAKeyIsExplained) {
  const std::string key = FakePrivateKey();
  const std::size_t first = key.find('\n');
  const std::size_t second = key.find('\n', first + 1);
  const std::string comment = " # sluice:allow private-key-pem x";
  const std::string place =
      ": a value of several lines is accepted on its first or last line, or alone above it: write there "
      "`sluice:allow private-key-pem REASON`\n";
  const std::pair<std::string, std::string> cases[] = {
      {key.substr(0, second) + comment + key.substr(second), "line 2" + place},
      {"a = 1" + comment + "\n" + key, "line 1" + place},
      {"K = '''" + key + "\n'''.strip()" + comment + "\n", "line 6" + place},
      {key.substr(0, first) + " # sluice:allow jwt x" + key.substr(first),
       "line 1: the comment accepts jwt only: add `, private-key-pem` behind it\n"},
      {"# sluice:allow jwt x\n" + key, "line 1: the comment accepts jwt only: add `, private-key-pem` behind it\n"},
      {"# sluice:allow private-key x\nk: |\n" + key,
       "line 1: there is no rule 'private-key': write `sluice:allow private-key-pem REASON`\n"},
  };
  for (const auto& [text, hint] : cases) {
    repo_.Write("a", text);
    EXPECT_EQ(Code({"scan", "a"}), 1) << text;
    EXPECT_THAT(last_.out, HasSubstr("      = " + hint));
  }
  // That one is for what is below it.
  repo_.Write("a", key + "\n# sluice:allow private-key-pem x\nb = 1\n");
  EXPECT_EQ(Code({"scan", "a"}), 1);
}

// A comment between two keys, or on one, is for one of them.
TEST_F(Cli, AnAllowCommentBetweenKeysIsForOneOfThem) {
  const std::string key = FakePrivateKey();
  const std::string marked = "# sluice:allow private-key-pem a key of the tests\n";
  repo_.Write("only.pem", key);
  repo_.Write("three.pem", key + "\n" + key + "\n" + key + "\n");
  repo_.Write("between.pem", key + "\n" + marked + key + "\n");
  repo_.Write("on.pem", key + "\n" + key + "  " + marked + key + "\n");
  EXPECT_EQ(Code({"scan", "--format", "json", "only.pem", "three.pem", "between.pem", "on.pem"}), 1);
  std::map<std::string, std::vector<std::string>> by_path;
  const auto report = nlohmann::json::parse(last_.out);
  for (const auto& finding : report["findings"]) {
    by_path[finding["path"]].push_back(std::to_string(finding["line"].get<int>()) + " " +
                                       finding["status"].get<std::string>());
  }
  EXPECT_EQ(by_path["only.pem"], (std::vector<std::string>{"1 new"}));
  EXPECT_EQ(by_path["three.pem"], (std::vector<std::string>{"1 new", "6 new", "11 new"}));
  EXPECT_EQ(by_path["between.pem"], (std::vector<std::string>{"1 new", "7 suppressed"}));
  EXPECT_EQ(by_path["on.pem"], (std::vector<std::string>{"1 new", "6 suppressed", "11 new"}));
}

// Names of folders above, or of the checkout, decide nothing: ".git" inside a name is no git folder.
TEST_F(Cli, FoldersWithNamesThatLookLikeSomethingElse) {
  for (const char* folder : {"project.git", "goyaml.v2", "node_modules", "vendor", "test.git/deep", "x.gitignore"}) {
    const std::string path = std::string("o/") + folder;
    repo_.Write(path + "/secret.txt", FakeAwsKey());
    EXPECT_EQ(Code({"scan", path}), 1) << folder << last_.err;
    const CommandResult inside = tests::Run({SLUICE_PROGRAM, "scan"}, repo_.path() + "/" + path, repo_.environment());
    EXPECT_EQ(inside.exit_code, 1) << folder << inside.err;
  }
  repo_.Write(".sluice.toml", "format = 1\nexclude = [\"repo/\", \"o/goyaml.v3\", \"sluice-test-*/\"]\n");
  EXPECT_EQ(Code({"scan", "--format", "json"}), 1);
  EXPECT_EQ(nlohmann::json::parse(last_.out)["findings"].size(), 6U);
}

// One place, one line, one column, whatever ends the lines and whatever the bytes before it mean.
TEST_F(Cli, LineEndsAndEncodingsPointAtTheSamePlace) {
  const std::string key = "k = " + FakeAwsKey();
  const struct {
    const char* name;
    std::string text;
    const char* place;
  } cases[] = {
      {"lf", "a\nb\n" + key + "\n", ":3:5: "},
      {"crlf", "a\r\nb\r\n" + key + "\r\n", ":3:5: "},
      {"mixed", "a\r\nb\n" + key, ":3:5: "},
      {"cr", "a\rb\r" + key + "\r", ":1:9: "},
      {"bom", "\xef\xbb\xbf" + key, ":1:5: "},
      {"latin1", "caf\xe9\n\xe9 " + key, ":2:7: "},
      {"cp1252", "\x93quoted\x94\n\x80 " + key, ":2:7: "},
      {"gbk", "\xc3\xdc\xd4\xbf\n\xc3\xdc " + key, ":2:8: "},
      {"utf8", "\xe5\xaf\x86\xe9\x92\xa5\n\xe5\xaf\x86 " + key, ":2:9: "},
      {"nul", std::string("a\0b\n", 4) + key, ":2:5: "},
      {"late nul", std::string(7000, 'a') + std::string(1, '\0') + "\n" + key, ":2:5: "},
      {"no end", "a\nb\n" + key, ":3:5: "},
  };
  for (const auto& c : cases) {
    repo_.Write(c.name, c.text);
    EXPECT_EQ(Code({"scan", "--", c.name}), 1) << c.name;
    EXPECT_THAT(last_.out, ::testing::StartsWith(c.name + std::string(c.place))) << last_.out;
  }
}

TEST_F(Cli, MachineReportsOfOddNamesAreValid) {
  for (const char* name : {"a b", "new\nline", "quo\"te", "back\\slash", "caf\xe9", "\xe5\xaf\x86\xe9\x92\xa5", "-dash",
                           "esc\x1b[31m", "per%20cent", "a:b"}) {
    repo_.Write(std::string("odd/") + name, FakeAwsKey() + "\n");
  }
  EXPECT_EQ(Code({"scan", "--format", "json", "odd"}), 1);
  EXPECT_EQ(nlohmann::json::parse(last_.out)["findings"].size(), 10U);
  EXPECT_EQ(Code({"scan", "--format", "sarif", "odd"}), 1);
  const auto sarif = nlohmann::json::parse(last_.out);
  std::set<std::string> rules;
  for (const auto& rule : sarif["runs"][0]["tool"]["driver"]["rules"]) {
    EXPECT_TRUE(rules.insert(rule["id"]).second) << rule["id"];
  }
  EXPECT_EQ(sarif["runs"][0]["results"].size(), 10U);
  for (const auto& result : sarif["runs"][0]["results"]) {
    const auto& place = result["locations"][0]["physicalLocation"];
    const auto uri = place["artifactLocation"]["uri"].get<std::string>();
    EXPECT_EQ(uri.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/%"),
              std::string::npos)
        << uri;
    EXPECT_TRUE(uri.starts_with("odd/")) << uri;
    EXPECT_EQ(place["region"]["startLine"], 1);
    EXPECT_EQ(place["region"]["startColumn"], 1);
  }
}

// What a window manager, cron or a container gives a program.
TEST_F(Cli, AnyEnvironmentGivesTheSameReport) {
  repo_.Stage("caf\xc3\xa9.txt", "\xc3\xa9 = " + FakeAwsKey() + "\n");
  const CommandResult expected = Sluice({"scan", "--staged"});
  EXPECT_EQ(expected.exit_code, 1);
  for (const tests::Environment& environment : std::vector<tests::Environment>{
           {},
           {{"PATH", "/usr/bin:/bin"}},
           {{"PATH", ""}},
           {{"PATH", "/usr/bin:/bin"}, {"LC_ALL", "C"}},
           {{"PATH", "/usr/bin:/bin"}, {"LC_ALL", "tr_TR.UTF-8"}, {"LANG", "de_DE.ISO-8859-1"}},
           {{"PATH", "/usr/bin:/bin"}, {"HOME", "/nonexistent"}, {"TERM", "dumb"}},
           {{"PATH", "/usr/bin:/bin"},
            {"HOME", "relative"},
            {"XDG_CACHE_HOME", "relative"},
            {"TMPDIR", "/nonexistent"}},
           {{"PATH", "/usr/bin:/bin"}, {"CI", "true"}, {"COLUMNS", "3"}, {"NO_COLOR", "1"}},
       }) {
    for (const char* shell : {"", "exec 0<&-; "}) {
      const CommandResult result = tests::Run(
          {"/bin/sh", "-c", std::string(shell) + "exec '" SLUICE_PROGRAM "' scan --staged"}, repo_.path(), environment);
      EXPECT_EQ(result.exit_code, 1) << ::testing::PrintToString(environment) << result.err;
      EXPECT_EQ(result.out, expected.out) << ::testing::PrintToString(environment);
    }
  }
  EXPECT_FALSE(tests::Exists(repo_.path() + "/relative"));
}

// Git waits for somebody to write to it.
TEST_F(Cli, AnIgnoreFileThatIsAPipeIsNamed) {
  repo_.Write("sub/secret.txt", FakeAwsKey());
  repo_.RunHere({"mkfifo", "sub/.gitignore"});
  EXPECT_EQ(Code({"scan"}), 1);
  EXPECT_THAT(last_.out, HasSubstr("sub/secret.txt:1:1: error"));
  EXPECT_THAT(last_.out, HasSubstr("sub/.gitignore: not scanned: a pipe: what it would have git ignore is not known"));
  repo_.Write("sub/secret.txt", "clean\n");
  EXPECT_EQ(Code({"scan", "sub"}), 3);
}

// The advice to exclude it would have been of no use.
TEST_F(Cli, AFolderThatCannotBeReadCanBeExcluded) {
  const std::string name(200, 'd');
  repo_.RunHere({"sh", "-c",
                 "mkdir deep && cd deep && for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21; do mkdir " +
                     name + " && cd " + name + "; done; echo x > x"});
  EXPECT_EQ(Code({"scan", "--no-ignore", "."}), 3);
  EXPECT_THAT(last_.out, HasSubstr("not scanned: File name too long"));
  EXPECT_THAT(last_.out, HasSubstr("       exclude = [\"/deep/ddd"));
  repo_.Write(".sluice.toml", "format = 1\nexclude = [\"/deep\"]\n");
  EXPECT_EQ(Code({"scan", "--no-ignore", "."}), 0);
  // An ignore file decides about others.
  repo_.RunHere({"mkfifo", ".gitignore"});
  repo_.Write(".sluice.toml", "format = 1\nexclude = [\".gitignore\"]\n");
  EXPECT_EQ(Code({"scan", "."}), 3);
}

// An ignore file that is a link would let something outside, or a device, decide what is scanned.
TEST_F(Cli, ALinkedIgnoreFileDecidesNothing) {
  tests::TemporaryFolder outside;
  tests::WriteFile(outside.path() + "/everything", "*\n");
  repo_.Write("sub/secret.txt", FakeAwsKey());
  for (const std::string& target :
       {outside.path() + "/everything", std::string("/dev/zero"), std::string(".gitignore")}) {
    for (const char* name : {".gitignore", "sub/.gitignore"}) {
      repo_.RunHere({"ln", "-s", target, name});
      EXPECT_EQ(Code({"scan"}), 1) << target << last_.err;
      EXPECT_THAT(last_.out, HasSubstr("sub/secret.txt:1:1: error"));
      repo_.RunHere({"rm", name});
    }
  }
}

}  // namespace
}  // namespace sluice
