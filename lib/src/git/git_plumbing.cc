#include "git/git_plumbing.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace sluice::git {
namespace {

Error Unexpected(std::string_view command) {
  return {ErrorCode::kIncomplete, "git", std::string(command) + " answered in a form that is not known"};
}

Error BlobError(const Oid& oid, std::string message) {
  return {ErrorCode::kIncomplete, "blob " + ToHex(oid), std::move(message)};
}

// The text up to `delimiter`, which is consumed with it; nullopt when there is none.
std::optional<std::string_view> TakeUntil(std::string_view& text, char delimiter) {
  const std::size_t end = text.find(delimiter);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end + 1);
  return part;
}

std::optional<std::uint32_t> ParseMode(std::string_view text) {
  std::uint32_t mode = 0;
  if (text.size() != 6) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (mode == 0 || mode == 0100644 || mode == 0100755 || mode == kModeSymlink || mode == kModeGitlink) return mode;
  return std::nullopt;
}

// "100644 100644 <oid> <oid> M", what stands between ':' and the path.
std::optional<TreeChange> ParseRawFields(std::string_view fields) {
  const auto old_mode = ParseMode(TakeUntil(fields, ' ').value_or(""));
  const auto new_mode = ParseMode(TakeUntil(fields, ' ').value_or(""));
  const auto old_oid = ParseOid(TakeUntil(fields, ' ').value_or(""));
  const auto new_oid = ParseOid(TakeUntil(fields, ' ').value_or(""));
  if (!old_mode || !new_mode || !old_oid || !new_oid || fields.size() != 1) return std::nullopt;
  const char status = fields[0];
  TreeChange change;
  if (status == 'U') {
    change.unmerged = true;
    return change;
  }
  // An index entry always has an oid: without one, git would have looked at the working tree.
  const bool known = (status == 'A' && *old_mode == 0 && *new_mode != 0) ||
                     (status == 'D' && *old_mode != 0 && *new_mode == 0) ||
                     ((status == 'M' || status == 'T') && *old_mode != 0 && *new_mode != 0);
  if (!known || old_oid->IsZero() != (*old_mode == 0) || new_oid->IsZero() != (*new_mode == 0)) return std::nullopt;
  change.old_mode = *old_mode;
  change.new_mode = *new_mode;
  change.old_oid = *old_oid;
  change.new_oid = *new_oid;
  return change;
}

}  // namespace

Result<RepositoryPlace> FindRepository(const GitCommand& git) {
  // The path may hold newlines: what is of fixed form comes first.
  Result<std::string> bare = git.Run({"rev-parse", "--is-bare-repository"});
  if (!bare) return bare.error();
  if (*bare == "true\n") return Error{ErrorCode::kUsage, "", "bare repository: there is nothing staged"};
  if (*bare != "false\n") return Unexpected("rev-parse");
  Result<std::string> top = git.Run({"rev-parse", "--show-toplevel"});
  if (!top) return top.error();
  Result<std::string> git_dir = git.Run({"rev-parse", "--absolute-git-dir"});
  if (!git_dir) return git_dir.error();
  for (std::string* path : {&*top, &*git_dir}) {
    if (path->size() < 2 || path->front() != '/' || path->back() != '\n') return Unexpected("rev-parse");
    path->pop_back();
  }
  return RepositoryPlace{std::move(*top), std::move(*git_dir) + "/"};
}

Result<bool> HasHead(const GitCommand& git) {
  if (Result<std::string> head = git.Run({"rev-parse", "--verify", "HEAD^{commit}"}); head) return true;
  // Unborn is when HEAD names a branch, and there is none of that name; a broken reference is no such thing.
  Result<std::string> branch = git.Run({"symbolic-ref", "HEAD"});
  if (!branch) return branch.error();
  if (branch->empty() || branch->back() != '\n') return Unexpected("symbolic-ref");
  branch->pop_back();
  Result<std::string> refs = git.Run({"for-each-ref", "--format=%(refname)", *branch});
  if (!refs) return refs.error();
  if (!refs->empty()) return Error{ErrorCode::kIncomplete, "git", "HEAD cannot be read"};
  return false;
}

