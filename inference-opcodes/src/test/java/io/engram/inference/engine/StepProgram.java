package io.engram.inference.engine;

import io.engram.inference.model.Model;
import io.engram.inference.tensor.Tensor;
import java.util.List;
import java.util.function.BiFunction;

/** A program of single steps that a test makes up. */
record StepProgram(Model model, BiFunction<Integer, List<Tensor>, Tensor> compute) implements ModelProgram {

    @Override
    public Tensor step(int index, List<Tensor> inputs) {
        return compute.apply(index, inputs);
    }

    @Override
    public ModelRun run(List<Tensor> inputs, boolean commit, Cancellation cancellation) {
        return StepwiseRun.run(model, this, inputs, commit, cancellation);
    }

    @Override
    public long bytes() {
        return 0;
    }
}
