package io.engram.client.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.chain.ChainStore;
import io.engram.client.chain.InvalidBlockException;
import io.engram.client.chain.ParentState;
import io.engram.client.chain.Transition;
import io.engram.client.trie.OrderedTrie;
import io.engram.evm.memory.MemoryState;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.BlockCodec;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.LogsBloom;
import io.engram.genesis.block.Withdrawal;
import io.engram.genesis.config.ChainConfig;
import io.engram.genesis.fork.BaseFee;
import io.engram.genesis.fork.BlobGas;
import io.engram.genesis.fork.BlobSchedule;
import io.engram.genesis.fork.Difficulty;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.transaction.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** The transition tool of geth, {@code evm t8n}: state, environment and transactions in, state and result out. */
public final class TransitionTool {

    private static final Bytes NONCE = Bytes.wrap(new byte[BlockHeader.NONCE_SIZE]);

    /** A hash that BLOCKHASH or the protocol needs is not in the environment. */
    public static final class MissingBlockHashException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        MissingBlockHashException(long number) {
            super("the hash of block " + number + " is needed and not given");
        }
    }

    /**
     * What to do.
     *
     * @param fork as public tests name it, transitions included
     * @param reward absent for none at all
     */
    public record Request(
            JsonNode alloc, JsonNode env, JsonNode transactions, String fork, long chainId, Optional<Wei> reward) {}

    /**
     * What came of it.
     *
     * @param body RLP of the list of the transactions included
     */
    public record Result(ObjectNode alloc, ObjectNode result, Bytes body) {}

    private TransitionTool() {}

    /** The rules of a fork; empty when it is not known. */
    public static Optional<ChainConfig> config(String fork, long chainId) {
        ObjectNode test = JsonNodeFactory.instance.objectNode();
        test.put("network", fork);
        test.putObject("config").put("chainid", Long.toString(chainId));
        return TestNetworks.config(test);
    }

    /**
     * Executes.
     *
     * @throws IllegalArgumentException when the input is malformed or lacks something
     * @throws InvalidBlockException when what comes before or after the transactions fails
     * @throws MissingBlockHashException as it says
     */
    public static Result run(Request request, Transition.Observer observer) throws InvalidBlockException {
        ChainConfig config = config(request.fork(), request.chainId())
                .orElseThrow(() -> new IllegalArgumentException("the fork " + request.fork() + " is not known"));
        JsonNode env = request.env();
        MemoryState pre = Fields.state(request.alloc());
        StateRoots roots = new StateRoots(pre);
        List<Transition.Rejected> unreadable = new ArrayList<>();
        List<Integer> positions = new ArrayList<>();
        List<Transaction> transactions = new ArrayList<>();
        List<ToolTransactions.Entry> entries = ToolTransactions.read(request.transactions(), request.chainId());
        for (int i = 0; i < entries.size(); i++) {
            switch (entries.get(i)) {
                case ToolTransactions.Entry.Decoded decoded -> {
                    positions.add(i);
                    transactions.add(decoded.transaction());
                }
                case ToolTransactions.Entry.Refused refused ->
                    unreadable.add(new Transition.Rejected(i, refused.reason()));
            }
        }
        BlockHeader header = header(config, env);
        Transition.Input input = new Transition.Input(
                config,
                header,
                new ParentState(parent(config, env), pre, hashes(env), roots::after),
                transactions,
                withdrawals(env),
                ommers(env),
                request.reward());
        Transition.Output executed = Transition.execute(input, observer);
        List<Transition.Rejected> rejected = new ArrayList<>(unreadable);
        executed.rejected()
                .forEach(one -> rejected.add(new Transition.Rejected(positions.get(one.index()), one.reason())));
        Transition.Output output = new Transition.Output(executed.result(), executed.included(), rejected);
        MemoryState after = new MemoryState(pre);
        after.apply(output.result().changes());
        Hash root = roots.after(output.result().changes());
        Fork fork = config.forks().at(header.number(), header.timestamp(), UInt256.ZERO);
        BlobSchedule blobs = config.forks().blobSchedule(header.timestamp());
        ToolOutput writer = new ToolOutput(header, fork, blobs);
        ObjectNode result = writer.result(root, output);
        writer.addLater(
                result,
                output,
                OrderedTrie.root(input.withdrawals().orElse(List.of()).stream()
                        .map(BlockCodec::encodeWithdrawal)
                        .toList()));
        return new Result(ToolOutput.alloc(after), result, ToolOutput.body(output.included()));
    }

    private static LongFunction<Hash> hashes(JsonNode env) {
        Map<Long, Hash> hashes = new HashMap<>();
        env.path("blockHashes")
                .properties()
                .forEach(entry ->
                        hashes.put(Fields.number(entry.getKey()).longValueExact(), Fields.hash(entry.getValue())));
        return number -> {
            Hash hash = hashes.get(number);
            if (hash == null) {
                throw new MissingBlockHashException(number);
            }
            return hash;
        };
    }

    private static long number(JsonNode env) {
        return Fields.longNumber(env, "currentNumber", "");
    }

    private static Fork fork(ChainConfig config, JsonNode env) {
        long time = Fields.unsignedLong(Fields.number(env, "currentTimestamp", ""));
        return config.forks().at(number(env), time, UInt256.ZERO);
    }

    /** Only number and total difficulty of the parent matter. */
    private static ChainStore.Head parent(ChainConfig config, JsonNode env) {
        BlockHeader header = header(config, env);
        BlockHeader parent = new BlockHeader(
                Hash.ZERO,
                Hash.EMPTY_LIST,
                header.coinbase(),
                Hash.ZERO,
                Hash.EMPTY_TRIE,
                Hash.EMPTY_TRIE,
                LogsBloom.EMPTY,
                UInt256.ZERO,
                header.number() - 1,
                header.gasLimit(),
                0,
                Fields.unsignedLong(Fields.number(env, "parentTimestamp", "0x0")),
                Bytes.EMPTY,
                Hash.ZERO,
                NONCE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new ChainStore.Head(header.parentHash(), parent, UInt256.ZERO);
    }

    private static BlockHeader header(ChainConfig config, JsonNode env) {
        require(env, "currentCoinbase");
        require(env, "currentGasLimit");
        require(env, "currentNumber");
        require(env, "currentTimestamp");
        Fork fork = fork(config, env);
        long number = number(env);
        long time = Fields.unsignedLong(Fields.number(env, "currentTimestamp", ""));
        boolean cancun = fork.isAtLeast(Fork.CANCUN);
        JsonNode parentHash = parentHash(env, number);
        return new BlockHeader(
                parentHash.isMissingNode() ? Hash.ZERO : Fields.hash(parentHash),
                Hash.EMPTY_LIST,
                Fields.address(env.path("currentCoinbase")),
                Hash.ZERO,
                Hash.EMPTY_TRIE,
                Hash.EMPTY_TRIE,
                LogsBloom.EMPTY,
                fork.isAtLeast(Fork.PARIS) ? UInt256.ZERO : difficulty(config, fork, env, number, time),
                number,
                Fields.longNumber(env, "currentGasLimit", ""),
                0,
                time,
                Bytes.EMPTY,
                fork.isAtLeast(Fork.PARIS)
                        ? Hash.of(Fields.word(require(env, "currentRandom")).toBytes())
                        : Hash.ZERO,
                NONCE,
                fork.isAtLeast(Fork.LONDON) ? Optional.of(baseFee(env)) : Optional.empty(),
                fork.isAtLeast(Fork.SHANGHAI) ? Optional.of(Hash.EMPTY_TRIE) : Optional.empty(),
                cancun ? Optional.of(0L) : Optional.empty(),
                cancun ? Optional.of(excessBlobGas(config, fork, env, time)) : Optional.empty(),
                cancun && env.hasNonNull("parentBeaconBlockRoot")
                        ? Optional.of(Fields.hash(env.path("parentBeaconBlockRoot")))
                        : Optional.empty(),
                Optional.empty());
    }

    private static JsonNode parentHash(JsonNode env, long number) {
        for (Map.Entry<String, JsonNode> entry : env.path("blockHashes").properties()) {
            if (Fields.number(entry.getKey()).longValueExact() == number - 1) {
                return entry.getValue();
            }
        }
        return env.path("previousHash");
    }

    private static UInt256 difficulty(ChainConfig config, Fork fork, JsonNode env, long number, long time) {
        if (env.hasNonNull("currentDifficulty")) {
            return Fields.word(env.path("currentDifficulty"));
        }
        Hash ommers = env.hasNonNull("parentUncleHash") ? Fields.hash(env.path("parentUncleHash")) : Hash.ZERO;
        return Difficulty.next(
                fork,
                config.forks().bombDelay(number),
                number,
                time,
                Fields.word(require(env, "parentDifficulty")),
                Fields.longNumber(env, "parentTimestamp", ""),
                !ommers.isZero() && !ommers.equals(Hash.EMPTY_LIST));
    }

    private static Wei baseFee(JsonNode env) {
        if (env.hasNonNull("currentBaseFee")) {
            return Wei.of(Fields.number(env, "currentBaseFee", ""));
        }
        require(env, "parentBaseFee");
        return BaseFee.MARKET.next(
                Wei.of(Fields.number(env, "parentBaseFee", "")),
                Fields.longNumber(env, "parentGasUsed", "0x0"),
                Fields.longNumber(env, "parentGasLimit", "0x0"));
    }

    private static long excessBlobGas(ChainConfig config, Fork fork, JsonNode env, long time) {
        if (env.hasNonNull("currentExcessBlobGas")) {
            return Fields.longNumber(env, "currentExcessBlobGas", "");
        }
        return BlobGas.excess(
                fork,
                config.forks().blobSchedule(time),
                Fields.longNumber(env, "parentExcessBlobGas", "0x0"),
                Fields.longNumber(env, "parentBlobGasUsed", "0x0"),
                Wei.of(Fields.number(env, "parentBaseFee", "0x0")));
    }

    private static JsonNode require(JsonNode env, String field) {
        if (!env.hasNonNull(field)) {
            throw new IllegalArgumentException("the environment lacks " + field);
        }
        return env.path(field);
    }

    private static Optional<List<Withdrawal>> withdrawals(JsonNode env) {
        if (!env.hasNonNull("withdrawals")) {
            return Optional.empty();
        }
        List<Withdrawal> withdrawals = new ArrayList<>();
        env.path("withdrawals")
                .forEach(entry -> withdrawals.add(new Withdrawal(
                        Fields.unsignedLong(Fields.number(entry, "index", "0x0")),
                        Fields.unsignedLong(Fields.number(entry, "validatorIndex", "0x0")),
                        Fields.address(entry.path("address")),
                        Fields.unsignedLong(Fields.number(entry, "amount", "0x0")))));
        return Optional.of(withdrawals);
    }

    private static List<Transition.Ommer> ommers(JsonNode env) {
        List<Transition.Ommer> ommers = new ArrayList<>();
        env.path("ommers")
                .forEach(entry -> ommers.add(new Transition.Ommer(
                        Fields.address(entry.path("address")),
                        Fields.number(entry, "delta", "0x0").intValueExact())));
        return ommers;
    }
}