bool IsInHistory(const GitCommand& git, const Oid& oid, const std::vector<Oid>& others) {
  // What is reachable from it and from nothing else: nothing, when it is itself reachable from elsewhere.
  std::vector<std::string> arguments = {"rev-list", "--max-count=1", ToHex(oid) + "^{commit}", "--not", "--all"};
  for (const Oid& other : others) arguments.push_back(ToHex(other));
  arguments.emplace_back("--");
  const Result<std::string> unknown = git.Run(arguments);
  return unknown && unknown->empty();
}

Result<TreeChanges> DiffIndex(const GitCommand& git, const std::optional<Oid>& parent) {
  // Every setting that can change this form is named, so that diff.* of the person decides nothing.
  std::vector<std::string> arguments = {"diff",          "--cached",      "--raw",         "-z",
                                        "--no-renames",  "--no-abbrev",   "--no-relative", "--ignore-submodules=none",
                                        "--no-ext-diff", "--no-textconv", "--no-color",    "--ita-invisible-in-index",
                                        "-O/dev/null"};
  if (parent) arguments.push_back(ToHex(*parent));
  arguments.emplace_back("--");
  Result<std::string> output = git.Run(arguments);
  if (!output) return output.error();
  return ParseRawDiff(*output);
}

Result<TreeChanges> ParseRawDiff(std::string_view output) {
  TreeChanges changes;
  while (!output.empty()) {
    if (output.front() != ':') return Unexpected("diff");
    output.remove_prefix(1);
    const std::optional<std::string_view> fields = TakeUntil(output, '\0');
    const std::optional<std::string_view> path = TakeUntil(output, '\0');
    std::optional<TreeChange> change = fields ? ParseRawFields(*fields) : std::nullopt;
    if (!change || !path || path->empty() || changes.size() >= kMaxChanges) return Unexpected("diff");
    change->path = *path;
    changes.push_back(std::move(*change));
  }
  return changes;
}

Result<std::optional<FoundEntry>> FindInIndex(const GitCommand& git, std::string_view path) {
  Result<std::string> output =
      git.Run({"ls-files", "-s", "-z", "--full-name", "--", ":(top,literal)" + std::string(path)});
  if (!output) return output.error();
  std::string_view rest = *output;
  while (!rest.empty()) {
    // "<mode> <oid> <stage>\t<path>\0"; a directory of that name answers with all that is in it.
    const std::optional<std::string_view> mode = TakeUntil(rest, ' ');
    const std::optional<std::string_view> hex = TakeUntil(rest, ' ');
    const std::optional<std::string_view> stage = TakeUntil(rest, '\t');
    const std::optional<std::string_view> name = TakeUntil(rest, '\0');
    const std::optional<Oid> oid = hex ? ParseOid(*hex) : std::nullopt;
    const std::optional<std::uint32_t> number = mode ? ParseMode(*mode) : std::nullopt;
    if (!oid || !number || !stage || stage->size() != 1 || !name) return Unexpected("ls-files");
    if (*name != path) continue;
    if (*stage != "0") return Error{ErrorCode::kIncomplete, std::string(path), std::string(kUnmergedReason)};
    return std::optional(FoundEntry{*number, *oid});
  }
  return std::optional<FoundEntry>();
}

Result<std::optional<FoundEntry>> FindInCommit(const GitCommand& git, const std::string& commit,
                                               std::string_view path) {
  const Result<std::string> tree = git.Run({"rev-parse", "--verify", "--quiet", commit + "^{tree}"});
  if (!tree || path.empty()) return std::optional<FoundEntry>();
  // Names are literal here, and "d" is not what is in it.
  const Result<std::string> output = git.Run({"ls-tree", "-z", "--full-tree", commit, "--", std::string(path)});
  if (!output) return output.error();
  // "<mode> <type> <oid>\t<path>\0".
  std::string_view rest = *output;
  if (rest.empty()) return std::optional<FoundEntry>();
  const std::optional<std::string_view> mode = TakeUntil(rest, ' ');
  const std::optional<std::string_view> type = TakeUntil(rest, ' ');
  const std::optional<std::string_view> hex = TakeUntil(rest, '\t');
  const std::optional<std::string_view> name = TakeUntil(rest, '\0');
  const std::optional<Oid> oid = hex ? ParseOid(*hex) : std::nullopt;
  if (!mode || !type || !oid || !name) return Unexpected("ls-tree");
  const std::optional<std::uint32_t> number = ParseMode(*mode);
  if (!number || *name != path || *type != "blob") return std::optional<FoundEntry>();
  return std::optional(FoundEntry{*number, *oid});
}

