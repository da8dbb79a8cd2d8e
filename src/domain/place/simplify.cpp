// Visvalingam-Whyatt: the vertex whose triangle with its neighbours is smallest goes, again and
// again, until the budget is met.

#include <cmath>
#include <queue>

#include "domain/place/boundary.h"

namespace tocsin::place {
namespace {

struct Vertex {
  LonLat at;
  std::size_t before = 0, after = 0;  // within the ring, still standing
  std::uint32_t version = 0;
  bool gone = false;
};

struct OpenRing {
  std::vector<Vertex> vertices;  // without the closing repetition
  std::size_t left = 0;
};

struct Candidate {
  double area;
  std::size_t ring, vertex;
  std::uint32_t version;
  bool operator<(const Candidate& other) const { return area > other.area; }  // smallest on top
};

double triangle(LonLat a, LonLat b, LonLat c) {
  return std::abs((b.lon - a.lon) * (c.lat - a.lat) - (c.lon - a.lon) * (b.lat - a.lat)) / 2;
}

class Simplifier {
 public:
  explicit Simplifier(const Boundary& boundary) {
    for (const Polygon& polygon : boundary.polygons)
      for (const Ring& ring : polygon) add(ring);
  }

  void reduce_to(std::size_t budget) {
    for (std::size_t r = 0; r < rings_.size(); ++r)
      for (std::size_t v = 0; v < rings_[r].vertices.size(); ++v) offer(r, v);
    while (count_ > budget && !queue_.empty()) {
      const Candidate next = queue_.top();
      queue_.pop();
      const Vertex& vertex = rings_[next.ring].vertices[next.vertex];
      if (!vertex.gone && vertex.version == next.version && rings_[next.ring].left > 3)
        remove(next.ring, next.vertex);
    }
  }

  Ring ring(std::size_t index) const {
    Ring out;
    for (const Vertex& vertex : rings_[index].vertices)
      if (!vertex.gone) out.push_back(vertex.at);
    out.push_back(out.front());
    return out;
  }

 private:
  void add(const Ring& ring) {
    OpenRing open;
    const std::size_t n = ring.size() - 1;
    for (std::size_t i = 0; i < n; ++i)
      open.vertices.push_back({ring[i], (i + n - 1) % n, (i + 1) % n, 0, false});
    open.left = n;
    count_ += n + 1;
    rings_.push_back(std::move(open));
  }

  void offer(std::size_t ring, std::size_t vertex) {
    const auto& all = rings_[ring].vertices;
    const Vertex& v = all[vertex];
    queue_.push({triangle(all[v.before].at, v.at, all[v.after].at), ring, vertex, v.version});
  }

  void remove(std::size_t ring, std::size_t vertex) {
    auto& all = rings_[ring].vertices;
    const std::size_t before = all[vertex].before, after = all[vertex].after;
    all[vertex].gone = true;
    all[before].after = after;
    all[after].before = before;
    --rings_[ring].left;
    --count_;
    for (const std::size_t neighbour : {before, after}) {
      ++all[neighbour].version;
      offer(ring, neighbour);
    }
  }

  std::vector<OpenRing> rings_;
  std::priority_queue<Candidate> queue_;
  std::size_t count_ = 0;
};

}  // namespace

Boundary simplified(const Boundary& boundary, std::size_t budget) {
  if (vertex_count(boundary) <= budget) return boundary;
  Simplifier simplifier(boundary);
  simplifier.reduce_to(budget);
  Boundary out = boundary;
  std::size_t index = 0;
  for (Polygon& polygon : out.polygons)
    for (Ring& ring : polygon) ring = simplifier.ring(index++);
  return out;
}

}  // namespace tocsin::place
