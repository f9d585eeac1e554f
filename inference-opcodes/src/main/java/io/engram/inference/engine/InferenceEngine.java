package io.engram.inference.engine;

import io.engram.evm.LocalFaultException;
import io.engram.genesis.Hash;
import io.engram.inference.commitment.Commitments;
import io.engram.inference.commitment.StepLeaf;
import io.engram.inference.model.GraphInput;
import io.engram.inference.model.Model;
import io.engram.inference.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Runs models on a back end and commits to what it computed. Thread-safe; every method throws
 * {@link LocalFaultException} when this node cannot tell the result. An arithmetic overflow would be a bug of the
 * checker or of the back end and comes out as an {@link ArithmeticException}.
 */
public final class InferenceEngine {

    /** Default bound of the memory that remembered results take. */
    public static final long MEMO_BYTES = 16L << 20;

    /** Models that stay prepared. */
    private static final int MAX_PROGRAMS = 16;

    private final Backend backend;
    private final InferenceMemo memo;
    private final LinkedHashMap<Hash, ModelProgram> programs = new LinkedHashMap<>(16, 0.75f, true);

    public InferenceEngine(Backend backend) {
        this(backend, MEMO_BYTES);
    }

    /** @param memoBytes bound of the memory that remembered results take; 0 remembers nothing */
    public InferenceEngine(Backend backend, long memoBytes) {
        this.backend = backend;
        this.memo = new InferenceMemo(memoBytes);
    }

    public Backend backend() {
        return backend;
    }

    /**
     * One inference for each sample; results that this engine computed before are remembered.
     *
     * @param samples one or more samples as call data: all inputs in graph order, row-major, big-endian
     * @throws IllegalArgumentException when the length is no whole number of samples or a value is out of range
     */
    public List<Inference> run(Model model, byte[] samples) {
        int size = model.facts().inputBytes();
        if (samples.length == 0 || samples.length % size != 0) {
            throw new IllegalArgumentException(samples.length + " bytes for samples of " + size);
        }
        List<Inference> results = new ArrayList<>(samples.length / size);
        for (int offset = 0; offset < samples.length; offset += size) {
            byte[] sample = Arrays.copyOfRange(samples, offset, offset + size);
            results.add(guarded(model, () -> infer(model, sample)));
        }
        return List.copyOf(results);
    }

    /**
     * The leaves of all steps for one sample, computed now.
     *
     * @throws IllegalArgumentException as {@link #run}
     */
    public List<StepLeaf> steps(Model model, byte[] sample) {
        return guarded(model, () -> {
            List<Tensor> inputs = inputs(model, sample);
            ModelRun run = program(model).run(inputs, true, Cancellation.NEVER);
            return List.copyOf(new Trace(model, roots(inputs), run.resultRoots()).leaves());
        });
    }

    /**
     * Runs up to a step, then computes that step alone from its operands, with roots taken anew from the tensors.
     *
     * @throws IndexOutOfBoundsException when the model has no such step
     * @throws IllegalArgumentException as {@link #run}
     */
    public StepVerification verifyStep(Model model, byte[] sample, int index) {
        Objects.checkIndex(index, model.graph().nodes().size());
        return guarded(model, () -> {
            StepwiseRun run = new StepwiseRun(model, program(model), inputs(model, sample));
            for (int i = 0; i < index; i++) {
                Tensor _ = run.step();
            }
            return recompute(model, index, run.operands(index));
        });
    }

    /**
     * Computes one step from operands that someone else gave.
     *
     * @throws IllegalArgumentException when type, shape or values of an operand are not what the checker allows
     */
    public StepVerification recompute(Model model, int index, List<Tensor> operands) {
        List<Integer> numbers = model.graph()
                .nodes()
                .get(Objects.checkIndex(index, model.graph().nodes().size()))
                .inputs();
        if (operands.size() != numbers.size()) {
            throw new IllegalArgumentException(operands.size() + " operands for step " + index);
        }
        for (int i = 0; i < operands.size(); i++) {
            OperandCheck.require(operands.get(i), model.value(numbers.get(i)));
        }
        return guarded(model, () -> {
            Tensor output = program(model).step(index, operands);
            List<Hash> roots = operands.stream().map(Commitments::tensorRoot).toList();
            return new StepVerification(
                    Trace.leaf(model, index, roots, Commitments.tensorRoot(output)), operands, output);
        });
    }

    /** The tensors of one sample given as call data. */
    public static List<Tensor> inputs(Model model, byte[] sample) {
        if (sample.length != model.facts().inputBytes()) {
            throw new IllegalArgumentException(
                    sample.length + " bytes for a sample of " + model.facts().inputBytes());
        }
        if (!model.facts().acceptsValues(sample)) {
            throw new IllegalArgumentException("an input value is out of range");
        }
        List<Tensor> tensors = new ArrayList<>();
        int offset = 0;
        for (GraphInput input : model.graph().inputs()) {
            int end = offset + input.shape().elements() * input.type().bytes();
            tensors.add(Tensor.wrap(input.type(), input.shape(), Arrays.copyOfRange(sample, offset, end)));
            offset = end;
        }
        return List.copyOf(tensors);
    }

    private Inference infer(Model model, byte[] sample) {
        List<Tensor> inputs = inputs(model, sample);
        List<Hash> roots = roots(inputs);
        Hash inputRoot = Commitments.valuesRoot(roots);
        Optional<Inference> known = memo.find(model.id(), inputRoot);
        if (known.isPresent()) {
            return known.get();
        }
        ModelRun run = program(model).run(inputs, true, Cancellation.NEVER);
        Trace trace = new Trace(model, roots, run.resultRoots());
        Inference result = new Inference(
                output(model, run.outputs()),
                inputRoot,
                Commitments.valuesRoot(trace.outputRoots()),
                Commitments.stepsRoot(trace.leaves()));
        memo.put(model.id(), result);
        return result;
    }

    private static byte[] output(Model model, List<Tensor> tensors) {
        byte[] output = new byte[model.facts().outputBytes()];
        int offset = 0;
        for (Tensor tensor : tensors) {
            System.arraycopy(tensor.data(), 0, output, offset, tensor.byteLength());
            offset += tensor.byteLength();
        }
        return output;
    }

    private static List<Hash> roots(List<Tensor> tensors) {
        return tensors.stream().map(Commitments::tensorRoot).toList();
    }

    private ModelProgram program(Model model) {
        synchronized (programs) {
            ModelProgram known = programs.get(model.id());
            if (known != null) {
                return known;
            }
        }
        ModelProgram prepared = backend.prepare(model);
        synchronized (programs) {
            programs.put(model.id(), prepared);
            var eldest = programs.entrySet().iterator();
            while (programs.size() > MAX_PROGRAMS) {
                eldest.next();
                eldest.remove();
            }
        }
        return prepared;
    }

    private static <T> T guarded(Model model, Supplier<T> work) {
        try {
            return work.get();
        } catch (OutOfMemoryError e) {
            throw new LocalFaultException("no memory to run " + model, e);
        }
    }
}
