package io.engram.inference.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tokenizer of BERT without case, from a {@code tokenizer.json}: words and punctuation, then the longest known pieces. */
final class WordPiece {

    private static final int MAX_WORD = 100;

    private final Map<String, Integer> vocabulary = new HashMap<>();

    WordPiece(byte[] json) throws IOException {
        JsonNode entries = new ObjectMapper().readTree(json).path("model").path("vocab");
        entries.properties()
                .forEach(
                        entry -> vocabulary.put(entry.getKey(), entry.getValue().asInt()));
    }

    /** Numbers of the pieces between [CLS] and [SEP], at most {@code limit} in all. */
    int[] encode(String text, int limit) {
        List<Integer> pieces = new ArrayList<>();
        pieces.add(piece("[CLS]"));
        for (String word : words(text)) {
            pieces.addAll(split(word));
        }
        List<Integer> kept = new ArrayList<>(pieces.subList(0, Math.min(pieces.size(), limit - 1)));
        kept.add(piece("[SEP]"));
        return kept.stream().mapToInt(Integer::intValue).toArray();
    }

    private int piece(String text) {
        Integer number = vocabulary.get(text);
        if (number == null) {
            throw new IllegalArgumentException("no piece " + text);
        }
        return number;
    }

    private static List<String> words(String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFD)
                .replaceAll("\\p{Mn}", "")
                .toLowerCase(java.util.Locale.ROOT);
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        for (char c : plain.toCharArray()) {
            boolean space = Character.isWhitespace(c);
            boolean mark = !space && !Character.isLetterOrDigit(c);
            if ((space || mark) && !word.isEmpty()) {
                words.add(word.toString());
                word.setLength(0);
            }
            if (mark) {
                words.add(String.valueOf(c));
            } else if (!space) {
                word.append(c);
            }
        }
        if (!word.isEmpty()) {
            words.add(word.toString());
        }
        return words;
    }

    private List<Integer> split(String word) {
        List<Integer> pieces = new ArrayList<>();
        int from = 0;
        while (from < word.length() && word.length() <= MAX_WORD) {
            int to = word.length();
            while (to > from && !vocabulary.containsKey((from == 0 ? "" : "##") + word.substring(from, to))) {
                to--;
            }
            if (to == from) {
                break;
            }
            pieces.add(piece((from == 0 ? "" : "##") + word.substring(from, to)));
            from = to;
        }
        return from == word.length() ? pieces : List.of(piece("[UNK]"));
    }
}
