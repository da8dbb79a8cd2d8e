import { describe, expect, it } from "vitest";
import { lang } from "../text/text";
import {
  columnWords,
  findingWords,
  importPath,
  KINDS,
  nextKind,
  notesThatCount,
  noteWords,
  reportOf,
} from "./imports";

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

  it("say in the reader's language what the server says in English", () => {
    lang.value = "zh";
    const words = (code: string, detail: string): string =>
      findingWords({ line: 0, column: null, code, detail });
    expect(words("post.no_holder", "A1, A2 and 44 more")).toMatch(/（A1, A2 等，还有 44 个）$/);
    expect(words("text.gb18030", "the file was GB18030 and was converted")).toBe(
      "文件是 GB18030，已转换",
    );
    expect(words("text.utf16", "save it as CSV UTF-8")).toBe("是 UTF-16，请另存为 CSV UTF-8");
    expect(words("text.encoding", "16")).toContain("16）");
    expect(columnWords("byte 0")).toBe("字节 0");
  });

  it("tell of a file with problems only what is about the file", () => {
    const note = (code: string) => ({ line: 0, column: null, code, detail: "" });
    const report = reportOf({
      problems: [{}],
      notes: [note("text.gb18030"), note("post.still_named"), note("csv.column_unknown")],
    })!;
    expect(notesThatCount(report).notes.map((one) => one.code)).toEqual([
      "text.gb18030",
      "csv.column_unknown",
    ]);
    expect(notesThatCount({ ...report, problems: [], problems_total: 0 }).total).toBe(3);
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

  it("are told in words where the audit notes what changed", () => {
    lang.value = "zh";
    expect(noteWords("posts posts.csv +75 ~0 -0")).toBe("岗位（posts.csv）：新增 75，改 0，去掉 0");
    lang.value = "en";
    expect(noteWords("posts a b.csv +1 ~2 -3")).toBe(
      "posts (a b.csv): 1 added, 2 changed, 3 removed",
    );
    expect(["audit/x", "toString a +1 ~2 -3", ""].map(noteWords)).toEqual([
      "audit/x",
      "toString a +1 ~2 -3",
      "",
    ]);
    lang.value = "zh";
  });

  it("name a column in the reader's words, and one without words as it is", () => {
    lang.value = "zh";
    expect(["area", "区划代码", "toString", null].map(columnWords)).toEqual([
      "区划代码（area）",
      "区划代码",
      "toString",
      "",
    ]);
    lang.value = "en";
    expect(columnWords("area")).toBe("Division code (area)");
    lang.value = "zh";
  });

  it("lead from one kind to the next", () => {
    expect(nextKind("divisions")).toBe("boundaries");
    expect(nextKind(KINDS[KINDS.length - 1]!.kind)).toBeNull();
  });
});
