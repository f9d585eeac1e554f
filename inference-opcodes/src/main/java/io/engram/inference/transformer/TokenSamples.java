package io.engram.inference.transformer;

import io.engram.inference.quantize.NpyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Samples for a network on tokens: for each input, by name, one row of whole numbers a sample.
 *
 * @param rows as many for each input
 */
public record TokenSamples(Map<String, List<int[]>> rows) {

    public static final int MAX_SAMPLES = 4_096;

    /** @throws IllegalArgumentException when there are no samples, too many, or not as many for each input */
    public TokenSamples {
        rows = new LinkedHashMap<>(rows);
        int count = rows.isEmpty() ? 0 : rows.values().iterator().next().size();
        if (count < 1 || count > MAX_SAMPLES) {
            throw new IllegalArgumentException(count + " samples; there must be 1 to " + MAX_SAMPLES);
        }
        for (List<int[]> list : rows.values()) {
            if (list.size() != count) {
                throw new IllegalArgumentException("not as many samples for each input");
            }
        }
    }

    /**
     * Reads {@code NAME.npy} for every input: one sample, or several along the first dimension.
     *
     * @throws IOException if a file is missing, unreadable or of another rank
     */
    public static TokenSamples read(Path directory, List<String> inputs) throws IOException {
        Map<String, List<int[]>> rows = new LinkedHashMap<>();
        for (String input : inputs) {
            Path file = directory.resolve(input + ".npy");
            if (!Files.isRegularFile(file)) {
                throw new IOException("no samples of the input '" + input + "': " + file + " is missing");
            }
            NpyFile array = NpyFile.read(file);
            int rank = array.shape().length;
            if (rank != 1 && rank != 2 || array.values().length == 0) {
                throw new IOException(file + ": samples are rows of numbers");
            }
            int width = array.shape()[rank - 1];
            List<int[]> list = new ArrayList<>();
            for (int from = 0; from < array.values().length; from += width) {
                int[] row = new int[width];
                for (int i = 0; i < width; i++) {
                    row[i] = (int) array.values()[from + i];
                }
                list.add(row);
            }
            rows.put(input, list);
        }
        try {
            return new TokenSamples(rows);
        } catch (IllegalArgumentException e) {
            throw new IOException(directory + ": " + e.getMessage(), e);
        }
    }

    public int count() {
        return rows.values().iterator().next().size();
    }

    /** The inputs of one sample in the graph's order, short rows filled up with zeros. */
    List<int[]> sample(SequenceGraph graph, int index) throws IOException {
        List<int[]> inputs = new ArrayList<>();
        for (int number : graph.inputs()) {
            SequenceGraph.Node node = graph.nodes().get(number);
            SequenceOperation.Input input = (SequenceOperation.Input) node.operation();
            List<int[]> list = rows.getOrDefault(input.name(), List.of());
            if (list.isEmpty()) {
                throw new IOException("no samples of the input '" + input.name() + "'");
            }
            int[] row = list.get(index);
            boolean inRange = Arrays.stream(row).allMatch(value -> value >= input.lo() && value <= input.hi());
            if (row.length > node.size() || !inRange) {
                throw new IOException("sample " + index + " of '" + input.name() + "' has " + row.length
                        + " numbers or one outside " + input.lo() + " to " + input.hi());
            }
            inputs.add(Arrays.copyOf(row, node.size()));
        }
        return inputs;
    }
}
