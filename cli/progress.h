// A progress bar on a terminal, for scans that take longer than a second.
#ifndef SLUICE_CLI_PROGRESS_H_
#define SLUICE_CLI_PROGRESS_H_

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <thread>

namespace sluice::cli {

// Draws on stderr while it lives, and wipes itself. Done() may be called by any thread.
class Progress {
 public:
  // Draws nothing when `enabled` is false.
  Progress(std::size_t total_files, bool enabled);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  void Done(std::uint64_t bytes) {
    files_.fetch_add(1, std::memory_order_relaxed);
    bytes_.fetch_add(bytes, std::memory_order_relaxed);
  }

 private:
  void Draw();

  const std::size_t total_files_;
  std::atomic<std::size_t> files_{0};
  std::atomic<std::uint64_t> bytes_{0};
  std::mutex mutex_;
  std::condition_variable end_;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace sluice::cli

#endif  // SLUICE_CLI_PROGRESS_H_
