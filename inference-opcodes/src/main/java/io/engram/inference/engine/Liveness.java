package io.engram.inference.engine;

import io.engram.inference.model.Graph;
import io.engram.inference.model.GraphOutput;
import java.util.Arrays;

/** When a value is needed for the last time. */
public final class Liveness {

    private Liveness() {}

    /**
     * For each value number the last node that takes it, {@link Integer#MAX_VALUE} for an output of the graph, −1 when
     * nothing takes it.
     */
    public static int[] lastUse(Graph graph) {
        int[] lastUse = new int[graph.values()];
        Arrays.fill(lastUse, -1);
        for (int i = 0; i < graph.nodes().size(); i++) {
            for (int operand : graph.nodes().get(i).inputs()) {
                lastUse[operand] = i;
            }
        }
        for (GraphOutput output : graph.outputs()) {
            lastUse[output.value()] = Integer.MAX_VALUE;
        }
        return lastUse;
    }
}
