package io.engram.client.chain;

import io.engram.inference.model.Model;
import io.engram.inference.opcode.InferenceObserver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Notes the input of every inference of a block, in order. Used by one thread. */
public final class RunLog implements InferenceObserver {

    private final List<Run> runs = new ArrayList<>();

    /**
     * One inference.
     *
     * @param sample as call data
     */
    public record Run(Model model, byte[] sample) {}

    @Override
    public void running(Model model, byte[] samples) {
        int size = model.facts().inputBytes();
        for (int from = 0; from < samples.length; from += size) {
            runs.add(new Run(model, Arrays.copyOfRange(samples, from, from + size)));
        }
    }

    /** In the order of the block's receipts. */
    public List<Run> runs() {
        return List.copyOf(runs);
    }
}
