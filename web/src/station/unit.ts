/** A unit as people write it: registers and devices keep to ASCII (`ug/m3`, `m3/s`), pages do not.
 *  The server writes its own words so too (src/base/unit.h). */
export const unitText = (unit: string): string =>
  unit
    .replace(/\bu(?=[gmSL])/g, "µ")
    .replace(/(?<=[a-zµ])([23])(?!\d)/g, (power) => (power === "2" ? "²" : "³"));
