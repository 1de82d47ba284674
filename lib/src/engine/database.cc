#include "sluice/database.h"

#include <utility>

#include "engine/database_impl.h"

namespace sluice {

Result<std::unique_ptr<Database::Impl>> Database::Impl::Load(std::span<const std::byte> bytes,
                                                             engine::Image::Origin origin) {
  Result<engine::Image> image = engine::Image::Validate(bytes, origin);
  if (!image) return image.error();
  auto impl = std::make_unique<Database::Impl>();
  impl->bytes = bytes;
  impl->image = *image;
  impl->rules = std::make_unique<Database::Impl::LazyRule[]>(impl->image.rule_count());
  if (impl->image.expression_count() == 0 || !engine::PlatformIsSupported()) return impl;
  for (std::size_t i = 0; i < engine::kGroups; ++i) {
    const auto group = static_cast<engine::Group>(i);
    if (impl->image.count_of(group) == 0) continue;
    const bool fits = impl->Triggers(group) != nullptr;
    if (origin == engine::Image::Origin::kEmbedded) {
      if (!fits) return impl;
      break;  // What was built with the first was built with the others.
    }
    if (!fits) return Error{ErrorCode::kConfig, "", "not a database of this Hyperscan"};
  }
  impl->uses_hyperscan = true;
  return impl;
}

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Result<Database> Database::Compile(const RuleSet& rules) {
  Result<std::vector<std::byte>> image = engine::Image::Build(rules);
  if (!image) return image.error();
  return FromImage(std::move(*image));
}

Result<Database> Database::FromImage(std::span<const std::byte> image) {
  Result<std::unique_ptr<Impl>> impl = Impl::Load(image, engine::Image::Origin::kAnywhere);
  if (!impl) return impl.error();
  return Database(std::move(*impl));
}

Result<Database> Database::FromImage(std::vector<std::byte> image) {
  Result<std::unique_ptr<Impl>> impl = Impl::Load(image, engine::Image::Origin::kAnywhere);
  if (!impl) return impl.error();
  (*impl)->owned_bytes = std::move(image);  // Moving a vector keeps its bytes where they are.
  return Database(std::move(*impl));
}

std::size_t Database::size() const { return impl_->image.rule_count(); }

RuleInfo Database::rule(std::size_t index) const { return impl_->image.rule(index); }

std::size_t Database::Find(std::string_view id) const { return impl_->image.Find(id); }

std::span<const std::byte> Database::image() const { return impl_->bytes; }

}  // namespace sluice
