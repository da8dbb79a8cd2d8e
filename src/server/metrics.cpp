#include "server/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <filesystem>

namespace tocsin::server {

namespace bj = boost::json;

void RimCounters::look_at(const node::Node& node) {
  streams = node.package_of("streams").has_value();
  relief = node.package_of("relief").has_value();
  register_damaged = !node.damaged_registers().empty();
}

void RimCounters::look_at(const node::Node& node, const std::set<std::string>& entities) {
  const auto is_register = [](const std::string& entity) {
    return entity == "*" || entity.starts_with("register/");
  };
  if (std::ranges::any_of(entities, is_register)) look_at(node);
}

std::string line_of(const node::DamagedRegister& damaged) {
  return "register " + damaged.kind + " (" + log::text_of(damaged.hash) +
         ") is not used: " + damaged.why +
         ". Import it again, or restore the backup. "
         "这份台账损坏或缺失，没有启用：请重新导入，或从备份恢复";
}

RimFacts rim_facts(const std::string& folder, const Desk* desk, const Watch* watch,
                   const RimCounters& rim) {
  RimFacts out;
  std::error_code problem;
  const auto space = std::filesystem::space(folder, problem);
  if (!problem) out.disk_free_mb = static_cast<std::int64_t>(space.available >> 20);
  if (desk != nullptr) out.trouble = desk->trouble();
  if (watch != nullptr) {
    const WatchStats stats = watch->stats();
    out.readings_per_s = stats.per_s;
    out.ingest_lag_ms = stats.lag_ms;
    if (out.trouble.empty()) out.trouble = stats.trouble;
  }
  if (out.trouble.empty() && rim.register_damaged) out.trouble = "register.damaged";
  out.disk_full = out.trouble == "store.disk_full";
  out.disk_low = out.trouble == "store.disk_reserve";
  out.streams_loaded = rim.streams;
  out.relief_loaded = rim.relief;
  return out;
}

namespace {

void figure(std::string& out, std::string_view name, std::string_view help, std::string_view kind,
            double value) {
  out += fmt::format("# HELP tocsin_{} {}\n# TYPE tocsin_{} {}\ntocsin_{} {}\n", name, help, name,
                     kind, name, value);
}

double as_number(std::uint64_t value) { return static_cast<double>(value); }

}  // namespace

std::string metrics_text(const Desk& desk, const Watch& watch, const Hj212Listener* hj212,
                         const Mailer* mailer, const http::Server* server, const Hub& hub) {
  std::string out;
  const Desk::Stats d = desk.stats();
  figure(out, "commands_total", "Commands acknowledged", "counter", as_number(d.commands));
  figure(out, "commands_refused_total", "Commands refused", "counter", as_number(d.refused));
  figure(out, "commits_total", "Commits of the log", "counter", as_number(d.commits));
  figure(out, "commits_failed_total", "Commits the disk refused", "counter",
         as_number(d.failed_commits));
  const WatchStats w = watch.stats();
  figure(out, "readings_stored_total", "Readings stored", "counter", as_number(w.stored));
  figure(out, "readings_duplicate_total", "Readings sent again", "counter",
         as_number(w.duplicates));
  figure(out, "readings_failed_total", "Readings the disk refused", "counter", as_number(w.failed));
  figure(out, "readings_batches_total", "Groups of readings, one sync each", "counter",
         as_number(w.batches));
  figure(out, "findings_total", "What rules found", "counter", as_number(w.findings));
  figure(out, "ingest_lag_seconds", "From queued to judged, last group", "gauge",
         static_cast<double>(w.lag_ms) / 1000.0);
  if (hj212 != nullptr) {
    const Hj212Stats h = hj212->stats();
    figure(out, "hj212_connections", "Open connections", "gauge", as_number(h.connections));
    figure(out, "hj212_frames_total", "Frames decided", "counter", as_number(h.frames));
    figure(out, "hj212_set_aside_total", "Frames set aside, whole or in part", "counter",
           as_number(h.set_aside));
    figure(out, "hj212_answers_total", "Answers written", "counter", as_number(h.answers));
    figure(out, "hj212_noise_bytes_total", "Bytes that were no frame", "counter",
           as_number(h.noise_bytes));
  }
  if (mailer != nullptr) {
    const Mailer::Stats m = mailer->stats();
    figure(out, "mails_handed_over_total", "Mails handed over", "counter",
           as_number(m.handed_over));
    figure(out, "mails_failed_total", "Tries that failed", "counter",
           as_number(m.temporary + m.permanent));
  }
  if (server != nullptr) {
    const http::ServerStats s = server->stats();
    figure(out, "http_connections", "Open connections", "gauge", as_number(s.connections));
    figure(out, "http_requests_total", "Requests", "counter", as_number(s.requests));
  }
  figure(out, "stream_subscribers", "Browsers on the stream", "gauge",
         as_number(hub.subscribers()));
  return out;
}

void publish_ingest(Hub& hub, const std::vector<IngestNotice>& notices, const Field& field,
                    Instant now) {
  StreamBoard board{{}, now};
  for (const IngestNotice& n : notices) {
    const auto station = field.stations->station(n.station);
    bj::object row{{"id", n.id},
                   {"station", n.station.empty() ? bj::value(nullptr) : bj::value(n.station)},
                   {"mn", n.mn},
                   {"kind", n.dialect.empty() ? "set_aside" : "dialect"},
                   {"count", n.count},
                   {"reason", n.reason},
                   {"factors", n.factors},
                   {"first_at", iso_utc(n.first)},
                   {"last_at", iso_utc(n.last)},
                   {"example", n.example},
                   {"dialect", nullptr},
                   {"approved", nullptr}};
    if (!n.dialect.empty()) {
      row["dialect"] = bj::object{{"what", n.dialect}, {"seen", n.seen}};
      row["approved"] = std::ranges::find(field.dialects, std::pair(n.station, n.dialect)) !=
                        field.dialects.end();
    }
    std::vector<std::string> areas;
    if (station) areas.push_back(field.areas.at(*station));
    board.rows.push_back({n.id, bj::serialize(row), std::move(areas)});
  }
  hub.reset("ingest", std::move(board));
}

http::ListenSettings listen_settings(const ListenConfig& at) {
  http::ListenSettings out;
  out.address = at.address;
  out.port = at.port;
  out.tls_cert = at.tls_cert;
  out.tls_key = at.tls_key;
  out.trusted_proxies = at.trusted_proxies;
  return out;
}

std::string url_of(const ListenConfig& at, std::uint16_t port) {
  const std::string host =
      at.address.find(':') == std::string::npos ? at.address : "[" + at.address + "]";
  return (at.tls() ? "https://" : "http://") + host + ":" + std::to_string(port);
}

smtp::Account smtp_account(const SmtpConfig& config) {
  smtp::Account out;
  out.host = config.host;
  out.port = config.port;
  out.security = static_cast<smtp::Security>(config.security);
  out.user = config.user;
  out.password = config.password;
  out.from = config.from;
  out.from_name = config.from_name;
  out.helo = config.helo;
  return out;
}

LinkPlace link_place(const Config& config) {
  return {config.sender.empty() ? config.county : config.sender, config.duty_phone,
          config.exercise};
}

std::string public_url(const Config& config) {
  if (!config.public_url.empty() || config.desk.empty()) return config.public_url;
  return url_of(config.desk.front(), config.desk.front().port);
}

}  // namespace tocsin::server
