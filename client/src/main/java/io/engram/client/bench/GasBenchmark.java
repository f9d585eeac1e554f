package io.engram.client.bench;

import io.engram.evm.BlockContext;
import io.engram.evm.interpreter.CodeCache;
import io.engram.evm.precompile.Precompiles;
import io.engram.evm.state.Journal;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.Call;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.evm.transaction.TransactionProcessor;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.MalformedModelException;
import io.engram.inference.engine.Backend;
import io.engram.inference.engine.Inference;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.model.IoFacts;
import io.engram.inference.model.Model;
import io.engram.inference.model.ModelFacts;
import io.engram.inference.model.ModelPrice;
import io.engram.inference.model.ModelWriter;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * How long a unit of gas takes, by CPU time of one thread: of inference on the models of {@link GasModels}, and of
 * ordinary code in {@link OrdinaryCode}. Used by one thread.
 */
public final class GasBenchmark {

    /** The term of code without inference. */
    private static final String ORDINARY = "ordinary";

    /** Gas of one run of ordinary code. */
    private static final long ORDINARY_GAS = 1 << 24;

    private final CpuMeter meter = new CpuMeter();
    private final SplittableRandom random = new SplittableRandom(5);
    private final Backend backend;
    private final long millis;

    /**
     * What was measured of one case.
     *
     * @param term of the price of inference, or "ordinary"
     * @param nanos of one run
     * @param gas of one run
     */
    public record Figure(String term, String name, double nanos, long gas) {

        public double nanosPerGas() {
            return nanos / gas;
        }
    }

    /**
     * @param backend that runs the models
     * @param millis of CPU time for each case, as much again for warming up
     */
    public GasBenchmark(Backend backend, long millis) {
        this.backend = backend;
        this.millis = millis;
    }

    /**
     * Measures ordinary code, then the models, then loading; tells each figure as it comes.
     *
     * @param wanted whether a term is to be measured
     */
    public void measure(InferenceConfig.Gas prices, Predicate<String> wanted, Consumer<Figure> listener) {
        if (wanted.test(ORDINARY)) {
            OrdinaryCode.all().forEach(one -> listener.accept(ordinary(one)));
        }
        GasModels.all().stream()
                .filter(one -> wanted.test(one.term()))
                .forEach(one -> listener.accept(inference(one, prices)));
        GasModels.files().stream()
                .filter(one -> wanted.test(one.term()))
                .forEach(one -> listener.accept(cold(one, prices)));
    }

    private Figure ordinary(OrdinaryCode.Case one) {
        TransactionProcessor processor = new TransactionProcessor(Precompiles::at, List.of());
        BenchContract contract = new BenchContract(one.code());
        CodeCache codes = new CodeCache(CodeCache.DEFAULT_LIMIT);
        BlockContext block = BenchContract.block(ORDINARY_GAS);
        Call call = BenchContract.call(one.input(), ORDINARY_GAS);
        double nanos = nanos(() -> {
            TransactionOutcome outcome = processor.call(call, block, new Journal(contract, codes), Tracer.NONE);
            if (!(outcome instanceof TransactionOutcome.Executed executed) || executed.gasUsed() < ORDINARY_GAS) {
                throw new IllegalStateException(one.name() + " did not use its gas: " + outcome);
            }
        });
        return new Figure(ORDINARY, one.name(), nanos, ORDINARY_GAS);
    }

    private Figure inference(GasModels.Case one, InferenceConfig.Gas prices) {
        Model model = one.model();
        byte[] sample = sample(model.facts());
        InferenceEngine engine = new InferenceEngine(backend, 0);
        double nanos = nanos(() -> engine.run(model, sample));
        long gas = ModelPrice.gas(model.facts(), prices);
        return new Figure(one.term(), one.name(), nanos, gas);
    }

    private byte[] sample(ModelFacts facts) {
        byte[] sample = new byte[facts.inputBytes()];
        int at = 0;
        for (IoFacts input : facts.inputs()) {
            int elements = input.bytes() / input.type().bytes();
            Tensor tensor = Tensor.zeros(input.type(), Shape.of(elements));
            for (int i = 0; i < elements; i++) {
                tensor.set(i, (int) random.nextLong(input.lo(), input.hi() + 1L));
            }
            System.arraycopy(tensor.data(), 0, sample, at, tensor.byteLength());
            at += tensor.byteLength();
        }
        return sample;
    }

    /** The first call of a model in a transaction when nothing of it is in memory but the bytes of its file. */
    private Figure cold(GasModels.Case one, InferenceConfig.Gas prices) {
        Model written = one.model();
        byte[] sample = sample(written.facts());
        byte[] file = file(written);
        double nanos = nanos(() -> {
            try {
                Model model = Model.loadIdentified(file, written.id(), GasModels.ANY, Runnable::run)
                        .orElseThrow();
                List<Inference> _ = new InferenceEngine(backend, 0).run(model, sample);
            } catch (MalformedModelException e) {
                throw new IllegalStateException("a file that was written cannot be read", e);
            }
        });
        long gas =
                ModelPrice.plus(ModelPrice.gas(written.facts(), prices), ModelPrice.coldGas(written.facts(), prices));
        return new Figure(one.term(), one.name(), nanos, gas);
    }

    private static byte[] file(Model model) {
        try {
            return ModelWriter.write(model.graph());
        } catch (MalformedModelException e) {
            throw new IllegalStateException("a model that was checked cannot be written", e);
        }
    }

    private double nanos(Runnable run) {
        return meter.medianNanos(
                times -> {
                    for (int i = 0; i < times; i++) {
                        run.run();
                    }
                },
                millis);
    }
}
