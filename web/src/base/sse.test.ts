import { expect, it } from "vitest";
import { SseParser } from "./sse";

const TEXT =
  ': hello\nevent: patch\nid: 7\ndata: {"a":1,\ndata: "b":2}\n\nevent: beat\r\ndata: {}\r\n\r\ndata: 警钟\n\n';
const WANT = [
  { event: "patch", data: '{"a":1,\n"b":2}', id: "7" },
  { event: "beat", data: "{}", id: "7" },
  { event: "message", data: "警钟", id: "7" },
];

it("reads the same events wherever the chunks are cut", () => {
  for (let cut = 0; cut <= TEXT.length; cut++) {
    const parser = new SseParser();
    expect(
      [...parser.push(TEXT.slice(0, cut)), ...parser.push(TEXT.slice(cut))],
      `cut at ${cut}`,
    ).toEqual(WANT);
  }
});

it("keeps an unfinished event to itself", () => {
  const parser = new SseParser();
  expect(parser.push("event: patch\ndata: 1\n")).toEqual([]);
  expect(parser.push("\n")).toHaveLength(1);
});
