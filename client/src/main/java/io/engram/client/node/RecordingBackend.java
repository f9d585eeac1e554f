package io.engram.client.node;

import io.engram.inference.engine.Backend;
import io.engram.inference.engine.Cancellation;
import io.engram.inference.engine.ModelProgram;
import io.engram.inference.engine.ModelRun;
import io.engram.inference.model.Model;
import io.engram.inference.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Notes the input of every inference that another back end runs, in order, for an engine that remembers no results. One
 * thread.
 */
final class RecordingBackend implements Backend {

    /** One inference of one sample. */
    record Run(Model model, List<Tensor> inputs) {
        Run {
            inputs = List.copyOf(inputs);
        }

        /** The sample as call data. */
        byte[] sample() {
            ByteArrayOutputStream bytes =
                    new ByteArrayOutputStream(model.facts().inputBytes());
            for (Tensor tensor : inputs) {
                bytes.write(tensor.data(), 0, tensor.byteLength());
            }
            return bytes.toByteArray();
        }
    }

    private final Backend backend;
    private final List<Run> runs = new ArrayList<>();

    RecordingBackend(Backend backend) {
        this.backend = backend;
    }

    @Override
    public String name() {
        return backend.name();
    }

    @Override
    public ModelProgram prepare(Model model) {
        return new Program(model, backend.prepare(model));
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
            return program.step(index, inputs);
        }

        @Override
        public ModelRun run(List<Tensor> inputs, boolean commit, Cancellation cancellation) {
            runs.add(new Run(model, inputs));
            return program.run(inputs, commit, cancellation);
        }

        @Override
        public long bytes() {
            return program.bytes();
        }
    }

    List<Run> runs() {
        return List.copyOf(runs);
    }
}
