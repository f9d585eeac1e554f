package io.engram.client.bench;

import com.sun.management.OperatingSystemMXBean;
import io.engram.client.chain.BlockBuilder;
import io.engram.client.chain.BlockOverrides;
import io.engram.client.chain.BlockValidator;
import io.engram.client.chain.BuiltBlock;
import io.engram.client.chain.ChainAssembly;
import io.engram.client.chain.GenesisState;
import io.engram.client.chain.InferenceSupport;
import io.engram.client.chain.TransactionSource;
import io.engram.client.dev.DevNetwork;
import io.engram.client.dev.Directories;
import io.engram.client.model.ModelStore;
import io.engram.client.pool.PoolLimits;
import io.engram.client.storage.Database;
import io.engram.client.storage.Durability;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.config.DevAccounts;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.config.InvalidGenesisException;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.system.SystemContracts;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionType;
import io.engram.genesis.transaction.UnsignedTransaction;
import io.engram.inference.MalformedModelException;
import io.engram.inference.commitment.InferenceReceipt;
import io.engram.inference.engine.Backend;
import io.engram.inference.engine.Cancellation;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.model.Model;
import io.engram.inference.model.ModelPrice;
import io.engram.inference.model.ModelWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.apache.tuweni.bytes.Bytes;

/**
 * How long a validator takes to verify blocks full of the worst inferences that the default limits allow: cold models,
 * long tensors, many steps. Each time a validator judges the block that knows no model and no result, whose files are in
 * the system's cache. Used by one thread.
 */
public final class BlockBenchmark {

    /** Gas of a call beyond the inference, at most. */
    private static final long CALL_GAS = 200_000;

    private static final Wei MAX_FEE = Wei.of(20_000_000_000L);
    private static final Wei TIP = Wei.of(1);
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final KeyPair SENDER = DevAccounts.all().getFirst();

    private final Backend backend;
    private final long inferenceGas;
    private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /**
     * A block to make.
     *
     * @param model by a number that makes it differ from the others
     * @param models different ones; when all were called the first is called again, with another input
     */
    record Recipe(String name, IntFunction<Model> model, int models) {}

    /**
     * What verifying a block takes.
     *
     * @param inferenceGas of the whole block
     * @param millis of the median and of the longest time by the clock
     * @param cpuMillis of the whole process, its collector and compilers included, median
     */
    public record Figure(
            String name, int inferences, long inferenceGas, double millis, double longestMillis, double cpuMillis) {}

    /**
     * @param backend of the validator
     * @param inferenceGas that a block may hold, at most what the genesis file of development chains allows
     */
    public BlockBenchmark(Backend backend, long inferenceGas) {
        this.backend = backend;
        this.inferenceGas = inferenceGas;
    }

    /** What blocks may hold by default. */
    public static long defaultInferenceGas() {
        return config().blockInferenceGasLimit();
    }

    private static InferenceConfig config() {
        return DevNetwork.genesis().config().inference().orElseThrow();
    }

    /** The blocks, by what makes them slow. */
    static List<Recipe> recipes() {
        return List.of(
                new Recipe("cold-wide", BlockModels::wideLayer, Integer.MAX_VALUE),
                new Recipe("cold-square", BlockModels::squareLayer, Integer.MAX_VALUE),
                new Recipe("cold-long", BlockModels::wideLayerMultiplied, Integer.MAX_VALUE),
                new Recipe("tensors", BlockModels::largestTensors, 1),
                new Recipe("steps", BlockModels::mostSteps, 1));
    }

    /** The names of the blocks. */
    public static List<String> names() {
        return recipes().stream().map(Recipe::name).toList();
    }

    /**
     * Measures the blocks one after another; tells each figure as it comes.
     *
     * @param rounds after one that does not count
     */
    public void measure(Predicate<String> wanted, int rounds, Consumer<Figure> listener) throws IOException {
        for (Recipe recipe : recipes()) {
            if (wanted.test(recipe.name())) {
                listener.accept(measure(recipe, rounds));
            }
        }
    }

    Figure measure(Recipe recipe, int rounds) throws IOException {
        Path folder = Files.createTempDirectory("engram-bench-");
        try (Database database = Database.open(folder.resolve("db"))) {
            ModelStore store =
                    new ModelStore(folder.resolve("models"), config().limits(), ModelStore.DEFAULT_CACHE_BYTES);
            List<Transaction> transactions = new ArrayList<>();
            List<Model> models = fill(recipe, store, transactions);
            Chain chain = new Chain(database, genesis(models));
            BuiltBlock built = build(chain, store, transactions);
            return verify(recipe.name(), chain, store.folder(), built, rounds);
        } finally {
            Directories.delete(folder);
        }
    }

