import { ref, watch } from "vue";
import { recall, remember } from "../base/look";
import { en } from "./en";
import { zh, type TextKey } from "./zh";

export type Lang = "zh" | "en";

/** Words that come from the server in both languages. */
export interface Words {
  zh: string;
  en: string;
}

export const lang = ref<Lang>("zh");

const tables: Record<Lang, Record<TextKey, string>> = { zh, en };

/** Fills `{name}` places. A place nobody filled stays visible: it is a mistake, not a blank. */
export function fill(pattern: string, values: Readonly<Record<string, string | number>>): string {
  return pattern.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function t(key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
  return fill(tables[lang.value][key], values);
}

/** The reader's half of words given in both languages; the other half rather than nothing. */
export function say(words: Words | null | undefined): string {
  if (!words) return "";
  return lang.value === "zh" ? words.zh || words.en : words.en || words.zh;
}

/** A key made at run time from a server's code, or null when we have no words for it. */
export function known(key: string): TextKey | null {
  return Object.prototype.hasOwnProperty.call(zh, key) ? (key as TextKey) : null;
}

/** `list(["龙溪乡","江根乡"])`: 、 in Chinese, a comma in English. */
export const list = (names: readonly string[]): string =>
  names.join(lang.value === "zh" ? "、" : ", ");

export function startLang(): void {
  const named = new URLSearchParams(location.search).get("lang");
  lang.value =
    named === "zh" || named === "en" ? named : recall("tocsin.lang") === "en" ? "en" : "zh";
  watch(
    lang,
    (now) => {
      document.documentElement.lang = now === "zh" ? "zh-CN" : "en";
      document.documentElement.dataset["lang"] = now;
      remember("tocsin.lang", now);
    },
    { immediate: true },
  );
}
