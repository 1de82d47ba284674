#include "progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <string>

namespace sluice::cli {

namespace {

constexpr std::size_t kBarWidth = 30;
constexpr auto kPatience = std::chrono::seconds(1);
constexpr auto kInterval = std::chrono::milliseconds(200);

void Write(const std::string& text) {
  // A terminal that is gone does not matter to the scan.
  [[maybe_unused]] const ssize_t put = write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

Progress::Progress(std::size_t total_files, bool enabled) : total_files_(total_files) {
  if (enabled && total_files > 0) thread_ = std::thread([this] { Draw(); });
}

Progress::~Progress() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  end_.notify_all();
  thread_.join();
}

void Progress::Draw() {
  std::unique_lock lock(mutex_);
  const auto ended = [this] { return ended_; };
  if (end_.wait_for(lock, kPatience, ended)) return;
  do {
    const std::size_t files = files_.load(std::memory_order_relaxed);
    const std::size_t filled = kBarWidth * files / total_files_;
    Write(fmt::format("\r[{:#<{}}{: <{}}] {}/{} files, {} MB", "", filled, "", kBarWidth - filled, files, total_files_,
                      bytes_.load(std::memory_order_relaxed) / 1000000));
  } while (!end_.wait_for(lock, kInterval, ended));
  Write("\r\x1b[K");
}

}  // namespace sluice::cli
