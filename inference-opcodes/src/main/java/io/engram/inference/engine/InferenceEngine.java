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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Runs models on a back end and commits to what it computed: many inferences at once, each model prepared once, each
 * result remembered, and the same inference computed once where several ask for it at the same time. Thread-safe.
 *
 * <p>Every method throws {@link LocalFaultException} when this node cannot tell the result, and
 * {@link CancelledException} when the demand says that nobody wants it any more; neither leaves a trace. An arithmetic
 * overflow would be a bug of the checker or of the back end and comes out as an {@link ArithmeticException}.
 */
public final class InferenceEngine {

    /** Wrong results in spite of the back end being told so, from which on it counts as faulty. */
    private static final int LASTING = 2;

    private final Backend backend;
    private final InferenceMemo memo;
    private final ProgramCache programs;
    private final MemoryGate gate;
    private final Samples batches;
    private final StepTraces traces = new StepTraces();
    private final ConcurrentMap<InferenceKey, Flight> flights = new ConcurrentHashMap<>();
    private final Map<Demand.Priority, EngineCounters> counters = new EnumMap<>(Demand.Priority.class);

    /** Times that results were wrong and no other back end was there to take over. */
    private final AtomicInteger unheeded = new AtomicInteger();

    private volatile Optional<String> lastingFault = Optional.empty();

    public InferenceEngine(Backend backend) {
        this(backend, EngineOptions.DEFAULT);
    }

    /** @param memoBytes memory of remembered results; 0 remembers nothing */
    public InferenceEngine(Backend backend, long memoBytes) {
        this(backend, EngineOptions.DEFAULT.withMemoBytes(memoBytes));
    }

    public InferenceEngine(Backend backend, EngineOptions options) {
        this.backend = backend;
        this.memo = new InferenceMemo(options.memoBytes());
        this.programs = new ProgramCache(options.cacheBytes(), backend::prepare);
        this.gate = new MemoryGate(options.runningBytes());
        this.batches = new Samples(options.threads(), backend::runsAtOnce);
        for (Demand.Priority priority : Demand.Priority.values()) {
            counters.put(priority, new EngineCounters());
        }
    }

    public Backend backend() {
        return backend;
    }

    /**
     * Results of this engine were wrong, by the evidence: what it remembers is forgotten, what it computes now is computed
     * again, and the back end is given up where there is another.
     */
    public void distrust(String evidence) {
        boolean replaced = backend.distrust(evidence);
        memo.clear();
        if (!replaced && unheeded.incrementAndGet() >= LASTING) {
            lastingFault = Optional.of("the " + backend.name() + " back end was wrong again and again: " + evidence);
        }
    }

    /** Why results are, or were, not to be trusted: a back end that was given up, or one that is wrong repeatedly. */
    public Optional<String> fault() {
        return backend.fault().or(() -> lastingFault);
    }

    /**
     * The leaves of all steps of an inference as this engine computed it when it did, right or wrong; empty when it did not,
     * or no longer knows.
     */
    public Optional<List<StepLeaf>> recordedSteps(Model model, Hash stepsRoot) {
        return traces.leaves(model, stepsRoot);
    }

    public EngineStatus status() {
        Map<Demand.Priority, EngineStatus.Counts> counts = new EnumMap<>(Demand.Priority.class);
        counters.forEach((priority, counter) -> counts.put(priority, counter.counts()));
        return new EngineStatus(programs.size(), programs.bytes(), memo.size(), memo.bytes(), gate.used(), counts);
    }

    /** As {@link #run(Model, byte[], Demand)} for a block. */
    public List<Inference> run(Model model, byte[] samples) {
        return run(model, samples, Demand.CONSENSUS);
    }

    /**
     * One inference for each sample; results that this engine computed before are remembered.
     *
     * @param samples one or more samples as call data: all inputs in graph order, row-major, big-endian
     * @return in the order of the samples
     * @throws IllegalArgumentException when the length is no whole number of samples or a value is out of range
     */
    public List<Inference> run(Model model, byte[] samples, Demand demand) {
        int size = model.facts().inputBytes();
        if (samples.length == 0 || samples.length % size != 0) {
            throw new IllegalArgumentException(samples.length + " bytes for samples of " + size);
        }
        return List.copyOf(batches.compute(
                samples.length / size,
                i -> counted(model, Arrays.copyOfRange(samples, i * size, i * size + size), demand)));
    }

    /** As {@link #steps(Model, byte[], Demand)} for a block. */
    public List<StepLeaf> steps(Model model, byte[] sample) {
        return steps(model, sample, Demand.CONSENSUS);
    }

    /**
     * The leaves of all steps for one sample, computed now.
     *
     * @throws IllegalArgumentException as {@link #run(Model, byte[], Demand)}
     */
    public List<StepLeaf> steps(Model model, byte[] sample, Demand demand) {
        return guarded(model, () -> {
            List<Tensor> inputs = inputs(model, sample);
            ModelRun run = pass(model, demand, () -> programs.get(model).run(inputs, true, demand.cancellation()));
            return List.copyOf(new Trace(model, roots(inputs), run.resultRoots()).leaves());
        });
    }

