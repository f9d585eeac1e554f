package io.engram.client.node;

import io.engram.inference.engine.Backend;
import io.engram.inference.engine.ModelProgram;
import io.engram.inference.model.Model;
import io.engram.inference.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Notes the input of every inference that another back end runs, in order: steps must come one after another, as from an
 * engine that remembers no results and one thread.
 */
final class RecordingBackend implements Backend {

    /** One inference of one sample. */
    static final class Run {
        private final Model model;
        private final List<Optional<Tensor>> inputs = new ArrayList<>();

        private Run(Model model) {
            this.model = model;
            for (int i = 0; i < model.graph().inputs().size(); i++) {
                inputs.add(Optional.empty());
            }
        }

        Model model() {
            return model;
        }

        /** The sample as call data. */
        byte[] sample() {
            ByteArrayOutputStream bytes =
                    new ByteArrayOutputStream(model.facts().inputBytes());
            for (Optional<Tensor> input : inputs) {
                Tensor tensor = input.orElseThrow(() -> new IllegalStateException("the model has an unused input"));
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
        ModelProgram program = backend.prepare(model);
        return (index, operands) -> {
            if (index == 0) {
                runs.add(new Run(model));
            }
            note(model, index, operands);
            return program.step(index, operands);
        };
    }

    private void note(Model model, int index, List<Tensor> operands) {
        List<Integer> numbers = model.graph().nodes().get(index).inputs();
        for (int i = 0; i < numbers.size(); i++) {
            if (model.graph().isInput(numbers.get(i))) {
                runs.getLast().inputs.set(numbers.get(i), Optional.of(operands.get(i)));
            }
        }
    }

    List<Run> runs() {
        return List.copyOf(runs);
    }
}
