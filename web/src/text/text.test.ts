import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Problem } from "../base/http";
import { en } from "./en";
import { codeSaid, codeWords, problemWords } from "./problem";
import { fill, known, lang, list, say, t } from "./text";
import { zh } from "./zh";
import { zhCall } from "./zh_call";
import { zhColumns } from "./zh_columns";
import { zhDesk } from "./zh_desk";
import { zhRest } from "./zh_rest";
import { zhRights } from "./zh_rights";

const keys = Object.keys(zh) as (keyof typeof zh)[];
const places = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]!).sort();

describe("the words", () => {
  it("are complete in both languages, with the same places to fill", () => {
    expect(Object.keys(en).sort()).toEqual([...keys].sort());
    for (const key of keys) {
      expect(en[key].trim(), key).toBeTruthy();
      expect(places(en[key]), key).toEqual(places(zh[key]));
    }
  });
  it("stand in one file each, where none hides another", () => {
    const all = [zhDesk, zhCall, zhColumns, zhRest, zhRights].flatMap((part) => Object.keys(part));
    expect(all.filter((key, i) => all.indexOf(key) !== i)).toEqual([]);
  });
  it("have no Hanzi in English, and no exclamation marks or excuses at all", () => {
    for (const key of keys) {
      expect(en[key], key).not.toMatch(/[\u4e00-\u9fff]/);
      expect(zh[key] + en[key], key).not.toMatch(/[!！]|请稍后重试|抱歉|sorry/i);
    }
  });
  it("put a space between Hanzi and figures to be filled in where a unit follows", () => {
    expect(fill("差 {n} 人", { n: 5 })).toBe("差 5 人");
    expect(fill("{a} {b}", { a: 1 })).toBe("1 {b}");
  });
  it("are all used somewhere in the sources", () => {
    const text = (folder: string): string =>
      readdirSync(folder, { withFileTypes: true })
        .map((entry) => {
          const path = join(folder, entry.name);
          if (entry.isDirectory()) return text(path);
          return /\.(vue|ts)$/.test(entry.name) && !/\.test\.|^(zh|en)(_|\.)/.test(entry.name)
            ? readFileSync(path, "utf8")
            : "";
        })
        .join("\n");
    const sources = text(join(import.meta.dirname, ".."));
    // Keys made at run time: their beginnings must occur as `begin.${`.
    const begins = [...sources.matchAll(/`([a-z_]+(?:\.[a-z_]+)*)\.\$\{/g)].map(
      (found) => `${found[1]}.`,
    );
    const asked = [...sources.matchAll(/\b(?:t|known)\(\s*`([a-z_.]+\.)\$\{/g)].map(
      (found) => found[1]!,
    );
    expect(asked.length).toBeGreaterThan(20);
    const unwritten = asked.filter((begin) => !keys.some((key) => key.startsWith(begin)));
    expect(unwritten).toEqual([]);
    const unused = keys.filter(
      (key) =>
        !sources.includes(`"${key}"`) &&
        !sources.includes(`'${key}'`) &&
        !begins.some((begin) => key.startsWith(begin)),
    );
    expect(unused).toEqual([]);
  });
});

describe("say and list", () => {
  it("give the reader's language, and the other half rather than nothing", () => {
    lang.value = "en";
    expect([say({ zh: "暴雨", en: "rain" }), say({ zh: "暴雨", en: "" }), say(null)]).toEqual([
      "rain",
      "暴雨",
      "",
    ]);
    expect(list(["a", "b"])).toBe("a, b");
    lang.value = "zh";
    expect(list(["龙溪乡", "江根乡"])).toBe("龙溪乡、江根乡");
    expect(t("warning.missing", { n: 5 })).toBe("差 5 人");
  });
});

describe("codeWords and codeSaid", () => {
  it("give what a code means in the reader's language, and what the server adds to it", () => {
    lang.value = "zh";
    expect(codeWords("csv.empty")).toBe("不能为空");
    expect(codeSaid("smtp.later 451 greylisted")).toBe(
      "邮件服务器暂时不收，会再发（451 greylisted）",
    );
    lang.value = "en";
    expect(codeSaid("csv.empty")).toBe("Must not be empty");
    expect(codeSaid("csv.bad_number 119,05")).toBe("Not a number (119,05)");
    expect([codeSaid("x.y z"), codeSaid(""), codeWords("toString")]).toEqual(["x.y z", "", null]);
  });
});

describe("problemWords", () => {
  it("knows its codes, else the status, else says what the server said", () => {
    lang.value = "zh";
    expect(problemWords(new Problem(503, "store.disk_full", "", "")).so).toContain("磁盘满");
    expect(problemWords(new Problem(429, "x.y", "", "", {}, 7)).todo).toContain("7");
    expect(problemWords(new Problem(418, "x.y", "teapot", "areas[0]"))).toEqual({
      so: "teapot",
      todo: "（areas[0]）",
    });
    expect(known("toString")).toBeNull();
  });
});
