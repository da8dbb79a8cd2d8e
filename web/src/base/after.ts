/** Runs once after so many milliseconds, unless the function it returns is called before. */
export function browserAfter(ms: number, run: () => void): () => void {
  const id = setTimeout(run, ms);
  return () => clearTimeout(id);
}
