package io.engram.inference.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.evm.LocalFaultException;
import io.engram.inference.TestGraphs;
import io.engram.inference.engine.Cancellation;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.engine.ModelRun;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Model;
import io.engram.inference.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Back ends whose kernels are not those that are shipped, or are watched. */
public final class ChangedKernels {

    /** An entry that may leave at its first branch: there is no work for the thread. */
    private static final Pattern GUARD = Pattern.compile("(?m)^\\t@%p1 bra \\t\\S+;$");

    private ChangedKernels() {}

    /** A back end on one device, given the PTX as changed. */
    public static CudaBackend open(int device, CudaOptions options, UnaryOperator<String> change) {
        return CudaBackend.of(List.of(CudaDevice.open(changed(change), device, options)));
    }

    private static Driver changed(UnaryOperator<String> change) {
        return new ForwardingDriver(JavaCppDriver.load()) {
            @Override
            public Module load(byte[] ptx) {
                String text = new String(ptx, StandardCharsets.US_ASCII);
                return super.load(change.apply(text).getBytes(StandardCharsets.US_ASCII));
            }
        };
    }

    /** @param used where the names of kernels go that are launched */
    public static CudaBackend watched(int device, CudaOptions options, Set<String> used) {
        Map<Driver.Function, String> names = new ConcurrentHashMap<>();
        Driver driver = new ForwardingDriver(JavaCppDriver.load()) {
            @Override
            public Function function(Module module, String name) {
                Function function = super.function(module, name);
                names.put(function, name);
                return function;
            }

            @Override
            public void launch(Function function, int blocks, int threads, MemorySegment parameters, Stream stream) {
                used.add(String.valueOf(names.get(function)));
                super.launch(function, blocks, threads, parameters, stream);
            }
        };
        return CudaBackend.of(List.of(CudaDevice.open(driver, device, options)));
    }

    /**
     * Whether a model, on memory that nothing has used, gives the reference's bits and writes nothing behind its results,
     * with the PTX as changed.
     */
    public static boolean isRight(Model model, int device, CudaOptions options, UnaryOperator<String> change) {
        Map<Long, Long> allocations = new ConcurrentHashMap<>();
        Driver driver = new ForwardingDriver(changed(change)) {
            @Override
            public long allocate(long bytes) {
                long address = super.allocate(bytes);
                allocations.put(bytes, address);
                return address;
            }
        };
        CudaDevice opened = CudaDevice.open(driver, device, options);
        List<Tensor> inputs = InferenceEngine.inputs(
                model, TestGraphs.bytes(TestGraphs.random(1), model.facts().inputBytes()));
        try {
            ModelRun run = CudaBackend.of(List.of(opened)).prepare(model).run(inputs, true, Cancellation.NEVER);
            if (!run.equals(new ReferenceBackend().prepare(model).run(inputs, true, Cancellation.NEVER))) {
                return false;
            }
        } catch (LocalFaultException _) {
            return false;
        }
        Plan plan = new Planner(model, opened.multiprocessors()).plan(Arena.ofAuto());
        long arena = Objects.requireNonNull(allocations.get(plan.arenaBytes()));
        return IntStream.range(0, model.graph().values())
                .filter(value ->
                        !model.graph().isConstant(value) && !model.graph().isInput(value))
                .allMatch(value -> {
                    long end = Places.offset(plan.places()[value])
                            + model.value(value).bytes();
                    long next = Math.min(Places.align(end), plan.arenaBytes());
                    return TestDevice.written(device, arena + end, next - end) == 0;
                });
    }

    /** The kernels of a tier. */
    public static List<String> names(String tier) throws Exception {
        String text = new String(CudaDevice.ptx(tier), StandardCharsets.US_ASCII);
        return Pattern.compile("\\.entry (\\w+)\\(")
                .matcher(text)
                .results()
                .map(entry -> entry.group(1))
                .toList();
    }

    /** Without the first branch of a kernel, which is the one past the end of the work. */
    public static String withoutGuard(String text, String kernel) {
        int start = text.indexOf(".entry " + kernel + "(");
        assertThat(start).as(kernel).isPositive();
        MatchResult guard = GUARD.matcher(text)
                .results()
                .filter(found -> found.start() > start)
                .findFirst()
                .orElseThrow();
        return text.substring(0, guard.start()) + text.substring(guard.end());
    }
}
