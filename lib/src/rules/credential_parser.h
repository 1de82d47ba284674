// The compact form of a rule, [[credential]]: what a person knows of a provider's key, without an expression.
#ifndef SLUICE_RULES_CREDENTIAL_PARSER_H_
#define SLUICE_RULES_CREDENTIAL_PARSER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/table_reader.h"
#include "sluice/result.h"
#include "sluice/rule.h"

namespace sluice {

// The rule that `table` describes, with examples made up where it has none; nullopt when `errors` grew.
[[nodiscard]] std::optional<Rule> ReadCredential(std::string_view file, const toml::table& table, std::string_view pack,
                                                 Common* common, Errors* errors);

// Reads 'near', 'common' and 'words' of either form.
void ReadNear(TableReader* reader, Rule* rule);

}  // namespace sluice

#endif  // SLUICE_RULES_CREDENTIAL_PARSER_H_
