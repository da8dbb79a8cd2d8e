import { expect, it } from "vitest";
import type { RiskPoint } from "../area/area";
import { reachOf } from "./reach";

type State = RiskPoint["responsible"][number]["state"];
const point = (area: string, ...posts: [string, State][]): RiskPoint =>
  ({
    area: { code: area, name: "" },
    responsible: posts.map(([post, state]) => ({ post, title: "", name: null, state })),
  }) as unknown as RiskPoint;
const all = [
  point("331126001201", ["A", "ok"], ["B", "ok"]),
  point("331126001202", ["A", "ok"]),
  point("331126002201", ["C", "no_holder"]),
  point("331126003201"),
];

it("counts a call for each post, as the server opens them: one for many points, one for a vacant post", () => {
  expect(reachOf(all, ["331126001"])).toEqual({ points: 2, calls: 2, exact: true, holes: 0 });
  expect(reachOf(all, ["331126001", "331126002"])).toEqual({
    points: 3,
    calls: 3,
    exact: true,
    holes: 1,
  });
});

it("says at least, where a duty post it does not know answers", () => {
  expect(reachOf(all, ["331126"])).toEqual({ points: 4, calls: 3, exact: false, holes: 2 });
  expect(reachOf(all, ["331126003"])).toMatchObject({ points: 1, calls: 1, exact: false });
  expect(reachOf(all, ["331126009"])).toMatchObject({ points: 0, calls: 1, exact: false });
  expect(reachOf(all, [])).toMatchObject({ points: 0, calls: 0, exact: true });
});
