package io.engram.inference.engine;

import io.engram.evm.LocalFaultException;
import io.engram.inference.model.Model;
import io.engram.inference.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;

/**
 * A program of a back end that has more ways to fail than the reference: whatever goes wrong inside is a local fault, except
 * that a model may be declined ({@link UnsupportedModelException}).
 */
public final class FaultGuard implements ModelProgram {

    private final String backend;
    private final Model model;
    private final ModelProgram program;

    /** @throws LocalFaultException when the program cannot be made */
    public FaultGuard(String backend, Model model, Supplier<ModelProgram> maker) {
        this.backend = backend;
        this.model = model;
        this.program = guarded(maker);
    }

    @Override
    public Tensor step(int index, List<Tensor> inputs) {
        return guarded(() -> program.step(index, inputs));
    }

    @Override
    public ModelRun run(List<Tensor> inputs, boolean commit, Cancellation cancellation) {
        return guarded(() -> program.run(inputs, commit, cancellation));
    }

    @Override
    public long bytes() {
        return program.bytes();
    }

    private <T> T guarded(Supplier<T> work) {
        try {
            return work.get();
        } catch (LocalFaultException | CancelledException | UnsupportedModelException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw new LocalFaultException("the " + backend + " back end failed on " + model, e);
        }
    }
}
