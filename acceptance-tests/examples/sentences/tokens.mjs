// The tokens of every line of a text as .npy files, one for each input of a sentence transformer.
//   node tokens.mjs --tokenizer=tokenizer.json --text=sentences.txt --sequence=32 --count=64 --out=DIR
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { need } from '../../tools/arguments.mjs';
import { lines, wordPiece } from './wordpiece.mjs';

const sequence = Number(need('sequence'));
const encode = wordPiece(need('tokenizer'));
const rows = lines(need('text')).slice(0, Number(need('count'))).map((line) => encode(line, sequence));

function npy(name, value) {
  const header = `{'descr': '<i4', 'fortran_order': False, 'shape': (${rows.length}, ${sequence}), }`;
  const padded = header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11) + '\n';
  const start = Buffer.alloc(10);
  start.write('\x93NUMPY\x01\x00', 'latin1');
  start.writeUInt16LE(padded.length, 8);
  const data = Buffer.alloc(4 * rows.length * sequence);
  rows.forEach((row, r) => row.forEach((token, i) => data.writeInt32LE(value(token), 4 * (r * sequence + i))));
  writeFileSync(join(need('out'), `${name}.npy`), Buffer.concat([start, Buffer.from(padded, 'latin1'), data]));
}

mkdirSync(need('out'), { recursive: true });
npy('input_ids', (token) => token);
npy('attention_mask', () => 1);
npy('token_type_ids', () => 0);
