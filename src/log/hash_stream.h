#pragma once
// The hash of something too long to be held whole.

#include <memory>
#include <string_view>

#include "log/hash.h"

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX

namespace tocsin::log {

/// SHA-256 over the pieces in the order they were added.
class HashStream {
 public:
  HashStream();
  void add(std::string_view piece);
  /// Once, at the end.
  Hash finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace tocsin::log
