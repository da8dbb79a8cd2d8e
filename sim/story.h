#pragma once
// Stories: what a night is, told so that it can go wrong. A story runs once for each seed; the
// first expectation that does not hold ends it.
//
//   SIM_TEST(county_takes_command_while_the_township_is_cut_off) { Sim sim(seed); … }

#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

namespace tocsin::sim {

/// An expectation that did not hold.
struct Failure {
  std::string where, what;
};

struct Story {
  std::string name;
  void (*tell)(std::uint64_t seed);
};

/// All stories linked in, by name.
std::vector<Story>& stories();

struct Told {
  Told(const char* name, void (*tell)(std::uint64_t)) { stories().push_back({name, tell}); }
};

[[noreturn]] void broke(const char* file, int line, std::string what);

template <class A, class B>
void expect_equal(const A& a, const B& b, const char* words, const char* file, int line) {
  if (a == b) return;
  std::ostringstream out;
  if constexpr (requires { out << a << b; }) {
    out << words << ": " << a << " is not " << b;
  } else {
    out << words;
  }
  broke(file, line, out.str());
}

}  // namespace tocsin::sim

#define SIM_TEST(name)                                             \
  static void sim_##name(std::uint64_t seed);                      \
  static const ::tocsin::sim::Told told_##name(#name, sim_##name); \
  static void sim_##name([[maybe_unused]] std::uint64_t seed)

#define EXPECT_TRUE(condition) \
  (static_cast<bool>(condition) ? void() : ::tocsin::sim::broke(__FILE__, __LINE__, #condition))
#define EXPECT_FALSE(condition) EXPECT_TRUE(!(condition))
#define EXPECT_EQ(a, b) ::tocsin::sim::expect_equal((a), (b), #a " == " #b, __FILE__, __LINE__)