bool CatFile::Fill(Session& session) {
  std::array<char, 16U << 10U> piece;
  const ssize_t got = session.child->Read(piece.data(), piece.size());
  if (got <= 0) return false;
  session.buffer.append(piece.data(), static_cast<std::size_t>(got));
  return true;
}

Error CatFile::Broken(Session& session, const Oid& oid) {
  const int exit_code = session.child->Wait();
  Error error = exit_code != 0 ? GitError(session.child->errors(), exit_code) : Unexpected("cat-file");
  session = Session{};
  return BlobError(oid, error.message);
}

Result<std::uint64_t> CatFile::Ask(Session& session, const char* mode, const Oid& oid) {
  if (session.child == nullptr) {
    Result<std::unique_ptr<ChildProcess>> child = git_.Start({"cat-file", mode}, /*with_stdin=*/true);
    if (!child) return child.error();
    session = Session{std::move(*child), ""};
  }
  const std::string hex = ToHex(oid);
  if (!session.child->Write(hex + "\n")) return Broken(session, oid);
  while (session.buffer.find('\n') == std::string::npos) {
    if (!Fill(session)) return Broken(session, oid);
  }
  std::string_view answer = session.buffer;
  const std::string line(*TakeUntil(answer, '\n'));
  session.buffer.erase(0, line.size() + 1);
  if (line == hex + " missing") return BlobError(oid, "missing from the repository");
  std::string_view fields = line;
  const std::string_view name = TakeUntil(fields, ' ').value_or("");
  const std::string_view type = TakeUntil(fields, ' ').value_or("");
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(fields.data(), fields.data() + fields.size(), size);
  if (name != hex || error != std::errc() || end != fields.data() + fields.size()) {
    session = Session{};
    return BlobError(oid, "cat-file answered in a form that is not known");
  }
  if (type != "blob") {
    session = Session{};
    return BlobError(oid, "it is no blob");
  }
  return size;
}

Result<std::uint64_t> CatFile::Size(const Oid& oid) { return Ask(sizes_, "--batch-check", oid); }

Result<std::string> CatFile::Read(const Oid& oid, std::uint64_t max_bytes) {
  const Result<std::uint64_t> size = Ask(contents_, "--batch", oid);
  if (!size) return size.error();
  if (*size > max_bytes) {
    // The answer is under way, and nobody wants it.
    contents_ = Session{};
    return BlobError(oid, "larger than " + std::to_string(max_bytes) + " bytes");
  }
  std::string& buffer = contents_.buffer;
  const auto wanted = static_cast<std::size_t>(*size) + 1;
  std::size_t have = buffer.size();
  if (have < wanted) buffer.resize(wanted);
  while (have < wanted) {
    const ssize_t got = contents_.child->Read(buffer.data() + have, wanted - have);
    if (got <= 0) return Broken(contents_, oid);
    have += static_cast<std::size_t>(got);
  }
  if (buffer[wanted - 1] != '\n' || buffer.size() != wanted) {
    contents_ = Session{};
    return BlobError(oid, "cat-file answered in a form that is not known");
  }
  std::string bytes = std::exchange(buffer, std::string());
  bytes.pop_back();
  return bytes;
}

Result<void> CatFile::Stream(const Oid& oid, const std::function<bool(std::string_view)>& sink) {
  // The threshold from which git itself streams what it unpacks, instead of taking it into memory; and of a pack it
  // would map a gigabyte at once.
  return git_.Stream({"-c", "core.bigFileThreshold=16m", "-c", "core.packedGitWindowSize=1m", "-c",
                      "core.packedGitLimit=16m", "cat-file", "blob", ToHex(oid)},
                     sink);
}

}  // namespace sluice::git
