#pragma once
// The two kinds of wire, and the TLS context of a listener. Private to this room.

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "adapter/http/wire.h"

namespace tocsin::http {

/// A server context with these PEM files, TLS 1.2 and up. Error "http.tls" (field: the file).
Result<std::shared_ptr<asio::ssl::context>> tls_context(const std::string& cert,
                                                        const std::string& key);

std::unique_ptr<Wire> plain_wire(asio::ip::tcp::socket socket);
std::unique_ptr<Wire> tls_wire(asio::ip::tcp::socket socket,
                               std::shared_ptr<asio::ssl::context> context);

}  // namespace tocsin::http