    /** As {@link #verifyStep(Model, byte[], int, Demand)} for a block. */
    public StepVerification verifyStep(Model model, byte[] sample, int index) {
        return verifyStep(model, sample, index, Demand.CONSENSUS);
    }

    /**
     * Runs up to a step, then computes that step alone from its operands, with roots taken anew from the tensors.
     *
     * @throws IndexOutOfBoundsException when the model has no such step
     * @throws IllegalArgumentException as {@link #run(Model, byte[], Demand)}
     */
    public StepVerification verifyStep(Model model, byte[] sample, int index, Demand demand) {
        Objects.checkIndex(index, model.graph().nodes().size());
        List<Tensor> operands = guarded(model, () -> {
            List<Tensor> inputs = inputs(model, sample);
            return pass(model, demand, () -> {
                StepwiseRun run = new StepwiseRun(model, programs.get(model), inputs);
                for (int i = 0; i < index; i++) {
                    demand.cancellation().check();
                    Tensor _ = run.step();
                }
                return run.operands(index);
            });
        });
        return recompute(model, index, operands, demand);
    }

    /** As {@link #recompute(Model, int, List, Demand)} for a block. */
    public StepVerification recompute(Model model, int index, List<Tensor> operands) {
        return recompute(model, index, operands, Demand.CONSENSUS);
    }

    /**
     * Computes one step from operands that someone else gave.
     *
     * @throws IllegalArgumentException when type, shape or values of an operand are not what the checker allows
     */
    public StepVerification recompute(Model model, int index, List<Tensor> operands, Demand demand) {
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
            Tensor output = pass(model, demand, () -> programs.get(model).step(index, operands));
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

    private Inference counted(Model model, byte[] sample, Demand demand) {
        EngineCounters counter = Objects.requireNonNull(counters.get(demand.priority()));
        try {
            return guarded(model, () -> infer(model, sample, demand, counter));
        } catch (CancelledException e) {
            counter.cancelled.increment();
            throw e;
        } catch (LocalFaultException e) {
            counter.faults.increment();
            throw e;
        }
    }

    private Inference infer(Model model, byte[] sample, Demand demand, EngineCounters counter) {
        List<Tensor> inputs = inputs(model, sample);
        List<Hash> roots = roots(inputs);
        InferenceKey key = new InferenceKey(model.id(), Commitments.valuesRoot(roots));
        while (true) {
            Optional<Inference> known = memo.find(key);
            if (known.isPresent()) {
                counter.hits.increment();
                traces.touch(known.get().stepsRoot());
                return known.get();
            }
            demand.cancellation().check();
            Flight mine = new Flight(demand);
            Flight other = flights.putIfAbsent(key, mine);
            if (other == null) {
                return lead(mine, key, () -> compute(model, inputs, roots, key, mine, demand, counter));
            }
            // When the other one gave up or failed, this thread finds out for itself.
            Optional<Inference> shared = other.await(demand);
            if (shared.isPresent()) {
                counter.shared.increment();
                return shared.get();
            }
        }
    }

    private Inference lead(Flight flight, InferenceKey key, Supplier<Inference> work) {
        Optional<Inference> result = Optional.empty();
        try {
            result = Optional.of(work.get());
            return result.get();
        } finally {
            boolean _ = flights.remove(key, flight);
            flight.end(result);
        }
    }

    private Inference compute(
            Model model,
            List<Tensor> inputs,
            List<Hash> roots,
            InferenceKey key,
            Flight flight,
            Demand demand,
            EngineCounters counter) {
        // Another thread may have ended between the look at the memo and the start of this flight.
        Optional<Inference> known = memo.find(key);
        if (known.isPresent()) {
            counter.hits.increment();
            return known.get();
        }
        Cancellation cancellation = flight.whileUnshared(demand.cancellation());
        while (true) {
            long generation = memo.generation();
            ModelRun run = gate.pass(
                    model.check().peakMemoryBytes(),
                    flight,
                    demand,
                    () -> programs.get(model).run(inputs, true, cancellation));
            Trace trace = new Trace(model, roots, run.resultRoots());
            List<StepLeaf> leaves = trace.leaves();
            Inference result = new Inference(
                    model.form(),
                    output(model, run.outputs()),
                    key.inputRoot(),
                    Commitments.valuesRoot(trace.outputRoots()),
                    Commitments.stepsRoot(leaves),
                    leaves.size());
            counter.computed.increment();
            traces.note(result.stepsRoot(), model, roots, run.resultRoots());
            if (memo.put(key, result, generation)) {
                return result;
            }
        }
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

    /** What nobody else waits for. */
    private <T> T pass(Model model, Demand demand, Supplier<T> work) {
        return gate.pass(model.check().peakMemoryBytes(), new Flight(demand), demand, work);
    }

    private static <T> T guarded(Model model, Supplier<T> work) {
        try {
            return work.get();
        } catch (OutOfMemoryError e) {
            throw new LocalFaultException("no memory to run " + model, e);
        }
    }
}
