#include "adapter/http/openapi.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace tocsin::http {
namespace {

namespace json = boost::json;

/// A schema as text: JSON, or "#Name" for one of the router's.
json::value schema_of(const Router& router, const std::string& text) {
  if (text.starts_with('#')) {
    TOCSIN_CHECK(router.schemas().contains(text.substr(1)));
    return json::object{{"$ref", "#/components/schemas/" + text.substr(1)}};
  }
  boost::system::error_code error;
  json::value schema = json::parse(text, error);
  TOCSIN_CHECK(!error);
  return schema;
}

/// "text/csv, image/png" each with the same schema.
json::object content_of(const Router& router, std::string_view types, const std::string& schema) {
  json::object out;
  while (!types.empty()) {
    const std::size_t end = types.find(", ");
    json::object media;
    if (!schema.empty()) media["schema"] = schema_of(router, schema);
    out[types.substr(0, end)] = std::move(media);
    types = end == std::string_view::npos ? std::string_view() : types.substr(end + 2);
  }
  return out;
}

json::array parameters_of(const Router& router, const Route& route) {
  json::array out;
  const std::string_view pattern = route.pattern;
  for (std::size_t at = pattern.find('{'); at != std::string_view::npos;
       at = pattern.find('{', at + 1)) {
    const std::string_view name = pattern.substr(at + 1, pattern.find('}', at) - at - 1);
    out.push_back(json::object{
        {"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}});
  }
  for (const Parameter& parameter : route.info.query)
    out.push_back(json::object{{"name", parameter.name},
                               {"in", "query"},
                               {"required", parameter.required},
                               {"description", parameter.description},
                               {"schema", schema_of(router, parameter.schema)}});
  if (route.info.command)
    out.push_back(json::object{{"name", "Command-Id"},
                               {"in", "header"},
                               {"required", true},
                               {"description", "made by the caller; sent again, same receipt"},
                               {"schema", {{"type", "string"}, {"format", "uuid"}}}});
  return out;
}

json::object problem_answer(std::string_view description) {
  return {
      {"description", description},
      {"content",
       {{"application/problem+json", {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}};
}

json::object responses_of(const Router& router, const Route& route) {
  json::object good{{"description", reason_phrase(route.info.status)}};
  if (route.info.status != 204)
    good["content"] = content_of(router, route.info.answer_type, route.info.answer);
  json::object out;
  out[std::to_string(route.info.status)] = std::move(good);
  const auto problem = [&](int status) {
    out[std::to_string(status)] = problem_answer(reason_phrase(status));
  };
  problem(400);
  if (route.info.access != access::Access::open) {
    problem(401);
    problem(403);
  }
  if (route.pattern.find('{') != std::string::npos) problem(404);
  if (route.info.command) problem(409);
  if (!route.info.body.empty()) {
    problem(413);
    problem(415);
  }
  return out;
}

/// Which of the components' security schemes opens the class.
json::array security_of(access::Access access) {
  using access::Access;
  if (access == Access::open || access == Access::local || access == Access::link) return {};
  json::array out;
  out.push_back(json::object{{"session", json::array()}});
  if (access == Access::ingest) out.push_back(json::object{{"ingest_key", json::array()}});
  return out;
}

std::string operation_id(const Route& route) {
  std::string out;
  for (const char c : name_of(route.method)) out.push_back(static_cast<char>(c - 'A' + 'a'));
  for (const char c : route.pattern)
    if (c == '/' || c == '.' || c == '-')
      out.push_back('_');
    else if (c != '{' && c != '}')
      out.push_back(c);
  return out;
}

json::object operation(const Router& router, const Route& route) {
  json::object out;
  out["operationId"] = operation_id(route);
  out["summary"] = route.info.summary;
  if (!route.info.tag.empty()) out["tags"] = json::array{route.info.tag};
  out["x-access"] = access::name_of(route.info.access);
  out["security"] = security_of(route.info.access);
  out["parameters"] = parameters_of(router, route);
  if (!route.info.body.empty())
    out["requestBody"] = json::object{
        {"required", true}, {"content", content_of(router, route.info.body_type, route.info.body)}};
  out["responses"] = responses_of(router, route);
  return out;
}

json::object components(const Router& router) {
  json::object schemas;
  for (const auto& [name, text] : router.schemas()) schemas[name] = schema_of(router, text);
  schemas["Problem"] = json::parse(R"({"type":"object","description":"RFC 9457",
    "required":["type","title","status","code","field","detail"],"properties":{
    "type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},
    "code":{"type":"string","description":"stable, see docs/codes.md"},
    "field":{"type":"string"},"detail":{"type":"string"}}})");
  json::object security{
      {"session", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "tocsin"}}},
      {"ingest_key", {{"type", "http"}, {"scheme", "bearer"}}},
  };
  return {{"schemas", std::move(schemas)}, {"securitySchemes", std::move(security)}};
}

void describe(const Router& router, json::object& paths, std::string_view listener) {
  for (const auto& route : router.routes()) {
    std::string method;
    for (const char c : name_of(route->method)) method.push_back(static_cast<char>(c - 'A' + 'a'));
    json::value& path = paths[route->pattern];
    if (!path.is_object()) path.emplace_object();
    json::object described = operation(router, *route);
    if (!listener.empty()) described["x-listener"] = listener;
    path.get_object()[method] = std::move(described);
  }
}

}  // namespace

json::object openapi(const Router& router, std::string_view title, std::string_view version,
                     const Router* links) {
  json::object paths;
  describe(router, paths, {});
  if (links) describe(*links, paths, "link");
  return {{"openapi", "3.1.0"},
          {"info",
           {{"title", title},
            {"version", version},
            {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
          {"servers", json::array{json::object{{"url", "/"}}}},
          {"paths", std::move(paths)},
          {"components", components(router)}};
}

void add_openapi_route(Router& router, std::string title, std::string version,
                       const Router* links) {
  auto text = std::make_shared<std::string>();
  router.get("/api/v1/openapi.json",
             {.access = access::Access::open,
              .summary = "This description",
              .tag = "server",
              .answer = R"({"type":"object"})"},
             [text](Request) -> asio::awaitable<Response> {
               Response response = text_response({}, "application/json");
               response.shared_body = text;
               co_return response;
             });
  *text = json::serialize(openapi(router, title, version, links));
}

}  // namespace tocsin::http
