#include "adapter/import/standing.h"

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
          .streams = books.streams.lines.empty() ? nullptr : &books.streams,
          .relief = books.relief ? &*books.relief : nullptr,
          .people = loaded(books.reach),
          .directory = books.directory_open ? &books.directory : nullptr,
          .posts = loaded(books.posts),
          .stations = loaded(books.station_rows),
          .points = loaded(books.point_rows),
          .hazards = loaded(books.own_hazards)};
}

}  // namespace tocsin::importing
