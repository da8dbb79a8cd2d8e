import type { TextKey } from "../text/zh";

/** 1 red, 2 orange, 3 yellow, 4 blue. */
export type Level = 1 | 2 | 3 | 4;

export const LEVELS: readonly Level[] = [1, 2, 3, 4];

export const levelName: Record<Level, TextKey> = {
  1: "level.1",
  2: "level.2",
  3: "level.3",
  4: "level.4",
};

export const levelLetter: Record<Level, TextKey> = {
  1: "level.letter.1",
  2: "level.letter.2",
  3: "level.letter.3",
  4: "level.letter.4",
};

export const levelRank: Record<Level, TextKey> = {
  1: "level.rank.1",
  2: "level.rank.2",
  3: "level.rank.3",
  4: "level.rank.4",
};

/** The gravest of some levels, or null of none. */
export function gravest(levels: Iterable<Level | null | undefined>): Level | null {
  let worst: Level | null = null;
  for (const level of levels) if (level && (worst === null || level < worst)) worst = level;
  return worst;
}

/** The shape of each level in a 24 × 24 box: square, triangle, diamond; a circle is drawn as one. */
export const LEVEL_PATH: Record<1 | 2 | 3, string> = {
  1: "M2 2H22V22H2Z",
  2: "M12 -.8 24.6 22H-.6Z",
  3: "M12 .8 23.2 12 12 23.2 .8 12Z",
};
