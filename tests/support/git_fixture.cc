#include "support/git_fixture.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace sluice::tests {

namespace {

// A key pair that was made for this file and is used nowhere; its first line is in two parts.
constexpr const char* kKeyBody =
    "MHcCAQEEIFDcPgeR/JbRN/NrsU1LTnBnT0j+cn6vKIDIy+OcMo2/oAoGCCqGSM49\n"
    "AwEHoUQDQgAEAnfTno3bLIfygOS3SBLmk5WAH1H64fiyKpD2mDAYdQKLTahibGhw\n"
    "5xUIsXB7SKdchD+k+uc+xzfRhiSTph5ktw==\n";

void MakeChild(const std::vector<std::string>& argv, const std::string& directory, const Environment& environment,
               const int in[2], const int out[2], const int err[2]) {
  dup2(in[0], STDIN_FILENO);
  dup2(out[1], STDOUT_FILENO);
  dup2(err[1], STDERR_FILENO);
  for (const int fd : {in[0], in[1], out[0], out[1], err[0], err[1]}) close(fd);
  if (chdir(directory.c_str()) != 0) _exit(126);
  clearenv();
  for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> arguments;
  for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

}  // namespace

CommandResult Run(const std::vector<std::string>& argv, const std::string& directory, const Environment& environment,
                  std::string_view input) {
  int in[2];
  int out[2];
  int err[2];
  if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) std::abort();
  const pid_t pid = fork();
  if (pid == 0) MakeChild(argv, directory, environment, in, out, err);
  close(in[0]);
  close(out[1]);
  close(err[1]);
  // A child that reads nothing must not end the test.
  signal(SIGPIPE, SIG_IGN);
  fcntl(in[1], F_SETFL, O_NONBLOCK);
  CommandResult result;
  pollfd fds[3] = {{out[0], POLLIN, 0}, {err[0], POLLIN, 0}, {in[1], POLLOUT, 0}};
  std::string* const sinks[2] = {&result.out, &result.err};
  if (input.empty()) {
    close(in[1]);
    fds[2].fd = -1;
  }
  while (fds[0].fd >= 0 || fds[1].fd >= 0) {
    if (poll(fds, 3, -1) < 0) continue;
    for (int i = 0; i < 2; ++i) {
      if (fds[i].fd < 0 || fds[i].revents == 0) continue;
      char buffer[65536];
      const ssize_t got = read(fds[i].fd, buffer, sizeof buffer);
      if (got > 0) {
        sinks[i]->append(buffer, static_cast<std::size_t>(got));
      } else {
        close(fds[i].fd);
        fds[i].fd = -1;
      }
    }
    if (fds[2].fd >= 0 && fds[2].revents != 0) {
      const ssize_t put = write(fds[2].fd, input.data(), input.size());
      if (put > 0) input.remove_prefix(static_cast<std::size_t>(put));
      if (put <= 0 || input.empty()) {
        close(fds[2].fd);
        fds[2].fd = -1;
      }
    }
  }
  if (fds[2].fd >= 0) close(fds[2].fd);
  int status = 0;
  waitpid(pid, &status, 0);
  if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  return result;
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "sluice-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) std::abort();
  path_ = std::filesystem::canonical(name).string();
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void WriteFile(const std::string& path, std::string_view bytes) {
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  ASSERT_TRUE(out.good()) << path;
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool Exists(const std::string& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0;
}

GitFixture::GitFixture(Init init) : path_(folder_.path() + "/repo") {
  const std::string home = folder_.path() + "/home";
  std::filesystem::create_directories(home);
  std::filesystem::create_directories(path_);
  const char* path = std::getenv("PATH");
  environment_ = {{"PATH", path != nullptr ? path : "/usr/bin:/bin"},
                  // libgit2 1.5.1 leaks when it opens a repository of format version 1.
                  {"ASAN_OPTIONS", "detect_leaks=0"},
                  {"HOME", home},
                  {"XDG_CACHE_HOME", home + "/.cache"},
                  {"GIT_CONFIG_NOSYSTEM", "1"},
                  {"GIT_AUTHOR_NAME", "A"},
                  {"GIT_AUTHOR_EMAIL", "a@example.invalid"},
                  {"GIT_COMMITTER_NAME", "C"},
                  {"GIT_COMMITTER_EMAIL", "c@example.invalid"},
                  {"GIT_EDITOR", "true"},
                  {"GIT_LITERAL_PATHSPECS", "1"},
                  {"LC_ALL", "C"}};
  if (init == Init::kPlain) MustGit({"init", "-q", "-b", "main"});
}

void GitFixture::Write(const std::string& name, std::string_view bytes) { WriteFile(path_ + "/" + name, bytes); }

CommandResult GitFixture::RunHere(const std::vector<std::string>& argv, std::string_view input) {
  return Run(argv, path_, environment_, input);
}

CommandResult GitFixture::Git(const std::vector<std::string>& arguments, std::string_view input) {
  std::vector<std::string> argv = {"git"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return RunHere(argv, input);
}

std::string GitFixture::MustGit(const std::vector<std::string>& arguments, std::string_view input) {
  const CommandResult result = Git(arguments, input);
  EXPECT_EQ(result.exit_code, 0) << "git " << ::testing::PrintToString(arguments) << "\n" << result.out << result.err;
  return result.out;
}

void GitFixture::Stage(const std::string& name, std::string_view bytes) {
  Write(name, bytes);
  MustGit({"add", "-f", "--", name});
}

void GitFixture::Commit(const std::string& name, std::string_view bytes) {
  Stage(name, bytes);
  MustGit({"commit", "-q", "--no-verify", "-m", "commit " + name});
}

void GitFixture::WriteHook(const std::string& name, std::string_view script) {
  const std::string file = path_ + "/.git/hooks/" + name;
  WriteFile(file, script);
  chmod(file.c_str(), 0755);
}

void GitFixture::InstallSluice() {
  for (const char* hook : {"pre-commit", "pre-merge-commit"}) {
    WriteHook(hook, std::string("#!/bin/sh\nexec '") + SLUICE_HOOK_PROGRAM + "' " + hook + "\n");
  }
}

std::string FakeAwsSecret() { return std::string("q8Zr1Lw7Xc2Vb9Nm4Kj6") + "Hg3FtY5/uI0oPaSdE+R1"; }
std::string FakeAwsKey() { return std::string("AK") + "IAQYLPMN5HFZ7R2SWX"; }

std::string FakeGithubToken() {
  // 30 characters and the CRC32 of them in base 62, as GitHub describes it.
  const std::string body = "k3Jw8sQz1XvBn6TyLr0PdFh5GcMa2E";
  std::uint32_t crc = 0xffffffffU;
  for (const char c : body) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
  }
  crc ^= 0xffffffffU;
  const std::string digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::string check(6, '0');
  for (std::size_t i = 6; i-- > 0; crc /= 62) check[i] = digits[crc % 62];
  return std::string("gh") + "p_" + body + check;
}

std::string FakePrivateKey() {
  return std::string("-----BEGIN EC ") + "PRIVATE KEY-----\n" + kKeyBody + "-----END EC " + "PRIVATE KEY-----";
}

}  // namespace sluice::tests
