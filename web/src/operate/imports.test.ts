import { describe, expect, it } from "vitest";
import { findingWords, importPath, KINDS, nextKind, reportOf } from "./imports";

describe("imports", () => {
  it("say a finding in words, with what it is about", () => {
    const finding = {
      line: 12,
      column: "区划代码",
      code: "register.area_unknown",
      detail: "331126009@2022",
    };
    expect(findingWords(finding)).toContain("331126009@2022");
    expect(findingWords(finding)).not.toContain("register.");
    expect(findingWords({ ...finding, code: "no.such_code" })).toBe("no.such_code 331126009@2022");
  });

  it("count what is not listed", () => {
    const report = reportOf({ rows: 5000, problems: [{}, {}], problems_total: 4000 });
    expect([report?.problems.length, report?.problems_total, report?.notes_total]).toEqual([
      2, 4000, 0,
    ]);
    expect(reportOf({ code: "http.too_large" })).toBeNull();
  });

  it("name in the path only what was said", () => {
    expect(importPath("posts", true)).toBe("/api/v1/import/posts?dry_run=true");
    expect(importPath("places", false, { crs: "GCJ-02", edition: "", file: "a b.csv" })).toBe(
      "/api/v1/import/places?dry_run=false&crs=GCJ-02&file=a+b.csv",
    );
  });

  it("lead from one kind to the next", () => {
    expect(nextKind("divisions")).toBe("boundaries");
    expect(nextKind(KINDS[KINDS.length - 1]!.kind)).toBeNull();
  });
});
