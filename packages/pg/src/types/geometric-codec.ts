/** point and circle as objects, which is how the original reads them; other shapes stay text. */
import {malformed} from './codec';
import type {Codec} from './codec';

export interface Point {
  x: number;
  y: number;
}

export interface Circle extends Point {
  radius: number;
}

const POINT = /^\(([^,()]+),([^,()]+)\)$/;
const CIRCLE = /^<\(([^,()]+),([^,()]+)\),([^,()]+)>$/;

function parsePoint(text: string): Point {
  const [, x, y] = POINT.exec(text) ?? [];
  if (x === undefined || y === undefined) throw malformed('point', 'not (x,y)');
  return {x: Number(x), y: Number(y)};
}

function parseCircle(text: string): Circle {
  const [, x, y, radius] = CIRCLE.exec(text) ?? [];
  if (x === undefined || y === undefined || radius === undefined) {
    throw malformed('circle', 'not <(x,y),r>');
  }
  return {x: Number(x), y: Number(y), radius: Number(radius)};
}

export const pointCodec: Codec = {name: 'point', decodeText: parsePoint};
export const circleCodec: Codec = {name: 'circle', decodeText: parseCircle};
