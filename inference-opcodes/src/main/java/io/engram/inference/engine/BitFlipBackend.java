package io.engram.inference.engine;

import io.engram.inference.model.Model;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.List;

/**
 * For tests only: a device that gets one bit of one step wrong, in every run of every model that has this step.
 *
 * @param step index of the node
 * @param bit of the result's canonical bytes, from the lowest bit of the last byte on; counted round where there are fewer
 */
public record BitFlipBackend(Backend backend, int step, int bit) implements Backend {

    public BitFlipBackend {
        if (step < 0 || bit < 0) {
            throw new IllegalArgumentException("a step and a bit from 0 on, not " + step + " and " + bit);
        }
    }

    @Override
    public String name() {
        return "faulty " + backend.name();
    }

    @Override
    public ModelProgram prepare(Model model) {
        return new Program(model, backend.prepare(model));
    }

    Tensor flipped(Tensor right) {
        byte[] data = right.data().clone();
        int place = bit % (data.length * Byte.SIZE);
        int at = data.length - 1 - place / Byte.SIZE;
        data[at] ^= (byte) (1 << place % Byte.SIZE);
        Tensor wrong = Tensor.zeros(right.type(), right.shape());
        System.arraycopy(data, 0, wrong.data(), 0, data.length);
        // The one value that no int16 tensor holds would be noticed at once.
        int element = at / right.type().bytes();
        if (right.type() == TensorType.INT16 && wrong.get(element) == Short.MIN_VALUE) {
            wrong.set(element, Short.MAX_VALUE);
        }
        return wrong;
    }

    private final class Program implements ModelProgram {

        private final Model model;
        private final ModelProgram program;

        Program(Model model, ModelProgram program) {
            this.model = model;
            this.program = program;
        }

        @Override
        public Tensor step(int index, List<Tensor> inputs) {
            Tensor right = program.step(index, inputs);
            return index == step ? flipped(right) : right;
        }

        @Override
        public ModelRun run(List<Tensor> inputs, boolean commit, Cancellation cancellation) {
            return StepwiseRun.run(model, this, inputs, commit, cancellation);
        }

        @Override
        public long bytes() {
            return program.bytes();
        }
    }
}
