#include "server/http/reading_routes.h"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/array.hpp>
#include <cmath>

#include "log/json.h"
#include "server/http/answers.h"

namespace tocsin::server {
namespace {

namespace bj = boost::json;
using access::Access;
using http::Request;
using http::Response;
using observation::Reading;
using reading_store::Fate;

constexpr std::size_t batch_max = 10'000;

struct Site {
  Watch& watch;
  Desk& desk;
  const Clock& clock;
};

/// Calls `start` with a function that gives the answer, and waits for it.
template <class Answer, class Start>
asio::awaitable<Answer> wait_for(Start start) {
  auto initiate = [&start](auto handler) {
    const auto executor = asio::get_associated_executor(handler);
    auto held = std::make_shared<decltype(handler)>(std::move(handler));
    start([executor, held](Answer answer) {
      auto kept = std::make_shared<Answer>(std::move(answer));
      asio::post(executor, [held, kept] { std::move (*held)(std::move(*kept)); });
    });
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Answer)>(
      initiate, asio::use_awaitable);
}

struct Batch {
  std::vector<Reading> readings;
  std::vector<std::size_t> places;  ///< index in the request of each reading
  bj::array refused;

  void refuse(std::size_t index, std::string field, std::string_view code) {
    refused.push_back(bj::object{{"index", index}, {"field", std::move(field)}, {"code", code}});
  }
};

/// One row of the batch; what does not fit is refused by itself and told, the rest is kept.
/// `area`: where whoever sends may bring readings from; empty: anywhere. `kept`: how long readings
/// are kept; an older one would be thrown away again, or is a clock in the year 1970.
void take(const json::Value& row, std::size_t index, const Field& field, const std::string& area,
          Duration kept, Instant now, Batch& batch) {
  json::Fields in(row, "reading.bad");
  const std::string point = in.text("point", 128);
  const Instant at = in.instant("at");
  const bool missing = !in.has("value");
  const double value = in.number_if("value").value_or(observation::no_value);
  const std::string flag = in.text_or("flag", "", 1);
  if (!in.ok()) return batch.refuse(index, in.error().field, in.error().code);
  if (missing && flag.empty()) return batch.refuse(index, "value", "reading.no_value");
  const char letter = flag.empty() ? '\0' : flag.front();
  if (!observation::is_flag(letter)) return batch.refuse(index, "flag", "reading.bad_flag");
  const auto known = field.stations->point(point);
  if (!known || *known >= field.keys.size())
    return batch.refuse(index, "point", "reading.unknown_point");
  const std::string& stands_in = field.areas.at(field.stations->station_of(*known));
  if (!area.empty() && !access::covers(area, stands_in))
    return batch.refuse(index, "point", "access.other_area");
  if (at > now + std::chrono::hours(24)) return batch.refuse(index, "at", "reading.time_ahead");
  if (at < now - kept) return batch.refuse(index, "at", "reading.time_too_old");
  batch.readings.push_back(
      {at, now, value, field.keys[*known], static_cast<observation::Flag>(letter)});
  batch.places.push_back(index);
}

/// POST /api/v1/readings
asio::awaitable<Response> ingest(Site site, Request request) {
  const auto body = request.json();
  if (!body) co_return http::problem(body.error());
  json::Fields in(*body, "http.bad_body");
  const json::Array& rows = in.objects("readings", batch_max);
  if (!in.has("readings")) in.refuse("readings", "missing");
  if (!in.ok()) co_return http::problem(in.error());
  Batch batch;
  const auto field = site.watch.field();
  const Instant now = site.clock.now();
  const std::string area = request.actor().area;
  const Duration kept = site.watch.settings().retention;
  for (std::size_t i = 0; i < rows.size(); ++i) take(rows[i], i, *field, area, kept, now, batch);
  std::size_t stored = 0, duplicates = 0;
  if (!batch.readings.empty()) {
    auto start = [&site, &batch](auto done) { site.watch.ingest(batch.readings, done); };
    const Ingested result = co_await wait_for<Ingested>(std::move(start));
    if (!result) co_return http::problem(result.error(), 503);
    for (std::size_t i = 0; i < result->size(); ++i) {
      const Fate fate = (*result)[i];
      if (fate == Fate::duplicate) {
        ++duplicates;
      } else if (fate == Fate::stored || fate == Fate::stored_late || fate == Fate::revised) {
        ++stored;
      } else {
        batch.refuse(batch.places[i], fate == Fate::bad_time ? "at" : "value",
                     fate == Fate::bad_time ? "reading.bad_time" : "reading.bad_value");
      }
    }
  }
  co_return http::json_response(bj::object{
      {"stored", stored}, {"duplicates", duplicates}, {"refused", std::move(batch.refused)}});
}

bj::value number(double value) { return std::isnan(value) ? bj::value(nullptr) : bj::value(value); }

bj::object raw_json(const Reading& r, Instant newest_before) {
  bj::object o{{"t", iso_utc(r.time)},
               {"v", number(r.value)},
               {"flag", nullptr},
               {"arrived", iso_utc(r.arrival)},
               {"late", r.arrival > r.time + std::chrono::minutes(30) && r.time < newest_before}};
  if (r.flag != observation::Flag::none) o["flag"] = std::string(1, static_cast<char>(r.flag));
  return o;
}

bj::object bucket_json(const reading_store::Bucket& b) {
  return {{"t", iso_utc(b.from)},     {"n", b.count},          {"missing", b.missing},
          {"min", number(b.min)},     {"max", number(b.max)},  {"mean", number(b.mean)},
          {"first", number(b.first)}, {"last", number(b.last)}};
}

std::optional<Duration> width_of(std::string_view step) {
  using namespace std::chrono;
  if (step == "1m") return minutes(1);
  if (step == "10m") return minutes(10);
  if (step == "1h") return hours(1);
  if (step == "1d") return hours(24);
  return std::nullopt;
}

struct Asked {
  Instant from, to;
  std::string step;
};

Result<Asked> asked_of(const Request& request, Instant now) {
  Asked out{now - std::chrono::hours(24), now, std::string(request.query_value("step"))};
  if (out.step.empty()) out.step = "raw";
  if (out.step != "raw" && !width_of(out.step)) return fail("http.bad_query", "step", out.step);
  for (const auto& [name, slot] : {std::pair("from", &out.from), std::pair("to", &out.to)}) {
    const std::string_view text = request.query_value(name);
    if (text.empty()) continue;
    const auto instant = parse_iso(text);
    if (!instant) return fail("http.bad_query", name, std::string(text));
    *slot = *instant;
  }
  if (out.to <= out.from) return fail("http.bad_query", "to", "not after from");
  return out;
}

constexpr std::size_t raw_max = 20'000;

/// `whole_from`: from where on nothing is left out.
struct Course {
  bj::array items;
  Instant whole_from;
  bool cut = false;
};

Result<Course> answer_query(const reading_store::Query& query, const Asked& asked) {
  Course out{{}, asked.from};
  if (asked.step != "raw") {
    const auto buckets = query.rollup(*width_of(asked.step));
    if (!buckets) return std::unexpected(buckets.error());
    for (const auto& bucket : *buckets) out.items.push_back(bucket_json(bucket));
    return out;
  }
  const auto found = query.newest(raw_max);
  if (!found) return std::unexpected(found.error());
  if (found->readings.empty()) return out;
  const Instant newest = found->readings.back().time;
  for (const Reading& r : found->readings) out.items.push_back(raw_json(r, newest));
  out.cut = found->cut;
  if (out.cut) out.whole_from = found->readings.front().time;
  return out;
}

/// GET /api/v1/points/{id}/readings?from=&to=&step=
asio::awaitable<Response> course(Site site, Request request) {
  const std::string id = request.param("id");
  const auto asked = asked_of(request, site.clock.now());
  if (!asked) co_return http::problem(asked.error());
  const auto field = site.watch.field();
  const auto point = field->stations->point(id);
  if (!point || *point >= field->keys.size())
    co_return http::problem(Error{"point.not_found", "id", id});
  using Made = std::shared_ptr<reading_store::Query>;
  auto start = [&site, key = field->keys[*point], asked](auto done) {
    site.watch.post([key, asked, done](reading_store::Store& store) {
      done(std::make_shared<reading_store::Query>(store.query(key, asked->from, asked->to)));
    });
  };
  const Made query = co_await wait_for<Made>(std::move(start));
  auto answer = answer_query(*query, *asked);
  if (!answer)
    co_return http::problem(answer.error(), answer.error().code.starts_with("query.") ? 400 : 500);
  const observation::Point& row = field->stations->points()[*point];
  co_return http::json_response(bj::object{{"point", id},
                                           {"name", row.name},
                                           {"unit", row.unit},
                                           {"decimals", row.decimals},
                                           {"step", asked->step},
                                           {"from", iso_utc(answer->whole_from)},
                                           {"to", iso_utc(asked->to)},
                                           {"cut", answer->cut},
                                           {"items", std::move(answer->items)},
                                           {"as_of", iso_utc(site.clock.now())}});
}

/// GET /api/v1/stations
asio::awaitable<Response> stations(Site site, Request request) {
  using Rows = std::vector<BoardRow>;
  auto start = [&site](auto done) { site.watch.rows(done); };
  Rows rows = co_await wait_for<Rows>(std::move(start));
  std::vector<bj::object> out;
  for (BoardRow& row : rows)
    if (access::concerns(request.actor().area, row.areas)) out.push_back(std::move(row.body));
  co_return page_of(request, std::move(out), site.clock.now());
}

/// Areas of the point's station, for the gate.
http::RowAreas point_areas(Watch& watch) {
  return [&watch](const Request& request) -> asio::awaitable<Result<std::vector<std::string>>> {
    const auto field = watch.field();
    const auto point = field->stations->point(request.param("id"));
    if (!point) co_return fail("point.not_found", "id", request.param("id"));
    const auto station = field->stations->station_of(*point);
    std::vector<std::string> areas{field->areas.at(station)};
    co_return areas;
  };
}

}  // namespace

void add_reading_routes(http::Router& router, Watch& watch, Desk& desk, const Clock& clock) {
  const Site site{watch, desk, clock};
  const auto bind = [site](auto handler) -> http::Handler {
    return [site, handler](Request request) { return handler(site, std::move(request)); };
  };
  http::RouteInfo in{Access::ingest, "Readings in, up to 10,000 at once", "readings"};
  in.body = R"({"type":"object","required":["readings"],"properties":{"readings":{"type":"array",
    "maxItems":10000,"items":{"type":"object","required":["point","at"],"properties":{
    "point":{"type":"string"},"at":{"type":"string","format":"date-time"},
    "value":{"type":["number","null"]},"flag":{"type":"string","maxLength":1}}}}}})";
  in.body_max = http::body_max_import;
  in.answer = R"({"type":"object","required":["stored","duplicates","refused"],"properties":{
    "stored":{"type":"integer"},"duplicates":{"type":"integer"},"refused":{"type":"array"}}})";
  router.post("/api/v1/readings", std::move(in), bind(ingest));
  http::RouteInfo all{Access::read, "Stations with their latest values", "readings"};
  all.query = {{"cursor", ""}, {"limit", "at most 500"}};
  all.answer = "#Page";
  router.get("/api/v1/stations", std::move(all), bind(stations));
  http::RouteInfo one{Access::read, "The course of one point", "readings"};
  one.query = {{"from", "inclusive; default: a day ago"},
               {"to", "exclusive; default: now"},
               {"step", "raw, 1m, 10m, 1h or 1d"}};
  one.answer = R"({"type":"object"})";
  one.areas = point_areas(watch);
  router.get("/api/v1/points/{id}/readings", std::move(one), bind(course));
}

}  // namespace tocsin::server
