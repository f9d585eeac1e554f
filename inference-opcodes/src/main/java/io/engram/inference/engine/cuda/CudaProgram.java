package io.engram.inference.engine.cuda;

import io.engram.evm.LocalFaultException;
import io.engram.genesis.Hash;
import io.engram.inference.engine.Cancellation;
import io.engram.inference.engine.ModelProgram;
import io.engram.inference.engine.ModelRun;
import io.engram.inference.engine.UnsupportedModelException;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Graph;
import io.engram.inference.model.Model;
import io.engram.inference.operator.Reshape;
import io.engram.inference.operator.Value;
import io.engram.inference.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** A model as a plan that any of the devices runs: one upload, the launches, one download. */
final class CudaProgram implements ModelProgram {

    /** How often a waiting caller asks whether the result is still wanted. */
    private static final long POLL_MILLIS = 2;

    /** A device's thread sees a run that takes too long; the caller waits somewhat longer, for when that hangs too. */
    private static final int PATIENCE = 3;

    private final Model model;
    private final Graph graph;
    private final List<CudaDevice> devices;
    private final Plan plan;
    private final Resident.Weights weights;

    /** @param multiprocessors that the plan is made for */
    CudaProgram(Model model, List<CudaDevice> devices, int multiprocessors) {
        this.model = model;
        this.graph = model.graph();
        this.devices = devices;
        this.plan = new Planner(model, multiprocessors).plan(Arena.ofAuto());
        this.weights = Resident.Weights.of(plan.constants());
        long limit = devices.stream().mapToLong(CudaDevice::modelLimit).min().orElseThrow();
        if (plan.arenaBytes() > limit || plan.constants().byteSize() > limit) {
            throw new UnsupportedModelException(plan.arenaBytes() + " bytes of results and "
                    + plan.constants().byteSize() + " of weights, a GPU here takes " + limit);
        }
    }

    @Override
    public long bytes() {
        return plan.heldBytes();
    }

    @Override
    public ModelRun run(List<Tensor> inputs, boolean commit, Cancellation cancellation) {
        List<Work.Piece> pieces = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            pieces.add(new Work.Piece(Places.offset(plan.places()[i]), inputs.get(i)));
        }
        List<Launch> launches = new ArrayList<>(plan.launches());
        if (commit) {
            launches.addAll(plan.hashes());
        }
        List<Work.Upload> uploads = List.of(new Work.Upload(0, plan.uploadBytes(), pieces));
        long outputBytes = Places.offset(plan.roots()) - plan.downloadFrom();
        return onSome(
                commit ? Work.Form.COMMITTED : Work.Form.RESULTS,
                uploads,
                launches,
                plan.downloadFrom(),
                commit ? plan.downloadBytes() : outputBytes,
                downloaded -> new ModelRun(outputs(downloaded), commit ? roots(downloaded) : List.of()),
                cancellation);
    }

    private List<Tensor> outputs(MemorySegment downloaded) {
        return graph.outputs().stream()
                .map(output -> Elements.copyOut(
                        model.value(output.value()),
                        downloaded.asSlice(Places.offset(plan.places()[output.value()]) - plan.downloadFrom())))
                .toList();
    }

    private List<Hash> roots(MemorySegment downloaded) {
        int count = graph.nodes().size();
        byte[] all = new byte[Hash.SIZE * count];
        long from = Places.offset(plan.roots()) - plan.downloadFrom();
        MemorySegment.copy(downloaded, ValueLayout.JAVA_BYTE, from, all, 0, all.length);
        List<Hash> roots = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            roots.add(Hash.read(all, Hash.SIZE * i));
        }
        return roots;
    }

    @Override
    public Tensor step(int index, List<Tensor> inputs) {
        Value result = model.value(graph.valueOf(index));
        if (graph.nodes().get(index).operator() instanceof Reshape) {
            return inputs.getFirst().reshaped(result.shape());
        }
        if (sharesMemory(index, inputs)) {
            return new ReferenceBackend().prepare(model).step(index, inputs);
        }
        List<Integer> operands = graph.nodes().get(index).inputs();
        List<Work.Upload> uploads = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            if (!graph.isConstant(operands.get(i))) {
                Tensor tensor = inputs.get(i);
                uploads.add(new Work.Upload(
                        Places.offset(plan.places()[operands.get(i)]),
                        tensor.byteLength(),
                        List.of(new Work.Piece(0, tensor))));
            }
        }
        Plan.Span span = plan.nodes().get(index);
        return onSome(
                Work.Form.STEP,
                uploads,
                plan.launches().subList(span.from(), span.to()),
                Places.offset(plan.places()[graph.valueOf(index)]),
                result.bytes(),
                downloaded -> Elements.copyOut(result, downloaded),
                Cancellation.NEVER);
    }

    /** Whether two operands that differ would lie at one place: one value under two shapes, given by somebody else. */
    private boolean sharesMemory(int index, List<Tensor> inputs) {
        List<Integer> operands = graph.nodes().get(index).inputs();
        Map<Integer, Tensor> known = new HashMap<>();
        for (int i = 0; i < operands.size(); i++) {
            if (!graph.isConstant(operands.get(i))) {
                Tensor other = known.putIfAbsent(plan.places()[operands.get(i)], inputs.get(i));
                if (other != null && !Arrays.equals(other.data(), inputs.get(i).data())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Runs on the device with the least to do, and on another one when that fails. */
    private <T> T onSome(
            Work.Form form,
            List<Work.Upload> uploads,
            List<Launch> launches,
            long from,
            long bytes,
            Function<MemorySegment, T> reader,
            Cancellation cancellation) {
        Optional<CudaException> failure = Optional.empty();
        while (true) {
            cancellation.check();
            Optional<CudaDevice> device = devices.stream()
                    .filter(candidate -> candidate.fault().isEmpty())
                    .min(Comparator.comparingInt(CudaDevice::load));
            if (device.isEmpty()) {
                String reason = "no GPU is left to run " + model;
                throw failure.map(cause -> new LocalFaultException(reason + ": " + cause.getMessage(), cause))
                        .orElseGet(() -> new LocalFaultException(reason));
            }
            Work<T> work =
                    new Work<>(form, weights, plan, uploads, launches, from, bytes, reader, new CompletableFuture<>());
            device.get().submit(work);
            try {
                return await(device.get(), work, cancellation);
            } catch (CudaException e) {
                failure = Optional.of(e);
                device.get().fail(e);
            }
        }
    }

    private static <T> T await(CudaDevice device, Work<T> work, Cancellation cancellation) {
        long start = System.nanoTime();
        while (true) {
            try {
                return work.result().get(POLL_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException _) {
                cancellation.check();
                if (System.nanoTime() - start > PATIENCE * device.timeLimit().toNanos()) {
                    throw new CudaException(device.toString(), "does not answer");
                }
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case RuntimeException cause -> throw cause;
                    case null, default -> throw new IllegalStateException(e);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LocalFaultException("interrupted while waiting for a GPU", e);
            }
        }
    }
}
