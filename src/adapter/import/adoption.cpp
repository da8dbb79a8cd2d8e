#include "adapter/import/adoption.h"

#include <utility>

namespace tocsin::importing {
namespace {

template <class Register>
const Register* loaded(const Register& value) {
  return value.empty() ? nullptr : &value;
}

}  // namespace

Standing standing_of(const node::Books& books) {
  return {.divisions = loaded(books.divisions),
          .boundaries = loaded(books.boundaries),
          .places = loaded(books.places),
          .riskpoints = loaded(books.riskpoints),
          .streams = nullptr,
          .relief = nullptr,
          .people = loaded(books.reach),
          .directory = books.directory_open ? &books.directory : nullptr,
          .posts = loaded(books.posts),
          .stations = loaded(books.station_rows),
          .points = loaded(books.point_rows),
          .hazards = loaded(books.own_hazards),
          .issuing = &books.issuing,
          .rules = nullptr};
}

node::Command command_of(ImportResult result, std::string file) {
  TOCSIN_CHECK(result.whole());
  if (result.personal()) {
    node::AdoptPeople people{std::move(result.package), {}};
    for (const auto& [id, reach] : result.reach)
      people.people.push_back({{id}, reach.phone, reach.email});
    return people;
  }
  node::AdoptRegister adopt;
  adopt.package = {log::sha256(result.package), result.kind, std::move(result.package)};
  adopt.what.kind = result.kind;
  adopt.what.package = adopt.package.hash;
  adopt.what.file = std::move(file);
  adopt.what.rows = static_cast<int>(result.rows);
  adopt.what.added = static_cast<int>(result.changes.added);
  adopt.what.changed = static_cast<int>(result.changes.changed);
  adopt.what.removed = static_cast<int>(result.changes.removed);
  return adopt;
}

}  // namespace tocsin::importing
