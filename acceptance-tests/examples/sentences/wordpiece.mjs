// The tokenizer of BERT without case, from a tokenizer.json: words and punctuation, then the longest known pieces.
import { readFileSync } from 'node:fs';

export function wordPiece(file) {
  const vocabulary = new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')).model.vocab));
  const split = (word) => {
    const pieces = [];
    for (let from = 0; from < word.length; ) {
      let to = word.length;
      const piece = () => (from === 0 ? '' : '##') + word.slice(from, to);
      while (to > from && !vocabulary.has(piece())) to--;
      if (to === from) return [vocabulary.get('[UNK]')];
      pieces.push(vocabulary.get(piece()));
      from = to;
    }
    return pieces;
  };
  return (text, limit) => {
    const plain = text.normalize('NFD').replace(/\p{Mn}/gu, '').toLowerCase();
    const words = plain.match(/[\p{L}\p{N}]+|[^\p{L}\p{N}\s]/gu) ?? [];
    const pieces = [vocabulary.get('[CLS]'), ...words.flatMap(split)].slice(0, limit - 1);
    return [...pieces, vocabulary.get('[SEP]')];
  };
}

export const lines = (file) => readFileSync(file, 'utf8').split('\n').filter((line) => line);

// One sample of a model with the inputs input_ids, attention_mask and token_type_ids.
export function sample(tokens, sequence) {
  const data = Buffer.alloc(4 * sequence);
  tokens.forEach((token, i) => {
    data.writeInt16BE(token, 2 * i);
    data[2 * sequence + i] = 1;
  });
  return '0x' + data.toString('hex');
}
