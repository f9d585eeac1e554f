package io.engram.inference.engine.cuda;

import io.engram.inference.commitment.Commitments;
import io.engram.inference.model.Graph;
import io.engram.inference.operator.Reshape;
import io.engram.inference.operator.Value;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The commitments of all results, made together when all are there (sha256.cuh): a chunk alone keeps one thread busy for
 * long, but those of a whole run fill a device.
 */
final class Hashes {

    static final int DIGEST = 32;

    /** Fields of the kernels' records of a tensor and of a step; as long as each other. */
    private static final int RECORD = 4;

    private final Scope scope;
    private final Graph graph;

    /** For each node the tensor whose tree it needs: reshapes share that of what they reshape. */
    private final int[] jobs;

    /** The values that are hashed. */
    private final List<Integer> values = new ArrayList<>();

    private final List<Integer> firstChunks = new ArrayList<>();
    private int chunks;

    Hashes(Scope scope) {
        this.scope = scope;
        this.graph = scope.graph();
        this.jobs = new int[graph.nodes().size()];
        for (int i = 0; i < jobs.length; i++) {
            int operand = graph.nodes().get(i).inputs().getFirst();
            boolean known = graph.nodes().get(i).operator() instanceof Reshape && !graph.isInput(operand);
            jobs[i] = known ? jobs[graph.nodeOf(operand)] : add(graph.valueOf(i));
        }
    }

    private int add(int value) {
        values.add(value);
        firstChunks.add(chunks);
        chunks = Math.addExact(
                chunks, (int) Math.ceilDiv(scope.model.value(value).bytes(), Commitments.TENSOR_CHUNK));
        return values.size() - 1;
    }

    int chunks() {
        return chunks;
    }

    /** Once all values have places. */
    void launch(int leaves, int roots) {
        int steps = graph.nodes().size();
        int[] records = new int[RECORD * (values.size() + steps)];
        for (int i = 0; i < values.size(); i++) {
            Value value = scope.model.value(values.get(i));
            records[RECORD * i] = scope.places[values.get(i)];
            records[RECORD * i + 1] = (int) value.bytes();
            records[RECORD * i + 2] = value.type().bytes();
            records[RECORD * i + 3] = firstChunks.get(i);
        }
        for (int i = 0; i < steps; i++) {
            Value value = scope.model.value(graph.valueOf(i));
            byte[] header = Commitments.tensorHeader(value.type(), value.shape(), value.bytes());
            int[] words = words(header);
            int at = RECORD * (values.size() + i);
            records[at] = jobs[i];
            records[at + 1] = words.length;
            records[at + 2] = scope.constants.add(words);
            records[at + 3] = header.length;
        }
        int place = scope.constants.add(records);
        scope.launch(Kernel.HASH_LEAVES, chunks, fields(place, leaves, roots));
        scope.launchBlocks(Kernel.HASH_TREES, values.size(), fields(place, leaves, roots));
        scope.launch(Kernel.HASH_ROOTS, steps, fields(place, leaves, roots));
    }

    private Fields fields(int records, int leaves, int roots) {
        return new Fields()
                .add(records, leaves, roots)
                .add(values.size(), chunks, graph.nodes().size());
    }

    /** As big-endian words, the last one filled up with zeros. */
    private static int[] words(byte[] bytes) {
        int[] words = new int[Math.ceilDiv(bytes.length, Integer.BYTES)];
        ByteBuffer padded = ByteBuffer.allocate(words.length * Integer.BYTES).put(bytes);
        padded.flip().limit(padded.capacity());
        padded.asIntBuffer().get(words);
        return words;
    }
}
