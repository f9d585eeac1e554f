package io.engram.inference.model;

import io.engram.genesis.Hash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the registry keeps of a model: enough to price a call and to check its input without the file (protocol E5).
 * Counts are for one sample.
 *
 * @param fileBytes size of the model file
 * @param inputBytes of all inputs
 * @param outputBytes of all outputs
 * @param maxBatch samples that one call may hold
 * @param weightBytes of all constants
 * @param macs multiply–accumulates of dense, matrix and ordinary convolution kind
 * @param depthwiseMacs multiply–accumulates of depthwise kind
 * @param elements weighted element operations
 * @param hashedBytes of all activation tensors, each rounded up to 64
 */
public record ModelFacts(
        long fileBytes,
        int inputBytes,
        int outputBytes,
        int maxBatch,
        int steps,
        long weightBytes,
        long macs,
        long depthwiseMacs,
        long elements,
        long hashedBytes,
        List<IoFacts> inputs,
        List<IoFacts> outputs) {

    /** Bound of the input, and of the output, of the largest batch. */
    public static final long MAX_BATCH_BYTES = 1L << 30;

    private static final int COUNTER_WORDS = 2;
    private static final int INPUT = 0;
    private static final int OUTPUT = 1;

    public ModelFacts {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** The packed form: two words of counters, one for each input, one for each output. */
    public List<Hash> toWords() {
        List<Hash> words = new ArrayList<>();
        words.add(Hash.of(ByteBuffer.allocate(Hash.SIZE)
                .putLong(fileBytes)
                .putInt(inputBytes)
                .putInt(outputBytes)
                .putInt(maxBatch)
                .putInt(steps)
                .putLong(weightBytes)
                .array()));
        words.add(new Hash(macs, depthwiseMacs, elements, hashedBytes));
        inputs.forEach(input -> words.add(input.toWord(INPUT)));
        outputs.forEach(output -> words.add(output.toWord(OUTPUT)));
        return List.copyOf(words);
    }

    /** The inverse of {@link #toWords}; empty for words that no model has. */
    public static Optional<ModelFacts> ofWords(List<Hash> words) {
        if (words.size() < COUNTER_WORDS + 2 || words.size() > COUNTER_WORDS + Graph.MAX_INPUTS + Graph.MAX_OUTPUTS) {
            return Optional.empty();
        }
        List<IoFacts> inputs = new ArrayList<>();
        List<IoFacts> outputs = new ArrayList<>();
        for (Hash word : words.subList(COUNTER_WORDS, words.size())) {
            Optional<IoFacts> facts = IoFacts.ofWord(word);
            int kind = IoFacts.kind(word);
            if (facts.isEmpty() || kind > OUTPUT || (kind == INPUT && !outputs.isEmpty())) {
                return Optional.empty();
            }
            (kind == INPUT ? inputs : outputs).add(facts.get());
        }
        ByteBuffer first = ByteBuffer.wrap(words.get(0).toArray());
        Hash second = words.get(1);
        ModelFacts facts = new ModelFacts(
                first.getLong(),
                first.getInt(),
                first.getInt(),
                first.getInt(),
                first.getInt(),
                first.getLong(),
                second.w0(),
                second.w1(),
                second.w2(),
                second.w3(),
                inputs,
                outputs);
        return facts.isSound() ? Optional.of(facts) : Optional.empty();
    }

    private boolean isSound() {
        return fileBytes > 0
                && weightBytes >= 0
                && macs >= 0
                && depthwiseMacs >= 0
                && elements >= 0
                && hashedBytes >= 0
                && steps >= 1
                && steps <= Graph.MAX_STEPS
                && maxBatch >= 1
                && !inputs.isEmpty()
                && inputs.size() <= Graph.MAX_INPUTS
                && !outputs.isEmpty()
                && outputs.size() <= Graph.MAX_OUTPUTS
                && inputBytes == bytes(inputs)
                && outputBytes == bytes(outputs)
                && (long) inputBytes * maxBatch <= MAX_BATCH_BYTES
                && (long) outputBytes * maxBatch <= MAX_BATCH_BYTES;
    }

    /** Whether every value of every sample lies in its input's range; {@code samples} is a whole number of samples. */
    public boolean acceptsValues(byte[] samples) {
        int offset = 0;
        while (offset < samples.length) {
            for (IoFacts input : inputs) {
                if (!input.accepts(samples, offset)) {
                    return false;
                }
                offset += input.bytes();
            }
        }
        return true;
    }

    private static long bytes(List<IoFacts> values) {
        return values.stream().mapToLong(IoFacts::bytes).sum();
    }
}