    private record Chain(Database database, Start start) {

        ChainAssembly open(InferenceEngine engine, ModelStore store) {
            return ChainAssembly.open(
                    start.file().config(),
                    start.state(),
                    database,
                    new ChainAssembly.Settings(
                            Optional.of(new InferenceSupport(engine, store::load)),
                            PoolLimits.DEFAULT,
                            start.file().gasLimit(),
                            Durability.PROCESS,
                            () -> BlockOverrides.NONE));
        }
    }

    private record Start(GenesisFile file, GenesisState state) {}

    private static Start genesis(List<Model> models) {
        try {
            GenesisFile file = DevNetwork.genesis();
            return new Start(file, GenesisState.of(file, ActiveModels.in(file.accounts(), models)));
        } catch (InvalidGenesisException e) {
            throw new IllegalStateException("the shipped development genesis is wrong", e);
        }
    }

    /** Transactions of one call each as far as the inference gas goes; the store then holds the models. */
    private List<Model> fill(Recipe recipe, ModelStore store, List<Transaction> transactions) throws IOException {
        List<Model> models = new ArrayList<>();
        InferenceConfig.Gas prices = config().gas();
        long left = inferenceGas;
        while (true) {
            int number = transactions.size();
            boolean fresh = number < recipe.models();
            Model model = fresh ? keep(store, recipe.model().apply(number)) : models.getFirst();
            long price =
                    ModelPrice.plus(ModelPrice.gas(model.facts(), prices), ModelPrice.coldGas(model.facts(), prices));
            if (price > left) {
                return models;
            }
            if (fresh) {
                models.add(model);
            }
            left -= price;
            byte[] input = new byte[model.facts().inputBytes()];
            input[0] = (byte) number;
            transactions.add(UnsignedTransaction.of(TransactionType.FEE_MARKET)
                    .chainId(DevNetwork.genesis().config().chainId())
                    .nonce(number)
                    .fees(MAX_FEE, TIP)
                    .gasLimit(price + CALL_GAS)
                    .to(SystemContracts.INFERENCE_GATEWAY)
                    .data(CallData.infer(model.id(), Bytes.wrap(input)))
                    .sign(SENDER));
        }
    }

    /** The model as the store gives it, within the limits. */
    private static Model keep(ModelStore store, Model model) throws IOException {
        try {
            return store.add(ModelWriter.write(model.graph()));
        } catch (MalformedModelException e) {
            throw new IllegalStateException("a model for measurements is refused: " + e.getMessage(), e);
        }
    }

    private BuiltBlock build(Chain chain, ModelStore store, List<Transaction> transactions) {
        BuiltBlock built = chain.open(new InferenceEngine(backend, 0), store)
                .builder()
                .build(
                        new BlockBuilder.Attributes(
                                DevNetwork.validator().address(),
                                chain.start().file().timestamp() + 1,
                                Hash.ZERO,
                                transactions.size(),
                                BlockBuilder.ANY_MODEL,
                                BlockOverrides.NONE),
                        TransactionSource.of(transactions));
        if (built.executed().inferences().size() != transactions.size()) {
            throw new IllegalStateException("of " + transactions.size() + " inferences "
                    + built.executed().inferences().size() + " are in the block: "
                    + built.executed().receipts());
        }
        return built;
    }

    private Figure verify(String name, Chain chain, Path models, BuiltBlock built, int rounds) throws IOException {
        double[] clock = new double[rounds];
        double[] cpu = new double[rounds];
        for (int round = -1; round < rounds; round++) {
            ModelStore store = new ModelStore(models, config().limits(), ModelStore.DEFAULT_CACHE_BYTES);
            BlockValidator validator =
                    chain.open(new InferenceEngine(backend), store).validator();
            long begun = System.nanoTime();
            long spent = system.getProcessCpuTime();
            BlockValidator.Result result = validator.validateProposal(built.block(), Cancellation.NEVER);
            if (round >= 0) {
                cpu[round] = (double) (system.getProcessCpuTime() - spent) / NANOS_PER_MILLI;
                clock[round] = (double) (System.nanoTime() - begun) / NANOS_PER_MILLI;
            }
            if (!(result instanceof BlockValidator.Result.Valid)) {
                throw new IllegalStateException(name + " is found wrong: " + result);
            }
        }
        Arrays.sort(clock);
        Arrays.sort(cpu);
        List<InferenceReceipt> inferences = built.executed().inferences();
        return new Figure(
                name,
                inferences.size(),
                inferences.stream().mapToLong(InferenceReceipt::gas).sum(),
                CpuMeter.median(clock),
                clock[rounds - 1],
                CpuMeter.median(cpu));
    }
}
