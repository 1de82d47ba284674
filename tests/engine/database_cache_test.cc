#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "sluice/database.h"
#include "support/git_fixture.h"

namespace sluice {
namespace {

using ::testing::HasSubstr;

const std::string kRules =
    "format = 1\npack = \"own\"\n[[rule]]\nid = \"own-key\"\ndescription = \"d\"\nremediation = \"r\"\n"
    "regex = 'own_[0-9a-f]{8}'\n";

class DatabaseCacheTest : public ::testing::Test {
 protected:
  // Loads through the cache; the database must be right whatever the cache holds.
  std::string LoadAndGetComplaint() {
    const RuleFile file = {"own.toml", kRules};
    std::string complaint;
    const auto database = DatabaseCache(directory_).Load({&file, 1}, &complaint);
    EXPECT_TRUE(database);
    if (database) {
      EXPECT_EQ(database->rule(0).id, "own-key");
    }
    return complaint;
  }

  [[nodiscard]] std::string Entry() const {
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
      if (entry.path().extension() == ".rules") return entry.path().string();
    }
    return "";
  }

  tests::TemporaryFolder folder_;
  std::string directory_ = folder_.path() + "/a/cache";
};

TEST_F(DatabaseCacheTest, KeepsWhatItCompiled) {
  EXPECT_EQ(LoadAndGetComplaint(), "");
  ASSERT_NE(Entry(), "");
  struct stat status {};
  ASSERT_EQ(stat(directory_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
  ASSERT_EQ(stat(Entry().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(LoadAndGetComplaint(), "");
}

TEST_F(DatabaseCacheTest, IgnoresWhatIsNotItsOwn) {
  LoadAndGetComplaint();
  const std::string entry = Entry();
  const std::string good = tests::ReadFile(entry);
  const struct {
    const char* name;
    std::string bytes;
    const char* complaint;
  } cases[] = {
      {"empty", "", "truncated"},
      {"half", good.substr(0, good.size() / 2), "corrupt or foreign"},
      {"one bit",
       [&] {
         std::string s = good;
         s[s.size() / 2] ^= 1;
         return s;
       }(),
       "corrupt or foreign"},
      {"no mac", good.substr(0, good.size() - 32) + std::string(32, '\0'), "corrupt or foreign"},
      {"garbage", std::string(100000, 'x'), "corrupt or foreign"},
  };
  for (const auto& c : cases) {
    tests::WriteFile(entry, c.bytes);
    EXPECT_THAT(LoadAndGetComplaint(), HasSubstr(c.complaint)) << c.name;
    // It was compiled again and written again.
    EXPECT_EQ(tests::ReadFile(entry), good) << c.name;
  }
}

TEST_F(DatabaseCacheTest, IgnoresWhatOthersCanWrite) {
  LoadAndGetComplaint();
  ASSERT_EQ(chmod(Entry().c_str(), 0666), 0);
  EXPECT_THAT(LoadAndGetComplaint(), HasSubstr("others can write it"));
  ASSERT_EQ(chmod(directory_.c_str(), 0777), 0);
  EXPECT_THAT(LoadAndGetComplaint(), HasSubstr("others can write it"));
}

TEST_F(DatabaseCacheTest, FollowsNoSymlink) {
  LoadAndGetComplaint();
  const std::string entry = Entry();
  std::filesystem::rename(entry, folder_.path() + "/elsewhere");
  std::filesystem::create_symlink(folder_.path() + "/elsewhere", entry);
  EXPECT_THAT(LoadAndGetComplaint(), HasSubstr("ignored"));
}

TEST_F(DatabaseCacheTest, IgnoresAnEntryMadeUnderAnotherKey) {
  LoadAndGetComplaint();
  const std::string foreign = tests::ReadFile(Entry());
  const std::string entry = Entry();
  unlink((directory_ + "/key").c_str());
  unlink(entry.c_str());
  LoadAndGetComplaint();
  tests::WriteFile(entry, foreign);
  EXPECT_THAT(LoadAndGetComplaint(), HasSubstr("corrupt or foreign"));
}

TEST_F(DatabaseCacheTest, WorksWithoutAPlace) {
  directory_ = "/proc/no/such/place";
  EXPECT_THAT(LoadAndGetComplaint(), HasSubstr("not used"));
  directory_ = "";
  EXPECT_EQ(LoadAndGetComplaint(), "");
}

TEST_F(DatabaseCacheTest, ManyAtOnceAllGetTheirRules) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([this] { LoadAndGetComplaint(); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(LoadAndGetComplaint(), "");
}

}  // namespace
}  // namespace sluice
