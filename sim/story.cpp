#include "sim/story.h"

namespace tocsin::sim {

std::vector<Story>& stories() {
  static std::vector<Story> all;
  return all;
}

void broke(const char* file, int line, std::string what) {
  std::string where(file);
  where.erase(0, where.rfind('/') + 1);
  throw Failure{where + ":" + std::to_string(line), std::move(what)};
}

}  // namespace tocsin::sim
