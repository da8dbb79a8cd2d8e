import { expect, it } from "vitest";
import { rowsIn } from "./room";

it("shows whole rows only, and leaves a line to say what is left out", () => {
  expect(rowsIn(290, 29, 29, 10)).toBe(10);
  expect(rowsIn(289, 29, 29, 10)).toBe(8);
  expect(rowsIn(211, 36, 32, 20)).toBe(4);
  expect(rowsIn(Infinity, 36, 32, 20)).toBe(20);
  expect([rowsIn(10, 36, 32, 20), rowsIn(70, 36, 0, 2), rowsIn(0, 36, 32, 0)]).toEqual([1, 1, 0]);
});
