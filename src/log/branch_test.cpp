#include "log/branch.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"

namespace tocsin::log {
namespace {

Position at(const std::string& node, std::uint64_t seq, std::uint32_t epoch = 1) {
  return {LogId{node, epoch, "alert"}, seq};
}

EntityEvent first_term(const Position& place) { return {place, Term{}, std::nullopt, 0, false}; }

EntityEvent claim(const Position& place, std::uint32_t number, std::optional<Position> parent,
                  std::uint64_t saw) {
  return {place, Term{number, place}, std::move(parent), saw, true};
}

EntityEvent under(const Position& claim, std::uint32_t number, const Position& place) {
  return {place, Term{number, claim}, std::nullopt, 0, false};
}

int rank(const std::string& node) {
  if (node == "county") return 1;
  return node == "town" ? 2 : (node == "village" ? 3 : 9);
}

/// Places of what counts and of what was superseded, whatever order the events came in.
struct Answer {
  std::vector<std::string> counted, superseded;
  std::string owner;
  Term term;
  std::uint64_t last_seq = 0;
  std::string log;

  bool operator==(const Answer&) const = default;
};

Answer answer(const std::vector<EntityEvent>& events) {
  const Order order = order_of(events, rank);
  Answer out{{}, {}, order.owner, order.term, order.last_seq, order.log};
  for (const auto i : order.counted) out.counted.push_back(text_of(events[i].at));
  for (const auto i : order.superseded) out.superseded.push_back(text_of(events[i].at));
  EXPECT_EQ(out.counted.size() + out.superseded.size(), events.size());
  return out;
}

using Places = std::vector<std::string>;

TEST(Branch, WithoutClaimsTheOwnersEventsCountByNumber) {
  const Answer it =
      answer({first_term(at("town", 9)), first_term(at("town", 2)), first_term(at("town", 5))});
  EXPECT_EQ(it.counted, (Places{"town/1/alert#2", "town/1/alert#5", "town/1/alert#9"}));
  EXPECT_EQ(it.owner, "town");
  EXPECT_EQ(it.log, "town/1/alert");
  EXPECT_EQ(it.last_seq, 9u);
  EXPECT_EQ(it.term, Term{});
}

TEST(Branch, NothingCountsBeforeTheBeginningIsThere) {
  const Position taken = at("county", 4);
  const Answer it = answer({claim(taken, 2, std::nullopt, 3), under(taken, 2, at("county", 5))});
  EXPECT_EQ(it.counted, Places{});
  EXPECT_EQ(it.superseded.size(), 2u);
  EXPECT_EQ(answer({}).counted, Places{});
}

TEST(Branch, AHandoverSupersedesWhatItHadNotSeen) {
  const Position taken = at("county", 4);
  const Answer it =
      answer({first_term(at("town", 1)), first_term(at("town", 2)), first_term(at("town", 3)),
              claim(taken, 2, std::nullopt, 2), under(taken, 2, at("county", 6))});
  EXPECT_EQ(it.counted,
            (Places{"town/1/alert#1", "town/1/alert#2", "county/1/alert#4", "county/1/alert#6"}));
  EXPECT_EQ(it.superseded, Places{"town/1/alert#3"});
  EXPECT_EQ(it.owner, "county");
  EXPECT_EQ(it.term, (Term{2, taken}));
  EXPECT_EQ(it.last_seq, 6u);
}

// "A cut-off township claims term 2, then 3, while the county claims 2."
TEST(Branch, TheTownshipsHigherTermDoesNotOverruleTheCountyUnheard) {
  const Position county2 = at("county", 4), town2 = at("town", 3), town3 = at("town", 5);
  const std::vector<EntityEvent> events = {
      first_term(at("village", 1)),      claim(county2, 2, std::nullopt, 1),
      claim(town2, 2, std::nullopt, 1),  under(town2, 2, at("town", 4)),
      claim(town3, 3, town2, 4),         under(town3, 3, at("town", 6)),
      under(county2, 2, at("county", 5))};
  const Answer it = answer(events);
  EXPECT_EQ(it.counted, (Places{"village/1/alert#1", "county/1/alert#4", "county/1/alert#5"}));
  EXPECT_EQ(it.superseded,
            (Places{"town/1/alert#3", "town/1/alert#4", "town/1/alert#5", "town/1/alert#6"}));
  EXPECT_EQ(it.owner, "county");
}

TEST(Branch, OfTwoClaimsTheHigherOfficeThenTheLaterEpochThenThePositionStands) {
  const auto winner = [](const Position& a, const Position& b) {
    return answer({first_term(at("village", 1)), claim(a, 2, std::nullopt, 1),
                   claim(b, 2, std::nullopt, 1)})
        .term.claim;
  };
  EXPECT_EQ(winner(at("town", 1), at("county", 900)), at("county", 900));
  EXPECT_EQ(winner(at("county", 1, 1), at("county", 9, 2)), at("county", 9, 2));
  EXPECT_EQ(winner(at("county", 7), at("county", 9)), at("county", 7));
  EXPECT_EQ(winner(at("a", 7), at("b", 7)), at("a", 7));  // both unknown
  EXPECT_EQ(winner(at("a", 7), at("village", 7)), at("village", 7));
}

// "A restored backup ends at 100, peers hold 101-120": the restored owner opens a new term.
TEST(Branch, ARestoredOwnerGoesOnInANewTermOfItsNextEpoch) {
  const Position again = at("county", 2, 2);
  const Answer it = answer({first_term(at("county", 99)), first_term(at("county", 100)),
                            first_term(at("county", 120)), claim(again, 2, std::nullopt, 100),
                            under(again, 2, at("county", 3, 2))});
  EXPECT_EQ(it.counted, (Places{"county/1/alert#99", "county/1/alert#100", "county/1/alert#120",
                                "county/2/alert#2", "county/2/alert#3"}))
      << "what it forgot was its own word, and comes first";
  EXPECT_EQ(it.superseded, Places{});
  EXPECT_EQ(it.log, "county/2/alert");
}

TEST(Branch, OnlyTheLogOfATermsClaimSpeaksForIt) {
  const Position taken = at("county", 4);
  const Answer it = answer({first_term(at("town", 1)), claim(taken, 2, std::nullopt, 1),
                            under(taken, 2, at("stranger", 2)), under(taken, 2, at("county", 3)),
                            first_term(at("stranger", 1))});
  EXPECT_EQ(it.counted, (Places{"town/1/alert#1", "county/1/alert#4"}));
  EXPECT_EQ(it.owner, "county");
}

TEST(Branch, AClaimCountsForWhoeverBuildsOnItWhateverItSaysItSaw) {
  const Position town2 = at("town", 30), county3 = at("county", 4);
  const Answer it = answer({first_term(at("village", 1)), claim(town2, 2, std::nullopt, 1),
                            under(town2, 2, at("town", 31)), claim(county3, 3, town2, 0)});
  EXPECT_EQ(it.counted, (Places{"village/1/alert#1", "town/1/alert#30", "county/1/alert#4"}));
}

TEST(Branch, ClaimsThatNameEachOtherOrThemselvesEndTheWalk) {
  const Position a = at("town", 3), b = at("county", 4);
  const Answer it = answer({first_term(at("village", 1)), claim(a, 3, b, 9), claim(b, 3, a, 9),
                            claim(at("town", 8), 2, at("town", 8), 8)});
  EXPECT_EQ(it.counted, Places{"village/1/alert#1"});
}

/// Any history: claims on any parent, events under any term, from any node.
std::vector<EntityEvent> random_history(SeededDice& dice) {
  const char* nodes[] = {"county", "town", "village", "stranger"};
  std::map<LogId, std::uint64_t> seqs;
  std::vector<EntityEvent> out;
  std::vector<std::pair<Position, std::uint32_t>> terms;
  const std::size_t count = 1 + dice.next() % 14;
  while (out.size() < count) {
    const LogId log{nodes[dice.next() % 4], static_cast<std::uint32_t>(1 + dice.next() % 2),
                    "alert"};
    const Position place{log, ++seqs[log]};
    const auto pick = dice.next() % (terms.size() + 1);
    const bool on_claim = pick < terms.size();
    if (dice.next() % 3 == 0) {
      const auto number = on_claim ? terms[pick].second + 1 : 2;
      out.push_back(claim(place, number, on_claim ? std::optional(terms[pick].first) : std::nullopt,
                          dice.next() % 6));
      terms.emplace_back(place, number);
    } else {
      out.push_back(on_claim ? under(terms[pick].first, terms[pick].second, place)
                             : first_term(place));
    }
  }
  return out;
}

TEST(Branch, TheAnswerDoesNotDependOnTheOrderOfArrival) {
  std::size_t with_rivals = 0;
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    SeededDice dice(seed);
    std::vector<EntityEvent> events = random_history(dice);
    const Answer before = answer(events);
    with_rivals += !before.superseded.empty() && before.counted.size() > 1;
    for (int round = 0; round < 4; ++round) {
      for (std::size_t i = events.size(); i > 1; --i)
        std::swap(events[i - 1], events[dice.next() % i]);
      ASSERT_EQ(answer(events), before) << "seed " << seed;
    }
  }
  EXPECT_GT(with_rivals, 500u);
}

}  // namespace
}  // namespace tocsin::log
