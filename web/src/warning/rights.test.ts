import { describe, expect, it } from "vitest";
import { lang } from "../text/text";
import { lawOf, rightOf, whyNot, type Hazard, type IssuingRow } from "./rights";

const row = (over: Partial<IssuingRow>): IssuingRow => ({
  row: "PUBLIC-WEATHER",
  hazard: "11B00",
  hazard_name: { zh: "气象灾害", en: "severe weather" },
  audience: "everyone",
  issuers: [],
  automatic: false,
  whose: "",
  instrument: "气象灾害防御条例",
  article: "第三十条",
  valid_from: "",
  valid_to: "",
  in_force: true,
  ...over,
});

describe("issuing rights", () => {
  it("names whose right it is, the row and the article", () => {
    lang.value = "zh";
    const right = {
      audience: "everyone" as const,
      may: false,
      code: "warning.not_ours_to_publish",
      row: row({ whose: "气象台站" }),
    };
    expect(whyNot(right)).toBe("职权属气象台站（气象灾害防御条例 第三十条，条目 PUBLIC-WEATHER）");
    expect(whyNot({ ...right, may: true, code: null })).toBe("");
  });

  it("names who may instead, in the reader's language", () => {
    lang.value = "en";
    const issuers = [
      { zh: "值班员", en: "duty officer" },
      { zh: "带班领导", en: "leader on duty" },
    ];
    const right = {
      audience: "everyone" as const,
      may: false,
      code: "warning.not_this_post",
      row: row({ row: "R1", issuers, instrument: "Plan", article: "" }),
    };
    expect(whyNot(right)).toBe("issued by duty officer, leader on duty (Plan, row R1)");
    expect(whyNot({ ...right, code: "access.no_right" })).toBe("this post may not issue");
    expect(whyNot({ ...right, row: null })).toContain("no row");
    lang.value = "zh";
  });

  it("finds a hazard's right by audience", () => {
    const hazard: Hazard = {
      code: "11B03",
      name: { zh: "暴雨", en: "rainstorm" },
      may_issue: true,
      audiences: [{ audience: "responsible", may: true, code: null, row: null }],
    };
    expect(rightOf(hazard, "responsible")?.may).toBe(true);
    expect(rightOf(hazard, "everyone")).toBeUndefined();
    expect(rightOf(undefined, "everyone")).toBeUndefined();
    expect(lawOf(row({ article: "" }))).toBe("气象灾害防御条例");
  });
});
