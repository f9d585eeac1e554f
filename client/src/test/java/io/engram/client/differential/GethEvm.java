package io.engram.client.differential;

import io.engram.evm.interpreter.ContractAddress;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Log;
import io.engram.genesis.fork.Fork;
import io.horizen.evm.BlockHashCallback;
import io.horizen.evm.Evm;
import io.horizen.evm.EvmContext;
import io.horizen.evm.ForkRules;
import io.horizen.evm.Invocation;
import io.horizen.evm.MemoryDatabase;
import io.horizen.evm.StateDB;
import io.horizen.evm.results.EvmLog;
import io.horizen.evm.results.InvocationResult;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.jspecify.annotations.Nullable;

/**
 * The EVM of geth as a library, under the rules of Paris or Shanghai. Its database and callback live as long as the
 * process.
 */
final class GethEvm {

    static final List<Fork> FORKS = List.of(Fork.PARIS, Fork.SHANGHAI);

    private static final long REFUND_QUOTIENT = 5;
    private static final io.horizen.evm.Hash TRANSACTION = hash(new Hash(1, 1, 1, 1));

    private final MemoryDatabase database = new MemoryDatabase();
    private final BlockHashCallback blockHashes = new BlockHashCallback() {
        @Override
        protected io.horizen.evm.Hash getBlockHash(BigInteger number) {
            return hash(Scenario.blockHash(number.longValueExact()));
        }
    };

    Result run(Scenario scenario) {
        StateDB state = new StateDB(database, StateDB.EMPTY_ROOT_HASH);
        try {
            fill(state, scenario);
            ForkRules rules = new ForkRules(scenario.fork().isAtLeast(Fork.SHANGHAI));
            state.accessSetup(
                    address(Scenario.SENDER),
                    address(scenario.to().orElse(ContractAddress.of(Scenario.SENDER, 0))),
                    address(Scenario.COINBASE),
                    rules);
            state.setTxContext(TRANSACTION, 0);
            InvocationResult result = Evm.Apply(state, invocation(scenario), context(rules));
            long spent = scenario.gas() - result.leftOverGas.longValueExact();
            boolean failed = result.executionError != null && !result.executionError.isEmpty();
            String status = !failed ? "success" : result.reverted ? "revert" : "failure";
            return new Result(
                    status,
                    spent,
                    state.getRefund().longValueExact(),
                    // The library does not tell what a creation returns.
                    scenario.to().isEmpty() ? Bytes.EMPTY : bytes(result.returnData),
                    logs(state),
                    Hash.of(Bytes.wrap(state.getIntermediateRoot().toBytes())));
        } finally {
            close(state);
        }
    }

    private static void close(StateDB state) {
        try {
            state.close();
        } catch (Exception e) {
            throw new IllegalStateException("geth's EVM keeps a state", e);
        }
    }

    /** The refund of a result as a transaction with this intrinsic gas would give it. */
    static Result capped(Result result, long intrinsicGas) {
        long refund = Math.min(result.refund(), (result.gas() + intrinsicGas) / REFUND_QUOTIENT);
        return new Result(result.status(), result.gas(), refund, result.output(), result.logs(), result.root());
    }

    private static void fill(StateDB state, Scenario scenario) {
        // The library leaves the nonce of a message's sender as it finds it, and takes the one before for a creation.
        state.setNonce(address(Scenario.SENDER), BigInteger.ONE);
        state.setBalance(address(Scenario.SENDER), number(Scenario.BALANCE));
        scenario.contracts().forEach((at, code) -> {
            io.horizen.evm.Address address = address(at);
            state.setNonce(address, BigInteger.ONE);
            state.setBalance(address, number(Scenario.BALANCE));
            state.setCode(address, code.toArray());
            Scenario.SLOTS.forEach((slot, value) -> state.setStorage(address, word(slot), word(value)));
        });
        state.finalizeChanges();
    }

    // A creation has no callee, which the library writes as null.
    @SuppressWarnings("NullAway")
    private static Invocation invocation(Scenario scenario) {
        io.horizen.evm.@Nullable Address callee =
                scenario.to().map(GethEvm::address).orElse(null);
        return new Invocation(
                address(Scenario.SENDER),
                callee,
                number(scenario.value()),
                scenario.data().toArray(),
                BigInteger.valueOf(scenario.gas()),
                false);
    }

    private EvmContext context(ForkRules rules) {
        var block =
                new Scenario(Fork.PARIS, Bytes.EMPTY, Bytes.EMPTY, Optional.empty(), Bytes.EMPTY, Wei.ZERO, 0).block();
        EvmContext context = new EvmContext(
                block.chainId().toUnsignedBigInteger(),
                address(block.coinbase()),
                BigInteger.valueOf(block.gasLimit()),
                number(Scenario.GAS_PRICE),
                BigInteger.valueOf(block.number()),
                BigInteger.valueOf(block.timestamp()),
                number(block.baseFee()),
                word(block.difficultyOrRandao()),
                rules);
        context.setBlockHashCallback(blockHashes);
        return context;
    }

    private static List<Log> logs(StateDB state) {
        List<Log> logs = new ArrayList<>();
        for (EvmLog log : state.getLogs(TRANSACTION)) {
            logs.add(new Log(
                    Address.of(Bytes.wrap(log.address.toBytes())),
                    Arrays.stream(log.topics)
                            .map(topic -> Hash.of(Bytes.wrap(topic.toBytes())))
                            .toList(),
                    bytes(log.data)));
        }
        return logs;
    }

    private static Bytes bytes(byte @Nullable [] bytes) {
        return bytes == null ? Bytes.EMPTY : Bytes.wrap(bytes);
    }

    private static BigInteger number(Wei wei) {
        return wei.toBigInteger();
    }

    private static io.horizen.evm.Address address(Address address) {
        return new io.horizen.evm.Address(address.toArray());
    }

    private static io.horizen.evm.Hash hash(Hash hash) {
        return new io.horizen.evm.Hash(hash.toArray());
    }

    private static io.horizen.evm.Hash word(UInt256 word) {
        return new io.horizen.evm.Hash(word.toBytes().toArray());
    }
}
