// Records as they come from files and peers: what is taken must be exactly what we would write.

#include <cstddef>
#include <cstdint>

#include "log/event.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tocsin;
  using namespace tocsin::log;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto header = parse_header(bytes);
  if (!header) {
    TOCSIN_CHECK(header.error().field.starts_with("byte "));
    return 0;
  }
  const auto term = parse_term(header->term);
  TOCSIN_CHECK(term && parse_log_id(header->log));
  const Draft draft{std::string(header->entity), *term,
                    std::string(header->type),   header->version,
                    std::string(header->by),     std::string(header->command),
                    std::string(header->body)};
  TOCSIN_CHECK(make_record(header->log, header->seq, header->prev, header->at, draft).bytes ==
               bytes);
  return 0;
}
