import { LEVEL_PATH, type Level } from "../base/level";
import { FONT_FAMILY, type Palette } from "./style";

/** Pictures for the map's symbols, painted here so that nothing is fetched. Twice the size for
 *  sharp screens. */
const RATIO = 2;

/** Every picture the style asks for. */
export const ICONS = [
  "level-1",
  "level-2",
  "level-3",
  "level-4",
  "plate-1",
  "plate-2",
  "plate-3",
  "plate-4",
  "plate-9",
  "station",
  "station-silent",
  "house",
  "chosen",
] as const;

type Pen = CanvasRenderingContext2D;

function paint(width: number, height: number, draw: (pen: Pen) => void): ImageData | null {
  const canvas = document.createElement("canvas");
  canvas.width = width * RATIO;
  canvas.height = height * RATIO;
  const pen = canvas.getContext("2d");
  if (!pen) return null;
  pen.scale(RATIO, RATIO);
  pen.lineJoin = "round";
  draw(pen);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

function shape(pen: Pen, level: Level, colours: Palette): void {
  const path = new Path2D(
    level === 4
      ? "M22.500 12a10.500 10.500 0 1 1-21 0 10.500 10.500 0 0 1 21 0Z"
      : LEVEL_PATH[level],
  );
  pen.fillStyle = colours.level[level].fill;
  pen.strokeStyle = colours.level[level].edge;
  pen.lineWidth = 1.5;
  pen.fill(path);
  pen.stroke(path);
}

function circle(pen: Pen, colours: Palette, broken: boolean): void {
  pen.beginPath();
  pen.arc(8, 8, broken ? 6 : 5, 0, 2 * Math.PI);
  pen.fillStyle = colours.halo;
  pen.fill();
  pen.strokeStyle = colours.ink2;
  pen.lineWidth = 1.7;
  pen.setLineDash(broken ? [3, 2.6] : []);
  pen.stroke();
  if (broken) {
    pen.setLineDash([]);
    pen.beginPath();
    pen.moveTo(6, 8);
    pen.lineTo(10, 8);
    pen.stroke();
  }
}

function plate(pen: Pen, level: Level | null, colours: Palette): void {
  pen.beginPath();
  pen.roundRect(1, 1, 40, 20, 2);
  pen.fillStyle = colours.panel;
  pen.fill();
  pen.strokeStyle = colours.edge;
  pen.lineWidth = 1;
  pen.stroke();
  pen.translate(5, 5);
  pen.scale(0.5, 0.5);
  if (level) shape(pen, level, colours);
  else {
    pen.strokeStyle = colours.ink2;
    pen.lineWidth = 3;
    pen.stroke(new Path2D("M3 22V10L12 2l9 8v12Z"));
  }
}

/** The picture called `name`, or null when there is none of that name. */
export function icon(
  name: string,
  colours: Palette,
  letter: (level: Level) => string,
): { image: ImageData; ratio: number } | null {
  const level = /^level-([1-4])$/.exec(name);
  let image: ImageData | null = null;
  if (level) {
    const n = Number(level[1]) as Level;
    image = paint(28, 28, (pen) => {
      pen.translate(2, 2);
      shape(pen, n, colours);
      pen.fillStyle = colours.level[n].on;
      pen.font = `700 ${n === 1 ? 12.5 : 11.2}px ${FONT_FAMILY}`;
      pen.textAlign = "center";
      pen.fillText(letter(n), 12, n === 2 ? 19.4 : 16.4);
    });
  } else if (name === "station") image = paint(16, 16, (pen) => circle(pen, colours, false));
  else if (name === "station-silent") image = paint(16, 16, (pen) => circle(pen, colours, true));
  else if (name === "house") {
    image = paint(16, 16, (pen) => {
      const path = new Path2D("M3 13.500V6.500L8 1.500l5 5v7Z");
      pen.fillStyle = colours.halo;
      pen.fill(path);
      pen.strokeStyle = colours.ink;
      pen.lineWidth = 1.7;
      pen.stroke(path);
    });
  } else if (name === "chosen") {
    image = paint(60, 60, (pen) => {
      pen.strokeStyle = colours.accent;
      pen.lineWidth = 2.4;
      pen.stroke(new Path2D("M7 16V7H16M44 7H53V16M53 44V53H44M16 53H7V44"));
    });
  } else {
    const cluster = /^plate-(\d)$/.exec(name);
    const n = cluster ? Number(cluster[1]) : 0;
    if (cluster)
      image = paint(42, 22, (pen) => plate(pen, n >= 1 && n <= 4 ? (n as Level) : null, colours));
  }
  return image && { image, ratio: RATIO };
}
